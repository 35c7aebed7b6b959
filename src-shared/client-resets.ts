/** What Node and its streams say when the other side is gone before the answer was. */
const resetCodes = new Set([
  ...['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT'],
  ...['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'],
]);
const hourMs = 3_600_000;

interface Deps {
  clock: { now(): Date };
  log: { info(line: string): void; error(line: string, error?: unknown): void };
}

/**
 * Takes the errors of answers that were not delivered. Those that a client makes by hanging up
 * are counted, and the count is logged once an hour at most: else anybody could fill the disk.
 * All others are logged with `line`.
 */
export function createDeliveryErrors({ clock, log }: Deps, line: string): (error: unknown) => void {
  let resets = 0;
  let toldAt = -Infinity;
  return (error) => {
    const { code } = error as { code?: unknown };
    if (typeof code !== 'string' || !resetCodes.has(code)) {
      log.error(line, error);
      return;
    }
    resets++;
    const now = clock.now().getTime();
    if (now - toldAt < hourMs) return;
    log.info(`answers that clients did not wait for: ${resets}`);
    toldAt = now;
    resets = 0;
  };
}
