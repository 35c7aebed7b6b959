/**
 * Of several columns that are read as the same, one is kept and the others are ignored: of
 * durations the finest, of types the one that says `timesheet`, of others the leftmost (custom
 * fields may repeat Kimai's labels, and come last).
 */
import type { ColumnMapping } from '../../../../src-shared/contract/import-words.ts';
import type { TimesheetColumn } from '../../rows/types.ts';
import { columnIndexes } from './columns.ts';
import { decideUnit, resolutionOf } from './durations.ts';
import { cellsOf, Redundancy } from './evidence.ts';
import type { Evidence } from './evidence.ts';

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
  const redundancy = new Redundancy(at, false);
  const resolution = (i: number): number => {
    const { unit } = decideUnit(i, columns[i]?.header ?? '', at, evidence, redundancy);
    return resolutionOf(i, { durationUnit: unit, shortClock: 'hours' }, evidence);
  };
  return resolution(index) < resolution(than);
}
