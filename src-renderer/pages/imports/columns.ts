import type { ColumnName } from '../../../src-shared/contract/import-words.ts';

/** What the owner can say that a column is, in the order of the list. */
export const mappableColumns = [
  'unknown',
  'ignored',
  'date',
  'begin',
  'end',
  'duration',
  'break',
  'customer',
  'project',
  'activity',
  'description',
  'tags',
  'alias',
  'username',
  'rate',
  'hourlyRate',
  'fixedRate',
  'currency',
  'billable',
  'exported',
  'customerNumber',
  'projectNumber',
  'orderNumber',
  'id',
  'type',
] as const satisfies readonly ColumnName[];

/** What is still needed to read a row, as the main side sees it: times can say day and duration. */
export function missingColumns(columns: readonly { column: ColumnName }[]): ColumnName[] {
  const has = (name: ColumnName): boolean => columns.some(({ column }) => column === name);
  const missing: ColumnName[] = [];
  if (!has('date') && !has('begin')) missing.push('date');
  if (!has('duration') && !(has('begin') && has('end'))) missing.push('duration');
  if (!has('customer')) missing.push('customer');
  if (!has('project')) missing.push('project');
  return missing;
}

/** Columns that more than one column of a file is read as; only "unknown" and "ignored" may. */
export function repeatedColumns(columns: readonly { column: ColumnName }[]): ColumnName[] {
  const seen = columns.map(({ column }) => column).filter((column) => !isFree(column));
  return [...new Set(seen.filter((column, index) => seen.indexOf(column) !== index))];
}

const isFree = (column: ColumnName): boolean => column === 'unknown' || column === 'ignored';
