// npm test: the whole check, step by step. It ends with the first step that fails.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { readFileSync } = await import('node:fs');
const { runCommand } = await import('./start/run.js');
const { requireTools } = await import('./require-tools.js');

const steps = [
  ['the format of all files', 'check:format'],
  ['the rules for code', 'check:lint'],
  ['the types', 'check:types'],
  ['the components', 'check:svelte'],
  ['the build', 'build'],
  ['unit and browser tests; these take some ten minutes on two cores', 'test:run'],
];

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const root = new URL('..', import.meta.url);

requireTools();
for (const [index, [what, name]] of steps.entries()) {
  console.log(`\n[${index + 1}/${steps.length}] ${what} (npm run ${name})`);
  const { status } = await runCommand(scripts[name].split(' '), { cwd: root });
  if (status !== 0) process.exit(status);
}
