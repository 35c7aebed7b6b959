/** Durations are integer seconds; negative ones exist (plugins and API tools write them). */

/** `h:mm`, truncated to the minute as Kimai does; hours may exceed 24: 372 900 s is `103:35`. */
export function formatDuration(seconds: number): string {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const sign = seconds < 0 && minutes > 0 ? '-' : '';
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

/**
 * Decimal hours rounded to two places, halves away from zero, as PHP does in Kimai's charts:
 * 73 476 s is 20.41, 29 394 s (8.165 h) is 8.17. A hundredth of an hour is 36 s, and halves of
 * those are exact in floating point; hours are not.
 */
export function decimalHours(seconds: number): number {
  return (Math.sign(seconds) * Math.round(Math.abs(seconds) / 36)) / 100;
}
