/** What a file lacks, and which of its columns nobody reads. */
import type { ColumnMapping } from '../../../../src-shared/contract/import-words.ts';
import type { TimesheetColumn } from '../../rows/types.ts';
import { currencyOfHeader, parseMoney } from '../cells/money-text.ts';
import { columnIndexes } from './columns.ts';
import type { ColumnIndexes } from './columns.ts';
import { cellsOf } from './evidence.ts';
import type { Evidence } from './evidence.ts';

const told = [
  'begin',
  'end',
  'duration',
  'rate',
  'activity',
  'description',
  'billable',
] as const satisfies TimesheetColumn[];

/** Columns that the owner should know are missing: pages will lack what they would have said. */
export function missingColumns(columns: ColumnMapping[], evidence: Evidence): TimesheetColumn[] {
  const at = columnIndexes(columns);
  const missing: TimesheetColumn[] = told.filter((name) => at[name] < 0);
  if (at.alias < 0 && at.username < 0) missing.push('alias');
  if (at.rate >= 0 && at.currency < 0 && !hasCurrencyInMoney(columns, at, evidence)) {
    missing.push('currency');
  }
  return missing;
}

/** Some amount or its header names a currency. */
function hasCurrencyInMoney(
  columns: ColumnMapping[],
  at: ColumnIndexes,
  evidence: Evidence,
): boolean {
  return [at.rate, at.hourlyRate, at.fixedRate].some(
    (index) =>
      currencyOfHeader(columns[index]?.header ?? '') !== undefined ||
      cellsOf(evidence, index).some((cell) => Boolean(parseMoney(cell, null)?.currency)),
  );
}

/** Columns with something in them that no header table knows. */
export function unreadColumns(columns: ColumnMapping[], evidence: Evidence): ColumnMapping[] {
  return columns.filter(
    ({ column, index }) => column === 'unknown' && cellsOf(evidence, index).length > 0,
  );
}

/**
 * An unknown header is no question as long as every usual column was found: it is a custom field.
 * If one was not, the unknown column may be it. What else is not read is told by a notice.
 */
export function mayHide(columns: ColumnMapping[], evidence: Evidence): boolean {
  if (unreadColumns(columns, evidence).length === 0) return false;
  return missingColumns(columns, evidence).length > 0;
}

/** True if a first row looks like a record: it has a date, a time or a duration. */
export function looksLikeData(cells: string[]): boolean {
  return cells.some((cell) => {
    const text = cell.trim();
    if (text.length > 40) return false;
    return (
      /^-?\d+([.,]\d+)?$/.test(text) ||
      /^-?\d+:\d\d(:\d\d)?$/.test(text) ||
      /^\d{1,4}[-./]\d{1,2}[-./]\d/.test(text)
    );
  });
}
