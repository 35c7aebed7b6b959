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
console.log(
  'All benches together take about seven minutes on two cores. Each says how long it took.',
);
let failed = false;
for (const name of files) {
  console.log(`\n# ${name}`);
  const start = performance.now();
  try {
    const bench = (await import(join(import.meta.dirname, name))) as { run(): Promise<void> };
    await bench.run();
  } catch (error) {
    failed = true;
    console.error(error);
  }
  console.log(`took ${Math.round((performance.now() - start) / 1000)} s`);
}
if (failed) process.exitCode = 1;
