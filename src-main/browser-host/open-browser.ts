import { spawn } from 'node:child_process';

/** The platform's command that opens an address; null where there is no screen. */
function opener(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): { command: string; args: string[] } | null {
  if (platform === 'darwin') return { command: 'open', args: [] };
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler'] };
  return env.DISPLAY || env.WAYLAND_DISPLAY ? { command: 'xdg-open', args: [] } : null;
}

/** Tries to open the default browser; without one the printed address is the way. */
export function openBrowser(url: string): void {
  const found = opener(process.platform, process.env);
  if (found === null) return;
  const child = spawn(found.command, [...found.args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
