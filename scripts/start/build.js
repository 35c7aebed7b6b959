import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runForwarding } from './run.js';
import { cliText } from './texts.js';

/** What a build is made of; locales and sample data are read at run time. */
const sources = [
  'src-shared',
  'src-server',
  'src-main',
  'src-renderer',
  'src-viewer',
  'scripts/viewer-plugin.ts',
  'locales',
  'electron.vite.config.ts',
  'svelte.config.js',
  'package-lock.json',
];
/** The last file of the last part that a build writes tells when it was complete. */
const results = ['out/main/browser-host.js', 'out/preload/preload.cjs', 'out/renderer/index.html'];

/** Whether `out/` is missing, incomplete or older than any source. */
export function isBuildOutdated(root) {
  const built = results.map((path) => modifiedMs(join(root, path)));
  const changed = sources.map((path) => newestMs(join(root, path)));
  return Math.min(...built) < Math.max(...changed);
}

/** What Node is called with to build `out/`. */
export const buildArguments = (root) => [
  join(root, 'node_modules/electron-vite/bin/electron-vite.js'),
  'build',
  '--logLevel',
  'warn',
];

/**
 * Builds `out/`. The program ends with the build's own message if that fails, and with the build if
 * a signal ends it.
 */
export async function build(root) {
  const { status } = await runForwarding(process.execPath, buildArguments(root), { cwd: root });
  if (status !== 0) process.exit(status);
}

/** 0 if it is not there. */
function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(path).map((name) => newestMs(join(path, name)));
  // The folder's own time tells that something was removed.
  return Math.max(stats.mtimeMs, ...inside);
}

/** Ends the process with one sentence where `npm ci` was not run, or not after an update. */
export function requireInstalled(root) {
  if (!existsSync(join(root, 'node_modules/better-sqlite3'))) return refuse('start.notInstalled');
  if (!isInstalledAsLocked(root)) refuse('start.notUpdated');
}

function refuse(key) {
  console.error(cliText(key));
  process.exit(1);
}

/**
 * Whether the packages are those of the lock file, by what npm noted when it installed them. True
 * where there is no note: another tool installed them.
 */
export function isInstalledAsLocked(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'));
  if (wanted === null || installed === null) return true;
  // A server may have left out the tools, once it has built.
  const hasTools = 'node_modules/electron-vite' in installed;
  return Object.entries(wanted).every(([path, { version, optional, dev, devOptional }]) => {
    if (path === '') return true;
    if (path in installed) return installed[path].version === version;
    return optional || ((dev || devOptional) && !hasTools);
  });
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null;
}
