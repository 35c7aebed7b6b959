/** Moments as the clock of a time zone shows them: Kimai's API takes times without a zone. */
import { remember } from '../../src-shared/remember.ts';

const format = remember(
  50,
  (timeZone) =>
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
    }),
);

export function isTimeZone(timeZone: string): boolean {
  try {
    format(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** The clock's text as if it were UTC, in milliseconds. `at`: milliseconds since 1970 UTC. */
function clockOf(at: number, timeZone: string): number {
  const parts = Object.fromEntries(
    format(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** How far the clock is ahead of UTC, in milliseconds. */
export const offsetMs = (at: number, timeZone: string): number =>
  clockOf(at, timeZone) - Math.floor(at / 1000) * 1000;

/** `YYYY-MM-DDThh:mm:ss`, the only form that Kimai takes. */
export const localText = (at: number, timeZone: string): string =>
  new Date(clockOf(at, timeZone)).toISOString().slice(0, 19);

/** The moment at which the clock shows this; `month` is 1–12 and may run over. */
export function momentOf(timeZone: string, year: number, month: number, day = 1): number {
  const wanted = Date.UTC(year, month - 1, day);
  const guess = wanted - offsetMs(wanted, timeZone);
  return wanted - offsetMs(guess, timeZone);
}

/** Year and month that the clock shows. */
export function monthAt(at: number, timeZone: string): { year: number; month: number } {
  const date = new Date(clockOf(at, timeZone));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
}
