/** Limits of failed passwords. All moments are milliseconds since 1970 UTC. */

export const attemptWindowMs = 3_600_000;

/** Failures within an hour after which the next attempt is refused. */
export const attemptLimits = {
  /** One client on one share. */
  clientOnShare: 10,
  /** One client, over all shares. */
  client: 30,
  /** One share, over all clients: many addresses do not make guessing faster. */
  share: 100,
  /** All together. */
  all: 1000,
} as const;

/** Failures before this moment cannot lock anybody any more. */
export const lockSince = (now: number): number => now - 2 * attemptWindowMs;

/**
 * Without those that are more than an hour ahead: they are from before the clock was set back, and
 * would lock for as long as it was.
 */
const notAhead = (failures: readonly number[], now: number): number[] =>
  failures.filter((at) => at <= now + attemptWindowMs);

/**
 * Until when one client is locked on one share: an hour from the failure that was one too many.
 * `all`: failures, ascending. Null: not locked.
 */
export function clientLockedUntil(all: readonly number[], now: number): number | null {
  const failures = notAhead(all, now);
  const last = failures.at(-1);
  const first = failures.at(-attemptLimits.clientOnShare);
  if (last === undefined || first === undefined || last - first > attemptWindowMs) return null;
  const until = last + attemptWindowMs;
  return until > now ? until : null;
}

/** Until when a limit over many clients or shares is exhausted: it slides with the hour. */
export function limitReachedUntil(
  all: readonly number[],
  limit: number,
  now: number,
): number | null {
  const failures = notAhead(all, now);
  const first = failures.at(-limit);
  if (first === undefined || first + attemptWindowMs <= now) return null;
  return first + attemptWindowMs;
}
