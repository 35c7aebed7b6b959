// npm run dist: packages the built app for this platform into dist/. It is one ASAR archive, from
// which workers run too; only better-sqlite3's binary is a file beside it, as it is published.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { fileURLToPath } = await import('node:url');
const { requireInstalled } = await import('./start/build.js');
const { downloadMb, electronBinary, fetchElectron } = await import('./start/electron.js');
const { runForwarding } = await import('./start/run.js');
const { cliText } = await import('./start/texts.js');

const root = fileURLToPath(new URL('..', import.meta.url));
requireInstalled(root);
const found = electronBinary(root);
const fetched =
  found === null &&
  (await fetchElectron(root, (done) => {
    const values = { done, total: downloadMb };
    console.log(cliText(done === 0 ? 'start.fetching' : 'start.progress', values));
  }));
if (found === null && fetched.binary === null) {
  if (fetched.reason !== null)
    console.error(cliText('start.fetchFailed', { reason: fetched.reason }));
  console.error(cliText('start.noDist'));
  process.exit(1);
}
const builder = fileURLToPath(new URL('../node_modules/electron-builder/cli.js', import.meta.url));
const { status } = await runForwarding(process.execPath, [builder, ...process.argv.slice(2)], {
  cwd: root,
});
process.exit(status);
