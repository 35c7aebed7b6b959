// npm run cli -- METHOD [JSON]: builds if needed, then the command line.
import { fileURLToPath } from 'node:url';
import { build, isBuildOutdated } from './start/build.js';

const root = fileURLToPath(new URL('..', import.meta.url));
if (isBuildOutdated(root)) build(root);
await import('../out/main/cli.js');
