/** The owner's list of records: filtered, in an order, a page at a time. */
import type { ReadDb } from '../db.ts';
import {
  chooseDays,
  conditionsOf,
  countDays,
  splitDays,
  type RecordFilter,
  type RecordSums,
} from './record-conditions.ts';
import { findOrdered } from './record-order.ts';
import { findMatches } from './record-search.ts';

export interface ListedRecord {
  id: number;
  kimaiId: number | null;
  day: number;
  /** Minutes after midnight; -1 unknown. */
  beginMin: number;
  endMin: number | null;
  running: number;
  durationS: number;
  rateE4: number | null;
  currency: string | null;
  user: string;
  customer: string;
  project: string;
  activity: string;
  description: string;
  tags: string | null;
  billable: number;
  billableImported: number | null;
  hidden: number;
}

const selection = `SELECT r.id, r.kimai_id AS kimaiId, r.day, r.begin_min AS beginMin,
    r.end_min AS endMin, r.running, r.duration_s AS durationS, r.rate_e4 AS rateE4, c.currency,
    u.display_name AS user, c.name AS customer, p.name AS project, a.name AS activity,
    r.description, r.tags, r.billable, r.billable_imported AS billableImported, r.hidden
  FROM records AS r
  JOIN users AS u ON u.id = r.user_id
  JOIN activities AS a ON a.id = r.activity_id
  JOIN projects AS p ON p.id = r.project_id
  JOIN customers AS c ON c.id = p.customer_id`;

/**
 * The page of records that the filter asks for, in its order, and the sums of all that match.
 * Where every record of the scope has to be read, as by a search, clients' pages are answered in
 * between. What changes meanwhile may be seen in part; the topic `catalog` has the list fetched again.
 */
export async function listRecords(
  db: ReadDb,
  filter: RecordFilter,
): Promise<RecordSums & { rows: ListedRecord[] }> {
  const isMarked = filter.state !== 'all';
  const { order = 'day' } = filter;
  if (order !== 'day') {
    const spans = isMarked ? [{}] : splitDays(countDays(db, filter));
    const { ids, ...sums } = await findOrdered(db, { ...filter, order }, spans);
    return { ...sums, rows: selectById(db, ids) };
  }
  if (isMarked) {
    return { ...sumMatches(db, filter), rows: selectRows(db, filter) };
  }
  if (!filter.search?.trim()) return pageOfDays(db, filter);
  const { ids, offset, ...sums } = await findMatches(db, filter);
  const where = 'WHERE r.id IN (SELECT value FROM json_each(?))';
  const found = { where, params: [JSON.stringify(ids)] };
  return { ...sums, rows: queryRows(db, found, { ...filter, offset }) };
}

const selectRows = (db: ReadDb, filter: RecordFilter): ListedRecord[] =>
  queryRows(db, conditionsOf(filter), filter);

function queryRows(
  db: ReadDb,
  { where, params }: ReturnType<typeof conditionsOf>,
  filter: Pick<RecordFilter, 'descending' | 'limit' | 'offset'>,
): ListedRecord[] {
  const order = ['r.day', 'r.begin_min', 'r.id']
    .map((column) => `${column} ${filter.descending === false ? 'ASC' : 'DESC'}`)
    .join(', ');
  return db
    .prepare<(number | string)[], ListedRecord>(
      `${selection} ${where} ORDER BY ${order} LIMIT ? OFFSET ?`,
    )
    .all(...params, filter.limit, filter.offset);
}

/** In the order of the ids. */
function selectById(db: ReadDb, ids: readonly number[]): ListedRecord[] {
  const rows = db
    .prepare<[string], ListedRecord>(`${selection} WHERE r.id IN (SELECT value FROM json_each(?))`)
    .all(JSON.stringify(ids));
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => rowOf.get(id) ?? []);
}

function sumMatches(db: ReadDb, filter: RecordFilter): RecordSums {
  const { where, params } = conditionsOf(filter);
  return db
    .prepare<(number | string)[], RecordSums>(
      `SELECT count(*) AS total,
          coalesce(sum(CASE r.running WHEN 1 THEN 0 ELSE r.duration_s END), 0) AS durationS
         FROM records AS r ${where}`,
    )
    .get(...params)!;
}

/** A page without a search: only the days that it shows are read, however far back they are. */
function pageOfDays(db: ReadDb, filter: RecordFilter): RecordSums & { rows: ListedRecord[] } {
  const days = countDays(db, filter);
  if (filter.descending === false) days.reverse();
  const { sums, shown, before } = chooseDays(days, filter);
  if (shown.length === 0) return { ...sums, rows: [] };
  const shownDays = shown.map(({ day }) => day);
  const span = {
    firstDay: Math.min(...shownDays),
    lastDay: Math.max(...shownDays),
    offset: filter.offset - before,
  };
  return { ...sums, rows: selectRows(db, { ...filter, ...span }) };
}
