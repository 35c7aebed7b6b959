/** `project_days`: sums per project, day and billable, kept in the transaction that changes records. */
import type { BulkTable } from '../bulk/bulk-insert.ts';
import type { ReadDb, WriteDb } from '../db.ts';

/** Running records add no time and no money, but are counted: see the schema. */
const sums = `SELECT project_id, day, billable,
    sum(CASE running WHEN 1 THEN 0 ELSE duration_s END) AS duration_s,
    sum(CASE running WHEN 1 THEN 0 ELSE coalesce(rate_e4, 0) END) AS rate_e4,
    count(*) AS records
  FROM records`;

const dayColumns = ['project_id', 'day', 'billable', 'duration_s', 'rate_e4', 'records'] as const;

/** Sums to add to a row of the roll-up or, negative, to take away. */
export interface DayChange {
  projectId: number;
  /** `yyyymmdd`. */
  day: number;
  billable: boolean;
  durationS: number;
  /** Ten-thousandths of the currency's unit. */
  rateE4: number;
  records: number;
}

/** Adds to the roll-up. Call `dropEmptyDays` at the end if anything was taken away. */
export function dayChangesOf(db: WriteDb): BulkTable<DayChange> {
  // An empty table has no row to add to; a plain INSERT takes half the time.
  const isEmpty = db.prepare('SELECT 1 FROM project_days LIMIT 1').get() === undefined;
  return {
    columns: dayColumns,
    insert(values, from) {
      // Without WHERE, SQLite would read ON CONFLICT as the condition of a join.
      const insert = `INSERT INTO project_days (${dayColumns.join(', ')})
        SELECT ${values} ${from} WHERE true`;
      return isEmpty
        ? insert
        : `${insert} ON CONFLICT DO UPDATE SET duration_s = duration_s + excluded.duration_s,
          rate_e4 = rate_e4 + excluded.rate_e4, records = records + excluded.records`;
    },
    write(change, to) {
      to.addNumber(change.projectId);
      to.addNumber(change.day);
      to.addNumber(change.billable ? 1 : 0);
      to.addNumber(change.durationS);
      to.addNumber(change.rateE4);
      to.addNumber(change.records);
    },
  };
}

export function dropEmptyDays(db: WriteDb): void {
  db.prepare('DELETE FROM project_days WHERE records = 0').run();
}

/**
 * Sums up again the days of the records that `select` gives as rows of (project_id, day).
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
    DELETE FROM touched_days`);
}

export interface DayRow {
  project_id: number;
  day: number;
  billable: number;
  duration_s: number;
  rate_e4: number;
  records: number;
}

/** Rows of the roll-up that differ from what the records say. Any such row is a defect. */
export function rollupDifferences(db: ReadDb): DayRow[] {
  const fresh = `${sums} WHERE hidden = 0 GROUP BY project_id, day, billable`;
  return db
    .prepare<[], DayRow>(
      `SELECT * FROM (SELECT * FROM project_days EXCEPT ${fresh})
       UNION ALL SELECT * FROM (${fresh} EXCEPT SELECT * FROM project_days)`,
    )
    .all();
}
