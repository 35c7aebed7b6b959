/**
 * A backup of a large store while four readers read and an import writes: what it adds to the longest
 * pause of either. Rounds with a backup and rounds without take turns; a pause counts only if most
 * rounds have one, since a busy machine makes some by itself.
 */
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { startKillable, type Killable } from '../test/reliability/started.ts';
import type { ThreadInput, ThreadResult } from './backup-threads.ts';
import { generateExport } from './generate.ts';
import { atMost, median, percentile, stated, type Line } from './line.ts';

const records = Number(process.env.BENCH_ROWS ?? 200_000);
const readers = 4;
const rounds = 5;
const longestPauseMs = 50;

interface Round {
  /** The longest step of all readers, and of the import; the longest but one of a thousand. */
  read: number;
  readP999: number;
  import: number;
  backup: number;
}

export async function run(): Promise<Line[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-backups-'));
  try {
    const csv = join(dataDir, 'export.csv');
    await generateExport(csv, records);
    const program = await startKillable(dataDir);
    await importLarge(program, csv);
    await program.stop();
    const found: Record<'with' | 'without', Round[]> = { with: [], without: [] };
    for (let round = 0; round < rounds; round++) {
      found.without.push(await measure(dataDir, false, 3_000));
      found.with.push(await measure(dataDir, true, 3_000));
    }
    const of = (rows: Round[], value: keyof Round): number => median(rows.map((row) => row[value]));
    const added = (value: 'read' | 'import'): number =>
      Math.max(0, of(found.with, value) - of(found.without, value));
    return [
      stated(`a backup of ${records} records, read whole`, of(found.with, 'backup') / 1000, 's'),
      stated('longest read of 4 readers without a backup', of(found.without, 'read'), 'ms'),
      stated('the same beside a backup', of(found.with, 'read'), 'ms'),
      stated('99.9 % of reads beside a backup', of(found.with, 'readP999'), 'ms'),
      atMost('what the backup adds to the longest read', added('read'), 'ms', longestPauseMs),
      stated('longest step of an import without a backup', of(found.without, 'import'), 'ms'),
      stated('the same beside a backup', of(found.with, 'import'), 'ms'),
      atMost('what the backup adds to that step', added('import'), 'ms', longestPauseMs),
    ];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function importLarge(program: Killable, csv: string): Promise<void> {
  const { size } = statSync(csv);
  const { uploadId } = await program.call('uploads.begin', { fileName: 'export.csv', size });
  let offset = 0;
  for await (const part of createReadStream(csv, { highWaterMark: 2 ** 20 })) {
    const bytes = part as Buffer;
    await program.call('uploads.append', { uploadId, offset, base64: bytes.toString('base64') });
    offset += bytes.length;
  }
  const { jobId } = await program.call('imports.open', { uploadId, auto: true });
  for (;;) {
    const { state, error } = await program.call('imports.job', { jobId });
    if (state === 'done') return;
    if (['failed', 'preview', 'mapping'].includes(state)) throw new Error(error?.code ?? state);
    await wait(50);
  }
}

/** As long as the backup takes, or without one as long as it is told. */
async function measure(dataDir: string, withBackup: boolean, ms: number): Promise<Round> {
  const flag = new SharedArrayBuffer(4);
  const begin = (role: ThreadInput['role']): Promise<ThreadResult> => {
    const workerData: ThreadInput = { role, dataDir, flag };
    const worker = new Worker(new URL('backup-threads.ts', import.meta.url), { workerData });
    return once(worker, 'message').then(([steps]) => steps as ThreadResult);
  };
  const reading = Promise.all(Array.from({ length: readers }, () => begin('read')));
  const importing = begin('import');
  const [backup] = withBackup ? await begin('backup') : [await wait(ms, 0)];
  Atomics.store(new Int32Array(flag), 0, 1);
  const reads = (await reading).flat();
  return {
    read: longest(reads),
    readP999: percentile(reads, 0.999),
    import: longest(await importing),
    backup: backup!,
  };
}

const longest = (steps: readonly number[]): number =>
  steps.reduce((most, ms) => Math.max(most, ms), 0);
