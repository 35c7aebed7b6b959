import type { NoticeCode } from '../../../src-shared/contract/import-words.ts';
import type { TimesheetFile } from './timesheet-session.ts';
import type { FileAnalysis, TimesheetColumn } from '../rows/types.ts';

/** What a file as a whole can say about records, from its columns. */
export function fileTraits(analysis: FileAnalysis, notices: readonly NoticeCode[]): TimesheetFile {
  const columns = new Set(analysis.columns.map(({ column }) => column));
  const has = (column: TimesheetColumn): boolean => columns.has(column);
  return {
    resolution: analysis.resolution,
    bytes: analysis.stamp.size,
    hasUser: has('alias') || has('username'),
    hasActivity: has('activity'),
    hasDescription: has('description'),
    hasEnd: has('end'),
    hasDuration: has('duration') || (has('begin') && has('end')),
    isDurationDerived: !has('duration'),
    notices,
  };
}
