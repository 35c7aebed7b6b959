import type { AccessJournal, Visit } from '../../src-server/source.ts';
import {
  attemptLimits,
  clientLockedUntil,
  lockSince,
} from '../../src-shared/domain/attempt-limits.ts';
import { localDay } from '../../src-shared/domain/day.ts';
import type { Topic } from '../../src-shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { ReadDb, WriteDb } from './db.ts';
import { parseJson } from './json-column.ts';
import type { WriteQueue } from './write-queue.ts';

/** The owner's app hardly shows a view later than this. */
const betweenVisitsMs = 100;

interface JournalContext {
  /** For writing, inside `writes.run` only. */
  store: WriteDb;
  readStore: ReadDb;
  writes: WriteQueue;
  clock: Clock;
  /** Tells the renderer what to fetch again. */
  changed(...topics: Topic[]): void;
  /** Tells that a client opened a share for the first time. */
  tell(news: { kind: 'first_view'; shareId: number; label: string }): void;
}

/**
 * Who opened what, as counts per day, failed passwords of the last two hours, and sessions that
 * were ended. Writes go through the write queue; clients are keyed digests, never addresses.
 */
export function createAccessJournal(context: JournalContext): AccessJournal {
  const { store, readStore, writes, clock, changed, tell } = context;
  const selectFailures = readStore
    .prepare<[{ shareId: number | null; client: string | null; since: number }], number>(
      `SELECT failed_at FROM password_failures
        WHERE failed_at >= :since
          AND (:shareId IS NULL OR share_id = :shareId)
          AND (:client IS NULL OR client = :client)
        ORDER BY failed_at`,
    )
    .pluck();
  const countVisit = store.prepare(
    `INSERT INTO share_views (share_id, day, kind, device, locale, count, last_at)
     SELECT id, :day, :kind, :device, :locale, :count, :at FROM shares WHERE id = :shareId
     ON CONFLICT DO UPDATE SET count = count + excluded.count, last_at = excluded.last_at`,
  );
  const selectUnseen = store
    .prepare<[shareId: number], string>(
      `SELECT COALESCE(NULLIF(shares.label, ''), customers.name) FROM shares
         JOIN customers ON customers.id = shares.customer_id
        WHERE shares.id = ? AND NOT EXISTS
          (SELECT 1 FROM share_views WHERE share_id = shares.id AND kind = 'view')`,
    )
    .pluck();
  // SELECT inserts nothing if the share was deleted before its turn came.
  const insertFailure = store.prepare(
    `INSERT INTO password_failures (share_id, client, failed_at)
     SELECT id, :client, :at FROM shares WHERE id = :shareId`,
  );
  const pruneFailures = store.prepare('DELETE FROM password_failures WHERE failed_at < ?');
  const deleteFailures = store.prepare(
    'DELETE FROM password_failures WHERE share_id = ? AND client = ?',
  );
  const insertEnded = store.prepare(
    'INSERT INTO ended_sessions (digest, until) VALUES (:digest, :until) ON CONFLICT DO NOTHING',
  );
  const pruneEnded = store.prepare('DELETE FROM ended_sessions WHERE until <= ?');
  const selectEnded = readStore.prepare('SELECT 1 FROM ended_sessions WHERE digest = ?').pluck();
  const replaceHash = store.prepare(
    'UPDATE shares SET password_hash = :newHash WHERE id = :shareId AND password_hash = :oldHash',
  );

  /**
   * Commits without waiting for the disk, which would hold up every page by some milliseconds.
   * A power cut may cost the last counts, never the store: WAL stays consistent.
   */
  const quickly = (job: () => void): void => {
    store.pragma('synchronous = NORMAL');
    try {
      job();
    } finally {
      store.pragma('synchronous = FULL');
    }
  };
  const writeQuickly = (job: () => void): Promise<void> => writes.run(() => quickly(job));

  /** Visits that wait for one transaction, by what they have in common. */
  let waiting = new Map<string, Visit & { day: number; at: number; count: number }>();
  let written: Promise<void> | null = null;

  const countVisits = store.transaction((visits: Iterable<object>) => {
    for (const visit of visits) countVisit.run(visit);
  });

  /** When visits were written last; monotonic. */
  let writtenAt = -Infinity;

  /**
   * A transaction takes longer than a page. Of many visits one after the other, the first is
   * written at once and the others together.
   */
  const writeVisits = (): Promise<void> => {
    const waitMs = performance.now() - writtenAt < betweenVisitsMs ? betweenVisitsMs : 0;
    return waitMs === 0 ? writes.run(writeWaiting) : writes.runWithin(waitMs, writeWaiting);
  };

  function writeWaiting(): void {
    const visits = [...waiting.values()];
    waiting = new Map();
    written = null;
    writtenAt = performance.now();
    const seen = new Set(visits.filter(({ kind }) => kind === 'view').map((one) => one.shareId));
    const labels = [...seen].map((id) => [id, selectUnseen.get(id)] as const);
    quickly(() => countVisits.immediate(visits));
    changed('views');
    for (const [shareId, label] of labels) {
      if (label !== undefined) tell({ kind: 'first_view', shareId, label });
    }
  }

  return {
    recordVisit(visit) {
      const now = clock.now();
      const day = localDay(now);
      const { shareId, kind, device, locale } = visit;
      const key = `${shareId} ${day} ${kind} ${device} ${locale}`;
      const count = (waiting.get(key)?.count ?? 0) + 1;
      waiting.set(key, { ...visit, day, at: now.getTime(), count });
      const isWritten = (written ??= writeVisits());
      // Only views come in large numbers. The owner sees a wrong password at once.
      if (kind !== 'view') writes.hurry();
      return isWritten;
    },
    recordFailure: (shareId, client, at) =>
      writeQuickly(() => {
        insertFailure.run({ shareId, client, at });
        pruneFailures.run(lockSince(at));
      }),
    clearFailures: (shareId, client) =>
      writeQuickly(() => {
        deleteFailures.run(shareId, client);
      }),
    failures: (shareId, client, since) => selectFailures.all({ shareId, client, since }),
    // This waits for the disk: a power cut must not bring an ended session back.
    endSession: (digest, until) =>
      writes.run(() => {
        insertEnded.run({ digest, until });
        pruneEnded.run(clock.now().getTime());
      }),
    isSessionEnded: (digest) => selectEnded.get(digest) !== undefined,
    replacePasswordHash: (shareId, oldHash, newHash) =>
      writes.run(() => {
        replaceHash.run({ shareId, oldHash, newHash });
      }),
  };
}

/** Clients that are locked on a share at the moment `now`. */
export function countLockedClients(db: ReadDb, shareId: number, now: number): number {
  const rows = db
    .prepare<[shareId: number, since: number, attempts: number], string>(
      `SELECT json_group_array(failed_at) FROM
         (SELECT client, failed_at FROM password_failures
           WHERE share_id = ? AND failed_at >= ? ORDER BY failed_at)
        GROUP BY client HAVING COUNT(*) >= ?`,
    )
    .pluck()
    .all(shareId, lockSince(now), attemptLimits.clientOnShare);
  return rows.filter((times) => clientLockedUntil(parseJson<number[]>(times), now) !== null).length;
}

/** Lets every client of a share try again at once. */
export function clearLockouts(db: WriteDb, shareId: number): void {
  db.prepare('DELETE FROM password_failures WHERE share_id = ?').run(shareId);
}
