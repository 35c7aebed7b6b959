/**
 * Edits by hand, each of which can be taken back: what they change is noted row by row, and an
 * undo puts it back if nothing has touched those rows since.
 */
import { AppError } from '../../../src-shared/errors.ts';
import {
  insertStep,
  isAsLeft,
  markUndone,
  prepareNote,
  primaryKeys,
  readChanges,
  readKeyed,
  writeKeyed,
  type Change,
  type JournalTable,
  type Row,
} from './journal.ts';
import { RecordUndo } from './record-undo.ts';
import { bumpDataVersion } from '../data-version.ts';
import type { ReadDb, WriteDb } from '../db.ts';
import { takeOver } from './imports.ts';
import { rebuildDays } from '../records/rollup.ts';

type EditedTable = Exclude<JournalTable, 'users' | 'activities'>;

/** One edit inside a transaction of the caller; `finish` stores how to take it back. */
export class Edit {
  #db: WriteDb;
  #changes: Change[] = [];

  constructor(db: WriteDb) {
    this.#db = db;
  }

  /** Sets columns of a row. Throws `not_found`. */
  update(table: EditedTable, key: number[], patch: Row): void {
    const row = readKeyed(this.#db, table, key);
    if (!row) throw new AppError('not_found');
    const columns = Object.keys(patch).filter((column) => row[column] !== patch[column]);
    if (columns.length === 0) return;
    const pick = (from: Row): Row => Object.fromEntries(columns.map((name) => [name, from[name]]));
    this.#make(table, key, pick(row), pick(patch));
  }

  insert(table: Exclude<EditedTable, 'records'>, row: Row): void {
    const key = primaryKeys[table].map((column) => row[column]);
    // An alias or a picked project may be there already.
    if (readKeyed(this.#db, table, key)) return;
    this.#make(table, key, null, row);
  }

  delete(table: Exclude<EditedTable, 'records'>, key: unknown[]): void {
    this.#make(table, key, readKeyed(this.#db, table, key), null);
  }

  /** Moves all records of a project. */
  moveRecords(from: number, to: number): void {
    const rows = this.#db
      .prepare<[projectId: number], [importId: number | null, id: number]>(
        'SELECT import_id, id FROM records WHERE project_id = ? ORDER BY id',
      )
      .raw()
      .all(from);
    if (rows.length === 0) return;
    const byImport = new Map<number | null, number[]>();
    for (const [importId, id] of rows) {
      const ids = byImport.get(importId);
      if (ids) ids.push(id);
      else byImport.set(importId, [id]);
    }
    const lost = [...byImport].flatMap(([importId, ids]): [number, number][] =>
      importId === null ? [] : [[importId, ids.length]],
    );
    takeOver(this.#db, new Map(lost));
    const touched = {
      sql: 'SELECT project_id, day FROM records WHERE project_id IN (?, ?)',
      params: [from, to],
    };
    rebuildDays(this.#db, touched, () => {
      this.#db
        .prepare('UPDATE records SET project_id = ?, import_id = NULL WHERE project_id = ?')
        .run(to, from);
    });
    for (const [importId, ids] of byImport) {
      const before = { project_id: from, import_id: importId };
      this.#changes.push({
        table: 'records',
        ids,
        before,
        after: { project_id: to, import_id: null },
      });
    }
  }

  /** `what`: the method that made it. Returns the id for `undoEdit`. */
  finish(what: string, madeAt: number): number {
    bumpDataVersion(this.#db);
    const stepId = insertStep(this.#db, { what, madeAt, importId: null });
    const note = prepareNote(this.#db, stepId);
    for (const [position, change] of this.#changes.entries()) note(change, position);
    return stepId;
  }

  #make(table: EditedTable, key: unknown[], before: Row | null, after: Row | null): void {
    writeKeyed(this.#db, table, key, { before, after }, after);
    this.#changes.push(
      table === 'records'
        ? { table, ids: [Number(key[0])], before, after }
        : { table, key, before, after },
    );
  }
}

/**
 * Takes an edit back. Runs inside a transaction of the caller. Throws `not_found`, and
 * `undo_expired` if the rows are no longer as the edit left them.
 */
export function undoEdit(db: WriteDb, undoId: number, now: number): void {
  const isOpen = db
    .prepare('SELECT 1 FROM change_steps WHERE id = ? AND import_id IS NULL AND undone_at IS NULL')
    .get(undoId);
  if (isOpen === undefined) throw new AppError('not_found');
  const changes = readChanges(db, undoId);
  const records = new RecordUndo(db, expired);
  const touched = {
    sql: 'SELECT project_id, day FROM records WHERE id IN (SELECT value FROM json_each(?))',
    params: [JSON.stringify(changes.flatMap((one) => (one.table === 'records' ? one.ids : [])))],
  };
  rebuildDays(db, touched, () => {
    for (const change of changes) {
      if (change.table === 'records') records.undo(change);
      else undoRow(db, change);
    }
  });
  markUndone(db, undoId, now);
  bumpDataVersion(db);
}

const expired = (): AppError => new AppError('undo_expired');

function undoRow(db: WriteDb, change: Exclude<Change, { table: 'records' }>): void {
  const { table, key, before, after } = change;
  if (!isAsLeft(readKeyed(db, table, key), after)) throw expired();
  writeKeyed(db, table, key, change, before);
}

export interface EditEntry {
  undoId: number;
  what: string;
  madeAt: number;
  undone: boolean;
}

/** The latest 100, newest first. */
export function listEdits(db: ReadDb): EditEntry[] {
  const rows = db
    .prepare<[], { id: number; what: string; made_at: number; undone_at: number | null }>(
      `SELECT id, what, made_at, undone_at FROM change_steps WHERE import_id IS NULL
       ORDER BY id DESC LIMIT 100`,
    )
    .all();
  return rows.map((row) => ({
    undoId: row.id,
    what: row.what,
    madeAt: row.made_at,
    undone: row.undone_at !== null,
  }));
}
