// npm run test:fuzz [-- SEED]: the tests that read mutated files, with many more of them than a
// test run has time for, and others each time. A failure is seen again with the seed that is told.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { randomInt } = await import('node:crypto');
const { runCommand } = await import('./start/run.js');

const seed = process.argv[2] ?? String(randomInt(1, 2 ** 31 - 1));
console.log(`FUZZ_SEED=${seed}`);
Object.assign(process.env, { FUZZ: '100000', FUZZ_PREVIEWS: '20000', FUZZ_SEED: seed });
process.exit(
  (await runCommand(['vitest', 'run', 'src-main/import/read/fuzz', 'fuzz-preview'])).status,
);
