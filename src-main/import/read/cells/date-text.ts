/** Dates in any form that Kimai or a spreadsheet writes. */
import { dayNumber } from '../../../../src-shared/domain/day.ts';
import type { DayNumber } from '../../../../src-shared/domain/day.ts';
import type { DateOrder } from '../../rows/types.ts';
import { calendarWords, foldWord } from './calendar-words.ts';
import { firstYear, lastYear } from './cell-numbers.ts';
import type { MonthMeanings } from './calendar-words.ts';
import { tidyValue } from './tidy.ts';

/** The day that a text means under each order; an order under which it is no day is missing. */
export type DayReadings = Partial<Record<DateOrder, DayNumber>>;

/** Kimai is from 2006: two digits mean no year before it, and no year a generation ahead. */
const firstShortYear = 5;
const lastShortYear = 60;
/** Days as numbers, from 1982 to 2099: a number beyond is another one. */
const firstSerial = 30_000;
const lastSerial = 73_050;
/** Workbooks that Excel for Macintosh made count from 1904. */
const daysTo1904 = 1462;

/** Words around the parts of a date that say nothing: `den 3. listopadu`, `3 de noviembre`. */
const fillers = new Set(
  'de del d of den le la el the st nd rd th г год года р року ngày tháng thg năm ng ta di do i dne gada g'.split(
    ' ',
  ),
);

/**
 * What a cell can mean as a date. Empty: it is none, or a day that does not exist. A date that means
 * the same whatever the order (`3 November 2026`) has it under every order. Only numbers behind a
 * year of four digits (`2026-11-03`) have `ydm` too.
 * `language` is that of the file's months, as in `MonthMeanings`: a name that means two months is
 * read in it only.
 */
export function dayReadings(text: string, language: string | null = null): DayReadings {
  const tidy = tidyValue(text);
  // The moment is told in Greenwich's time: the day of the place may be the one before or after it.
  if (/\dT(?!00:00)\d\d:\d\d.*Z$/.test(tidy)) return {};
  const date = withoutTime(tidy)
    // Basque: `2026(e)ko urtarrilaren 15(a)`.
    .replaceAll(/\((?:e\)ko|a\))/g, ' ')
    // A weekday in brackets: `2026年1月6日(火)`.
    .replaceAll(/\((\p{L}{1,12}\.?)\)/gu, ' $1 ')
    .replaceAll(/[年월月년日일]/g, ' ')
    .trim();
  if (/^\d{8}$/.test(date)) return always(day(date.slice(0, 4), date.slice(4, 6), date.slice(6)));
  if (/^\d{5}([.,]\d+)?$/.test(date)) return serialReading(Number.parseInt(date, 10));
  if (!/^[\d\p{L}\p{M}\s\-./,'’׳]+$/u.test(date)) return {};
  const numbers = date.match(/\d+/g) ?? [];
  if (numbers.some((number) => number.length > 4 || number.length === 3)) return {};
  const { months, weekdays } = meaningOf(wordsOf(date));
  if (months === null) return {};
  const readings =
    months.size > 0
      ? withMonthName(date, numbers, monthOf(months, language))
      : withNumbers(numbers, /^\d{4}([-./])\s?\d{1,2}\1\s?\d{1,2}\.?$/.test(withoutTime(tidy)));
  return onWeekday(readings, weekdays);
}

const wordsOf = (date: string): string[] => date.match(/\p{L}[\p{L}\p{M}'’׳]*/gu) ?? [];

/** Which months a date with a name in it can mean, and in which languages; empty: it has none. */
export function monthsNamedIn(text: string): MonthMeanings {
  return meaningOf(wordsOf(withoutTime(tidyValue(text)))).months ?? noMonths;
}

/** The text without the time behind the date, `T12:00` or ` 上午9:00`. */
function withoutTime(text: string): string {
  const colon = text.indexOf(':');
  if (colon < 0) return text;
  const before = text.slice(0, colon);
  if (!/\d$/.test(before)) return text;
  // The hour, a word for half of the day, and what parts them from the date.
  const end = before.length - (/\d\d$/.test(before) ? 2 : 1);
  let at = end;
  while (at > 0 && !/\d/.test(before[at - 1]!)) at -= 1;
  const between = before.slice(at, end);
  return /^[\s,T]/.test(between) ? before.slice(0, at) : text;
}

/**
 * A single reading if every order that is possible means the same day. Behind a year in front stands
 * the month, unless the whole file says otherwise (`YearFirst`).
 */
export function onlyReading({ ydm: _, ...readings }: DayReadings): DayNumber | null {
  const days = new Set(Object.values(readings));
  const [only] = days;
  return days.size === 1 && only !== undefined ? only : null;
}

const noMonths: MonthMeanings = new Map();
const noWeekdays: ReadonlySet<number> = new Set();

/** The month and the weekdays that the words can mean; `months` is null if one means neither. */
function meaningOf(words: string[]): {
  months: MonthMeanings | null;
  weekdays: ReadonlySet<number>;
} {
  let months = noMonths;
  let weekdays = noWeekdays;
  for (const word of words) {
    const folded = foldWord(word);
    if (fillers.has(folded)) continue;
    const known = calendarWords();
    // Hebrew puts `ב` (in) before the month, Basque `ren` (of) behind it.
    const bare = folded.replace(/^ב|ren$/g, '');
    const month = known.months.get(folded) ?? known.months.get(bare);
    const weekday = known.weekdays.get(folded);
    // `mar` is March and Tuesday: the first such word of a date is its weekday.
    if (weekday && (!month || (weekdays.size === 0 && words.length > 1 && word === words[0]))) {
      weekdays = weekday;
    } else if (month && months.size === 0) months = month;
    else return { months: null, weekdays };
  }
  return { months, weekdays };
}

/** Null: it means several months, and not one of them in this language. */
function monthOf(months: MonthMeanings, language: string | null): number | null {
  const found = [...months].filter(
    ([, languages]) => months.size === 1 || (language !== null && languages.has(language)),
  );
  return found.length === 1 ? found[0]![0] : null;
}

function withMonthName(date: string, numbers: string[], monthNumber: number | null): DayReadings {
  const [first, last] = numbers;
  if (monthNumber === null || numbers.length !== 2) return {};
  const month = String(monthNumber);
  if (first!.length === 4) return always(day(first!, month, last!));
  if (last!.length === 4) return always(day(last!, month, first!));
  const monthFirst = /^\D*\p{L}/u.test(date);
  const asDayFirst = day(shortYear(last!), month, first!);
  if (monthFirst) return always(asDayFirst);
  return only({ dmy: asDayFirst, ymd: day(shortYear(first!), month, last!) });
}

/** `isYearFirst`: only numbers stand behind the year, and no `月` says what they are. */
function withNumbers(numbers: string[], isYearFirst: boolean): DayReadings {
  const [a, b, c] = numbers;
  if (numbers.length !== 3) return {};
  if (b!.length > 2) return {};
  if (a!.length === 4) {
    const ydm = isYearFirst ? day(a!, c!, b!) : null;
    return c!.length > 2 ? {} : { ...always(day(a!, b!, c!)), ...only({ ydm }) };
  }
  if (c!.length === 4) return only({ dmy: day(c!, b!, a!), mdy: day(c!, a!, b!) });
  const last = shortYear(c!);
  return only({
    dmy: day(last, b!, a!),
    mdy: day(last, a!, b!),
    ymd: day(shortYear(a!), b!, c!),
  });
}

/** Days on which the weekday is not the one that stands beside them are none. */
function onWeekday(readings: DayReadings, weekdays: ReadonlySet<number>): DayReadings {
  if (weekdays.size === 0) return readings;
  return Object.fromEntries(
    Object.entries(readings).filter(([, number]) => weekdays.has(weekdayOf(number))),
  );
}

function weekdayOf(number: DayNumber): number {
  const month = (Math.floor(number / 100) % 100) - 1;
  return new Date(Date.UTC(Math.floor(number / 10_000), month, number % 100)).getUTCDay();
}

/** `26` → `2026`; empty, which is no year, for digits that stand for none. */
function shortYear(digits: string): string {
  const year = Number(digits);
  const isYear = digits.length === 2 && year >= firstShortYear && year <= lastShortYear;
  return isYear ? String(2000 + year) : '';
}

function day(year: string, month: string, date: string): DayNumber | null {
  if (year === '') return null;
  const number = Number(year);
  return number < firstYear || number > lastYear
    ? null
    : dayNumber(number, Number(month), Number(date));
}

function always(number: DayNumber | null): DayReadings {
  return number === null ? {} : { dmy: number, mdy: number, ymd: number };
}

function only(readings: Record<string, DayNumber | null>): DayReadings {
  return Object.fromEntries(Object.entries(readings).filter(([, number]) => number !== null));
}

/** The number that spreadsheets count days by; only a file whose dates are all such is read so. */
function serialReading(serial: number): DayReadings {
  const dayOf = (count: number): DayNumber => {
    const date = new Date(Date.UTC(1899, 11, 30 + count));
    return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
  };
  const is = (count: number): boolean => count >= firstSerial && count <= lastSerial;
  const since1904 = serial + daysTo1904;
  return only({
    serial: is(serial) ? dayOf(serial) : null,
    serial1904: is(since1904) ? dayOf(since1904) : null,
  });
}
