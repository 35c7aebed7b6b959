import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Electron's own download of some 110 MB on a slow line. */
const downloadMs = 10 * 60_000;
const probeMs = 5_000;

/** Path of the Electron binary in node_modules; null if it has not been fetched. */
export function electronBinary(root) {
  const folder = join(root, 'node_modules/electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist');
  const binary = join(dist, readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

/** Whether a window can be shown at all. */
export function hasScreen(platform = process.platform, env = process.env) {
  if (platform !== 'linux') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Fetches the binary with Electron's own installer; null where that does not work. */
export async function fetchElectron(root, announce) {
  if (!(await canReach())) return null;
  announce();
  const installer = join(root, 'node_modules/electron/install.js');
  await run(process.execPath, [installer], { stdio: 'ignore', timeout: downloadMs });
  return electronBinary(root);
}

/** A firewall that drops packets would keep the installer waiting for minutes. */
async function canReach() {
  const { ELECTRON_MIRROR, npm_config_electron_mirror } = process.env;
  const url =
    ELECTRON_MIRROR ?? npm_config_electron_mirror ?? 'https://github.com/electron/electron';
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(probeMs) });
    return true;
  } catch {
    return false;
  }
}

/** Runs a command to its end. */
export function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    child.on('error', () => resolve({ status: 1, signal: null }));
    child.on('exit', (status, signal) => resolve({ status, signal }));
  });
}
