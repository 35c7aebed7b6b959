/**
 * Runs every bench of this folder (`*.bench.ts`) and prints one table. `--only NAME` runs the benches
 * whose name contains it and may stand more than once; `--json FILE` also writes the lines there.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { formatLine, type Line } from './line.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, only: { type: 'string', multiple: true } },
});
const wanted = [...(values.only ?? []), ...positionals];
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort();

console.log(
  `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
);
console.log(
  'All benches together take about nine minutes on two cores. Each says how long it took.',
);
if (files.length === 0) throw new Error(`no bench is called ${wanted.join(' or ')}`);
const lines: Line[] = [];
let failed = false;
for (const name of files) {
  console.log(`\n# ${name}`);
  const start = performance.now();
  try {
    const bench = (await import(join(import.meta.dirname, name))) as { run(): Promise<Line[]> };
    lines.push(...(await bench.run()));
  } catch (error) {
    failed = true;
    console.error(error);
  }
  console.log(`took ${Math.round((performance.now() - start) / 1000)} s`);
}
console.log('');
for (const line of lines) console.log(formatLine(line));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(lines, null, 2)}\n`);
if (failed || lines.some(({ ok }) => !ok)) process.exitCode = 1;
