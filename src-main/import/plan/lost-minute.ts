/**
 * Times of a file that a spreadsheet has saved again. It holds a time as a fraction of a day and may
 * cut it to the minute before: 11:45 becomes 11:44, while the duration stays. Pure.
 */
import type { StoredRecord } from '../../store/records/stored-record.ts';
import type { RowReader } from '../rows/row-reader.ts';
import type { FileTraits } from './file-traits.ts';
import { durationsAgree } from './durations.ts';

const dayS = 86_400;

/** Begin and end are at most a minute from those that are stored; false if one is not known. */
export function timesAreNear(stored: StoredRecord, row: RowReader): boolean {
  const { beginMin, endMin } = row;
  if (beginMin < 0 || stored.beginMin < 0 || endMin === null || stored.endMin === null) {
    return false;
  }
  return Math.abs(beginMin - stored.beginMin) <= 1 && Math.abs(endMin - stored.endMin) <= 1;
}

/** The row has another begin or end than the one that is stored, by more than a minute. */
export function isMoved(stored: StoredRecord, row: RowReader): boolean {
  const { beginMin, endMin } = row;
  return (
    (beginMin >= 0 && stored.beginMin >= 0 && Math.abs(beginMin - stored.beginMin) > 1) ||
    (endMin !== null && stored.endMin !== null && Math.abs(endMin - stored.endMin) > 1)
  );
}

/**
 * The row's begin and end are the stored ones with a minute lost: the duration is equal, and the
 * stored times agree better with it. A correction in Kimai moves the duration as well, or both
 * times.
 */
export function hasLostMinute(stored: StoredRecord, row: RowReader, file: FileTraits): boolean {
  if (!file.hasDuration || file.isDurationDerived || stored.running) return false;
  if (!timesAreNear(stored, row)) return false;
  const { durationS } = row;
  if (!durationsAgree(stored.durationS, stored.resolutionS, durationS, file.resolution)) {
    return false;
  }
  const workedS = durationS + (row.breakS ?? stored.breakS ?? 0);
  return (
    misfitS(row.beginMin, row.endMin!, workedS) > misfitS(stored.beginMin, stored.endMin!, workedS)
  );
}

/** How far the time from begin to end is from `workedS`, in seconds; whole days do not count. */
function misfitS(beginMin: number, endMin: number, workedS: number): number {
  const over = ((((endMin - beginMin) * 60 - workedS) % dayS) + dayS) % dayS;
  return Math.min(over, dayS - over);
}
