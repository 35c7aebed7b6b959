import {
  attemptLimits,
  attemptWindowMs,
  clientLockedUntil,
  limitReachedUntil,
  lockSince,
} from '../../src-shared/domain/attempt-limits.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { PortalDeps } from '../source.ts';

export type AttemptResult = 'right' | 'wrong' | { lockedUntil: Date };

export interface Client {
  /** Keyed digest under which its failures count. */
  digest: string;
  /** Signed in to this share before: the limits of all clients together do not concern it. */
  isKnown: boolean;
}

export interface Attempts {
  /** Until when this client is refused on this share, whatever it enters; null: it may try. */
  lockedUntil(shareId: number, client: Client): Date | null;
  /**
   * Runs `check` unless a limit is reached, and counts a failure. `isNewLock`: this failure is
   * the one that locked. Throws `password_queue_full` while the attempts that are left are being
   * checked already.
   */
  attempt(
    shareId: number,
    client: Client,
    check: () => Promise<boolean>,
  ): Promise<{ result: AttemptResult; isNewLock: boolean }>;
}

interface Failure {
  shareId: number;
  client: string;
  at: number;
}

/** Which failures a limit counts; null: all of them. */
interface Limit {
  shareId: number | null;
  client: string | null;
  max: number;
}

/**
 * Counts failed passwords: per client and share, per client, per share, and all together (see
 * attempt-limits.ts). Failures count from the moment they happen, also while the store is busy
 * with an import and cannot write them yet. A success takes back the failures of its own client on
 * its own share, and no others. Strangers never use up the attempts of a known client.
 */
export function createAttempts({
  journal,
  clock,
  log,
}: Pick<PortalDeps, 'journal' | 'clock' | 'log'>): Attempts {
  /** Failures on their way into the journal. */
  const unsaved = new Set<Failure>();
  /** Checks that are running or wait for the worker. */
  const running = new Set<Omit<Failure, 'at'>>();
  const now = (): number => clock.now().getTime();

  /** Besides the one of this client on this share. */
  function limitsOf(shareId: number, { digest, isKnown }: Client): Limit[] {
    const own: Limit = { shareId: null, client: digest, max: attemptLimits.client };
    if (isKnown) return [own];
    return [
      own,
      { shareId, client: null, max: attemptLimits.share },
      { shareId: null, client: null, max: attemptLimits.all },
    ];
  }

  const counts = (limit: Omit<Limit, 'max'>, of: Omit<Failure, 'at'>): boolean =>
    (limit.shareId === null || limit.shareId === of.shareId) &&
    (limit.client === null || limit.client === of.client);

  function failures(limit: Omit<Limit, 'max'>): number[] {
    const saved = journal.failures(limit.shareId, limit.client, lockSince(now()));
    const fresh = [...unsaved].filter((failure) => counts(limit, failure)).map(({ at }) => at);
    return [...saved, ...fresh].sort((a, b) => a - b);
  }

  function lockedUntil(shareId: number, client: Client): Date | null {
    const until = [
      clientLockedUntil(failures({ shareId, client: client.digest }), now()),
      ...limitsOf(shareId, client).map((limit) =>
        limitReachedUntil(failures(limit), limit.max, now()),
      ),
    ].filter((moment) => moment !== null);
    return until.length === 0 ? null : new Date(Math.max(...until));
  }

  /** Attempts under way count as if they failed, so that many at once are not more than ten. */
  function checkRoom(shareId: number, client: Client): void {
    const own = { shareId, client: client.digest, max: attemptLimits.clientOnShare };
    for (const limit of [own, ...limitsOf(shareId, client)]) {
      const recent = failures(limit).filter((at) => Math.abs(at - now()) < attemptWindowMs).length;
      const underWay = [...running].filter((check) => counts(limit, check)).length;
      if (recent + underWay >= limit.max) throw new AppError('password_queue_full');
    }
  }

  function save(failure: Failure): void {
    for (const old of unsaved) if (old.at < lockSince(now())) unsaved.delete(old);
    unsaved.add(failure);
    journal.recordFailure(failure.shareId, failure.client, failure.at).then(
      () => unsaved.delete(failure),
      // It goes on counting in memory: a full disk must not make guessing free.
      (error: unknown) => log.error('a failed password could not be stored', error),
    );
  }

  function clear(shareId: number, client: string): void {
    if (failures({ shareId, client }).length === 0) return;
    for (const failure of unsaved) {
      if (failure.shareId === shareId && failure.client === client) unsaved.delete(failure);
    }
    journal
      .clearFailures(shareId, client)
      .catch((error: unknown) => log.error('failed passwords could not be cleared', error));
  }

  return {
    lockedUntil,
    async attempt(shareId, client, check) {
      const before = lockedUntil(shareId, client);
      if (before !== null) return { result: { lockedUntil: before }, isNewLock: false };
      checkRoom(shareId, client);
      const mark = { shareId, client: client.digest };
      running.add(mark);
      let isRight: boolean;
      try {
        isRight = await check();
      } finally {
        running.delete(mark);
      }
      if (isRight) {
        clear(shareId, client.digest);
        return { result: 'right', isNewLock: false };
      }
      save({ ...mark, at: now() });
      const until = lockedUntil(shareId, client);
      if (until === null) return { result: 'wrong', isNewLock: false };
      return { result: { lockedUntil: until }, isNewLock: true };
    },
  };
}
