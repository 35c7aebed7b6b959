/** Runs every bench of this folder (`*.bench.ts`), or those whose names are given as arguments. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { availableParallelism, cpus } from 'node:os';

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort();

console.log(
  `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
);
let failed = false;
for (const name of files) {
  console.log(`\n# ${name}`);
  try {
    const bench = (await import(join(import.meta.dirname, name))) as { run(): Promise<void> };
    await bench.run();
  } catch (error) {
    failed = true;
    console.error(error);
  }
}
if (failed) process.exitCode = 1;
