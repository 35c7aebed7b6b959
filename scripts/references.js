// npm run references: takes the reference pictures of the app anew; npm run build first. Look at
// them before you commit them.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { runCommand } = await import('./start/run.js');

const { status } = await runCommand(
  ['node', 'scripts/with-node.js', 'vitest', 'run', 'test/browser/references.test.ts'],
  {
    cwd: new URL('..', import.meta.url),
    stdio: 'inherit',
    env: { ...process.env, RENEW_REFERENCES: '1' },
  },
);
process.exit(status);
