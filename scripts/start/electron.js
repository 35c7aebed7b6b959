import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runForwarding } from './run.js';

/** Electron's own download on a slow line. */
const downloadMs = 10 * 60_000;
const probeMs = 5_000;
const lookEveryMs = 1_000;
/** How long the last words of a process that has ended may take to arrive. */
const lastWordsMs = 1_000;

/** About what the download has, in MB, and after how many more a line says how far it is. */
export const downloadMb = 110;
const progressMb = 10;

const binaries = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/** Path of the Electron binary in node_modules, or where the system has it; null without one. */
export function electronBinary(root, env = process.env) {
  const folder = join(root, 'node_modules/electron');
  const own = env.ELECTRON_OVERRIDE_DIST_PATH;
  const pathFile = join(folder, 'path.txt');
  // Written last by the installer: without it the folder beside it is not complete.
  if (!own && !existsSync(pathFile)) return null;
  const name = existsSync(pathFile)
    ? readFileSync(pathFile, 'utf8').trim()
    : binaries[process.platform] || 'electron';
  const binary = join(own || join(folder, 'dist'), name);
  return existsSync(binary) ? binary : null;
}

/** Whether a window can be shown at all. */
export function hasScreen(platform = process.platform, env = process.env) {
  if (platform !== 'linux') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Fetches the binary with Electron's own installer. `tell`: when it begins (0) and every 10 MB,
 * with the megabytes that are there. Resolves with the path, or with null and the reason (null
 * where nothing can be reached, so nothing was tried).
 */
export async function fetchElectron(root, tell) {
  if (!isCached(root) && !(await canReach())) return { binary: null, reason: null };
  tell(0);
  const folder = mkdtempSync(join(tmpdir(), 'electron-'));
  let told = 0;
  const timer = setInterval(() => {
    const mb = sizeOf(folder) / 1e6;
    if (mb < told + progressMb) return;
    told = Math.floor(mb / progressMb) * progressMb;
    tell(told);
  }, lookEveryMs);
  try {
    // The download lies in the folder for temporary files until it is complete.
    const env = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder };
    const installer = join(root, 'node_modules/electron/install.js');
    const { status, lines } = await runQuietly(process.execPath, [installer], env);
    const reason = lines.filter((line) => !/^\s*at /.test(line)).at(-1) ?? `exit ${status}`;
    return { binary: electronBinary(root), reason };
  } finally {
    clearInterval(timer);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether Electron's installer has what it needs in its cache. */
export function isCached(root, env = process.env) {
  const caches = {
    darwin: join(homedir(), 'Library/Caches/electron'),
    win32: join(env.LOCALAPPDATA || join(homedir(), 'AppData/Local'), 'electron/Cache'),
  };
  const linux = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'electron');
  const folder = env.electron_config_cache || caches[process.platform] || linux;
  const packageFile = join(root, 'node_modules/electron/package.json');
  if (!existsSync(folder) || !existsSync(packageFile)) return false;
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8'));
  const wanted = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  return readdirSync(folder, { recursive: true }).some((path) => String(path).endsWith(wanted));
}

/** A firewall that drops packets would keep the installer waiting for minutes. */
async function canReach() {
  const { ELECTRON_GET_USE_PROXY, ELECTRON_MIRROR, npm_config_electron_mirror } = process.env;
  // Only Electron's installer knows the way through a proxy.
  if (ELECTRON_GET_USE_PROXY) return true;
  const url =
    ELECTRON_MIRROR ?? npm_config_electron_mirror ?? 'https://github.com/electron/electron';
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(probeMs) });
    return true;
  } catch {
    return false;
  }
}

/** Bytes below a folder whose files come and go. */
function sizeOf(folder) {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true })) {
    const stats = statSync(join(folder, String(name)), { throwIfNoEntry: false });
    if (stats?.isFile()) bytes += stats.size;
  }
  return bytes;
}

/** Runs Node to its end; resolves with the lines of its error output. */
function runQuietly(command, args, env) {
  return new Promise((resolve) => {
    const stdio = ['ignore', 'ignore', 'pipe'];
    const child = spawn(command, args, { env, stdio, timeout: downloadMs });
    let text = '';
    child.stderr.on('data', (part) => (text += part));
    const end = (status) =>
      resolve({ status, lines: text.split('\n').filter((line) => line.trim()) });
    child.on('error', () => end(1));
    child.on('close', end);
  });
}

/**
 * Runs the desktop app to its end. `started`: it said that its window is open, or it ended well, or
 * somebody ended it; only then `status` means anything. Otherwise `reason` is the last line of what
 * it said, and `signal` what ended it. How it ended does not decide: a crash hours later ends like
 * a missing sandbox, and must not start a second program, which would publish again.
 */
export async function runElectron(binary, args) {
  const env = { ...process.env };
  // Left over from a development tool they would make Electron a Node, or load another page.
  delete env.ELECTRON_RUN_AS_NODE;
  delete env.ELECTRON_RENDERER_URL;
  let isReady = false;
  let lastLine = '';
  let lastWords = Promise.resolve();
  const stdio = ['inherit', 'inherit', 'pipe', 'ipc'];
  const ended = await runForwarding(binary, args, { env, stdio }, (child) => {
    child.on('message', (message) => {
      if (message?.ready === true) isReady = true;
    });
    lastWords = new Promise((resolve) => child.stderr?.once('end', resolve));
    child.stderr?.on('data', (part) => {
      process.stderr.write(part);
      lastLine = String(part).trimEnd().split('\n').at(-1).trim() || lastLine;
    });
  });
  const { status, signal, error, isAsked } = ended;
  const started = isReady || isAsked || (error === null && status === 0 && signal === null);
  if (!started && error === null) {
    await Promise.race([lastWords, new Promise((resolve) => setTimeout(resolve, lastWordsMs))]);
  }
  const reason = error?.message ?? (lastLine || (signal ?? `exit ${status}`));
  return { started, status, signal, reason };
}

/** Chromium's helper, which has to be root's and SUID where user namespaces are forbidden. */
export const sandboxHelper = (binary) => join(dirname(binary), 'chrome-sandbox');
