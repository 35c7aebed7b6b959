import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { writeOpenPage } from '../program/open-page.ts';
import { tokenLifeMs } from './sign-in.ts';

/** The platform's command that opens an address; null where there is no screen. */
function opener(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): { command: string; args: string[] } | null {
  if (platform === 'darwin') return { command: 'open', args: [] };
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler'] };
  return env.DISPLAY || env.WAYLAND_DISPLAY ? { command: 'xdg-open', args: [] } : null;
}

/**
 * Tries to open the default browser at a one-time address; without one the printed address is the
 * way.
 * `platform` and `env` are the process's own.
 */
export function openBrowser(
  url: string,
  dataDir: string,
  { platform, env }: Pick<NodeJS.Process, 'platform' | 'env'>,
): void {
  const found = opener(platform, env);
  if (found === null) return;
  const file = writeOpenPage(dataDir, url);
  // The address is used or over by then.
  setTimeout(() => rmSync(file, { force: true }), tokenLifeMs).unref();
  const child = spawn(found.command, [...found.args, file], {
    stdio: 'ignore',
    detached: true,
    env,
  });
  child.on('error', () => undefined);
  child.unref();
}
