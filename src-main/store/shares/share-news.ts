import type { RecordFilter } from '../../../src-shared/domain/share-scope.ts';
import type { ReadDb } from '../db.ts';

/** When the newest import that still stands was made; 0: there is none. */
export function lastImportAt(db: ReadDb): number {
  return db
    .prepare<[], number>(
      'SELECT COALESCE(MAX(imported_at), 0) FROM imports WHERE undone_at IS NULL',
    )
    .pluck()
    .get()!;
}

/** Records of these projects and days that an import after the moment `since` added or changed. */
export function sumNews(
  db: ReadDb,
  { projectIds, firstDay, lastDay, onlyBillable }: RecordFilter & { projectIds: readonly number[] },
  since: number,
): { records: number; durationS: number } {
  return db
    .prepare<
      [{ projectIds: string; firstDay: number; lastDay: number; billable: 0 | 1; since: number }],
      { records: number; durationS: number }
    >(
      `SELECT COUNT(*) AS records,
              COALESCE(SUM(CASE r.running WHEN 1 THEN 0 ELSE r.duration_s END), 0) AS durationS
         FROM json_each(:projectIds) AS p
         CROSS JOIN records AS r ON r.project_id = p.value AND r.day BETWEEN :firstDay AND :lastDay
        WHERE r.hidden = 0 AND r.billable >= :billable
          AND r.import_id IN (SELECT id FROM imports WHERE imported_at > :since)`,
    )
    .get({
      projectIds: JSON.stringify(projectIds),
      firstDay,
      lastDay,
      billable: onlyBillable ? 1 : 0,
      since,
    })!;
}
