// node scripts/with-node.js COMMAND ARGUMENTS: runs a command of node_modules/.bin, or `node`, on the
// Node that npm ci installed. npm alone does not see to that: old ones link no `.bin/node`.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { runCommand } = await import('./start/run.js');
process.exit((await runCommand(process.argv.slice(2))).status);
