/**
 * `project_days` and `project_months`: sums per project, day or month, and billable, kept in the
 * transaction that changes records.
 */
import type { BulkTable } from '../bulk/bulk-insert.ts';
import type { ReadDb, WriteDb } from '../db.ts';

/** Running records add no time and no money, but are counted: see the schema. */
const sumsBy = (period: string): string => `SELECT project_id, ${period}, billable,
    sum(CASE running WHEN 1 THEN 0 ELSE duration_s END) AS duration_s,
    sum(CASE running WHEN 1 THEN 0 ELSE coalesce(rate_e4, 0) END) AS rate_e4,
    count(*) AS records
  FROM records WHERE hidden = 0 GROUP BY 1, 2, 3`;

/** Sums to add to a row of a roll-up or, negative, to take away. */
export interface SumsChange {
  projectId: number;
  /** A day `yyyymmdd`, or a month `yyyymm`. */
  period: number;
  billable: boolean;
  durationS: number;
  /** Ten-thousandths of the currency's unit. */
  rateE4: number;
  records: number;
}

/** Adds to a roll-up. Call `dropEmptySums` at the end if anything was taken away. */
export function sumsChangesOf(
  db: WriteDb,
  table: 'project_days' | 'project_months',
): BulkTable<SumsChange> {
  // An empty table has no row to add to; a plain INSERT takes half the time.
  const isEmpty = db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined;
  const period = table === 'project_days' ? 'day' : 'month';
  const columns = ['project_id', period, 'billable', 'duration_s', 'rate_e4', 'records'];
  return {
    columns,
    insert(values, from) {
      // Without WHERE, SQLite would read ON CONFLICT as the condition of a join.
      const insert = `INSERT INTO ${table} (${columns.join(', ')})
        SELECT ${values} ${from} WHERE true`;
      return isEmpty
        ? insert
        : `${insert} ON CONFLICT DO UPDATE SET duration_s = duration_s + excluded.duration_s,
          rate_e4 = rate_e4 + excluded.rate_e4, records = records + excluded.records`;
    },
    write(change, to) {
      to.addNumber(change.projectId);
      to.addNumber(change.period);
      to.addNumber(change.billable ? 1 : 0);
      to.addNumber(change.durationS);
      to.addNumber(change.rateE4);
      to.addNumber(change.records);
    },
  };
}

export function dropEmptySums(db: WriteDb): void {
  db.prepare('DELETE FROM project_days WHERE records = 0').run();
  db.prepare('DELETE FROM project_months WHERE records = 0').run();
}

/**
 * Sums up again the days, and their months, of the records that `select` gives as rows of (project_id, day).
 * `change` runs in between: days that it empties go, days that it fills come.
 * CROSS JOIN makes SQLite go from the few days to their records; it would read all records otherwise.
 */
export function rebuildDays(
  db: WriteDb,
  select: { sql: string; params: readonly (number | string)[] },
  change: () => void,
): void {
  db.exec(`CREATE TEMP TABLE IF NOT EXISTS touched_days
    (project_id INTEGER, day INTEGER, PRIMARY KEY (project_id, day)) WITHOUT ROWID`);
  const note = db.prepare(`INSERT OR IGNORE INTO touched_days ${select.sql}`);
  note.run(...select.params);
  change();
  // The rows may have moved to another project or day.
  note.run(...select.params);
  db.exec(`DELETE FROM project_days WHERE (project_id, day) IN (SELECT project_id, day FROM touched_days);
    INSERT INTO project_days
    SELECT r.project_id, r.day, r.billable,
      sum(CASE r.running WHEN 1 THEN 0 ELSE r.duration_s END),
      sum(CASE r.running WHEN 1 THEN 0 ELSE coalesce(r.rate_e4, 0) END), count(*)
    FROM touched_days AS t
    CROSS JOIN records AS r ON r.project_id = t.project_id AND r.day = t.day
    WHERE r.hidden = 0 GROUP BY r.project_id, r.day, r.billable;
    DELETE FROM project_months WHERE (project_id, month) IN
      (SELECT project_id, day / 100 FROM touched_days);
    INSERT INTO project_months
    SELECT d.project_id, t.month, d.billable, sum(d.duration_s), sum(d.rate_e4), sum(d.records)
    FROM (SELECT DISTINCT project_id, day / 100 AS month FROM touched_days) AS t
    CROSS JOIN project_days AS d ON d.project_id = t.project_id
      AND d.day BETWEEN t.month * 100 AND t.month * 100 + 99
    GROUP BY d.project_id, t.month, d.billable;
    DELETE FROM touched_days`);
}

export interface SumsRow {
  project_id: number;
  /** A day, or a month. */
  day: number;
  billable: number;
  duration_s: number;
  rate_e4: number;
  records: number;
}

/** Rows of both roll-ups that differ from what the records say. Any such row is a defect. */
export function rollupDifferences(db: ReadDb): SumsRow[] {
  const differences = (table: string, fresh: string): SumsRow[] =>
    db
      .prepare<[], SumsRow>(
        `SELECT * FROM (${fresh} EXCEPT SELECT * FROM ${table})
         UNION ALL SELECT * FROM (SELECT * FROM ${table} EXCEPT SELECT * FROM (${fresh}))`,
      )
      .all();
  return [
    ...differences('project_days', sumsBy('day')),
    ...differences('project_months', sumsBy('day / 100')),
  ];
}
