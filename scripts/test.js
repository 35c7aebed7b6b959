// npm test: the whole check. The quick checks and the build run two at a time and all to their end;
// the tests need the build, and begin when nothing was found.
import { onRightNode } from './start/right-node.js';

await onRightNode(import.meta.url);
const { readFileSync } = await import('node:fs');
const { runCommand } = await import('./start/run.js');
const { requireTools } = await import('./require-tools.js');

// The longest first: the others together take as long.
const checks = [
  ['the rules for code', 'check:lint'],
  ['the types', 'check:types'],
  ['the format of all files', 'check:format'],
  ['the components', 'check:svelte'],
  ['the build', 'build'],
];
const tests = ['unit and browser tests; these take some eight minutes on two cores', 'test:run'];
const atOnce = 2;

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const root = new URL('..', import.meta.url);

requireTools();
await runChecks();
console.log(`\n${title(tests)}`);
process.exit((await run(tests)).status);

function title([what, name]) {
  return `${what} (npm run ${name})`;
}

function run([, name], options, onStart) {
  return runCommand(scripts[name].split(' '), { cwd: root, ...options }, onStart);
}

/** Ends the process if a check failed, after all have said what they found. */
async function runChecks() {
  console.log(`First, ${atOnce} at a time: ${checks.map(([what]) => what).join(', ')}`);
  const waiting = [...checks];
  let done = 0;
  let failed = 0;
  async function runNext() {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const found = [];
      const closed = [];
      const ended = await run(check, { stdio: ['ignore', 'pipe', 'pipe'] }, (child) => {
        for (const stream of [child.stdout, child.stderr]) {
          stream.on('data', (part) => found.push(part));
          closed.push(new Promise((resolve) => stream.once('close', resolve)));
        }
      });
      if (ended.isAsked) process.exit(ended.status);
      if (ended.error === null) await Promise.all(closed);
      done += 1;
      const isGood = ended.status === 0;
      console.log(`[${done}/${checks.length}] ${title(check)}: ${isGood ? 'good' : 'failed'}`);
      process.stdout.write(Buffer.concat(found));
      failed ||= ended.status;
    }
  }
  await Promise.all(Array.from({ length: atOnce }, runNext));
  if (failed !== 0) process.exit(failed);
}
