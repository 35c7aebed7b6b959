/** The statements of the `records` table that an import needs a million times. */
import type { ReadDb, ReadStatement, WriteDb, WriteStatement } from '../db.ts';
import { recordColumns, StoredRecord, type RecordRow } from './stored-record.ts';

const columns = Object.values(recordColumns);
const select = `SELECT ${columns.join(', ')} FROM records`;

/** What identifies a record that has no id of Kimai's. `begin`: minutes, -1 if unknown. */
type Key = [project: number, day: number, user: number, activity: number, begin: number];

/** Reads records; those of a key through the composite index only. */
export class RecordReads {
  readonly #byId: ReadStatement<[number], RecordRow>;
  readonly #byKimaiId: ReadStatement<[number], RecordRow>;
  readonly #byKey: ReadStatement<Key, RecordRow>;
  readonly #idsByKey: ReadStatement<Key, number>;
  readonly #ofProjectDay: ReadStatement<[number, number], RecordRow>;
  readonly #daysOfProject: ReadStatement<[number, number], [number, number] | [null, null]>;
  readonly #after: ReadStatement<[number, number], RecordRow>;

  constructor(db: ReadDb) {
    const rows = <Params extends unknown[]>(sql: string): ReadStatement<Params, RecordRow> =>
      db.prepare<Params, RecordRow>(`${select} ${sql}`).raw();
    const withKey = `WHERE project_id = ? AND day = ? AND user_id = ? AND activity_id = ?
      AND begin_min = ?`;
    this.#byId = rows('WHERE id = ?');
    this.#byKimaiId = rows('WHERE kimai_id = ?');
    // An ORDER BY or LIMIT makes it nine times slower.
    this.#byKey = rows(withKey);
    this.#idsByKey = db.prepare<Key, number>(`SELECT id FROM records ${withKey}`).pluck();
    this.#ofProjectDay = rows(
      'WHERE project_id = ? AND day = ? ORDER BY begin_min, occurrence, id',
    );
    const dayOf = (order: string): string =>
      `(SELECT day FROM records WHERE project_id = ? ORDER BY day ${order} LIMIT 1)`;
    this.#daysOfProject = db
      .prepare<[number, number], [number, number] | [null, null]>(
        `SELECT ${dayOf('ASC')}, ${dayOf('DESC')}`,
      )
      .raw();
    this.#after = rows('WHERE id > ? ORDER BY id LIMIT ?');
  }

  byId(id: number): StoredRecord | undefined {
    return recordOf(this.#byId.get(id));
  }

  byKimaiId(kimaiId: number): StoredRecord | undefined {
    return recordOf(this.#byKimaiId.get(kimaiId));
  }

  /** The first of the records with this key, in the order of `idsByKey`. */
  byKey(...key: Key): StoredRecord | undefined {
    return recordOf(this.#byKey.get(...key));
  }

  /** The ids of all records with this key. */
  idsByKey(...key: Key): number[] {
    return this.#idsByKey.all(...key);
  }

  ofProjectDay(project: number, day: number): StoredRecord[] {
    return this.#ofProjectDay.all(project, day).map((row) => new StoredRecord(row));
  }

  /** The first and the last day on which the project has a record; null: it has none. */
  daysOfProject(project: number): { first: number; last: number } | null {
    const [first, last] = this.#daysOfProject.get(project, project)!;
    return first === null ? null : { first, last };
  }

  /** The next `count` records with larger ids, in order of id. */
  after(id: number, count: number): StoredRecord[] {
    return this.#after.all(id, count).map((row) => new StoredRecord(row));
  }
}

const recordOf = (row: RecordRow | undefined): StoredRecord | undefined =>
  row && new StoredRecord(row);

/** Changes records that exist, and puts back those that went. */
export class RecordWrites {
  readonly #update: WriteStatement;
  readonly #restore: WriteStatement;
  readonly #delete: WriteStatement;

  constructor(db: WriteDb) {
    const [id, ...others] = columns;
    this.#update = db.prepare(
      `UPDATE records SET ${others.map((column) => `${column} = ?`).join(', ')} WHERE ${id} = ?`,
    );
    this.#restore = db.prepare(
      `INSERT INTO records (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    this.#delete = db.prepare('DELETE FROM records WHERE id = ?');
  }

  /** Sets all fields of the record with this id. */
  update(record: StoredRecord): void {
    const [id, ...others] = record.toRow();
    this.#update.run(...others, id);
  }

  /** Inserts a record exactly as it was, with its id. */
  restore(record: StoredRecord): void {
    this.#restore.run(...record.toRow());
  }

  delete(id: number): void {
    this.#delete.run(id);
  }
}

/** Ids of stored records of projects in a span of days (`yyyymmdd`, both included). */
export function idsInScope(
  db: ReadDb,
  projectIds: readonly number[],
  firstDay: number,
  lastDay: number,
): number[] {
  const statement = db
    .prepare<[number, number, number], number>(
      'SELECT id FROM records WHERE project_id = ? AND day BETWEEN ? AND ? ORDER BY id',
    )
    .pluck();
  return [...new Set(projectIds)].flatMap((id) => statement.all(id, firstDay, lastDay));
}

/** Id, day and import of the records of a project in a span of days, edited ones left out. */
export const importDaysInScope = (
  db: ReadDb,
  projectId: number,
  firstDay: number,
  lastDay: number,
): Iterable<[id: number, day: number, importId: number]> =>
  db
    .prepare<[number, number, number], [number, number, number]>(
      `SELECT id, day, import_id FROM records
       WHERE project_id = ? AND day BETWEEN ? AND ? AND import_id IS NOT NULL`,
    )
    .raw()
    .iterate(projectId, firstDay, lastDay);

export const maxRecordId = (db: ReadDb): number =>
  db.prepare<[], number | null>('SELECT max(id) FROM records').pluck().get() ?? 0;

export const hasRecords = (db: ReadDb): boolean =>
  db.prepare('SELECT 1 FROM records LIMIT 1').get() !== undefined;
