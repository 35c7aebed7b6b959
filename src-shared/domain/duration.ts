/** Durations are integer seconds; negative ones exist (plugins and API tools write them). */

/** `h:mm`, truncated to the minute as Kimai does; hours may exceed 24: 372 900 s is `103:35`. */
export function formatDuration(seconds: number): string {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const sign = seconds < 0 && minutes > 0 ? '-' : '';
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Decimal hours rounded to two places, as Kimai's charts have them: 73 476 s is 20.41. */
export function decimalHours(seconds: number): number {
  return Math.round((seconds / 3600) * 100) / 100;
}
