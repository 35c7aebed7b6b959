/** How the dates of a file lie among months and years, under each order of dates. */
import type { DateOrder } from '../../rows/types.ts';
import type { DayReadings } from '../cells/date-text.ts';

/** So many different days need not be one day of so many months. */
const fewDates = 3;
/** So many different numbers beside one that stays are no years. */
const manyNumbers = 5;

export class DateSpread {
  /** By order: the days of months, the days. */
  readonly #ofMonth = new Map<string, Set<number>>();
  readonly #days = new Map<string, Set<number>>();
  /** The first and last numbers of dates whose year has two digits. */
  readonly #firsts = new Set<string>();
  readonly #lasts = new Set<string>();
  #hasLongYears = false;

  /** A text that was not there yet, and what it can mean. */
  add(text: string, readings: DayReadings): void {
    for (const [order, day] of Object.entries(readings)) {
      this.#note(this.#ofMonth, order, day % 100);
      this.#note(this.#days, order, day);
    }
    const numbers = text.match(/\d+/g) ?? [];
    if (numbers.slice(0, 3).some((number) => number.length > 2)) this.#hasLongYears = true;
    this.#firsts.add(numbers[0] ?? '');
    this.#lasts.add(numbers[2] ?? '');
  }

  /**
   * True if under this order the dates are the same few days of many months: nobody works so, apart
   * from who books once a month. With the month first they are days on end.
   */
  isOddUnder(order: DateOrder, possible: readonly DateOrder[]): boolean {
    if (!possible.includes('mdy')) return false;
    const dates = this.#days.get(order)?.size ?? 0;
    const ofMonth = this.#ofMonth.get(order)?.size ?? 0;
    return dates >= fewDates && ofMonth * fewDates <= dates;
  }

  /** Those orders under which the year is the number that stays; all if none or both stay. */
  withYears(possible: DateOrder[]): DateOrder[] {
    if (this.#hasLongYears) return possible;
    const isLast = this.#lasts.size === 1 && this.#firsts.size >= manyNumbers;
    const isFirst = this.#firsts.size === 1 && this.#lasts.size >= manyNumbers;
    if (isLast) return possible.filter((order) => order !== 'ymd');
    return isFirst ? possible.filter((order) => order === 'ymd') : possible;
  }

  #note(into: Map<string, Set<number>>, order: string, value: number): void {
    const values = into.get(order) ?? new Set<number>();
    if (values.size < 1000) values.add(value);
    into.set(order, values);
  }
}
