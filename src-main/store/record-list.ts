/** The owner's list of records: filtered, newest first, a page at a time. */
import type { Store } from './open.ts';

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
  // The last three are terms of the partial index `records_marked`, word for word.
  edited: 'r.billable <> coalesce(r.billable_imported, 1)',
};

const joins = `FROM records AS r
  JOIN users AS u ON u.id = r.user_id
  JOIN activities AS a ON a.id = r.activity_id
  JOIN projects AS p ON p.id = r.project_id
  JOIN customers AS c ON c.id = p.customer_id`;

/** `%` and `_` of a search are meant as such. */
const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

export function listRecords(
  db: Pick<Store, 'prepare'>,
  filter: RecordFilter,
): { total: number; durationS: number; rows: ListedRecord[] } {
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
  if (filter.firstDay !== undefined) add('r.day >= ?', filter.firstDay);
  if (filter.lastDay !== undefined) add('r.day <= ?', filter.lastDay);
  const search = filter.search?.trim();
  if (search) {
    const like = likePattern(search);
    const fields = ['r.description', 'a.name', 'u.display_name', 'r.tags'];
    add(
      `(${fields.map((field) => `${field} LIKE ? ESCAPE '\\'`).join(' OR ')})`,
      ...fields.map(() => like),
    );
  }
  const where = `WHERE ${conditions.join(' AND ')}`;
  const isPlain = filter.state === 'all' && !search;
  const rows = db
    .prepare(
      `SELECT r.id, r.kimai_id AS kimaiId, r.day, r.begin_min AS beginMin, r.end_min AS endMin,
        r.running, r.duration_s AS durationS, r.rate_e4 AS rateE4, c.currency,
        u.display_name AS user, c.name AS customer, p.name AS project, a.name AS activity,
        r.description, r.tags, r.billable, r.billable_imported AS billableImported, r.hidden
       ${joins} ${where} ${isPlain ? 'AND r.project_id IN (SELECT id FROM projects) AND r.day >= ?' : ''}
       ORDER BY r.day DESC, r.begin_min DESC, r.id DESC LIMIT ? OFFSET ?`,
    )
    .all(
      ...params,
      ...(isPlain ? [firstDayOfPage(db, filter)] : []),
      filter.limit,
      filter.offset,
    ) as ListedRecord[];
  const sums = isPlain
    ? sumsFromDays(db, filter)
    : (db
        .prepare(
          `SELECT count(*) AS total,
              coalesce(sum(CASE r.running WHEN 1 THEN 0 ELSE r.duration_s END), 0) AS durationS
             ${search ? joins : 'FROM records AS r'} ${where}`,
        )
        .get(...params) as { total: number; durationS: number });
  return { ...sums, rows };
}

const dayScope = `(:projectId IS NULL OR project_id = :projectId) AND
    (:customerId IS NULL OR project_id IN (SELECT id FROM projects WHERE customer_id = :customerId))
    AND day BETWEEN :firstDay AND :lastDay`;

const dayParams = (filter: RecordFilter) => ({
  projectId: filter.projectId ?? null,
  customerId: filter.customerId ?? null,
  firstDay: filter.firstDay ?? 0,
  lastDay: filter.lastDay ?? 99_999_999,
});

/**
 * The newest day from which on there are enough records for the page: so that a page of a million
 * records, newest first, need not sort them all. Hidden ones only make it earlier than needed.
 */
function firstDayOfPage(db: Pick<Store, 'prepare'>, filter: RecordFilter): number {
  const wanted = filter.offset + filter.limit;
  const days = db
    .prepare(
      `SELECT day, sum(records) AS records FROM project_days WHERE ${dayScope}
       GROUP BY day ORDER BY day DESC`,
    )
    .raw()
    .iterate(dayParams(filter)) as IterableIterator<[number, number]>;
  let found = 0;
  for (const [day, records] of days) {
    found += records;
    if (found >= wanted) return day;
  }
  return 0;
}

/** From the roll-up, which knows all but the hidden ones: a million records in milliseconds. */
function sumsFromDays(
  db: Pick<Store, 'prepare'>,
  filter: RecordFilter,
): { total: number; durationS: number } {
  return db
    .prepare(
      `SELECT sum(total) AS total, sum(durationS) AS durationS FROM (
         SELECT coalesce(sum(records), 0) AS total, coalesce(sum(duration_s), 0) AS durationS
           FROM project_days WHERE ${dayScope}
         UNION ALL
         SELECT count(*), coalesce(sum(CASE running WHEN 1 THEN 0 ELSE duration_s END), 0)
           FROM records WHERE hidden = 1 AND ${dayScope})`,
    )
    .get(dayParams(filter)) as { total: number; durationS: number };
}
