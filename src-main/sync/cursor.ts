/** From when on a poll asks for changed records. */
import { isTimeZone, localText, offsetMs } from './zoned-time.ts';

/** `modified_after` is UTC since 2.45; before, it is the clock of the token's user. */
const utcSince = 24_500;
/** Kimai's clock and ours, and changes that were under way. Records that come again do no harm. */
const overlapMs = 120_000;
const hourMs = 3_600_000;
/** No zone is further away from another one. */
const unknownZoneMs = 26 * hourMs;

/** The value of `modified_after`. `cursor`: milliseconds since 1970 UTC, by the server's clock. */
export function modifiedAfter(cursor: number, versionId: number, timeZone: string): string {
  const from = cursor - overlapMs;
  if (versionId >= utcSince) return localText(from, 'UTC');
  if (!isTimeZone(timeZone)) return localText(from - unknownZoneMs, 'UTC');
  // The clock shows an hour twice, or leaves one out.
  const isNearChange =
    offsetMs(from - 3 * hourMs, timeZone) !== offsetMs(from + 3 * hourMs, timeZone);
  return localText(isNearChange ? from - hourMs : from, timeZone);
}
