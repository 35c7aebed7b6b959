/** Cells of dates, times and durations: the quick forms of Kimai first, then all the others. */
import type { DayNumber } from '../../../../src-shared/domain/day.ts';
import type { ReadingRules } from '../../rows/types.ts';
import type { CsvRow } from './csv-rows.ts';
import { CellCache } from './cell-cache.ts';
import { clockMinutes, clockSeconds, isoDay } from './cell-numbers.ts';
import { CellProblem, isEmptyCell, shortText } from './cell-problem.ts';
import { parseClockText, parseDayFraction } from './clock-text.ts';
import { dayReadings, onlyReading } from './date-text.ts';
import type { DayReadings } from './date-text.ts';
import { parseDurationText } from './duration-text.ts';
import { numberDuration, roundedAway } from './number-duration.ts';
import { tidyValue } from './tidy.ts';

/** A duration beyond 31 days, or below minus that, is a misread unit, not work. */
export const maxDurationS = 31 * 86_400;
const COLON = 58;
/** `1/5/26 9:00`, and the longest value. */
const minDayChars = 11;
const maxDayChars = 80;

export class TimeCells {
  readonly #rules: ReadingRules;
  readonly #days: CellCache<DayReadings>;
  readonly #clocks: CellCache<number | null>;

  constructor(rules: ReadingRules) {
    this.#rules = rules;
    this.#days = new CellCache((text) => dayReadings(text, rules.monthLanguage));
    this.#clocks = new CellCache(rules.clockFractions ? parseDayFraction : parseClockText);
  }

  /** The day; a problem if it is none, or if nothing tells which of several it is. */
  day(row: CsvRow, index: number): DayNumber {
    const { dateOrder } = this.#rules;
    const isMonthBehindYear = dateOrder !== 'ydm';
    const quick = isoDay(row.codes, row.starts[index]!, row.ends[index]!);
    if (quick > 0 && isMonthBehindYear) return quick;
    shortText(row, index, 'date_invalid');
    const readings: DayReadings = this.#days.get(row, index);
    const isOrder = dateOrder !== 'none' && dateOrder !== 'unknown';
    if (isOrder) {
      const day = readings[dateOrder];
      if (day !== undefined) return day;
    }
    const { serial: _, serial1904: __, ...orders } = readings;
    const day = onlyReading(orders);
    // A file with `2026-13-05` has no `2026-05-13`, but it may have `3 May 2026`.
    if (day !== null && (!isOrder || !isMonthBehindYear)) return day;
    const isDoubtful = Object.keys(orders).some((order) => order !== 'ydm');
    throw new CellProblem(isDoubtful ? 'date_ambiguous' : 'date_invalid', index);
  }

  /** The day that stands beside a time, `2026-03-31 09:00`; null if there is none, or several. */
  dayBeside(row: CsvRow, index: number): DayNumber | null {
    // Nearly every cell is a time and nothing else.
    if (isEmptyCell(row, index) || row.ends[index]! - row.starts[index]! < minDayChars) return null;
    if (row.ends[index]! - row.starts[index]! > maxDayChars) return null;
    const readings = this.#days.get(row, index);
    const { dateOrder } = this.#rules;
    const isOrder = dateOrder !== 'none' && dateOrder !== 'unknown';
    return (isOrder ? readings[dateOrder] : undefined) ?? onlyReading(readings);
  }

  /** Minutes of the day at which a record ends: `24:00` is the midnight after it. */
  end(row: CsvRow, index: number): number | undefined {
    return this.clock(row, index, 0);
  }

  /** Minutes of the day; undefined for an empty cell. `midnight`: what `24:00` means, if anything. */
  clock(row: CsvRow, index: number, midnight: number | null = null): number | undefined {
    if (isEmptyCell(row, index)) return undefined;
    const quick = clockMinutes(row.codes, row.starts[index]!, row.ends[index]!);
    if (!Number.isNaN(quick)) return quick;
    const text = shortText(row, index, 'time_invalid');
    if (text === '') return undefined;
    if (midnight !== null && /^24[:.h]00(?::00)?$/.test(text)) return midnight;
    const minutes = this.#clocks.get(row, index);
    if (minutes === null) throw new CellProblem('time_invalid', index);
    return minutes;
  }

  /**
   * Seconds. `spentS`: seconds from begin to end less the break, where the row has them: a rounded
   * number of hours that can mean the same means exactly that (`0.33` beside 09:00–09:20).
   */
  duration(row: CsvRow, index: number, spentS: number | null): number {
    const start = row.starts[index]!;
    const end = row.ends[index]!;
    let seconds = clockSeconds(row.codes, start, end);
    if (Number.isNaN(seconds)) seconds = this.#numberOrText(row, index, spentS);
    else if (this.#rules.shortClock === 'minutes' && row.codes[end - 6] !== COLON) seconds /= 60;
    if (Math.abs(seconds) > maxDurationS) throw new CellProblem('duration_absurd', index);
    return seconds;
  }

  #numberOrText(row: CsvRow, index: number, spentS: number | null): number {
    const text = shortText(row, index, 'duration_invalid');
    const tidy = tidyValue(text).replace(',', '.');
    const seconds = /^-?\d{1,9}(?:\.\d{1,20})?$/.test(tidy)
      ? this.#number(tidy, spentS)
      : parseDurationText(text);
    if (seconds === null) throw new CellProblem('duration_invalid', index);
    return seconds === 0 ? 0 : seconds;
  }

  #number(text: string, spentS: number | null): number | null {
    const { durationUnit } = this.#rules;
    const seconds = numberDuration(Number(text), durationUnit);
    if (seconds === null || spentS === null || seconds <= 0) return seconds;
    // In a file whose records have seconds the times are no more exact than the numbers.
    if (!this.#rules.timesFitNumbers) return seconds;
    return seconds + roundedAway(text, durationUnit, seconds, spentS);
  }
}
