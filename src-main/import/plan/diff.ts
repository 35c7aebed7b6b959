/** What a row of a file says anew about a stored record. Pure. */
import type { RecordPatch, StoredRecord } from '../../store/records/stored-record.ts';
import type { RowReader } from '../rows/row-reader.ts';
import { durationsAgree } from './durations.ts';
import type { FileTraits } from './file-traits.ts';
import { hasLostMinute, isMoved } from './lost-minute.ts';

/** A bit per field. Pages show the first ones; those from `break` on are only remembered. */
export const fieldBit = {
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
export type FieldName = keyof typeof fieldBit;

/** Fields whose change makes a row "changed" in a preview. */
export const shownBits = fieldBit.break - 1;

/** Ids that the names of a row mean; 0: a row that is yet to be created. */
export interface RowIds {
  user: number;
  project: number;
  activity: number;
}

/** The fields that importing `row` would change on `stored`, as bits of `fieldBit`. */
export function diffRow(
  stored: StoredRecord,
  row: RowReader,
  ids: RowIds,
  file: FileTraits,
): number {
  const { beginMin, hourlyRateE4, fixedRateE4, tags, breakS, exported, kimaiId } = row;
  let bits = 0;
  if (file.hasUser && stored.userId !== ids.user) bits |= fieldBit.user;
  if (stored.projectId !== ids.project) bits |= fieldBit.project;
  if (file.hasActivity && stored.activityId !== ids.activity) bits |= fieldBit.activity;
  if (stored.day !== row.day) bits |= fieldBit.day;
  if (beginMin >= 0 && stored.beginMin !== beginMin && !hasLostMinute(stored, row, file)) {
    bits |= fieldBit.begin;
  }
  bits |= diffTime(stored, row, file);
  bits |= diffRate(stored, row);
  if (hourlyRateE4 !== null && stored.hourlyRateE4 !== hourlyRateE4) bits |= fieldBit.hourlyRate;
  if (fixedRateE4 !== null && (stored.fixedRateE4 ?? 0) !== fixedRateE4) {
    bits |= fieldBit.fixedRate;
  }
  bits |= diffBillable(stored, row.billable);
  if (file.hasDescription && stored.description !== row.description) bits |= fieldBit.description;
  if (tags !== null && (stored.tags ?? '') !== tags) bits |= fieldBit.tags;
  if (breakS !== null && stored.breakS !== breakS) bits |= fieldBit.break;
  if (exported !== null && stored.exported !== exported) bits |= fieldBit.exported;
  if (kimaiId !== null && stored.kimaiId !== kimaiId) bits |= fieldBit.kimaiId;
  return bits;
}

/** End, running and duration. A stopped record never runs again: only an older export says so. */
function diffTime(stored: StoredRecord, row: RowReader, file: FileTraits): number {
  if (row.running) return 0;
  let bits = 0;
  const { endMin, durationS } = row;
  if (endMin !== null && stored.endMin !== endMin && !hasLostMinute(stored, row, file)) {
    bits |= fieldBit.end;
  }
  if (stored.running) {
    if (!file.hasEnd && durationS === 0) return bits;
    bits |= fieldBit.running;
    if (durationS !== 0) bits |= fieldBit.duration;
    return bits;
  }
  if (!file.hasDuration) return bits;
  // It knows of no breaks and no whole days, so that the stored one stays as long as its times do.
  if (file.isDurationDerived && !isMoved(stored, row)) return bits;
  const known = stored.durationS;
  const resolution = stored.resolutionS;
  if (!durationsAgree(known, resolution, durationS, file.resolution)) {
    return bits | fieldBit.duration;
  }
  // Both can stand for the same duration. The one that is exact to the second stays or comes.
  if (file.resolution === 1 && resolution !== 1) {
    bits |= fieldBit.resolution;
    if (known !== durationS) bits |= fieldBit.duration;
  }
  return bits;
}

/** Kimai computes the rate when a record is stopped: one that runs has 0, which is not known yet. */
function diffRate(stored: StoredRecord, row: RowReader): number {
  const isOlder = row.running && !stored.running;
  const rateE4 = row.rateE4;
  if (isOlder || rateE4 === null) return 0;
  return stored.rateE4 === rateE4 ? 0 : fieldBit.rate;
}

/** What the owner corrected by hand stays; what the file says is remembered beside it. */
function diffBillable(stored: StoredRecord, billable: boolean | null): number {
  if (billable === null) return 0;
  const remembered = stored.billableImported === billable ? 0 : fieldBit.billableImported;
  if (stored.isBillableEdited || stored.billable === billable) return remembered;
  return remembered | fieldBit.billable;
}

/** The record as it is after importing `row`, given the `bits` that `diffRow` returned. */
export function applyRow(
  stored: StoredRecord,
  row: RowReader,
  ids: RowIds,
  file: FileTraits,
  bits: number,
): StoredRecord {
  const has = (bit: number): boolean => (bits & bit) !== 0;
  const patch: RecordPatch = {};
  if (has(fieldBit.user)) patch.userId = ids.user;
  if (has(fieldBit.project)) patch.projectId = ids.project;
  if (has(fieldBit.activity)) patch.activityId = ids.activity;
  if (has(fieldBit.day)) patch.day = row.day;
  if (has(fieldBit.begin)) patch.beginMin = row.beginMin;
  if (has(fieldBit.end)) patch.endMin = row.endMin;
  if (has(fieldBit.running)) patch.running = false;
  if (has(fieldBit.duration)) patch.durationS = row.durationS;
  if (has(fieldBit.duration | fieldBit.resolution)) patch.resolutionS = file.resolution;
  if (has(fieldBit.rate)) patch.rateE4 = row.rateE4;
  if (has(fieldBit.hourlyRate)) patch.hourlyRateE4 = row.hourlyRateE4;
  if (has(fieldBit.fixedRate)) patch.fixedRateE4 = row.fixedRateE4;
  if (has(fieldBit.billable)) patch.billable = row.billable === true;
  if (has(fieldBit.billableImported)) patch.billableImported = row.billable;
  if (has(fieldBit.description)) patch.description = row.description;
  if (has(fieldBit.tags)) patch.tags = row.tags;
  if (has(fieldBit.break)) patch.breakS = row.breakS;
  if (has(fieldBit.exported)) patch.exported = row.exported;
  if (has(fieldBit.kimaiId)) patch.kimaiId = row.kimaiId;
  return stored.changed(patch);
}
