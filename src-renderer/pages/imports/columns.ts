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

/** What is still needed to read a row, as the main side sees it: times can say day and duration. */
export function missingColumns(columns: readonly { column: string }[]): string[] {
  const has = (name: string): boolean => columns.some(({ column }) => column === name);
  return [
    ...(has('date') || has('begin') ? [] : ['date']),
    ...(has('duration') || (has('begin') && has('end')) ? [] : ['duration']),
    ...['customer', 'project'].filter((needed) => !has(needed)),
  ];
}

/** Columns that more than one column of a file is read as; only "unknown" and "ignored" may. */
export function repeatedColumns(columns: readonly { column: string }[]): string[] {
  const seen = columns.map(({ column }) => column).filter((column) => !isFree(column));
  return [...new Set(seen.filter((column, index) => seen.indexOf(column) !== index))];
}

const isFree = (column: string): boolean => column === 'unknown' || column === 'ignored';
