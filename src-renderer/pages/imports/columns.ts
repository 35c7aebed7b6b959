/** What a column of a timesheet export can be read as: the main side's `TimesheetColumn`. */
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
] as const;

/** Without these no row can be read. */
export const neededColumns = ['date', 'duration', 'customer', 'project'] as const;

/** Columns that more than one column of a file is read as; only "unknown" and "ignored" may. */
export function repeatedColumns(columns: readonly { column: string }[]): string[] {
  const seen = columns.map(({ column }) => column).filter((column) => !isFree(column));
  return [...new Set(seen.filter((column, index) => seen.indexOf(column) !== index))];
}

const isFree = (column: string): boolean => column === 'unknown' || column === 'ignored';
