/** A connected Kimai: what the owner may ask for, and when it is read. */
import type { SyncState, SyncStatus, KimaiSight } from '../../src-shared/contract/sync.ts';
import { AppError, toWireError } from '../../src-shared/errors.ts';
import { SerialQueue } from '../async/serial-queue.ts';
import type { AppContext } from '../context.ts';
import { countAll } from '../store/kimai/kimai-records.ts';
import { forgetKimai, kimaiSettings } from '../store/kimai/kimai-imports.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import { inTransaction } from '../store/transactions.ts';
import { mendAddress } from './address.ts';
import { retryDelayMs } from './backoff.ts';
import { Connection } from './connection.ts';
import { SyncJournal } from './journal.ts';
import { KimaiApi } from './kimai-api.ts';
import { readProgress } from './progress.ts';
import { Reading } from './reading.ts';
import { lookAround } from './sight.ts';
import { readConnection, writeConnection } from './stored-connection.ts';
import { TakingOver, type TakingOverImports } from './taking-over.ts';

export interface Sync {
  status(): SyncStatus;
  /** What the token can see; nothing is stored. Throws `kimai_…`. */
  look(address: string, token: string): Promise<KimaiSight>;
  /** The same, then stores both and begins to read. */
  connect(address: string, token: string): Promise<void>;
  disconnect(): Promise<void>;
  /** Begins a poll. Throws `kimai_none`. */
  now(): void;
  /** Ends the poll that runs, and resolves when it has ended. */
  cancel(): Promise<void>;
  pause(paused: boolean): Promise<void>;
  setInterval(everyMin: number): Promise<void>;
  /** Polls at once, and then from time to time. */
  start(): void;
  /** Polls if it is time to, and after the computer slept. Called again and again. */
  tick(): void;
  /** Resolves when no poll runs. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface SyncOptions {
  imports: TakingOverImports;
  /** Of this program. */
  userAgent: string;
  /** 0 to below 1. */
  random: () => number;
}

const defaultEveryMin = 10;
const tickMs = 15_000;
/** Between two looks at the clock: more, or backwards, and the computer slept or its clock was set. */
const longestTickMs = 60_000;

export function createSync(context: AppContext, options: SyncOptions): Sync {
  const { clock, log, readStore, store, writes, changed } = context;
  const journal = new SyncJournal(context);
  const takingOver = new TakingOver(context, options.imports, journal);
  const queue = new SerialQueue();
  let connection: Connection | null = null;
  let activity: 'reading' | 'importing' | null = null;
  let progress: SyncStatus['progress'] = null;
  let error: AppError | null = null;
  let failures = 0;
  /** Milliseconds since 1970 UTC; null: not by itself. */
  let nextAt: number | null = null;
  let isQueued = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | null = null;
  /** Of Kimai, after the last poll; null: to be counted. */
  let records: number | null = null;
  /** When `tick` looked at the clock last. */
  let tickedAt: number | null = null;

  const now = (): number => clock.now().getTime();
  const isPaused = (): boolean => readSetting(readStore, kimaiSettings.paused) === true;

  function everyMin(): number {
    const stored = readSetting(readStore, kimaiSettings.everyMin);
    return typeof stored === 'number' ? stored : defaultEveryMin;
  }

  function connectTo(address: string, token: string): Connection {
    return new Connection(address, token, options.userAgent);
  }

  function plan(): void {
    const minutes = everyMin();
    nextAt = minutes > 0 ? now() + minutes * 60_000 : null;
  }

  /** Runs a poll after what runs already; one that waits is enough. */
  function poll(byHand: boolean): void {
    if (isQueued || isClosed) return;
    isQueued = true;
    queue
      .run(() => {
        isQueued = false;
        return isClosed ? undefined : pollNow(byHand);
      })
      .catch((thrown: unknown) => log.error('a poll of Kimai could not be ended', thrown));
  }

  async function pollNow(byHand: boolean): Promise<void> {
    const stored = readConnection(context);
    if (!stored) return;
    activity = 'reading';
    nextAt = null;
    changed('sync');
    try {
      if (stored.token === null) throw new AppError('kimai_token_lost');
      await takingOver.settleEarlier();
      connection = connectTo(stored.address, stored.token);
      const reading = new Reading(context, new KimaiApi(connection, clock), (done, total) => {
        progress = { done, total };
        changed('sync');
      });
      await reading.run(byHand);
      progress = null;
      activity = 'importing';
      changed('sync');
      await takingOver.run(connection.host, connection.traffic);
      error = null;
      failures = 0;
      plan();
    } catch (thrown) {
      await fail(thrown);
    } finally {
      await journal.count(connection?.traffic ?? { requests: 0, bytes: 0 });
      connection?.close();
      connection = null;
      activity = null;
      progress = null;
      records = null;
      changed('sync');
    }
  }

  async function fail(thrown: unknown): Promise<void> {
    const wire = toWireError(thrown);
    const failed = thrown instanceof AppError ? thrown : new AppError('internal');
    if (failed.code === 'kimai_cancelled') {
      plan();
      return;
    }
    if (failed.code === 'internal') log.error('reading a Kimai failed', thrown);
    error = failed;
    failures++;
    const delay = retryDelayMs(failed, failures, options.random());
    nextAt = delay === null || everyMin() === 0 ? null : now() + delay;
    await journal.note({
      what: 'failed',
      ...connection?.traffic,
      error: { code: wire.code, params: { ...wire.params } },
    });
  }

  function state(isConnected: boolean): SyncState {
    if (!isConnected) return 'off';
    if (activity !== null) return activity;
    if (isQueued) return 'reading';
    if (isPaused()) return 'paused';
    if (error !== null) return 'failed';
    if (takingOver.waiting() !== null) return 'preview';
    return everyMin() === 0 ? 'by_hand' : 'waiting';
  }

  async function cancel(): Promise<void> {
    connection?.close();
    await queue.idle();
  }

  async function look(typed: string, token: string): Promise<KimaiSight> {
    const address = mendAddress(typed);
    const asked = connectTo(address, token.trim());
    try {
      return await lookAround(new KimaiApi(asked, clock), address);
    } finally {
      await journal.count(asked.traffic);
      asked.close();
    }
  }

  return {
    status() {
      const stored = readConnection(context);
      const { version } = readProgress(readStore);
      const shown = error && toWireError(error);
      return {
        state: state(stored !== null),
        kimai: stored && {
          ...{ address: stored.address, user: stored.user, version },
          records: (records ??= countAll(readStore).all),
        },
        everyMin: everyMin(),
        progress,
        nextAt: stored && !isPaused() ? nextAt : null,
        error: shown && { code: shown.code, params: { ...shown.params } },
        preview: takingOver.shown(),
        ...journal.read(),
      };
    },
    look,
    async connect(typed, token) {
      const { address, user } = await look(typed, token);
      await cancel();
      const isOther = readConnection(context)?.address !== address;
      await writes.run(() => {
        inTransaction(store, () => {
          if (isOther) {
            forgetKimai(store);
            records = null;
          }
          writeConnection(context, { address, user, token: token.trim() });
          writeSetting(store, kimaiSettings.paused, false);
        });
      });
      error = null;
      failures = 0;
      await journal.note({ what: 'connected' });
      poll(true);
      changed('sync');
    },
    async disconnect() {
      await cancel();
      await takingOver.giveUp();
      await writes.run(() => {
        inTransaction(store, () => {
          forgetKimai(store);
        });
      });
      error = null;
      failures = 0;
      nextAt = records = null;
      changed('sync');
    },
    now() {
      if (!readConnection(context)) throw new AppError('kimai_none');
      poll(true);
    },
    cancel,
    async pause(paused) {
      if (!readConnection(context)) throw new AppError('kimai_none');
      await writes.run(() => writeSetting(store, kimaiSettings.paused, paused));
      await journal.note({ what: paused ? 'paused' : 'resumed' });
      if (paused) await cancel();
      else poll(false);
      changed('sync');
    },
    async setInterval(minutes) {
      await writes.run(() => writeSetting(store, kimaiSettings.everyMin, minutes));
      if (error === null) plan();
      changed('sync');
    },
    start() {
      if (readConnection(context) && !isPaused()) {
        if (everyMin() > 0) poll(false);
      }
      timer = setInterval(() => this.tick(), tickMs);
      timer.unref();
    },
    tick() {
      const at = now();
      const sinceMs = at - (tickedAt ?? at);
      tickedAt = at;
      if (nextAt === null || activity !== null || isPaused()) return;
      // A server that asked for time gets it.
      const mustWait = Number(error?.params.seconds ?? 0) > 0;
      const hasSlept = sinceMs > longestTickMs && !mustWait;
      if (at >= nextAt || hasSlept || sinceMs < 0) poll(false);
    },
    idle: () => queue.idle(),
    async close() {
      isClosed = true;
      if (timer) clearInterval(timer);
      await cancel();
    },
  };
}
