/** What the first rows of a file tell about how to read its cells. */
import type {
  ColumnMapping,
  DurationResolution,
  ReadingRules,
  TimesheetColumn,
} from '../../rows/types.ts';
import { clockSeconds } from '../cells/cell-numbers.ts';
import { columnIndexes } from './columns.ts';
import type { ColumnIndexes } from './columns.ts';
import { codesOf } from '../csv/csv-rows.ts';
import { decimalCommaOf, parseMoney } from '../cells/money-text.ts';
import { needsSlashOrder, parseClockText, parseDurationText } from '../cells/text-cells.ts';

export type Evidence = string[][];

const cellsOf = (evidence: Evidence, index: number): string[] =>
  index < 0 ? [] : evidence.map((row) => row[index] ?? '').filter((cell) => cell.trim() !== '');

/** Rows of work: totals rows have no date, and durations that no record has. */
export function withoutTotals(columns: ColumnMapping[], evidence: Evidence): Evidence {
  const at = columnIndexes(columns);
  const index = at.date >= 0 ? at.date : at.begin;
  return index < 0 ? evidence : evidence.filter((row) => row[index] !== '');
}

/** The rules for reading, by the cells of the mapped columns. */
export function decideRules(columns: ColumnMapping[], evidence: Evidence): ReadingRules {
  const at = columnIndexes(columns);
  const dates = [...cellsOf(evidence, at.date), ...cellsOf(evidence, at.begin)];
  return {
    slashDates: dates.some(needsSlashOrder) ? 'unknown' : 'none',
    decimalComma: decideDecimalComma(at, evidence),
    durationUnit: decideUnit(at.duration, at, evidence),
  };
}

/** The mark that most cells show; spreadsheets write all numbers of a file in one way. */
function decideDecimalComma(at: ColumnIndexes, evidence: Evidence): boolean | null {
  const cells = [at.rate, at.hourlyRate, at.fixedRate, at.duration].flatMap((index) =>
    cellsOf(evidence, index).filter((cell) => !cell.includes(':')),
  );
  const votes = cells.map(decimalCommaOf);
  const commas = votes.filter((vote) => vote === true).length;
  const points = votes.filter((vote) => vote === false).length;
  return commas === points ? null : commas > points;
}

/**
 * Seconds (Kimai 1.2–2.26) or hours (2.27+)? Fractions are hours; else the times decide, since
 * seconds and hours differ by 3600; else the layout: the old one has no currency column.
 */
function decideUnit(index: number, at: ColumnIndexes, evidence: Evidence): 'seconds' | 'hours' {
  let seconds = 0;
  let hours = 0;
  for (const row of evidence) {
    const cell = (row[index] ?? '').trim().replace(',', '.');
    if (!/^-?\d+(\.\d+)?$/.test(cell) || Number(cell) === 0) continue;
    if (cell.includes('.')) {
      hours += 1;
      continue;
    }
    const spent = clockDifference(row, at);
    if (spent === null) continue;
    const count = Math.abs(Number(cell));
    if (isSeconds(count, spent)) seconds += 1;
    else hours += 1;
  }
  if (seconds === hours) return at.currency < 0 ? 'seconds' : 'hours';
  return seconds > hours ? 'seconds' : 'hours';
}

/** Whether a number agrees with the time from begin to end as seconds, rather than as hours. */
function isSeconds(count: number, spent: number): boolean {
  const asSeconds = agrees(count, spent);
  const asHours = agrees(count * 3600, spent);
  if (asSeconds !== asHours) return asSeconds;
  // Breaks and rounding: the nearer one.
  return Math.abs(Math.log(count / spent)) < Math.abs(Math.log((count * 3600) / spent));
}

/** Equal to the minute, whole days apart: the times of a long record do not show its days. */
function agrees(seconds: number, spent: number): boolean {
  const apart = Math.abs(seconds - spent) % 86_400;
  return apart <= 60 || apart >= 86_340;
}

/** Seconds from begin to end of a row; null if it does not tell. */
function clockDifference(row: string[], at: ColumnIndexes): number | null {
  const begin = at.begin < 0 ? null : parseClockText(row[at.begin] ?? '');
  const end = at.end < 0 ? null : parseClockText(row[at.end] ?? '');
  if (begin === null || end === null || begin === end) return null;
  return ((end - begin + 1440) % 1440) * 60;
}

/** How exactly a duration column states durations: its coarsest cell counts. */
export function resolutionOf(
  index: number,
  unit: 'seconds' | 'hours',
  evidence: Evidence,
): DurationResolution {
  let finest: DurationResolution = 1;
  let fineNumbers = false;
  for (const cell of cellsOf(evidence, index)) {
    if (cell.includes(':') || parseDurationText(cell) !== null) {
      const isLong = /^-?\d+:\d\d:\d\d$/.test(cell.trim());
      if (!isLong) return 60;
    } else if (unit === 'hours') {
      // Kimai rounds hours to two places; tools that write more are exact.
      fineNumbers ||= /[.,]\d{4,}$/.test(cell.trim());
      finest = 36;
    }
  }
  return finest === 36 && fineNumbers ? 1 : finest;
}

/**
 * Of several columns that are read as the same, one is kept and the others are ignored: of
 * durations the finest, of types the one that says `timesheet`, of others the leftmost (custom
 * fields may repeat Kimai's labels, and come last).
 */
export function dropTwins(columns: ColumnMapping[], evidence: Evidence): ColumnMapping[] {
  const kept = new Map<TimesheetColumn | 'unknown', number>();
  for (const { column, index } of columns) {
    if (column === 'ignored' || column === 'unknown') continue;
    const before = kept.get(column);
    if (before === undefined || isBetter(column, index, before, columns, evidence)) {
      kept.set(column, index);
    }
  }
  return columns.map((mapping) => {
    const winner = kept.get(mapping.column);
    if (winner === undefined || winner === mapping.index) return mapping;
    return { ...mapping, column: 'ignored' };
  });
}

function isBetter(
  column: TimesheetColumn,
  index: number,
  than: number,
  columns: ColumnMapping[],
  evidence: Evidence,
): boolean {
  if (column === 'type') {
    const says = (i: number): boolean => cellsOf(evidence, i).includes('timesheet');
    return says(index) && !says(than);
  }
  if (column !== 'duration') return false;
  const at = columnIndexes(columns);
  const resolution = (i: number): number => resolutionOf(i, decideUnit(i, at, evidence), evidence);
  return resolution(index) < resolution(than);
}

/** Columns that the owner should know are missing: pages will lack what they would have said. */
export function missingColumns(columns: ColumnMapping[], evidence: Evidence): TimesheetColumn[] {
  const at = columnIndexes(columns);
  const missing = (['begin', 'end', 'rate', 'activity', 'description', 'billable'] as const).filter(
    (name) => at[name] < 0,
  ) as TimesheetColumn[];
  if (at.alias < 0 && at.username < 0) missing.push('alias');
  if (at.rate >= 0 && at.currency < 0 && !hasCurrencyInMoney(at, evidence)) {
    missing.push('currency');
  }
  return missing;
}

function hasCurrencyInMoney(at: ColumnIndexes, evidence: Evidence): boolean {
  return [at.rate, at.hourlyRate, at.fixedRate].some((index) =>
    cellsOf(evidence, index).some((cell) => Boolean(parseMoney(cell, null)?.currency)),
  );
}

/**
 * An unknown header is no question as long as every usual column was found: it is a custom field.
 * If one was not, the unknown column may be it.
 */
export function mayHide(columns: ColumnMapping[], evidence: Evidence): boolean {
  const unknown = columns.some(
    ({ column, index }) => column === 'unknown' && cellsOf(evidence, index).length > 0,
  );
  return unknown && missingColumns(columns, evidence).length > 0;
}

/** True if a first row looks like a record: it has a date, a time or a duration. */
export function looksLikeData(cells: string[]): boolean {
  return cells.some((cell) => {
    const text = cell.trim();
    if (/^-?\d+([.,]\d+)?$/.test(text)) return true;
    return (
      text.length <= 40 &&
      (!Number.isNaN(clockSeconds(codesOf(text), 0, text.length)) ||
        /^\d{1,4}[-./]\d{1,2}[-./]\d/.test(text))
    );
  });
}
