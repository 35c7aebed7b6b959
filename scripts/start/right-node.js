// Which Node runs the program (docs/adr/010). This file is read by whatever Node the system has,
// from 14 on: it may use nothing newer.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runForwarding, withPath } from './run.js';
import { cliText } from './texts.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The oldest Node that serves where `npm ci` brought none: it runs TypeScript as it is. */
const oldest = [22, 18];

/**
 * The Node that `npm ci` installed for this system, by a platform package of its own. Null where
 * there is none: not every system has such a package, and its absence fails no installation.
 */
export function pinnedNode(folder = root, platform = process.platform, arch = process.arch) {
  const system = platform === 'win32' ? 'win' : platform;
  const home = join(folder, 'node_modules', `node-${system}-${arch}`);
  const path = join(home, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(path)) return null;
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return { path, version };
}

/** Whether a version (`22.18.0`) can run the program. */
export function serves(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/**
 * Resolves if this process is the right Node for the script. Otherwise the right one runs the
 * script with the same arguments, and this process ends as that one ends; where there is none, it
 * says so in one sentence and ends with 1.
 */
export async function onRightNode(scriptUrl) {
  const pinned = pinnedNode();
  if (pinned !== null && pinned.version !== process.versions.node) {
    const args = [...process.execArgv, fileURLToPath(scriptUrl), ...process.argv.slice(2)];
    const { status, error } = await runForwarding(pinned.path, args, {
      env: withPath([dirname(pinned.path)]),
    });
    // A Node for another C library (Alpine) is there, but does not start.
    if (error === null) process.exit(status);
  }
  if (serves(process.versions.node)) return;
  const known = { version: process.version, oldest: oldest.join('.') };
  console.error(
    cliText(
      existsSync(join(root, 'node_modules')) ? 'start.wrongNode' : 'start.notInstalled',
      known,
    ),
  );
  process.exit(1);
}
