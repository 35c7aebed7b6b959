/**
 * `npm run test:reliability [-- PART …] [--minutes N] [--seed N]`: what the program survives. Runs the
 * parts that are named, or all of them, on the built program (`npm run build` first), and ends with
 * a table. All parts together take at most ten minutes unless more are given; what the time did not
 * suffice for is told. It fails if anything was not survived.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { survivesKills } from './kills.ts';
import { survivesMalformedHttp } from './malformed-http.ts';
import { survivesLongLoad } from './soak.ts';
import { survivesPowerCuts } from './power-cuts.ts';
import { survivesSyncKills } from './sync-kills.ts';
import { survivesBadFolders } from './bad-folders.ts';
import { survivesKilledUploads } from './uploads.ts';
import { createRandom } from './random.ts';
import type { Part, Row } from './part.ts';

/** Name → the part, and its share of the time. */
const parts: Record<string, { run: Part; share: number }> = {
  power: { run: survivesPowerCuts, share: 0.1 },
  folders: { run: survivesBadFolders, share: 0.1 },
  http: { run: survivesMalformedHttp, share: 0.25 },
  sync: { run: survivesSyncKills, share: 0.15 },
  uploads: { run: survivesKilledUploads, share: 0.3 },
  soak: { run: survivesLongLoad, share: 0.2 },
  // Last: what the others did not use is its.
  kills: { run: survivesKills, share: 0.5 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
});
const names = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = names.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(
    `No part is named ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}`,
  );
  process.exit(2);
}
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
console.log(`Seed ${seed}: the same one makes the same choices.`);

const rows: Row[] = [];
const end = performance.now() + Number(values.minutes) * 60_000;
/** In the order of the table. */
const chosen = Object.keys(parts).filter((name) => names.includes(name));
for (const [index, name] of chosen.entries()) {
  const { run, share } = parts[name]!;
  const folder = mkdtempSync(join(tmpdir(), `reliability-${name}-`));
  const shares = chosen.slice(index).reduce((sum, later) => sum + parts[later]!.share, 0);
  const timeMs = ((end - performance.now()) * share) / shares;
  const until = performance.now() + timeMs;
  console.log(`\n# ${name}`);
  try {
    rows.push(
      ...(await run({
        folder,
        random: createRandom(seed),
        isOver: () => performance.now() > until,
        timeMs,
      })),
    );
  } catch (error) {
    console.error(error);
    rows.push({ what: `${name}: ended early`, wanted: 1, tried: 1, failures: [String(error)] });
  }
  rmSync(folder, { recursive: true, force: true });
}

console.log(`\n${'what was tried'.padEnd(58)}  tried  survived`);
for (const { what, wanted, tried, failures } of rows) {
  const short = tried < wanted ? `  (of ${wanted}: the time was over)` : '';
  const survived = String(Math.max(0, tried - failures.length)).padStart(8);
  console.log(`${what.padEnd(58)} ${String(tried).padStart(6)}  ${survived}${short}`);
  for (const failure of failures.slice(0, 5)) console.log(`    ${failure}`);
}
if (rows.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
