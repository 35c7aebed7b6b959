/** Which records a list is narrowed to, and the days on which they are. */
import type { RecordOrder } from '../../../src-shared/contract/catalog.ts';
import type { ReadDb } from '../db.ts';

export interface RecordFilter {
  customerId?: number | undefined;
  projectId?: number | undefined;
  /** `yyyymmdd`, both included. */
  firstDay?: number | undefined;
  lastDay?: number | undefined;
  search?: string | undefined;
  state: 'all' | 'hidden' | 'running' | 'edited';
  /** Missing: by day. Records that are equal in it come newest first. */
  order?: RecordOrder | undefined;
  /** Missing: true, newest, longest and `Z` first. */
  descending?: boolean | undefined;
  offset: number;
  limit: number;
}

const states: Record<RecordFilter['state'], string> = {
  all: '1',
  hidden: 'r.hidden = 1',
  running: 'r.running = 1',
  // These three are terms of the partial index `records_marked`, word for word.
  edited: 'r.billable <> coalesce(r.billable_imported, 1)',
};

/** A list reads this many records (some 2 to 4 ms) and then lets other requests run. */
export const recordsPerTurn = 5000;

export interface RecordSums {
  total: number;
  /** Running records add nothing. */
  durationS: number;
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

/** A part of a list, which is read at once. */
export interface Slice extends RecordFilter {
  /** Records with these ids, both included, are read in the order of the table. */
  ids?: { first: number; last: number };
}

export function conditionsOf(filter: Slice): { where: string; params: (number | string)[] } {
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
  if (filter.ids !== undefined) add('r.id BETWEEN ? AND ?', filter.ids.first, filter.ids.last);
  // True for every record; it makes SQLite use the index `records_by_project_day`.
  else if (filter.state === 'all') add('r.project_id IN (SELECT id FROM projects)');
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

export type Day = RecordSums & { day: number };

/**
 * The sums of all days, which come in the order of the list, the days that a page shows, and how many
 * records are before these.
 */
export function chooseDays(
  days: readonly Day[],
  { offset, limit }: Pick<RecordFilter, 'limit' | 'offset'>,
): { sums: RecordSums; shown: Day[]; before: number } {
  const sums = { total: 0, durationS: 0 };
  const shown: Day[] = [];
  let before = 0;
  for (const day of days) {
    const isPast = sums.total + day.total <= offset;
    if (isPast) before += day.total;
    else if (sums.total < offset + limit) shown.push(day);
    sums.total += day.total;
    sums.durationS += day.durationS;
  }
  return { sums, shown, before };
}

/** `yyyymmdd`, both included. Nothing: all days of the filter. */
export interface DaySpan {
  firstDay?: number;
  lastDay?: number;
}

/**
 * The days of the filter's scope, newest first, whatever it searches for: from the roll-up, which
 * knows all but the hidden records.
 */
export function countDays(db: ReadDb, filter: RecordFilter): Day[] {
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

/** Spans of days in their order, with `recordsPerTurn` each or a single day with more. */
export function splitDays(days: readonly Day[]): DaySpan[] {
  const spans: (Required<DaySpan> & { total: number })[] = [];
  for (const { day, total } of days) {
    const last = spans.at(-1);
    if (last !== undefined && last.total + total <= recordsPerTurn) {
      last.firstDay = Math.min(last.firstDay, day);
      last.lastDay = Math.max(last.lastDay, day);
      last.total += total;
    } else spans.push({ firstDay: day, lastDay: day, total });
  }
  return spans.map(({ firstDay, lastDay }) => ({ firstDay, lastDay }));
}
