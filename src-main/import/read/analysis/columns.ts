/** Which columns a file must have, and where they are. */
import { AppError } from '../../../../src-shared/errors.ts';
import { columnName, type ColumnMapping } from '../../../../src-shared/contract/import-words.ts';
import type { TimesheetColumn } from '../../rows/types.ts';

type ReadColumn = Exclude<TimesheetColumn, 'ignored'>;

/** Columns that say something; -1 in `ColumnIndexes`: the file has none. */
const names = columnName.options.filter(
  (name): name is ReadColumn => name !== 'ignored' && name !== 'unknown',
);

export type ColumnIndexes = Record<ReadColumn, number>;

export function columnIndexes(columns: ColumnMapping[]): ColumnIndexes {
  const indexOf = (name: string): number =>
    columns.find(({ column }) => column === name)?.index ?? -1;
  return Object.fromEntries(names.map((name) => [name, indexOf(name)])) as ColumnIndexes;
}

/** The first column that is needed and not there; null if rows can be read. */
export function missingNeed(at: ColumnIndexes): TimesheetColumn | null {
  if (at.date < 0 && at.begin < 0) return 'date';
  if (at.customer < 0) return 'customer';
  if (at.project < 0) return 'project';
  if (at.duration < 0 && (at.begin < 0 || at.end < 0)) return 'duration';
  return null;
}

/** Throws `mapping_incomplete`: a needed column is missing, or two columns are read as the same. */
export function assertComplete(columns: ColumnMapping[]): void {
  const missing = missingNeed(columnIndexes(columns));
  if (missing) throw new AppError('mapping_incomplete', { reason: 'missing', column: missing });
  const seen = new Set<string>();
  for (const { column, header } of columns) {
    if (column === 'ignored' || column === 'unknown') continue;
    if (!names.includes(column) || seen.has(column)) {
      throw new AppError('mapping_incomplete', { reason: 'twice', column, header });
    }
    seen.add(column);
  }
}
