/**
 * Imports generated exports through the real path: an upload in parts, the reading worker, the
 * planning and writing worker, the day roll-up, one transaction; beside it, in the same run,
 * `sqlite3 .import` of the same file into a plain table. Everything is run three times in turn,
 * each import in a process of its own, and the median counts. What is measured:
 *
 * - `directWrite`: `imports.open` with `auto` into an empty store, as a script or the watch folder
 *   does it: rows are planned, previewed and written in one pass, since nothing has to be decided.
 *   From the opened upload to the committed import.
 * - `preview`, `commit`: the same file as a person imports it: until the preview stands, and from
 *   the click to the committed import.
 * - `again`: the same file once more, until its preview says that nothing changes.
 */
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateExport } from './generate.ts';
import { atMost, median, type Line } from './line.ts';
import type { cases, CaseResult, Taken } from './import-case.ts';

const rounds = 3;
const sizes = (process.env['BENCH_ROWS'] ?? '10000,100000,1000000').split(',').map(Number);

/** Seconds of `sqlite3 .import`, null without that program. */
function plainImport(path: string): number | null {
  const folder = mkdtempSync(join(tmpdir(), 'plain-'));
  const started = performance.now();
  try {
    execFileSync('sqlite3', [join(folder, 'plain.sqlite'), '.mode csv', `.import "${path}" rows`]);
    return (performance.now() - started) / 1000;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runCase(name: keyof typeof cases, path: string): Promise<CaseResult> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'import-case.ts'), [name, path]);
    child.once('message', (result) => resolve(result as CaseResult));
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
}

export async function run(): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'exports-'));
  try {
    const lines: Line[] = [];
    for (const rows of sizes) lines.push(...(await measure(join(folder, `${rows}.csv`), rows)));
    return lines;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(path: string, rows: number): Promise<Line[]> {
  const { bytes } = await generateExport(path, rows);
  console.log(`${rows.toLocaleString('en')} rows, ${(bytes / 1e6).toFixed(0)} MB`);
  const taken: Record<string, number[]> = {};
  let peakMb = 0;
  const note = (all: Taken): void => {
    for (const [step, time] of Object.entries(all)) (taken[step] ??= []).push(time);
  };
  for (let round = 0; round < rounds; round++) {
    const plain = plainImport(path);
    if (plain !== null) note({ plain });
    for (const name of ['directWrite', 'withoutDays', 'preview'] as const) {
      const result = await runCase(name, path);
      note(result.taken);
      peakMb = Math.max(peakMb, result.peakMb);
    }
  }
  const time = (step: string): number => median(taken[step]!);
  const per = (step: string): string =>
    `${time(step).toFixed(2)} s, ${Math.round(rows / time(step) / 1000)} k rows/s`;
  // A short file is wanted soon; only for a long one the start of sqlite3 does not count.
  const isLong = rows >= 1_000_000;
  const ratio = (step: string, other: string, target: number): string => {
    if (!taken[other]) return 'no sqlite3 to compare with';
    const text = `× ${(time(step) / time(other)).toFixed(2)}`;
    return isLong || other !== 'plain' ? `${text} (target × ${target.toFixed(1)})` : text;
  };
  const soon = rows <= 10_000 ? ' (target 0.3 s)' : '';
  if (taken['plain']) console.log(`  sqlite3 .import     ${per('plain')}`);
  console.log(
    `  direct write        ${per('directWrite')}${soon}, ${ratio('directWrite', 'plain', 1.2)}`,
  );
  console.log(`  without roll-up     ${per('withoutDays')}, ${ratio('withoutDays', 'plain', 1)}`);
  console.log(
    `  again               ${per('again')}, ${ratio('again', 'directWrite', 1)} of the first`,
  );
  console.log(`  preview             ${per('preview')}`);
  console.log(`  commit              ${per('commit')}`);
  console.log(`  peak memory         ${peakMb} MB (target 500)`);
  const ofPlain = (name: string, step: string, most: number): Line[] =>
    isLong && taken['plain'] ? [atMost(name, time(step) / time('plain'), '×', most)] : [];
  return [
    ...ofPlain('import of 1 M rows with roll-ups, of sqlite3 .import', 'directWrite', 1.2),
    ...ofPlain('import of 1 M rows without roll-ups, of sqlite3 .import', 'withoutDays', 1),
    atMost(`peak memory of an import of ${rows} rows`, peakMb, 'MB', 500),
    ...(rows <= 10_000 ? [atMost(`import of ${rows} rows`, time('directWrite'), 's', 0.3)] : []),
  ];
}
