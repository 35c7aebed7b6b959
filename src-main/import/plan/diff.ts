/** What a row of a file says anew about a stored record. Pure. */
import { N, R, type RawRecord } from '../../store/records/records.ts';
import { A, F, I, type RowReader } from '../rows/batch.ts';
import type { DurationResolution } from '../rows/types.ts';

/** A bit per field. The first ones can be seen on a page; the `quiet` ones are only remembered. */
export const D = {
  user: 1,
  project: 1 << 1,
  activity: 1 << 2,
  day: 1 << 3,
  begin: 1 << 4,
  end: 1 << 5,
  running: 1 << 6,
  duration: 1 << 7,
  rate: 1 << 8,
  hourlyRate: 1 << 9,
  fixedRate: 1 << 10,
  billable: 1 << 11,
  description: 1 << 12,
  tags: 1 << 13,
  break: 1 << 14,
  exported: 1 << 15,
  kimaiId: 1 << 16,
  resolution: 1 << 17,
  billableImported: 1 << 18,
} as const;
export type FieldName = keyof typeof D;

/** Fields whose change makes a row "changed" in a preview. */
export const shownBits = (1 << 14) - 1;

/** What the file as a whole can say; a column that it lacks never clears what is known. */
export interface FileTraits {
  resolution: DurationResolution;
  /** Its size. */
  bytes: number;
  hasUser: boolean;
  hasActivity: boolean;
  hasDescription: boolean;
  hasEnd: boolean;
  hasDuration: boolean;
}

/** Ids that the names of a row mean; 0: a row that is yet to be created. */
export interface RowIds {
  user: number;
  project: number;
  activity: number;
}

/** The owner corrected the billable flag, so that an import leaves it. */
export const isBillableEdited = (stored: RawRecord): boolean =>
  stored[R.billable] !== (stored[R.billable_imported] ?? 1);

/** True durations that a stated one can stand for: Kimai truncates to minutes, rounds to hundredths. */
function durationSpan(seconds: number, resolution: number): [number, number] {
  if (resolution === 60) return seconds < 0 ? [seconds - 59, seconds] : [seconds, seconds + 59];
  if (resolution === 36) return [seconds - 18, seconds + 18];
  return [seconds, seconds];
}

/**
 * Whether two statements can be of the same duration. Equally coarse ones must be equal: the same
 * clock made both.
 */
export function durationsAgree(
  a: number,
  resolutionA: number,
  b: number,
  resolutionB: number,
): boolean {
  if (a === b) return true;
  if (resolutionA === resolutionB) return false;
  const [firstA, lastA] = durationSpan(a, resolutionA);
  const [firstB, lastB] = durationSpan(b, resolutionB);
  return firstA <= lastB && firstB <= lastA;
}

/** The fields that importing `row` would change on `stored`, as bits of `D`. */
export function diffRow(stored: RawRecord, row: RowReader, ids: RowIds, file: FileTraits): number {
  let bits = 0;
  if (file.hasUser && stored[R.user_id] !== ids.user) bits |= D.user;
  if (stored[R.project_id] !== ids.project) bits |= D.project;
  if (file.hasActivity && stored[R.activity_id] !== ids.activity) bits |= D.activity;
  if (stored[R.day] !== row.int(I.day)) bits |= D.day;
  const begin = row.int(I.begin);
  if (begin >= 0 && stored[R.begin_min] !== begin) bits |= D.begin;
  bits |= diffTime(stored, row, file);
  bits |= diffRate(stored, row);
  if (row.has(F.hourlyKnown) && stored[R.hourly_rate_e4] !== row.amount(A.hourly)) {
    bits |= D.hourlyRate;
  }
  if (row.has(F.fixedKnown) && (stored[R.fixed_rate_e4] ?? 0) !== row.amount(A.fixed)) {
    bits |= D.fixedRate;
  }
  if (row.has(F.billableKnown)) bits |= diffBillable(stored, row.has(F.billable) ? 1 : 0);
  if (file.hasDescription && stored[R.description] !== row.description) bits |= D.description;
  if (row.has(F.tagsKnown) && (stored[R.tags] ?? '') !== row.tags) bits |= D.tags;
  const pause = row.int(I.break);
  if (pause >= 0 && stored[R.break_s] !== pause) bits |= D.break;
  if (row.has(F.exportedKnown) && stored[R.exported] !== (row.has(F.exported) ? 1 : 0)) {
    bits |= D.exported;
  }
  const kimaiId = row.kimaiId;
  if (kimaiId > 0 && stored[R.kimai_id] !== kimaiId) bits |= D.kimaiId;
  return bits;
}

/** End, running and duration: a stopped record never runs again, an older export only says so. */
function diffTime(stored: RawRecord, row: RowReader, file: FileTraits): number {
  if (row.has(F.running)) return 0;
  let bits = 0;
  const end = row.int(I.end);
  if (end >= 0 && stored[R.end_min] !== end) bits |= D.end;
  const duration = row.int(I.duration);
  if (stored[R.running] === 1) {
    if (!file.hasEnd && duration === 0) return bits;
    bits |= D.running;
    if (duration !== 0) bits |= D.duration;
    return bits;
  }
  if (!file.hasDuration) return bits;
  const known = stored[R.duration_s] as number;
  const resolution = stored[R.resolution_s] as number;
  if (!durationsAgree(known, resolution, duration, file.resolution)) return bits | D.duration;
  // Agreeing values: only one that is exact to the second may refine, and none overwrites it.
  if (file.resolution === 1 && resolution !== 1) {
    bits |= D.resolution;
    if (known !== duration) bits |= D.duration;
  }
  return bits;
}

/** Kimai computes the rate when a record is stopped: one that runs has 0, which is not known yet. */
function diffRate(stored: RawRecord, row: RowReader): number {
  const isOlder = row.has(F.running) && stored[R.running] === 0;
  if (isOlder || !row.has(F.rateKnown)) return 0;
  return stored[R.rate_e4] === row.amount(A.rate) ? 0 : D.rate;
}

function diffBillable(stored: RawRecord, billable: number): number {
  const quiet = stored[R.billable_imported] === billable ? 0 : D.billableImported;
  if (isBillableEdited(stored) || stored[R.billable] === billable) return quiet;
  return quiet | D.billable;
}

/** The record as it is after importing `row`, given the `bits` that `diffRow` returned. */
export function applyRow(
  stored: RawRecord,
  row: RowReader,
  ids: RowIds,
  file: FileTraits,
  bits: number,
): RawRecord {
  const after = [...stored];
  const set = (bit: number, column: number, value: number | string | null): void => {
    if (bits & bit) after[column] = value;
  };
  set(D.user, R.user_id, ids.user);
  set(D.project, R.project_id, ids.project);
  set(D.activity, R.activity_id, ids.activity);
  set(D.day, R.day, row.int(I.day));
  set(D.begin, R.begin_min, row.int(I.begin));
  set(D.end, R.end_min, row.int(I.end));
  set(D.running, R.running, 0);
  set(D.duration, R.duration_s, row.int(I.duration));
  set(D.duration | D.resolution, R.resolution_s, file.resolution);
  set(D.rate, R.rate_e4, row.amount(A.rate));
  set(D.hourlyRate, R.hourly_rate_e4, row.amount(A.hourly));
  set(D.fixedRate, R.fixed_rate_e4, row.amount(A.fixed));
  set(D.billable, R.billable, row.has(F.billable) ? 1 : 0);
  set(D.billableImported, R.billable_imported, row.has(F.billable) ? 1 : 0);
  set(D.description, R.description, row.description);
  set(D.tags, R.tags, row.tags);
  set(D.break, R.break_s, row.int(I.break));
  set(D.exported, R.exported, row.has(F.exported) ? 1 : 0);
  set(D.kimaiId, R.kimai_id, row.kimaiId);
  return after;
}

/**
 * A row that nothing stored matches: the numbers among the values of `insertedColumns`, put into
 * `record`. Its texts stay with the row.
 */
export function newRecord(
  row: RowReader,
  ids: RowIds,
  occurrence: number,
  record: RawRecord = [],
): RawRecord {
  const billable = row.has(F.billableKnown) ? (row.has(F.billable) ? 1 : 0) : null;
  const end = row.int(I.end);
  const pause = row.int(I.break);
  record[N.kimai_id] = row.kimaiId || null;
  record[N.user_id] = ids.user;
  record[N.project_id] = ids.project;
  record[N.activity_id] = ids.activity;
  record[N.day] = row.int(I.day);
  record[N.begin_min] = row.int(I.begin);
  record[N.end_min] = end < 0 ? null : end;
  record[N.running] = row.has(F.running) ? 1 : 0;
  record[N.duration_s] = row.int(I.duration);
  record[N.break_s] = pause < 0 ? null : pause;
  record[N.rate_e4] = row.has(F.rateKnown) ? row.amount(A.rate) : null;
  record[N.hourly_rate_e4] = row.has(F.hourlyKnown) ? row.amount(A.hourly) : null;
  record[N.fixed_rate_e4] = row.has(F.fixedKnown) ? row.amount(A.fixed) : null;
  record[N.billable] = billable ?? 1;
  record[N.billable_imported] = billable;
  record[N.exported] = row.has(F.exportedKnown) ? (row.has(F.exported) ? 1 : 0) : null;
  record[N.occurrence] = occurrence;
  return record;
}
