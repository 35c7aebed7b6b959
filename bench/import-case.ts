/**
 * One import in a process of its own, so that its peak of memory is its own: `import-case.ts CASE
 * FILE`, forked by import.bench.ts, which it sends its result.
 */
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createImports, type Imports } from '../src-main/import/jobs/imports.ts';
import type { AppContext } from '../src-main/context.ts';
import { openReadStore, openStore } from '../src-main/store/open.ts';
import { rollupDifferences } from '../src-main/store/records/rollup.ts';
import { WriteQueue } from '../src-main/store/write-queue.ts';
import { generateExport } from './generate.ts';

/** Seconds of each step. */
export type Taken = Record<string, number>;

export interface CaseResult {
  taken: Taken;
  /** The largest resident size of the process, all its threads included. */
  peakMb: number;
}

const worker = (name: string): URL => new URL(`../src-main/import/jobs/${name}`, import.meta.url);

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
      backup: worker('none'),
    },
    changed: () => undefined,
    tell: () => undefined,
  };
  const imports = createImports(context, { makeBefore: async () => undefined });
  imports.start();
  // The program runs before somebody imports: a small file warms both threads up.
  const warm = join(dataDir, 'warm.csv');
  await generateExport(warm, 50, 1);
  const jobId = await imports.open([await upload(imports, warm)], false);
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

/** Reads a file to its end: `done`, or `preview` if it may not be imported alone. */
async function open(imports: Imports, path: string, auto: boolean) {
  const id = await upload(imports, path);
  const started = performance.now();
  const jobId = await imports.open([id], auto);
  await imports.settled(jobId);
  const taken = seconds(started);
  const job = imports.job(jobId);
  const expected = auto ? 'done' : 'preview';
  if (job.state !== expected) throw new Error(`the job is ${job.state}: ${job.error?.code}`);
  return { jobId, preview: job.preview!, taken };
}

async function importDirectly(path: string): Promise<Taken> {
  const { imports, context, close } = await startProgram();
  const direct = await open(imports, path, true);
  const again = await open(imports, path, false);
  const { inserted, updated } = again.preview.counts;
  if (inserted + updated > 0) throw new Error('importing again changes something');
  const wrong = rollupDifferences(context.readStore);
  if (wrong.length > 0) throw new Error(`${wrong.length} rows of the roll-up are wrong`);
  await close();
  return { directWrite: direct.taken, again: again.taken };
}

async function importWithoutDays(path: string): Promise<Taken> {
  const { imports, close } = await startProgram(writerWithoutDays);
  const { taken } = await open(imports, path, true);
  await close();
  return { withoutDays: taken };
}

async function importWithPreview(path: string): Promise<Taken> {
  const { imports, close } = await startProgram();
  const { jobId, preview, taken } = await open(imports, path, false);
  const clicked = performance.now();
  await imports.commit(jobId, preview.digest, []);
  const commit = seconds(clicked);
  await close();
  return { preview: taken, commit };
}

export const cases = {
  directWrite: importDirectly,
  withoutDays: importWithoutDays,
  preview: importWithPreview,
};

if (process.send) {
  const [name, path] = process.argv.slice(2) as [keyof typeof cases, string];
  const taken = await cases[name](path);
  // In KiB, as Linux and macOS count it for Node.
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  process.send({ taken, peakMb } satisfies CaseResult);
}
