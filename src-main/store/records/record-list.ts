/** The owner's list of records: filtered, newest first, a page at a time. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReadDb } from '../db.ts';

export interface RecordFilter {
  customerId?: number | undefined;
  projectId?: number | undefined;
  /** `yyyymmdd`, both included. */
  firstDay?: number | undefined;
  lastDay?: number | undefined;
  search?: string | undefined;
  state: 'all' | 'hidden' | 'running' | 'edited';
  offset: number;
  limit: number;
}

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

const states: Record<RecordFilter['state'], string> = {
  all: '1',
  hidden: 'r.hidden = 1',
  running: 'r.running = 1',
  // These three are terms of the partial index `records_marked`, word for word.
  edited: 'r.billable <> coalesce(r.billable_imported, 1)',
};

const joins = `FROM records AS r
  JOIN users AS u ON u.id = r.user_id
  JOIN activities AS a ON a.id = r.activity_id
  JOIN projects AS p ON p.id = r.project_id
  JOIN customers AS c ON c.id = p.customer_id`;

/** A search reads this many records (some 4 ms) and then lets other requests run. */
const recordsPerTurn = 5000;

export interface RecordSums {
  total: number;
  /** Running records add nothing. */
  durationS: number;
}

/**
 * The page of records that the filter asks for, newest first, and the sums of all that match.
 * A search reads every record of its scope, and a million take a second: so it goes from day to day
 * and lets clients' pages be answered in between. What changes meanwhile may be seen in part; the
 * topic `catalog` has the list fetched again.
 */
export async function listRecords(
  db: ReadDb,
  filter: RecordFilter,
): Promise<RecordSums & { rows: ListedRecord[] }> {
  if (filter.state !== 'all') {
    return { ...sumMatches(db, filter), rows: selectRows(db, filter) };
  }
  const days = countDays(db, filter);
  if (!filter.search?.trim()) return pageOfDays(db, filter, days);
  const found = { total: 0, durationS: 0 };
  const rows: ListedRecord[] = [];
  for (const span of splitDays(days)) {
    const sums = sumMatches(db, { ...filter, ...span });
    const offset = Math.max(0, filter.offset - found.total);
    const limit = filter.limit - rows.length;
    if (limit > 0 && sums.total > offset) {
      rows.push(...selectRows(db, { ...filter, ...span, offset, limit }));
    }
    found.total += sums.total;
    found.durationS += sums.durationS;
    await nextTurn();
  }
  return { ...found, rows };
}

/**
 * How a text holds the searched one, in capitals or not. SQLite's LIKE knows the capitals of ASCII
 * only; other words go by GLOB, which is slower, with both forms of each letter. Signs that mean
 * something in a pattern are meant as such.
 */
function matching(search: string): { operator: string; pattern: string } {
  if (!/[^\0-\x7f]/.test(search)) {
    return { operator: "LIKE ? ESCAPE '\\'", pattern: `%${search.replace(/[\\%_]/g, '\\$&')}%` };
  }
  const letters = [...search].map((letter) => {
    const forms = [letter, letter.toLowerCase(), letter.toUpperCase()];
    // The capital of "ß" is two letters, which a class would take for one of them.
    const single = new Set(forms.filter((form) => [...form].length === 1));
    return single.size > 1 || '*?['.includes(letter) ? `[${[...single].join('')}]` : letter;
  });
  return { operator: 'GLOB ?', pattern: `*${letters.join('')}*` };
}

function conditionsOf(filter: RecordFilter): { where: string; params: (number | string)[] } {
  const conditions = [states[filter.state]];
  const params: (number | string)[] = [];
  const add = (condition: string, ...values: (number | string)[]): void => {
    conditions.push(condition);
    params.push(...values);
  };
  if (filter.projectId !== undefined) add('r.project_id = ?', filter.projectId);
  if (filter.customerId !== undefined) {
    add('r.project_id IN (SELECT id FROM projects WHERE customer_id = ?)', filter.customerId);
  }
  // True for every record; it makes SQLite use the index `records_by_project_day`.
  if (filter.state === 'all') add('r.project_id IN (SELECT id FROM projects)');
  if (filter.firstDay !== undefined) add('r.day >= ?', filter.firstDay);
  if (filter.lastDay !== undefined) add('r.day <= ?', filter.lastDay);
  const search = filter.search?.trim();
  if (search) {
    const { operator, pattern } = matching(search);
    // Names are searched once, not once for each record that has them.
    const terms = [
      `r.description ${operator}`,
      `r.activity_id IN (SELECT id FROM activities WHERE name ${operator})`,
      `r.user_id IN (SELECT id FROM users WHERE display_name ${operator})`,
      `r.tags ${operator}`,
    ];
    add(`(${terms.join(' OR ')})`, ...terms.map(() => pattern));
  }
  return { where: `WHERE ${conditions.join(' AND ')}`, params };
}

function selectRows(db: ReadDb, filter: RecordFilter): ListedRecord[] {
  const { where, params } = conditionsOf(filter);
  return db
    .prepare<(number | string)[], ListedRecord>(
      `SELECT r.id, r.kimai_id AS kimaiId, r.day, r.begin_min AS beginMin, r.end_min AS endMin,
        r.running, r.duration_s AS durationS, r.rate_e4 AS rateE4, c.currency,
        u.display_name AS user, c.name AS customer, p.name AS project, a.name AS activity,
        r.description, r.tags, r.billable, r.billable_imported AS billableImported, r.hidden
       ${joins} ${where} ORDER BY r.day DESC, r.begin_min DESC, r.id DESC LIMIT ? OFFSET ?`,
    )
    .all(...params, filter.limit, filter.offset);
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

type Day = RecordSums & { day: number };

/**
 * The days of the filter's scope, newest first, whatever it searches for: from the roll-up, which
 * knows all but the hidden records.
 */
function countDays(db: ReadDb, filter: RecordFilter): Day[] {
  const scope = `(:projectId IS NULL OR project_id = :projectId) AND
    (:customerId IS NULL OR project_id IN (SELECT id FROM projects WHERE customer_id = :customerId))
    AND day BETWEEN :firstDay AND :lastDay`;
  return db
    .prepare<[Record<string, number | null>], Day>(
      `SELECT day, sum(records) AS total, sum(duration_s) AS durationS FROM (
         SELECT day, records, duration_s FROM project_days WHERE ${scope}
         UNION ALL
         SELECT day, 1, CASE running WHEN 1 THEN 0 ELSE duration_s END
           FROM records WHERE hidden = 1 AND ${scope})
       GROUP BY day ORDER BY day DESC`,
    )
    .all({
      projectId: filter.projectId ?? null,
      customerId: filter.customerId ?? null,
      firstDay: filter.firstDay ?? 0,
      lastDay: filter.lastDay ?? 99_999_999,
    });
}

/** A page without a search: only the days that it shows are read, however far back they are. */
function pageOfDays(
  db: ReadDb,
  filter: RecordFilter,
  days: readonly Day[],
): RecordSums & { rows: ListedRecord[] } {
  const sums = { total: 0, durationS: 0 };
  const shown: Day[] = [];
  let before = 0;
  for (const day of days) {
    const isPast = sums.total + day.total <= filter.offset;
    if (isPast) before += day.total;
    else if (sums.total < filter.offset + filter.limit) shown.push(day);
    sums.total += day.total;
    sums.durationS += day.durationS;
  }
  const [newest] = shown;
  const oldest = shown.at(-1);
  if (newest === undefined || oldest === undefined) return { ...sums, rows: [] };
  const span = { firstDay: oldest.day, lastDay: newest.day, offset: filter.offset - before };
  return { ...sums, rows: selectRows(db, { ...filter, ...span }) };
}

/** Spans of days, newest first, with `recordsPerTurn` each or a single day with more. */
function splitDays(days: readonly Day[]): { firstDay: number; lastDay: number }[] {
  const spans: { firstDay: number; lastDay: number; total: number }[] = [];
  for (const { day, total } of days) {
    const last = spans.at(-1);
    if (last !== undefined && last.total + total <= recordsPerTurn) {
      last.firstDay = day;
      last.total += total;
    } else spans.push({ firstDay: day, lastDay: day, total });
  }
  return spans.map(({ firstDay, lastDay }) => ({ firstDay, lastDay }));
}
