/**
 * Edits by hand, each of which can be taken back: what they change is noted row by row, and an
 * undo puts it back if nothing has touched those rows since.
 */
import { AppError } from '../../../src-shared/errors.ts';
import { bumpDataVersion } from '../data-version.ts';
import { takeOver } from './imports.ts';
import type { ReadDb, WriteDb } from '../db.ts';
import { formatRanges, parseRanges } from '../records/ranges.ts';
import { rebuildDays } from '../records/rollup.ts';

type Row = Record<string, unknown>;

/** Columns that name a row of a table. */
const primaryKeys = {
  customers: ['id'],
  projects: ['id'],
  records: ['id'],
  shares: ['id'],
  customer_aliases: ['name', 'number'],
  project_aliases: ['customer_id', 'name', 'number'],
  share_projects: ['share_id', 'project_id'],
} as const;
type EditedTable = keyof typeof primaryKeys;

/** Null: there is no such row. Only the columns that the edit is about. */
interface RowChange {
  table: EditedTable;
  key: unknown[];
  before: Row | null;
  after: Row | null;
}

/** Records that went from one project to another: ids as ranges, by the import that wrote them. */
interface Move {
  from: number;
  to: number;
  records: { importId: number | null; ids: string }[];
}

type Change = RowChange | Move;

const where = (table: EditedTable): string =>
  primaryKeys[table].map((column) => `${column} = ?`).join(' AND ');

/** One edit inside a transaction of the caller; `finish` stores how to take it back. */
export class Edit {
  #db: WriteDb;
  #changes: Change[] = [];

  constructor(db: WriteDb) {
    this.#db = db;
  }

  /** Sets columns of a row. Throws `not_found`. */
  update(table: EditedTable, key: number[], patch: Row): void {
    const row = this.#read(table, key);
    if (!row) throw new AppError('not_found');
    const columns = Object.keys(patch).filter((column) => row[column] !== patch[column]);
    if (columns.length === 0) return;
    const pick = (from: Row): Row => Object.fromEntries(columns.map((name) => [name, from[name]]));
    const change = { table, key, before: pick(row), after: pick(patch) };
    writeRow(this.#db, change, change.after);
    this.#changes.push(change);
  }

  insert(table: EditedTable, row: Row): void {
    const key = primaryKeys[table].map((column) => row[column]);
    // An alias or a picked project may be there already.
    if (this.#read(table, key)) return;
    const change = { table, key, before: null, after: row };
    writeRow(this.#db, change, row);
    this.#changes.push(change);
  }

  delete(table: EditedTable, key: unknown[]): void {
    const change = { table, key, before: this.#read(table, key), after: null };
    writeRow(this.#db, change, null);
    this.#changes.push(change);
  }

  /** Moves all records of a project. */
  moveRecords(from: number, to: number): void {
    const rows = this.#db
      .prepare('SELECT import_id, id FROM records WHERE project_id = ? ORDER BY id')
      .raw()
      .all(from) as [number | null, number][];
    if (rows.length === 0) return;
    const byImport = new Map<number | null, number[]>();
    for (const [importId, id] of rows) {
      const ids = byImport.get(importId);
      if (ids) ids.push(id);
      else byImport.set(importId, [id]);
    }
    const records = [...byImport].map(([importId, ids]) => ({ importId, ids: formatRanges(ids) }));
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
    this.#changes.push({ from, to, records });
  }

  /** `what`: the method that made it. Returns the id for `undoEdit`. */
  finish(what: string, madeAt: number): number {
    bumpDataVersion(this.#db);
    const result = this.#db
      .prepare('INSERT INTO undo_steps (made_at, what, changes) VALUES (?, ?, ?)')
      .run(madeAt, what, JSON.stringify(this.#changes));
    return Number(result.lastInsertRowid);
  }

  #read(table: EditedTable, key: unknown[]): Row | null {
    return readKeyed(this.#db, table, key);
  }
}

function readKeyed(db: WriteDb, table: EditedTable, key: unknown[]): Row | null {
  const row = db.prepare(`SELECT * FROM ${table} WHERE ${where(table)}`).get(...key);
  return (row ?? null) as Row | null;
}

/** Makes a row be `next`: whole for insert and delete, some of its columns otherwise. */
function writeRow(db: WriteDb, { table, key, before, after }: RowChange, next: Row | null): void {
  if (next === null) {
    db.prepare(`DELETE FROM ${table} WHERE ${where(table)}`).run(...key);
    return;
  }
  const columns = Object.keys(next);
  if (before === null || after === null) {
    const places = columns.map(() => '?').join(', ');
    db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`).run(
      ...Object.values(next),
    );
    return;
  }
  const sets = columns.map((column) => `${column} = ?`).join(', ');
  db.prepare(`UPDATE ${table} SET ${sets} WHERE ${where(table)}`).run(
    ...Object.values(next),
    ...key,
  );
}

/**
 * Takes an edit back. Runs inside a transaction of the caller. Throws `not_found`, and
 * `undo_expired` if the rows are no longer as the edit left them.
 */
export function undoEdit(db: WriteDb, undoId: number, now: number): void {
  const step = db
    .prepare('SELECT changes FROM undo_steps WHERE id = ? AND undone_at IS NULL')
    .pluck()
    .get(undoId) as string | undefined;
  if (step === undefined) throw new AppError('not_found');
  for (const change of (JSON.parse(step) as Change[]).reverse()) {
    if ('table' in change) undoRow(db, change);
    else undoMove(db, change);
  }
  db.prepare('UPDATE undo_steps SET undone_at = ? WHERE id = ?').run(now, undoId);
  bumpDataVersion(db);
}

function undoRow(db: WriteDb, change: RowChange): void {
  const row = readKeyed(db, change.table, change.key);
  const { after } = change;
  const asLeft =
    after === null
      ? row === null
      : row !== null && Object.entries(after).every(([column, value]) => row[column] === value);
  if (!asLeft) throw new AppError('undo_expired');
  if (change.table !== 'records') {
    writeRow(db, change, change.before);
    return;
  }
  giveBack(db, change.before!['import_id'] as number | null | undefined, 1);
  const touched = { sql: 'SELECT project_id, day FROM records WHERE id = ?', params: change.key };
  rebuildDays(db, touched as never, () => writeRow(db, change, change.before));
}

function undoMove(db: WriteDb, { from, to, records }: Move): void {
  const move = db.prepare(
    'UPDATE records SET project_id = ?, import_id = ? WHERE id = ? AND project_id = ? AND import_id IS NULL',
  );
  const touched = {
    sql: 'SELECT project_id, day FROM records WHERE project_id IN (?, ?)',
    params: [from, to],
  };
  rebuildDays(db, touched, () => {
    for (const { importId, ids } of records) {
      const all = parseRanges(ids);
      for (const id of all) {
        if (move.run(from, importId, id, to).changes === 0) throw new AppError('undo_expired');
      }
      giveBack(db, importId, all.length);
    }
  });
}

/** Rows that an import wrote are its own again, so that it may be undone. */
function giveBack(db: WriteDb, importId: number | null | undefined, count: number): void {
  if (importId === null || importId === undefined) return;
  db.prepare('UPDATE imports SET live = live + ? WHERE id = ?').run(count, importId);
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
    .prepare('SELECT id, what, made_at, undone_at FROM undo_steps ORDER BY id DESC LIMIT 100')
    .all() as { id: number; what: string; made_at: number; undone_at: number | null }[];
  return rows.map((row) => ({
    undoId: row.id,
    what: row.what,
    madeAt: row.made_at,
    undone: row.undone_at !== null,
  }));
}
