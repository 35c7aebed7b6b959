// npm run dist: packages the built app for this platform into dist/. It is one ASAR archive, from
// which workers run too; only better-sqlite3's binary is a file beside it, as it is published.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { readFileSync } = await import('node:fs');
const { fileURLToPath } = await import('node:url');
const { requireInstalled } = await import('./start/build.js');
const { downloadMb, electronBinary, fetchElectron } = await import('./start/electron.js');
const { homepageOf, maintainerOf } = await import('./start/origin.js');
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
// What a package says of itself is true of whoever makes it, so it is not in the sources.
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const homepage = manifest.homepage || homepageOf(root);
const maintainer = maintainerOf(root);
if (process.platform === 'linux' && (homepage === null || maintainer === null)) {
  console.error(cliText('start.noOrigin'));
  process.exit(1);
}
const ownConfig = [
  ...(homepage === null ? [] : [`-c.extraMetadata.homepage=${homepage}`]),
  ...(maintainer === null ? [] : [`-c.linux.maintainer=${maintainer}`]),
];
const builder = fileURLToPath(new URL('../node_modules/electron-builder/cli.js', import.meta.url));
const { status } = await runForwarding(
  process.execPath,
  [builder, ...ownConfig, ...process.argv.slice(2)],
  {
    cwd: root,
  },
);
process.exit(status);
