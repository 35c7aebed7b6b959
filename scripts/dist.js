// npm run dist: packages the built app for this platform into dist/. Workers and better-sqlite3 are
// real files there (no ASAR), and better-sqlite3's prebuilt binary serves Electron as it is.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { fileURLToPath } = await import('node:url');
const { electronBinary, fetchElectron, run } = await import('./start/electron.js');
const { startText } = await import('./start/texts.js');

const root = fileURLToPath(new URL('..', import.meta.url));
const binary =
  electronBinary(root) ?? (await fetchElectron(root, () => console.log(startText('fetching'))));
if (binary === null) {
  console.error(startText('noDist'));
  process.exit(1);
}
const builder = fileURLToPath(new URL('../node_modules/electron-builder/cli.js', import.meta.url));
const { status } = await run(process.execPath, [builder, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
