// npm run dev: the desktop app with hot reload. Without Electron, the browser host, built and
// started anew after every change of a source: open the new address that it prints.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronBinary, hasScreen } from './start/electron.js';
import { startText } from './start/texts.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const node = (...rest) => spawn(process.execPath, rest, { cwd: root, stdio: 'inherit' });

/** Editors write a file in several steps. */
const settleMs = 300;

if (hasScreen() && electronBinary(root) !== null) {
  const electronVite = 'node_modules/electron-vite/bin/electron-vite.js';
  node(electronVite, 'dev', '--watch', ...args).on('exit', (status) => process.exit(status ?? 1));
} else {
  console.log(startText('noDev'));
  restartOnChange(() => node('scripts/start.js', '--browser', ...args));
}

// Not `node --watch`: it sends messages of its own through our workers.
function restartOnChange(start) {
  let child = start();
  let timer;
  const restart = () => {
    const again = () => (child = start());
    if (child.exitCode !== null || child.signalCode !== null) again();
    else child.once('exit', again).kill();
  };
  for (const folder of ['src-shared', 'src-server', 'src-main', 'src-renderer', 'locales']) {
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(restart, settleMs);
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => child.once('exit', () => process.exit(0)).kill());
  }
}
