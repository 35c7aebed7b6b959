import type { AppError } from '../../../src-shared/errors.ts';
import type { ReadStatement, WriteDb, WriteStatement } from '../db.ts';
import { isAsLeft, type RecordsChange, type Row } from './journal.ts';

/** A record can come back only if its project exists and no other record took its place. */
const cameBack = `SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM projects WHERE id = ?)
  UNION ALL SELECT 1 FROM records WHERE id = ? OR kimai_id = ? OR (project_id = ? AND day = ? AND
    user_id = ? AND activity_id = ? AND begin_min = ? AND occurrence = ?)`;
const cameBackColumns = [
  'project_id',
  'id',
  'kimai_id',
  'project_id',
  'day',
  'user_id',
  'activity_id',
  'begin_min',
  'occurrence',
];

/**
 * Puts records back as they were before an edit or an import, and gives those that an import wrote
 * back to it, so that it may be undone. The caller keeps the roll-up right (`rebuildDays`).
 */
export class RecordUndo {
  readonly #db: WriteDb;
  readonly #changedSince: () => AppError;
  readonly #read: ReadStatement<[id: number], Row>;
  readonly #giveBack: WriteStatement<[records: number, importId: number]>;
  /** Statements by the columns that they write: records of one step change in few ways. */
  readonly #writes = new Map<string, WriteStatement>();

  /** `changedSince`: what is thrown if a record is not as the step left it. */
  constructor(db: WriteDb, changedSince: () => AppError) {
    this.#db = db;
    this.#changedSince = changedSince;
    this.#read = db.prepare('SELECT * FROM records WHERE id = ?');
    this.#giveBack = db.prepare('UPDATE imports SET live = live + ? WHERE id = ?');
  }

  /** Takes changed and removed records. The journal does not note records that a step created. */
  undo({ ids, before, after }: RecordsChange): void {
    if (before === null) throw new Error('records that a step created are not in its changes');
    for (const id of ids) {
      if (!isAsLeft(this.#read.get(id) ?? null, after)) throw this.#changedSince();
      if (after === null) this.#restore(before);
      else this.#write('update', before).run(...Object.values(before), id);
    }
    const importId = before['import_id'];
    if (typeof importId === 'number') this.#giveBack.run(ids.length, importId);
  }

  #restore(record: Row): void {
    // It was imported again since, or its project was merged away.
    const key = cameBackColumns.map((column) => record[column]);
    if (this.#db.prepare(cameBack).get(...key) !== undefined) throw this.#changedSince();
    this.#write('insert', record).run(...Object.values(record));
  }

  #write(kind: 'insert' | 'update', row: Row): WriteStatement {
    const columns = Object.keys(row);
    const name = `${kind} ${columns.join(', ')}`;
    let statement = this.#writes.get(name);
    if (!statement) {
      statement = this.#db.prepare(
        kind === 'update'
          ? `UPDATE records SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`
          : `INSERT INTO records (${columns.join(', ')})
             VALUES (${columns.map(() => '?').join(', ')})`,
      );
      this.#writes.set(name, statement);
    }
    return statement;
  }
}
