/**
 * Entries that were corrected in Kimai: a stored record that a newer export of the same period no
 * longer has, while a similar new one appeared. They are only offered to the owner, since an entry
 * may as well have been deleted and another one made. Writes nothing.
 */
import { daysOfMonth, monthOfDay } from '../../../src-shared/domain/period.ts';
import type { ReadDb } from '../../store/db.ts';
import { idsInScope, RecordReads, importDaysInScope } from '../../store/records/records.ts';
import type { StoredRecord } from '../../store/records/stored-record.ts';
import { RowReader } from '../rows/row-reader.ts';
import type { Dictionary } from './dictionary.ts';
import type { FileTraits } from './file-traits.ts';
import { rowKind, type PlannedBatch } from './planned-batch.ts';

export interface PlannedFile {
  db: ReadDb;
  file: FileTraits;
  dictionary: Dictionary;
  batches: readonly PlannedBatch[];
  /** The record is in the file. */
  isClaimed: (recordId: number) => boolean;
}

/** A new row, and the record that it may have been. */
export interface Likeness {
  planned: PlannedBatch;
  row: number;
  record: StoredRecord;
}

/** With more missing records the file is another selection, and tells nothing about one of them. */
const maxMissing = 2000;
/** A row is compared with at most this many records of one text. */
const maxAlike = 50;
const maxPairs = 100_000;

interface Days {
  first: number;
  last: number;
}

/** At most one row for a record and one record for a row, the likeliest first. */
export function findCorrections(whole: PlannedFile): Likeness[] {
  const { file, dictionary, batches } = whole;
  const { days, projectIds } = scopeOf(whole);
  const missing = [...projectIds].flatMap((id) => missingRecords(whole, id, days));
  if (missing.length === 0) return [];
  const byText = Map.groupBy(missing, ({ record }) => `${record.projectId} ${record.description}`);
  const pairs: (Likeness & { score: number; apart: number })[] = [];
  for (const planned of batches) {
    const reader = new RowReader(planned.batch);
    for (let row = 0; row < planned.batch.rows && pairs.length < maxPairs; row++) {
      if (planned.kinds[row] !== rowKind.new) continue;
      const projectId = dictionary.projects[reader.at(row).projectIndex]!.slot.id;
      const text = file.hasDescription ? reader.description : '';
      for (const one of (byText.get(`${projectId} ${text}`) ?? []).slice(0, maxAlike)) {
        const score = likeness(reader, one, days, whole);
        if (score === null) continue;
        const { record } = one;
        pairs.push({ planned, row, record, score, apart: Math.abs(record.day - reader.day) });
      }
    }
  }
  return best(pairs);
}

function best(pairs: (Likeness & { score: number; apart: number })[]): Likeness[] {
  const rows = new Map<PlannedBatch, Set<number>>();
  const records = new Set<number>();
  const found: Likeness[] = [];
  for (const { planned, row, record } of pairs.sort(
    (a, b) => b.score - a.score || a.apart - b.apart,
  )) {
    const taken = rows.get(planned) ?? new Set();
    if (taken.has(row) || records.has(record.id)) continue;
    rows.set(planned, taken.add(row));
    records.add(record.id);
    found.push({ planned, row, record });
  }
  return found;
}

/** The days of the file, and the stored projects in which it has new rows. */
function scopeOf({ batches, dictionary }: PlannedFile): { days: Days; projectIds: Set<number> } {
  const days = { first: Infinity, last: 0 };
  const projectIds = new Set<number>();
  for (const { batch, kinds } of batches) {
    const reader = new RowReader(batch);
    for (let row = 0; row < batch.rows; row++) {
      if (kinds[row] === rowKind.problem) continue;
      const { day, projectIndex } = reader.at(row);
      if (day < days.first) days.first = day;
      if (day > days.last) days.last = day;
      if (kinds[row] !== rowKind.new) continue;
      const { id } = dictionary.projects[projectIndex]!.slot;
      if (id !== null) projectIds.add(id);
    }
  }
  return { days, projectIds };
}

interface MissingRecord {
  record: StoredRecord;
  /** The days of the import that brought it; null: the file has nothing else of that import. */
  importDays: Days | null;
}

/** Records of a project, in the months of the file, that the file does not have. */
function missingRecords(
  { db, isClaimed }: PlannedFile,
  projectId: number,
  { first, last }: Days,
): MissingRecord[] {
  const { firstDay } = daysOfMonth(monthOfDay(first));
  const { lastDay } = daysOfMonth(monthOfDay(last));
  const ids = idsInScope(db, [projectId], firstDay, lastDay).filter((id) => !isClaimed(id));
  if (ids.length === 0 || ids.length > maxMissing) return [];
  const daysOf = new Map<number, Days>();
  const seen = new Set<number>();
  for (const [id, day, importId] of importDaysInScope(db, projectId, firstDay, lastDay)) {
    const days = daysOf.get(importId);
    if (!days) daysOf.set(importId, { first: day, last: day });
    else {
      days.first = Math.min(days.first, day);
      days.last = Math.max(days.last, day);
    }
    if (isClaimed(id)) seen.add(importId);
  }
  const reads = new RecordReads(db);
  return ids.map((id) => {
    const record = reads.byId(id)!;
    const { importId } = record;
    const isSeen = importId !== null && seen.has(importId);
    return { record, importDays: isSeen ? daysOf.get(importId)! : null };
  });
}

/** How alike they are; null: they are not the same entry. Project and text are the same. */
function likeness(
  row: RowReader,
  { record, importDays }: MissingRecord,
  days: Days,
  { file, dictionary }: PlannedFile,
): number | null {
  const { day, beginMin, endMin, durationS } = row;
  // Two entries that both have an id are two entries.
  if (row.kimaiId !== null && record.kimaiId !== null) return null;
  const { candidates } = dictionary.people[row.personIndex]!;
  if (file.hasUser && !candidates.some(({ id }) => id === record.userId)) return null;
  const isSameActivity =
    file.hasActivity && dictionary.activities[row.activityIndex]!.id === record.activityId;
  const isSameBegin = beginMin >= 0 && beginMin === record.beginMin;
  const isSameEnd = endMin !== null && endMin === record.endMin;
  const isSameDuration = file.hasDuration && durationS === record.durationS;
  if (day !== record.day) {
    // Many entries of other days are called the same. That the period was exported before and
    // again makes this one a correction: other exports leave out what is not theirs.
    const isIn = (period: Days, one: number): boolean => one >= period.first && one <= period.last;
    const wasExported = importDays !== null && (isIn(days, record.day) || isIn(importDays, day));
    if (!wasExported || record.description === '' || !isSameActivity) return null;
  } else if (record.description === '') {
    if (!isSameActivity || !(isSameBegin || isSameEnd || isSameDuration)) return null;
  }
  return (
    (isSameActivity ? 8 : 0) +
    (day === record.day ? 4 : 0) +
    (isSameBegin ? 2 : 0) +
    (isSameEnd ? 1 : 0) +
    (isSameDuration ? 1 : 0)
  );
}
