import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
 * way. Arguments of a program can be read by every user of the computer, so the browser is given a
 * page in the data folder instead, which only its owner can read, and which leads to the address.
 * `platform` and `env` are the process's own.
 */
export function openBrowser(
  url: string,
  dataDir: string,
  { platform, env }: Pick<NodeJS.Process, 'platform' | 'env'>,
): void {
  const found = opener(platform, env);
  if (found === null) return;
  const file = join(dataDir, 'open.html');
  // Removed first: the mode counts only for a file that is made new.
  rmSync(file, { force: true });
  writeFileSync(file, redirectPage(url), { mode: 0o600, flag: 'wx' });
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

const redirectPage = (url: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}"><title>Customer Portal</title></head><body><a href="${url}">Customer Portal</a></body></html>\n`;
