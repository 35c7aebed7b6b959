/** Times of day in any form that Kimai or a spreadsheet writes. */
import csvTable from '../tables/kimai-csv-columns.json' with { type: 'json' };
import spreadsheetWords from '../tables/spreadsheet-words.json' with { type: 'json' };
import { dayReadings } from './date-text.ts';
import { tidyValue } from './tidy.ts';

let halves: ReadonlyMap<string, 'am' | 'pm'> | null = null;

/** Takes some milliseconds, when the first time with a word beside it is read. */
function collectHalves(): Map<string, 'am' | 'pm'> {
  const found = new Map<string, 'am' | 'pm'>();
  const all = {
    am: { words: spreadsheetWords.am, hour: 9 },
    pm: { words: spreadsheetWords.pm, hour: 21 },
  };
  for (const half of ['am', 'pm'] as const) {
    for (const locale of csvTable.locales) {
      const format = new Intl.DateTimeFormat(locale.replace('_', '-'), {
        hour: 'numeric',
        hour12: true,
        timeZone: 'UTC',
      });
      const parts = format.formatToParts(all[half].hour * 3_600_000);
      found.set(foldMark(parts.find(({ type }) => type === 'dayPeriod')?.value ?? half), half);
    }
    for (const word of all[half].words) found.set(foldMark(word), half);
  }
  // Short forms.
  return found.set('a', 'am').set('p', 'pm').set('vm', 'am').set('nm', 'pm');
}

function foldMark(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll(/[\s.]/g, '');
}

/** Before or after noon, by the word that stands beside a time; null if it is no such word. */
export function halfOf(text: string): 'am' | 'pm' | null {
  halves ??= collectHalves();
  return halves.get(foldMark(text)) ?? null;
}

/** Hours of the day, 0 to 23, of a clock that counts to 12; null if it does not go so far. */
export function hoursOfHalf(hours: number, half: 'am' | 'pm'): number | null {
  // Japan counts 午後0:30, where others have 12:30.
  if (hours > 12) return null;
  return (hours % 12) + (half === 'pm' ? 12 : 0);
}

/** Words behind a time that only say that it is one. */
const clockWords = /^(?:h|hs|hrs?|uhr|ч|год)\.?$/iu;

/**
 * Minutes after midnight of `9:05`, `09:05:30`, `9:05 PM`, `午後9:05`, `9.05`, `9h05`, or of a date
 * followed by one; else null. Seconds are cut off, as Kimai does.
 */
export function parseClockText(text: string): number | null {
  const tidy = withoutZone(tidyValue(text))
    .replaceAll(/\s?[時时시点點]\s?(?=\d)/g, ':')
    .replace(/[分분]$/u, '');
  const match =
    /^(|.*?[^\d.:])(\d{1,2})(?:([:hH.])(\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?|\s?[hH]|(?=\s?\p{L}))(?:\s?([^\d\s][^\d]*))?$/su.exec(
      tidy,
    );
  if (!match) return null;
  const [, before, hourText, mark, minuteText, secondText, after] = match;
  const found = halfAround(before!, after ?? '');
  if (found === null) return null;
  // `16.06.19` is a date as much as a time.
  const isDotted = mark === '.' && secondText !== undefined;
  if (isDotted && Object.keys(dayReadings(tidy)).length > 0) return null;
  const hours = found.half === null ? Number(hourText) : hoursOfHalf(Number(hourText), found.half);
  const minutes = Number(minuteText ?? 0);
  // Only a word makes a time of a number alone: `9 AM`, `9 Uhr`.
  if (mark === undefined && found.half === null && !/[hH]$|\p{L}/u.test(tidy)) return null;
  if (hours === null || hours > 23 || minutes > 59 || Number(secondText ?? 0) > 59) return null;
  return hours * 60 + minutes;
}

/** `2026-03-31T09:00:00+02:00`: the time is the one of the place; the offset only says of which. */
function withoutZone(text: string): string {
  return text.replace(/(\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s?[+-]\d\d:?\d\d$/, '$1');
}

/** The half of the day named on either side; null if something else stands there. */
function halfAround(before: string, after: string): { half: 'am' | 'pm' | null } | null {
  const behind = after.trim().replace(/^ч\.\s/u, '');
  const half = halfOf(behind);
  if (behind !== '' && half === null && !clockWords.test(behind)) return null;
  const front = before.trim().replace(/[,T]$/, '').trim();
  if (front === '' || isDate(front)) return { half };
  // What stands behind the last digit, blank or comma.
  const wordAt =
    front.length -
    [...front]
      .reverse()
      .join('')
      .search(/[\d\s,]|$/);
  const frontHalf = halfOf(front.slice(wordAt));
  const rest = front.slice(0, wordAt).trim();
  if (frontHalf === null || half !== null || (rest !== '' && !isDate(rest))) return null;
  return { half: frontHalf };
}

const isDate = (text: string): boolean => Object.keys(dayReadings(text)).length > 0;

/** Minutes after midnight of a fraction of a day, `0.375`; null if it is none. */
export function parseDayFraction(text: string): number | null {
  const tidy = tidyValue(text).replace(',', '.');
  if (!/^0?\.\d{1,20}$|^0$/.test(tidy)) return null;
  const half = 0.5 / 86_400;
  return Math.floor(((Number(tidy) + half) % 1) * 1440);
}
