/** A program that is connected to a Kimai of the test's own. */
import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import type { ReadDb } from '../../src-main/store/db.ts';
import type { SyncStatus } from '../../src-shared/contract/sync.ts';
import { differences, recordedRecords, storedRecords } from '../sync/truth.ts';
import { createTestApp, type TestApp, type TestAppOptions } from './app.ts';
import type { Recording, Row, Sight } from './kimai-replay/recording.ts';
import { KimaiReplay } from './kimai-replay/server.ts';

/** Resolves when the status is as wanted; looks again whenever the program says that it changed. */
export async function syncWhen(
  { app, call }: TestApp,
  isWanted: (status: SyncStatus) => boolean,
): Promise<SyncStatus> {
  let wake: () => void = () => undefined;
  const end = app.onChanged((topics) => {
    if (topics.some((topic) => topic === 'sync' || topic === 'jobs')) wake();
  });
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      const status = await call('sync.status');
      if (isWanted(status)) return status;
      await changed;
    }
  } finally {
    end();
  }
}

const isBusy = ({ state }: SyncStatus): boolean => state === 'reading' || state === 'importing';

/**
 * Runs a poll and what it imports; `byHand`: as the owner does, else as the clock does. The clock
 * must be one that never stands still.
 */
export async function pollOnce(test: TestApp, byHand = false): Promise<SyncStatus> {
  const { log: before } = await test.call('sync.status');
  if (byHand) await test.call('sync.now');
  else {
    await test.call('sync.pause', { paused: true });
    await test.call('sync.pause', { paused: false });
  }
  const isEnd = ({ at, what }: SyncStatus['log'][number]): boolean =>
    at > (before[0]?.at ?? 0) && ['read', 'imported', 'preview', 'failed'].includes(what);
  return syncWhen(test, (status) => !isBusy(status) && status.log.some(isEnd));
}

/** A clock that shows another millisecond at each look, and can be set forward. */
export function tickingClock(start = Date.UTC(2026, 10, 27, 12)) {
  let at = start;
  return {
    now: () => new Date(++at),
    advance(ms: number) {
      at += ms;
    },
  };
}

/** Commits the import that waits, whatever it warns of. */
export async function commitWaiting({ call }: TestApp): Promise<void> {
  const { preview } = await call('sync.status');
  const job = await call('imports.job', { jobId: preview!.jobId });
  const { digest, mustSee: seen } = job.preview!;
  await call('imports.commit', { jobId: job.jobId, digest, seen });
}

type ClosableDb = ReadDb & { close(): void };

/** A program with a clock of its own, and a recorded Kimai whose state the test may change. */
export class SyncWorld {
  readonly replay: KimaiReplay;
  readonly clock = tickingClock();
  readonly #as: string;
  #test!: TestApp;
  #db!: ClosableDb;

  private constructor(replay: KimaiReplay, as: string) {
    this.replay = replay;
    this.#as = as;
  }

  /** `as`: whose token the program has. */
  static async open(recording: Recording, as = 'admin'): Promise<SyncWorld> {
    const world = new SyncWorld(await KimaiReplay.start(structuredClone(recording)), as);
    await world.#start({});
    return world;
  }

  async #start(options: TestAppOptions): Promise<void> {
    this.#test = await createTestApp({ clock: this.clock, ...options });
    this.#db = new Database(this.#test.database, { readonly: true }) as unknown as ClosableDb;
  }

  get test(): TestApp {
    return this.#test;
  }

  get db(): ReadDb {
    return this.#db;
  }

  /** What the token sees now. */
  get sight(): Sight {
    return this.replay.sight(this.#as);
  }

  get rows(): Sight['rows'] {
    return this.sight.rows;
  }

  /** A list that Kimai answers, such as `customers?visible=3`; its entries may be changed. */
  list(path: string): Record<string, unknown>[] {
    return this.sight.answers.get(path)!.body as Record<string, unknown>[];
  }

  /** What the store has otherwise than Kimai. */
  wrong(): string[] {
    return differences(recordedRecords(this.replay, this.#as), storedRecords(this.#db));
  }

  connect(): Promise<unknown> {
    const { address } = this.replay;
    return this.#test.call('sync.connect', { address, token: this.replay.tokenOf(this.#as) });
  }

  /** Connects, and imports all that is there. */
  async connectAndImport(): Promise<void> {
    await this.connect();
    await syncWhen(this.#test, ({ state }) => state === 'preview');
    await commitWaiting(this.#test);
    expect(this.wrong()).toEqual([]);
  }

  /** Kimai tells of no deletion. */
  drop(...ids: number[]): void {
    for (const id of ids) this.rows.delete(id);
  }

  /** Somebody changes a record in Kimai, which lists it as changed from now on. */
  change(id: number, change: Partial<Row>): void {
    this.rows.set(id, { ...this.rows.get(id)!, ...change });
    this.sight.changedAt.set(id, this.sight.at);
  }

  /** The program ends, and starts as its owner starts it. */
  async restart(): Promise<void> {
    this.#db.close();
    await this.#test.app.close();
    await this.#start({ dataDir: this.#test.dataDir, start: true });
  }

  async close(): Promise<void> {
    this.#db.close();
    await this.#test.close();
    rmSync(this.#test.dataDir, { recursive: true, force: true });
    await this.replay.close();
  }
}
