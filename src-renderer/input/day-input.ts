import { asciiDigits } from '../../src-shared/domain/digits.ts';
import { dayNumber, dayText } from '../../src-shared/domain/day.ts';

/** How one language writes a day with digits, such as `24/11/2026`. */
export interface DayInput {
  /** The text of a day (`YYYY-MM-DD`) to edit; empty for an empty one. */
  show(day: string): string;
  /**
   * Reads a day as people type it: in this language's order with any separators, without them
   * (`24112026`), with two digits of the year (of this century) or none (`thisYear`), or as
   * `YYYY-MM-DD`. Null for what is no day.
   */
  parse(typed: string, thisYear: number): string | null;
  /** The order of the parts with signs for their digits, as in `dd/mm/yyyy`. */
  pattern(signs: Record<DayPart, string>): string;
}

export type DayPart = 'day' | 'month' | 'year';

/** Whether no further digit can change the day that was typed: its year has all four. */
export function isWholeDay(typed: string): boolean {
  const lengths = (typed.match(/\p{Nd}+/gu) ?? []).map((number) => number.length);
  return lengths.length === 3 ? lengths.includes(4) : lengths.length === 1 && lengths[0] === 8;
}

const isPart = (type: string): type is DayPart =>
  type === 'day' || type === 'month' || type === 'year';

/** `locale`: BCP 47. */
export function createDayInput(locale: string): DayInput {
  const format = new Intl.DateTimeFormat(locale, {
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    // Kimai's days are those of this calendar, in every language.
    ...{ calendar: 'gregory', timeZone: 'UTC' },
  });
  const parts = format.formatToParts(0);
  const order = parts.map(({ type }) => type).filter(isPart);

  return {
    show: (day) => (day === '' ? '' : format.format(new Date(`${day}T00:00:00Z`))),
    pattern: (signs) =>
      parts.map(({ type, value }) => (isPart(type) ? signs[type] : value)).join(''),
    parse(typed, thisYear) {
      const numbers = asciiDigits(typed).match(/\d+/g) ?? [];
      // Anything but digits and separators, such as a word, is not guessed at.
      if (/[^\p{Nd}\p{P}\s\u200e\u200f]/u.test(typed)) return null;
      if (numbers.length === 1) return read(splitDigits(numbers[0]!, order), order, thisYear);
      const isIso = numbers.length === 3 && numbers[0]!.length === 4;
      return read(numbers, isIso ? ['year', 'month', 'day'] : order, thisYear);
    },
  };
}

/** `24112026` → `24`, `11`, `2026`; also with two digits of the year or none. */
function splitDigits(digits: string, order: readonly DayPart[]): string[] {
  const yearWidth = digits.length - 4;
  if (![0, 2, 4].includes(yearWidth)) return [];
  let at = 0;
  return order
    .map((part) => digits.slice(at, (at += part === 'year' ? yearWidth : 2)))
    .filter(Boolean);
}

/** Two numbers are the day and the month. */
function read(
  numbers: readonly string[],
  order: readonly DayPart[],
  thisYear: number,
): string | null {
  const named = numbers.length === 2 ? order.filter((part) => part !== 'year') : order;
  if (numbers.length !== named.length) return null;
  const valueOf = (part: DayPart): string => numbers[named.indexOf(part)] ?? '';
  const years = { 0: thisYear, 2: 2000 + Number(valueOf('year')), 4: Number(valueOf('year')) };
  const year = years[valueOf('year').length as 0 | 2 | 4] ?? 0;
  if (valueOf('month').length > 2 || valueOf('day').length > 2) return null;
  const day = dayNumber(year, Number(valueOf('month')), Number(valueOf('day')));
  return day === null ? null : dayText(day);
}
