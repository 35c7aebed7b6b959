/** The statements of the `records` table that an import needs a million times: raw rows, by position. */
import type { ReadDb, ReadStatement, WriteDb, WriteStatement } from '../db.ts';

export const recordColumns = [
  'id',
  'kimai_id',
  'user_id',
  'project_id',
  'activity_id',
  'day',
  'begin_min',
  'end_min',
  'running',
  'duration_s',
  'break_s',
  'resolution_s',
  'rate_e4',
  'hourly_rate_e4',
  'fixed_rate_e4',
  'billable',
  'billable_imported',
  'exported',
  'hidden',
  'occurrence',
  'import_id',
  'description',
  'tags',
] as const;
export type RecordColumn = (typeof recordColumns)[number];

/** A stored record as an array in the order of `recordColumns`. */
export type RawRecord = (number | string | null)[];

/** Column → position in a raw record. */
export const R = Object.fromEntries(
  recordColumns.map((column, position) => [column, position]),
) as Record<RecordColumn, number>;

const select = `SELECT ${recordColumns.join(', ')} FROM records`;

export interface RecordReads {
  byId: ReadStatement<[id: number], RawRecord>;
  byKimaiId: ReadStatement<[kimaiId: number], RawRecord>;
  /** project, day, user, activity, begin. An ORDER BY or LIMIT makes it nine times slower. */
  byKey: ReadStatement<number[], RawRecord>;
  /** The ids of all records with that key, in the order of `byKey`. */
  idsByKey: ReadStatement<number[], number>;
  ofProjectDay: ReadStatement<[project: number, day: number], RawRecord>;
  /** id, count: so many records with larger ids, in order of id. */
  after: ReadStatement<[id: number, count: number], RawRecord>;
}

/** Statements that give raw records; `byKey` uses the composite index only. */
export function recordReads(db: ReadDb): RecordReads {
  const raw = <Params extends unknown[]>(sql: string): ReadStatement<Params, RawRecord> =>
    db.prepare<Params, RawRecord>(`${select} ${sql}`).raw();
  const withKey = `WHERE project_id = ? AND day = ? AND user_id = ? AND activity_id = ?
    AND begin_min = ?`;
  return {
    byId: raw('WHERE id = ?'),
    byKimaiId: raw('WHERE kimai_id = ?'),
    byKey: raw(withKey),
    idsByKey: db.prepare<number[], number>(`SELECT id FROM records ${withKey}`).pluck(),
    ofProjectDay: raw('WHERE project_id = ? AND day = ? ORDER BY begin_min, occurrence, id'),
    after: raw('WHERE id > ? ORDER BY id LIMIT ?'),
  };
}

const places = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

/** Columns of a new record whose values differ from row to row; the texts are the last two. */
export const insertedColumns = [
  'kimai_id',
  'user_id',
  'project_id',
  'activity_id',
  'day',
  'begin_min',
  'end_min',
  'running',
  'duration_s',
  'break_s',
  'rate_e4',
  'hourly_rate_e4',
  'fixed_rate_e4',
  'billable',
  'billable_imported',
  'exported',
  'occurrence',
  'description',
  'tags',
] as const satisfies RecordColumn[];

/** Column → position among the values of a new record. */
export const N = Object.fromEntries(
  insertedColumns.map((column, position) => [column, position]),
) as Record<(typeof insertedColumns)[number], number>;

const insertRecords = (importId: number, resolutionS: number, values: string): string =>
  `INSERT INTO records (import_id, resolution_s, ${insertedColumns.join(', ')})
   SELECT ${importId}, ${resolutionS}, ${values}`;

/** Takes the values of `insertedColumns`; the other columns are the same for a whole import. */
export const prepareInsertRecord = (
  db: WriteDb,
  importId: number,
  resolutionS: number,
): WriteStatement =>
  db.prepare(insertRecords(importId, resolutionS, places(insertedColumns.length)));

/** Inserts all rows of a table with `insertedColumns`, such as a rows file's, in their order. */
export function insertRowsOf(
  db: WriteDb,
  importId: number,
  resolutionS: number,
  table: string,
): void {
  const select = insertRecords(importId, resolutionS, insertedColumns.join(', '));
  db.exec(`${select} FROM ${table}`);
}

/** All columns, the id too: puts back a row exactly as it was. */
export const prepareRestoreRecord = (db: WriteDb): WriteStatement =>
  db.prepare(
    `INSERT INTO records (${recordColumns.join(', ')}) VALUES (${places(recordColumns.length)})`,
  );

/** All columns but the id, then the id. */
export const prepareUpdateRecord = (db: WriteDb): WriteStatement =>
  db.prepare(
    `UPDATE records SET ${recordColumns
      .slice(1)
      .map((column) => `${column} = ?`)
      .join(', ')} WHERE id = ?`,
  );

/** Ids of stored records of projects in a span of days (`yyyymmdd`, both included). */
export function idsInScope(
  db: ReadDb,
  projectIds: readonly number[],
  firstDay: number,
  lastDay: number,
): number[] {
  const statement = db
    .prepare<[projectId: number, firstDay: number, lastDay: number], number>(
      'SELECT id FROM records WHERE project_id = ? AND day BETWEEN ? AND ? ORDER BY id',
    )
    .pluck();
  return [...new Set(projectIds)].flatMap((id) => statement.all(id, firstDay, lastDay));
}

export const maxRecordId = (db: ReadDb): number =>
  db.prepare<[], number | null>('SELECT max(id) FROM records').pluck().get() ?? 0;

export const hasRecords = (db: ReadDb): boolean =>
  db.prepare('SELECT 1 FROM records LIMIT 1').get() !== undefined;
