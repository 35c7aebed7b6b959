/**
 * Records that a search finds. It reads every record of its scope, and a million take a third of a
 * second: so it goes in slices, and lets other requests be answered in between.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReadDb } from '../db.ts';
import {
  chooseDays,
  conditionsOf,
  countDays,
  recordsPerTurn,
  splitDays,
  type RecordFilter,
  type RecordSums,
  type Slice,
} from './record-conditions.ts';

/**
 * A search of more than one record in so many reads the table from its beginning to its end: to find
 * a record by the index of projects and days takes several times as long as to read the next one.
 */
const wideScope = 4;

/** The records of a day that were found. */
interface Found extends RecordSums {
  ids: number[];
}

/**
 * The sums of all records that match, and the ids of those on the days that the page shows, in no
 * order. `offset`: how many of these come before the page.
 */
export async function findMatches(
  db: ReadDb,
  filter: RecordFilter,
): Promise<RecordSums & { ids: number[]; offset: number }> {
  const found = new Map<number, Found>();
  for (const slice of slicesOf(db, filter)) {
    readSlice(db, slice, found);
    await nextTurn();
  }
  const direction = filter.descending === false ? 1 : -1;
  const days = [...found]
    .map(([day, { total, durationS }]) => ({ day, total, durationS }))
    .toSorted((a, b) => direction * (a.day - b.day));
  const { sums, shown, before } = chooseDays(days, filter);
  const ids = shown.flatMap(({ day }) => found.get(day)!.ids);
  return { ...sums, ids, offset: filter.offset - before };
}

/** Adds what a slice has to `found`, by day. */
function readSlice(db: ReadDb, slice: Slice, found: Map<number, Found>): void {
  const { where, params } = conditionsOf(slice);
  const rows = db
    .prepare<(number | string)[], [id: number, day: number, durationS: number]>(
      `SELECT r.id, r.day, CASE r.running WHEN 1 THEN 0 ELSE r.duration_s END
         FROM records AS r ${slice.ids === undefined ? '' : 'NOT INDEXED'} ${where}`,
    )
    .raw()
    .all(...params);
  for (const [id, day, durationS] of rows) {
    let ofDay = found.get(day);
    if (ofDay === undefined) found.set(day, (ofDay = { total: 0, durationS: 0, ids: [] }));
    ofDay.total++;
    ofDay.durationS += durationS;
    ofDay.ids.push(id);
  }
}

/** The slices of a search: of the whole table, or spans of days where these hold little of it. */
function slicesOf(db: ReadDb, filter: RecordFilter): Slice[] {
  const { first, last } = db
    .prepare<[], { first: number | null; last: number | null }>(
      'SELECT (SELECT min(id) FROM records) AS first, (SELECT max(id) FROM records) AS last',
    )
    .get()!;
  if (first === null || last === null) return [];
  const { customerId, projectId, firstDay, lastDay } = filter;
  if ([customerId, projectId, firstDay, lastDay].some((part) => part !== undefined)) {
    const days = countDays(db, filter);
    const inScope = days.reduce((sum, { total }) => sum + total, 0);
    if (inScope * wideScope < last - first) {
      return splitDays(days).map((span) => ({ ...filter, ...span }));
    }
  }
  const slices: Slice[] = [];
  for (let id = first; id <= last; id += recordsPerTurn) {
    slices.push({ ...filter, ids: { first: id, last: id + recordsPerTurn - 1 } });
  }
  return slices;
}
