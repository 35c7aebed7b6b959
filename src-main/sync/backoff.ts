/** When a poll that failed is tried again. */
import type { AppError, ErrorCode } from '../../src-shared/errors.ts';

const firstMs = 30_000;
const longestMs = 3_600_000;
/** Of a server that fails inside: it may be one bad moment. */
const quickTries = 3;

/** Only the owner can mend these. */
const needsOwner: ReadonlySet<ErrorCode> = new Set([
  ...(['kimai_token', 'kimai_token_missing', 'kimai_forbidden', 'kimai_refused'] as const),
  ...(['kimai_token_lost', 'kimai_too_old', 'kimai_address'] as const),
]);
/** Nothing is expected of trying again soon: the address leads elsewhere, or the answer is odd. */
const isSlow: ReadonlySet<ErrorCode> = new Set([
  ...(['kimai_path', 'kimai_page', 'kimai_login', 'kimai_moved', 'kimai_certificate'] as const),
  ...(['kimai_answer', 'kimai_answer_too_large', 'internal'] as const),
]);

/**
 * Milliseconds until the next try; null: not before the owner says so. `failures`: in a row, this
 * one included. `random`: 0 to below 1; the tries of many programs must not fall together.
 */
export function retryDelayMs(error: AppError, failures: number, random: number): number | null {
  if (needsOwner.has(error.code)) return null;
  const doubled = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 20));
  const isOver = error.code === 'kimai_failed' && failures >= quickTries;
  const base = isOver || isSlow.has(error.code) ? longestMs : doubled;
  const asked = Number(error.params.seconds ?? 0) * 1000;
  return Math.max(asked, Math.round(base * (0.75 + random / 2)));
}
