import type { ReadDb } from '../db.ts';

/** When a row of a file says that somebody worked; minutes after midnight. */
export interface WorkedAt {
  project: string;
  day: number;
  beginMin: number;
  endMin: number;
}

/** How many of these are stored, by the name of the project and the times. */
export function countStored(db: ReadDb, rows: readonly WorkedAt[]): number {
  const exists = db
    .prepare<[project: string, day: number, beginMin: number, endMin: number], number>(
      `SELECT EXISTS (
         SELECT 1 FROM projects JOIN records ON records.project_id = projects.id
         WHERE projects.name = ? AND day = ? AND begin_min = ? AND end_min = ?
       )`,
    )
    .pluck();
  return rows.filter(
    ({ project, day, beginMin, endMin }) => exists.get(project, day, beginMin, endMin) === 1,
  ).length;
}
