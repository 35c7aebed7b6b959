// npm run cli -- METHOD [JSON]: builds if needed, then the command line.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { fileURLToPath } = await import('node:url');
const { build, isBuildOutdated, requireInstalled } = await import('./start/build.js');

const root = fileURLToPath(new URL('..', import.meta.url));
requireInstalled(root);
if (isBuildOutdated(root)) await build(root);
await import('../out/main/cli.js');
