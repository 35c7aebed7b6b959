import { AppError } from '../../src-shared/errors.ts';
import { SerialQueue } from '../async/serial-queue.ts';

/** Wrong passwords in a row before the first pause. */
const freeAttempts = 5;
const firstPauseMs = 60_000;
const maxPauseMs = 15 * 60_000;

interface Attempts {
  failures: number;
  pausedUntil: number;
  /** One check at a time, so that many calls at once are not many free attempts. */
  checks: SerialQueue;
}

export interface SignInLimit {
  /**
   * Runs `check` unless too many before it failed. `now`: the present moment in milliseconds.
   * Throws `attempts_locked` with the minutes to wait, rounded up.
   */
  attempt(profileId: number, now: () => number, check: () => Promise<boolean>): Promise<boolean>;
}

/**
 * Slows down guessing of the owner's passwords: after 5 failures in a row a pause of one minute,
 * doubled by each further one up to 15. A right password during a pause is refused too.
 */
export function createSignInLimit(): SignInLimit {
  const byProfile = new Map<number, Attempts>();

  async function attemptInTurn(
    attempts: Attempts,
    now: () => number,
    check: () => Promise<boolean>,
  ): Promise<boolean> {
    // A clock that was set back must not make a pause longer.
    attempts.pausedUntil = Math.min(attempts.pausedUntil, now() + maxPauseMs);
    const waitMs = attempts.pausedUntil - now();
    if (waitMs > 0) throw new AppError('attempts_locked', { minutes: Math.ceil(waitMs / 60_000) });
    const ok = await check();
    attempts.failures = ok ? 0 : attempts.failures + 1;
    const tooMany = attempts.failures - freeAttempts;
    if (tooMany >= 0) {
      attempts.pausedUntil = now() + Math.min(firstPauseMs * 2 ** tooMany, maxPauseMs);
    }
    return ok;
  }

  return {
    attempt(profileId, now, check) {
      const attempts = byProfile.get(profileId) ?? {
        failures: 0,
        pausedUntil: 0,
        checks: new SerialQueue(),
      };
      byProfile.set(profileId, attempts);
      return attempts.checks.run(() => attemptInTurn(attempts, now, check));
    },
  };
}
