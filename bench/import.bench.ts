/**
 * Imports generated exports through the real path: an upload in parts, the reading worker, the
 * planning and writing worker, the day roll-up, one transaction; beside it, in the same run,
 * `sqlite3 .import` of the same file into a plain table. What is measured:
 *
 * - `straight`: `imports.open` with `auto` into an empty store, as a script or the watch folder
 *   does it: rows are planned, previewed and written in one pass, since nothing has to be decided.
 *   From the opened upload to the committed import.
 * - `preview`, `commit`: the same file as a person imports it: until the preview stands, and from
 *   the click to the committed import.
 * - `again`: the same file once more, until its preview says that nothing changes.
 */
import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createImports, type Imports } from '../src-main/import/imports.ts';
import type { AppContext } from '../src-main/context.ts';
import { openReadStore, openStore } from '../src-main/store/open.ts';
import { rollupDifferences } from '../src-main/store/rollup.ts';
import { WriteQueue } from '../src-main/store/write-queue.ts';
import { generateExport } from './generate.ts';

const worker = (name: string): URL => new URL(`../src-main/import/${name}`, import.meta.url);

interface Program {
  imports: Imports;
  context: AppContext;
  close(): Promise<void>;
}

const writer = worker('writer-worker.ts');
/** The same without the day roll-up, to see what that costs. */
const writerWithoutDays = new URL('writer-without-days.ts', import.meta.url);

async function startProgram(importWriter = writer): Promise<Program> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-'));
  const context: AppContext = {
    dataDir,
    clock: { now: () => new Date() },
    log: { info: () => undefined, error: (line, error) => console.error(line, error) },
    store: openStore(dataDir),
    readStore: openReadStore(dataDir),
    writes: new WriteQueue(),
    secrets: {} as AppContext['secrets'],
    workers: {
      importReader: worker('reader-worker.ts'),
      importWriter,
      password: worker('none'),
    },
    changed: () => undefined,
  };
  const imports = createImports(context);
  imports.start();
  // The program runs before somebody imports: a small file warms both threads up.
  const warm = join(dataDir, 'warm.csv');
  await generateExport(warm, 50, 1);
  const jobId = await imports.open(await upload(imports, warm), false);
  await imports.settled(jobId);
  await imports.cancel(jobId);
  return {
    imports,
    context,
    async close() {
      await imports.close();
      await context.writes.close();
      context.readStore.close();
      context.store.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

async function upload(imports: Imports, path: string): Promise<string> {
  const { size } = statSync(path);
  const id = await imports.uploads.begin('export.csv', size);
  let received = 0;
  for await (const part of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    received = await imports.uploads.append(id, received, part as Buffer);
  }
  return id;
}

const seconds = (since: number): number => (performance.now() - since) / 1000;

/** Seconds of `sqlite3 .import`, null without that program. */
function plainImport(path: string): number | null {
  const folder = mkdtempSync(join(tmpdir(), 'plain-'));
  const started = performance.now();
  try {
    execFileSync('sqlite3', [join(folder, 'plain.sqlite'), '.mode csv', `.import "${path}" rows`]);
    return seconds(started);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The largest resident size of the whole process, workers included, while `work` runs. */
async function withPeak<T>(work: () => Promise<T>): Promise<{ result: T; peakMb: number }> {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 10);
  const result = await work();
  look();
  clearInterval(timer);
  return { result, peakMb: Math.round(peak / 2 ** 20) };
}

async function importStraight(path: string): Promise<{ taken: number; again: number }> {
  const { imports, context, close } = await startProgram();
  const first = await upload(imports, path);
  const started = performance.now();
  const jobId = await imports.open(first, true);
  await imports.settled(jobId);
  const taken = seconds(started);
  expectState(imports, jobId, 'done');
  const second = await upload(imports, path);
  const restarted = performance.now();
  const secondId = await imports.open(second, false);
  await imports.settled(secondId);
  const again = seconds(restarted);
  const { counts } = expectState(imports, secondId, 'preview').preview!;
  if (counts.inserted + counts.updated > 0) throw new Error('importing again changes something');
  const wrong = rollupDifferences(context.readStore);
  if (wrong.length > 0) throw new Error(`${wrong.length} rows of the roll-up are wrong`);
  await close();
  return { taken, again };
}

async function importWithoutDays(path: string): Promise<number> {
  const { imports, close } = await startProgram(writerWithoutDays);
  const id = await upload(imports, path);
  const started = performance.now();
  const jobId = await imports.open(id, true);
  await imports.settled(jobId);
  const taken = seconds(started);
  expectState(imports, jobId, 'done');
  await close();
  return taken;
}

async function importWithPreview(path: string): Promise<{ preview: number; commit: number }> {
  const { imports, close } = await startProgram();
  const id = await upload(imports, path);
  const started = performance.now();
  const jobId = await imports.open(id, false);
  await imports.settled(jobId);
  const preview = seconds(started);
  const { digest } = expectState(imports, jobId, 'preview').preview!;
  const clicked = performance.now();
  await imports.commit(jobId, digest);
  const commit = seconds(clicked);
  await close();
  return { preview, commit };
}

function expectState(imports: Imports, jobId: string, state: string) {
  const job = imports.job(jobId);
  if (job.state !== state) throw new Error(`the job is ${job.state}: ${job.error?.code}`);
  return job;
}

const sizes = (process.env['BENCH_ROWS'] ?? '10000,100000,1000000').split(',').map(Number);

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'exports-'));
  try {
    for (const rows of sizes) await measure(join(folder, `${rows}.csv`), rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(path: string, rows: number): Promise<void> {
  const { bytes } = await generateExport(path, rows);
  console.log(`${rows.toLocaleString('en')} rows, ${(bytes / 1e6).toFixed(0)} MB`);
  const plain = plainImport(path);
  const { result, peakMb } = await withPeak(() => importStraight(path));
  const withoutDays = await importWithoutDays(path);
  const { result: person, peakMb: peakPerson } = await withPeak(() => importWithPreview(path));
  const per = (taken: number): string =>
    `${taken.toFixed(2)} s, ${Math.round(rows / taken / 1000)} k rows/s`;
  const ratio = (taken: number, target: number): string =>
    plain === null
      ? 'no sqlite3 to compare with'
      : `× ${(taken / plain).toFixed(2)} (target × ${target.toFixed(1)})`;
  if (plain !== null) console.log(`  sqlite3 .import     ${per(plain)}`);
  console.log(`  straight            ${per(result.taken)}, ${ratio(result.taken, 1.2)}`);
  console.log(`  without roll-up     ${per(withoutDays)}, ${ratio(withoutDays, 1)}`);
  console.log(
    `  again               ${per(result.again)}, × ${(result.again / result.taken).toFixed(2)} of the first (target × 1)`,
  );
  console.log(`  preview             ${per(person.preview)}`);
  console.log(`  commit              ${per(person.commit)}`);
  console.log(`  peak memory         ${Math.max(peakMb, peakPerson)} MB (target 500)`);
}
