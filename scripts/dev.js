// npm run dev: the desktop app with hot reload. Without Electron, the browser host, built and
// started anew after every change of a source: open the new address that it prints.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { spawn } = await import('node:child_process');
const { once } = await import('node:events');
const { watch } = await import('node:fs');
const { join } = await import('node:path');
const { fileURLToPath } = await import('node:url');
const { buildArguments, isBuildOutdated, requireInstalled } = await import('./start/build.js');
const { electronBinary, hasScreen } = await import('./start/electron.js');
const { readArguments } = await import('./start/read-arguments.js');
const { onParentGone } = await import('./start/run.js');
const { cliText } = await import('./start/texts.js');

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
await readArguments(args);
requireInstalled(root);

/** Editors write a file in several steps. */
const settleMs = 300;

if (hasScreen() && electronBinary(root) !== null) {
  const electronVite = 'node_modules/electron-vite/bin/electron-vite.js';
  const app = runNode([electronVite, 'dev', '--watch', '--', ...args]);
  app.on('exit', (status) => process.exit(status ?? 1));
} else {
  console.log(cliText('start.noDev'));
  restartOnChange();
}

function runNode(rest, options) {
  return spawn(process.execPath, rest, { cwd: root, stdio: 'inherit', ...options });
}

// Not `node --watch`: it sends messages of its own through our workers.
function restartOnChange() {
  /** The build or the program, whichever runs or ran last. */
  let child = null;
  let isChanged = true;
  let isBusy = false;
  let isStopping = false;

  async function end() {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }

  /** False if it failed; it has said why. */
  async function build() {
    if (!isBuildOutdated(root)) return true;
    child = runNode(buildArguments(root));
    const [status] = await once(child, 'exit');
    return status === 0;
  }

  /** One build at a time: what changes meanwhile leads to one more. */
  async function catchUp() {
    if (isBusy) return;
    isBusy = true;
    while (isChanged) {
      isChanged = false;
      await end();
      if (isStopping) return;
      // Of a group of its own, or Ctrl+C would reach it twice: from the terminal and from here.
      const detached = process.platform !== 'win32';
      if (await build()) child = runNode(['out/main/browser-host.js', ...args], { detached });
    }
    isBusy = false;
  }

  let timer;
  for (const folder of ['src-shared', 'src-server', 'src-main', 'src-renderer', 'locales']) {
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        isChanged = true;
        void catchUp();
      }, settleMs);
    });
  }
  function stop() {
    isStopping = true;
    void end().then(() => process.exit(0));
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  onParentGone(stop);
  void catchUp();
}
