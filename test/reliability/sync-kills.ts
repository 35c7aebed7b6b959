/**
 * kill −9 at random moments of a sync: of the first reading, of its import, of polls. Afterwards the
 * store is whole, and the next start brings it by itself to what Kimai has.
 */
import Database from 'better-sqlite3';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SyncStatus } from '../../src-shared/contract/sync.ts';
import { databaseFile } from '../../src-main/store/open.ts';
import type { ReadDb } from '../../src-main/store/db.ts';
import { readRecording } from '../support/kimai-replay/recording.ts';
import { KimaiReplay } from '../support/kimai-replay/server.ts';
import { differences, recordedRecords, storedRecords } from '../sync/truth.ts';
import type { PartInput, Row } from './part.ts';
import { problemsOf, startKillable, type Killable } from './started.ts';

const kills = 100;
/** A kill comes within this time after the program answers: it polls at its start. */
const longestMs = 400;
const as = 'admin';
const golden = resolve(import.meta.dirname, '../fixtures/golden/kimai-api-2.66');

export async function survivesSyncKills({ folder, random, isOver }: PartInput): Promise<Row[]> {
  const replay = await KimaiReplay.start(readRecording(golden));
  // Many small pages: a first reading has many moments.
  replay.maxSize = 10;
  const row: Row = { what: 'kill −9 during a sync', wanted: kills, tried: 0, failures: [] };
  const steps = replay.recording.steps.map(({ name }) => name);
  try {
    for (let world = 0; row.tried < kills && !isOver(); world++) {
      const dataDir = join(folder, `world-${world}`);
      replay.goTo(steps[0]!);
      const program = await startKillable(dataDir);
      await program.call('sync.connect', { address: replay.address, token: replay.tokenOf(as) });
      await killWithin(program, random.below(longestMs));
      for (const step of steps) {
        if (row.tried === kills || isOver()) break;
        row.tried++;
        // The kill came in the step before; what is read now is another world already.
        replay.goTo(step);
        const failure = await recovers(dataDir, replay);
        if (failure !== null) row.failures.push(`${step} of ${dataDir}: ${failure}`);
        const next = steps[steps.indexOf(step) + 1];
        if (next === undefined) break;
        replay.goTo(next);
        await killWithin(await startKillable(dataDir), random.below(longestMs));
      }
    }
  } finally {
    await replay.close();
  }
  return [row];
}

async function killWithin(program: Killable, ms: number): Promise<void> {
  await wait(ms);
  await program.kill();
}

/** Null: the store is whole and becomes what Kimai has. */
async function recovers(dataDir: string, replay: KimaiReplay): Promise<string | null> {
  const problems = problemsOf(dataDir);
  if (problems.length > 0) return problems.join('; ');
  const program = await startKillable(dataDir);
  try {
    for (;;) {
      const status = await pollEnded(program);
      if (status.error) return status.error.code;
      if (!status.preview) break;
      const { jobId } = status.preview;
      const { preview } = await program.call('imports.job', { jobId });
      await program.call('imports.commit', { jobId, digest: preview!.digest });
    }
  } finally {
    await program.stop();
  }
  const db = new Database(databaseFile(dataDir), { readonly: true });
  try {
    const found = differences(recordedRecords(replay, as), storedRecords(db as unknown as ReadDb));
    return found.length === 0 ? null : found.slice(0, 3).join('; ');
  } finally {
    db.close();
  }
}

/** The poll of the start has ended. */
async function pollEnded(program: Killable): Promise<SyncStatus> {
  for (;;) {
    const status = await program.call('sync.status', {});
    const isBusy = status.state === 'reading' || status.state === 'importing';
    if (!isBusy && (status.nextAt !== null || status.error !== null)) return status;
    await wait(20);
  }
}
