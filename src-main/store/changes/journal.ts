/**
 * The journal of changes: rows as they were before an edit or an import and after it. Both write
 * it, and both are taken back from it.
 */
import type { EntityTable } from '../catalog/entity-rows.ts';
import type { ReadDb, WriteDb } from '../db.ts';
import { parseJson } from '../json-column.ts';
import { formatRanges, parseRanges } from '../records/ranges.ts';

/** Column name → value. */
export type Row = Record<string, unknown>;

/** Columns that name a row of a table. */
export const primaryKeys = {
  customers: ['id'],
  projects: ['id'],
  users: ['id'],
  activities: ['id'],
  records: ['id'],
  shares: ['id'],
  customer_aliases: ['name', 'number'],
  project_aliases: ['customer_id', 'name', 'number'],
  share_projects: ['share_id', 'project_id'],
} as const;
export type JournalTable = keyof typeof primaryKeys;

/** Only the columns that the change is about. Null: there is no such row. */
export interface ChangedValues {
  before: Row | null;
  after: Row | null;
}

/** A change of one row, or of records that all changed in the same way. */
export type Change = ChangedValues &
  (
    | { table: Exclude<JournalTable, 'records'>; key: readonly unknown[] }
    | { table: 'records'; ids: readonly number[] }
  );

export type RecordsChange = Extract<Change, { table: 'records' }>;

/** Begins a step. `what`: the method that makes it; `importId` null: an edit. Returns its id. */
export function insertStep(
  db: WriteDb,
  step: { what: string; madeAt: number; importId: number | null },
): number {
  const result = db
    .prepare('INSERT INTO change_steps (made_at, what, import_id) VALUES (?, ?, ?)')
    .run(step.madeAt, step.what, step.importId);
  return Number(result.lastInsertRowid);
}

/** The step of an import. */
export const stepOfImport = (db: ReadDb, importId: number): number =>
  db
    .prepare<[importId: number], number>('SELECT id FROM change_steps WHERE import_id = ?')
    .pluck()
    .get(importId)!;

/**
 * Notes changes of a step. One that is noted twice under the same `position` goes from the first
 * `before` to the last `after`.
 */
export function prepareNote(
  db: WriteDb,
  stepId: number,
): (change: Change, position?: number) => void {
  const statement = db.prepare(
    `INSERT INTO changes (step_id, table_name, row_key, position, before, after)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET after = excluded.after`,
  );
  const json = (row: Row | null): string | null => (row === null ? null : JSON.stringify(row));
  return (change, position = 0) => {
    const key = change.table === 'records' ? formatRanges(change.ids) : JSON.stringify(change.key);
    statement.run(stepId, change.table, key, position, json(change.before), json(change.after));
  };
}

interface StoredChange {
  table_name: JournalTable;
  row_key: string;
  before: string | null;
  after: string | null;
}

const rowOf = (json: string | null): Row | null => (json === null ? null : parseJson(json));

/** The changes of a step, of one table if it is named: the last one first. */
export function readChanges(db: ReadDb, stepId: number, table?: JournalTable): Change[] {
  return db
    .prepare<unknown[], StoredChange>(
      `SELECT table_name, row_key, before, after FROM changes
       WHERE step_id = ? ${table ? 'AND table_name = ?' : ''}
       ORDER BY position DESC, table_name, row_key`,
    )
    .all(...(table ? [stepId, table] : [stepId]))
    .map(({ table_name, row_key, ...values }) => {
      const change = { before: rowOf(values.before), after: rowOf(values.after) };
      return table_name === 'records'
        ? { table: table_name, ids: parseRanges(row_key), ...change }
        : { table: table_name, key: parseJson<unknown[]>(row_key), ...change };
    });
}

/** A change of a customer, project, user or activity. */
export type EntityChange = ChangedValues & { id: number };

export const entityChanges = (db: ReadDb, stepId: number, table: EntityTable): EntityChange[] =>
  readChanges(db, stepId, table).flatMap((change) =>
    change.table === 'records' ? [] : [{ ...change, id: Number(change.key[0]) }],
  );

const where = (table: JournalTable): string =>
  primaryKeys[table].map((column) => `${column} = ?`).join(' AND ');

/** The whole row with this key; null if there is none. */
export function readKeyed(db: ReadDb, table: JournalTable, key: readonly unknown[]): Row | null {
  return (
    db.prepare<unknown[], Row>(`SELECT * FROM ${table} WHERE ${where(table)}`).get(...key) ?? null
  );
}

/** Makes a row be `next`: whole if it was or will be missing, some of its columns otherwise. */
export function writeKeyed(
  db: WriteDb,
  table: JournalTable,
  key: readonly unknown[],
  { before, after }: ChangedValues,
  next: Row | null,
): void {
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

/** Whether a row still is as a change left it. */
export const isAsLeft = (row: Row | null, after: Row | null): boolean =>
  after === null
    ? row === null
    : row !== null && Object.entries(after).every(([column, value]) => row[column] === value);

export function markUndone(db: WriteDb, stepId: number, now: number): void {
  db.prepare('UPDATE change_steps SET undone_at = ? WHERE id = ?').run(now, stepId);
}
