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
import { oneValue, problemsOf, startKillable, type Killable } from './started.ts';

const kills = 100;
/** A first reading of these pages has so many requests, a poll at least so many. */
const requestsOf = { first: 24, poll: 10 };
/** After the last request comes the import, which takes about so long. */
const longestImportMs = 250;
const as = 'admin';
const golden = resolve(import.meta.dirname, '../fixtures/golden/kimai-api-2.66');

export async function survivesSyncKills({ folder, random, isOver }: PartInput): Promise<Row[]> {
  const replay = await KimaiReplay.start(readRecording(golden));
  // Many small pages: a first reading has many moments.
  replay.maxSize = 10;
  const row: Row = { what: 'kill −9 during a sync', wanted: kills, tried: 0, failures: [] };
  const steps = replay.recording.steps.map(({ name }) => name);

  /** Kills the program at a moment of the sync that `begin` begins; true: it had not ended. */
  async function killWithin(
    dataDir: string,
    begin: () => Promise<Killable>,
    requests: number,
  ): Promise<boolean> {
    const before = lastSyncOf(dataDir);
    const asked = replay.asked.length;
    const wanted = random.below(requests + 1);
    const program = await begin();
    while (replay.asked.length - asked < wanted) await wait(1);
    // Between two requests, or within what comes after the last one.
    await wait(random.below(wanted === requests ? longestImportMs : 15));
    await program.kill();
    return lastSyncOf(dataDir) === before;
  }

  try {
    for (let world = 0; row.tried < kills && !isOver(); world++) {
      const dataDir = join(folder, `world-${world}`);
      replay.goTo(steps[0]!);
      const first = await startKillable(dataDir);
      const connect = async (): Promise<Killable> => {
        await first.call('sync.connect', { address: replay.address, token: replay.tokenOf(as) });
        return first;
      };
      let isCounted = await killWithin(dataDir, connect, requestsOf.first);
      for (const [index, step] of steps.entries()) {
        const [problem = null] = problemsOf(dataDir);
        const program = await startKillable(dataDir);
        const failure = problem ?? (await recovers(dataDir, program, replay));
        if (isCounted || failure !== null) row.tried++;
        if (failure !== null) row.failures.push(`${step} of ${dataDir}: ${failure}`);
        const next = steps[index + 1];
        if (next === undefined || row.tried >= kills || isOver()) {
          await program.stop();
          break;
        }
        if (random.below(4) > 0) {
          const poll = async (): Promise<Killable> => {
            replay.goTo(next);
            await program.call('sync.now', {});
            return program;
          };
          isCounted = await killWithin(dataDir, poll, requestsOf.poll);
        } else {
          await program.stop();
          replay.goTo(next);
          const start = (): Promise<Killable> => startKillable(dataDir);
          isCounted = await killWithin(dataDir, start, requestsOf.poll);
        }
      }
    }
  } finally {
    await replay.close();
  }
  return [row];
}

/** When a sync went well the last time. */
const lastSyncOf = (dataDir: string): unknown =>
  oneValue(dataDir, "SELECT value ->> 'lastAt' FROM settings WHERE key = 'kimaiJournal'") ?? null;

/** Null: the store was whole, and becomes what Kimai has without a hand. */
async function recovers(
  dataDir: string,
  program: Killable,
  replay: KimaiReplay,
): Promise<string | null> {
  for (;;) {
    const status = await pollEnded(program);
    if (status.error) return status.error.code;
    if (!status.preview) break;
    const { jobId } = status.preview;
    const { preview } = await program.call('imports.job', { jobId });
    const { digest, mustSee: seen } = preview!;
    await program.call('imports.commit', { jobId, digest, seen });
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
