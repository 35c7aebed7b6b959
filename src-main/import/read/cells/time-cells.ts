/** Cells with dates, times and durations; each throws a `CellProblem`. */
import type { FileAnalysis } from '../../rows/types.ts';
import { clockMinutes, clockSeconds, isoDay } from './cell-numbers.ts';
import { CellProblem, isEmptyCell, shortText } from './cell-problem.ts';
import type { CsvRow } from '../csv/csv-rows.ts';
import { parseClockText, parseDayText, parseDurationText } from './text-cells.ts';
import { parseHours } from './money-text.ts';

/** A duration beyond 31 days, or below minus that, is a misread unit, not work. */
const MAX_DURATION_S = 31 * 86_400;

/** `yyyymmdd`. */
export function readDay(
  row: CsvRow,
  index: number,
  slashDates: FileAnalysis['rules']['slashDates'],
): number {
  const quick = isoDay(row.codes, row.starts[index]!, row.ends[index]!);
  if (quick > 0) return quick;
  const text = shortText(row, index, 'date_invalid');
  const day = parseDayText(text, slashDates);
  if (day === 'ambiguous') throw new CellProblem('date_ambiguous', index);
  if (day === null) throw new CellProblem('date_invalid', index);
  return day;
}

/** Minutes of the day; undefined for an empty cell. */
export function readClock(row: CsvRow, index: number): number | undefined {
  if (isEmptyCell(row, index)) return undefined;
  const quick = clockMinutes(row.codes, row.starts[index]!, row.ends[index]!);
  if (!Number.isNaN(quick)) return quick;
  const text = shortText(row, index, 'time_invalid');
  if (text === '') return undefined;
  const minutes = parseClockText(text);
  if (minutes === null) throw new CellProblem('time_invalid', index);
  return minutes;
}

/** Seconds. */
export function readDuration(row: CsvRow, index: number, rules: FileAnalysis['rules']): number {
  let seconds = clockSeconds(row.codes, row.starts[index]!, row.ends[index]!);
  if (Number.isNaN(seconds)) seconds = numberOrText(row, index, rules);
  if (Math.abs(seconds) > MAX_DURATION_S) throw new CellProblem('duration_absurd', index);
  return seconds;
}

function numberOrText(row: CsvRow, index: number, rules: FileAnalysis['rules']): number {
  const text = shortText(row, index, 'duration_invalid');
  const { durationUnit, decimalComma } = rules;
  const seconds =
    durationUnit === 'seconds'
      ? /^-?\d{1,9}$/.test(text)
        ? Number(text)
        : null
      : parseHours(text, decimalComma);
  const value = seconds ?? parseDurationText(text);
  if (value === null) throw new CellProblem('duration_invalid', index);
  return value === 0 ? 0 : value;
}
