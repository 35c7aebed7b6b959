// npm start: builds if needed, then the desktop app, or the browser host where there is no Electron.
// Options: --browser, --data DIR, --sample, and for the browser host --no-open and --port N.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { fileURLToPath } = await import('node:url');
const { build, isBuildOutdated } = await import('./start/build.js');
const { electronBinary, fetchElectron, hasScreen, run } = await import('./start/electron.js');
const { startText } = await import('./start/texts.js');

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const headless = ['--browser', '--no-open', '--port'].some((option) =>
  args.some((arg) => arg === option || arg.startsWith(`${option}=`)),
);

if (isBuildOutdated(root)) {
  console.log(startText('building'));
  build(root);
}
if (headless || !(await startElectron())) await import('../out/main/browser-host.js');

/** Runs the desktop app to its end; false if there is none here, after one line that says so. */
async function startElectron() {
  if (!hasScreen()) return unavailable('noScreen');
  const fetched = () => fetchElectron(root, () => console.log(startText('fetching')));
  const binary = electronBinary(root) ?? (await fetched());
  if (binary === null) return unavailable('noElectron');
  const { status, signal } = await run(binary, [root, ...args], { stdio: 'inherit' });
  // Chromium ends itself like this where its sandbox or a library is missing.
  if (signal === 'SIGTRAP' || signal === 'SIGABRT') return unavailable('electronFailed');
  process.exit(status ?? 1);
}

function unavailable(reason) {
  console.log(startText(reason));
  return false;
}
