// npm start: builds if needed, then the desktop app, or the browser host where there is no Electron.
// `--help` lists the options; src-main/program/arguments.ts is what they are.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { fileURLToPath } = await import('node:url');
const { build, isBuildOutdated, requireInstalled } = await import('./start/build.js');
const electron = await import('./start/electron.js');
const { readArguments } = await import('./start/read-arguments.js');
const { onParentGone } = await import('./start/run.js');
const { cliText } = await import('./start/texts.js');

const root = fileURLToPath(new URL('..', import.meta.url));
const argv = process.argv.slice(2);
const { browser } = await readArguments(argv);
requireInstalled(root);

if (isBuildOutdated(root)) {
  console.log(cliText('start.building'));
  await build(root);
}
if (browser || !(await startElectron())) {
  onParentGone(() => process.kill(process.pid, 'SIGTERM'));
  await import('../out/main/browser-host.js');
}

/** Runs the desktop app to its end; false if there is none here, after a line that says so. */
async function startElectron() {
  if (!electron.hasScreen()) return unavailable('noScreen');
  const binary = electron.electronBinary(root) ?? (await fetchElectron());
  if (binary === null) return unavailable('noElectron');
  const { started, status, signal, reason } = await electron.runElectron(binary, [root, ...argv]);
  if (started) process.exit(status);
  // So Chromium ends where it has no sandbox. Running without one is no way out: pages come from
  // files that strangers sent.
  if (process.platform === 'linux' && signal === 'SIGTRAP') {
    console.log(cliText('start.sandbox', { helper: electron.sandboxHelper(binary) }));
  }
  return unavailable('electronStopped', { reason });
}

async function fetchElectron() {
  const { binary, reason } = await electron.fetchElectron(root, (done) => {
    const total = electron.downloadMb;
    console.log(cliText(done === 0 ? 'start.fetching' : 'start.progress', { done, total }));
  });
  if (binary === null && reason !== null) console.log(cliText('start.fetchFailed', { reason }));
  return binary;
}

function unavailable(why, values) {
  console.log(cliText(`start.${why}`, values));
  return false;
}
