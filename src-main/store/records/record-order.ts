/**
 * Records in an order that no index has: by user, project, duration or amount. No index is added
 * for them, since each costs an import 5 %. The records are counted by what they are ordered by,
 * span after span of days; then only those of the page are picked. So the memory that it takes grows
 * with the different values, not with the records, and other requests are answered in between.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordOrder } from '../../../src-shared/contract/catalog.ts';
import type { ReadDb } from '../db.ts';
import {
  conditionsOf,
  type DaySpan,
  type RecordFilter,
  type RecordSums,
} from './record-conditions.ts';

/** Stands for an amount that is not known; it comes last both ways. */
const noAmount = Number.MIN_SAFE_INTEGER;

const keys: Record<Exclude<RecordOrder, 'day'>, string> = {
  user: 'r.user_id',
  project: 'r.project_id',
  duration: 'CASE r.running WHEN 1 THEN 0 ELSE r.duration_s END',
  amount: `coalesce(r.rate_e4, ${noAmount})`,
};

/**
 * The ids of the page that the filter asks for, in its order, and the sums of all that match.
 * `spans`: all days on which there may be records, newest first.
 */
export async function findOrdered(
  db: ReadDb,
  filter: RecordFilter & { order: Exclude<RecordOrder, 'day'> },
  spans: readonly DaySpan[],
): Promise<RecordSums & { ids: number[] }> {
  const key = keys[filter.order];
  const sums = { total: 0, durationS: 0 };
  const countOf = new Map<number, number>();
  for (const span of spans) {
    const { where, params } = conditionsOf({ ...filter, ...span });
    const counts = db
      .prepare<(number | string)[], RecordSums & { key: number }>(
        `SELECT ${key} AS key, count(*) AS total,
           sum(CASE r.running WHEN 1 THEN 0 ELSE r.duration_s END) AS durationS
         FROM records AS r ${where} GROUP BY 1`,
      )
      .all(...params);
    for (const { key, total, durationS } of counts) {
      countOf.set(key, (countOf.get(key) ?? 0) + total);
      sums.total += total;
      sums.durationS += durationS;
    }
    await nextTurn();
  }
  const ordered = orderKeys(db, filter, [...countOf.keys()]);
  return { ...sums, ids: await pickPage(db, { filter, key, spans, ordered, countOf }) };
}

interface Picking {
  filter: RecordFilter;
  key: string;
  spans: readonly DaySpan[];
  ordered: readonly number[];
  countOf: ReadonlyMap<number, number>;
}

/** Ids of the page: the records of each key in turn, newest first. */
async function pickPage(
  db: ReadDb,
  { filter, key, spans, ordered, countOf }: Picking,
): Promise<number[]> {
  /** Key → place of its next record in the page; below 0: on a page before. */
  const placeOf = new Map<number, number>();
  let place = -filter.offset;
  for (const one of ordered) {
    const count = countOf.get(one)!;
    if (place < filter.limit && place + count > 0) placeOf.set(one, place);
    place += count;
  }
  const last = Math.min(filter.limit, place);
  const ids: number[] = [];
  let found = 0;
  for (const span of spans) {
    if (found >= last) break;
    const { where, params } = conditionsOf({ ...filter, ...span });
    const rows = db
      .prepare<(number | string)[], { id: number; key: number }>(
        `SELECT r.id, ${key} AS key FROM records AS r
         ${where} AND ${key} IN (SELECT value FROM json_each(?))
         ORDER BY r.day DESC, r.begin_min DESC, r.id DESC`,
      )
      .all(...params, JSON.stringify([...placeOf.keys()]));
    for (const row of rows) {
      const at = placeOf.get(row.key)!;
      placeOf.set(row.key, at + 1);
      if (at < 0 || at >= last) continue;
      ids[at] = row.id;
      found += 1;
    }
    await nextTurn();
  }
  // A record that went meanwhile leaves no hole.
  return ids.filter((id) => id !== undefined);
}

function orderKeys(db: ReadDb, filter: RecordFilter, found: readonly number[]): number[] {
  const direction = filter.descending === false ? 1 : -1;
  const names = filter.order === 'user' || filter.order === 'project' ? namesOf(db, filter) : null;
  const compare = names
    ? (a: number, b: number) => collator.compare(names.get(a) ?? '', names.get(b) ?? '')
    : (a: number, b: number) => a - b;
  return found.toSorted(
    (a, b) => Number(a === noAmount) - Number(b === noAmount) || direction * compare(a, b) || a - b,
  );
}

const collator = new Intl.Collator('en');

/** Names by the ids of users, or of projects with their customers before them, as lists show them. */
function namesOf(db: ReadDb, { order }: RecordFilter): Map<number, string> {
  const rows = db
    .prepare<[], { id: number; name: string }>(
      order === 'user'
        ? 'SELECT id, display_name AS name FROM users'
        : `SELECT p.id, c.name || char(10) || p.name AS name
           FROM projects AS p JOIN customers AS c ON c.id = p.customer_id`,
    )
    .all();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
