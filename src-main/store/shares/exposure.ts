import type { RecordFilter } from '../../../src-shared/domain/share-scope.ts';
import { dayText } from '../../../src-shared/domain/day.ts';
import type { ReadDb } from '../db.ts';

export interface ExposedRecords {
  records: number;
  /** `YYYY-MM-DD`; null if there are no records. */
  firstDay: string | null;
  lastDay: string | null;
}

interface Which extends RecordFilter {
  projectIds: readonly number[];
}

/** How many records these projects and days hold, and from when to when. Hidden ones are none. */
export function countExposedRecords(db: ReadDb, which: Which): ExposedRecords {
  const row = db
    .prepare<[BoundWhich], { records: number; firstDay: number | null; lastDay: number | null }>(
      `SELECT COALESCE(SUM(records), 0) AS records, MIN(day) AS firstDay, MAX(day) AS lastDay
         FROM project_days
        WHERE project_id IN (SELECT value FROM json_each(:projectIds))
          AND day BETWEEN :firstDay AND :lastDay AND billable >= :onlyBillable AND records > 0`,
    )
    .get(bind(which))!;
  return {
    records: row.records,
    firstDay: row.firstDay === null ? null : dayText(row.firstDay),
    lastDay: row.lastDay === null ? null : dayText(row.lastDay),
  };
}

/** Ids of the people in these records. */
export function listExposedUserIds(db: ReadDb, which: Which): number[] {
  return db
    .prepare<[BoundWhich], number>(
      `SELECT DISTINCT r.user_id FROM records AS r
        WHERE r.project_id IN (SELECT value FROM json_each(:projectIds))
          AND r.day BETWEEN :firstDay AND :lastDay AND r.billable >= :onlyBillable AND r.hidden = 0`,
    )
    .pluck()
    .all(bind(which));
}

/** Display names of the people in these records. */
export function listExposedUsers(db: ReadDb, which: Which): string[] {
  return db
    .prepare<[BoundWhich], string>(
      `SELECT DISTINCT u.display_name FROM records AS r JOIN users AS u ON u.id = r.user_id
        WHERE r.project_id IN (SELECT value FROM json_each(:projectIds))
          AND r.day BETWEEN :firstDay AND :lastDay AND r.billable >= :onlyBillable AND r.hidden = 0
        ORDER BY 1`,
    )
    .pluck()
    .all(bind(which));
}

type BoundWhich = Record<string, string | number>;

const bind = ({ projectIds, firstDay, lastDay, onlyBillable }: Which): BoundWhich => ({
  projectIds: JSON.stringify(projectIds),
  firstDay,
  lastDay,
  onlyBillable: onlyBillable ? 1 : 0,
});
