/** Takes an import back. Runs inside one immediate transaction of the caller. */
import { AppError } from '../../../src-shared/errors.ts';
import { readRow, updateRow, type EntityTable } from '../catalog/entity-rows.ts';
import type { WriteDb } from '../db.ts';
import { isUndoable, readImport, type ImportRow } from './imports.ts';
import { rebuildDays } from '../records/rollup.ts';
import {
  entityChanges,
  readChanges,
  readKeyed,
  stepOfImport,
  writeKeyed,
  type EntityChange,
} from './journal.ts';
import { RecordUndo } from './record-undo.ts';

/**
 * Brings back what was there before the import: inserted records go, changed and removed ones are
 * as before, customers and projects that it created go unless something needs them by now.
 * Throws `not_found`, and `import_undo_blocked` if something later touched the same rows.
 */
export function undoImport(db: WriteDb, importId: number, now: number): void {
  const entry = readImport(db, importId);
  if (!entry || entry.undone_at !== null) throw new AppError('not_found');
  if (!isUndoable(db, entry)) throw blocked(entry);
  const stepId = stepOfImport(db, importId);
  undoAllRecords(db, entry, stepId);
  undoEntities(db, stepId);
  // Its step is deleted as well, since an import is taken back only once.
  db.prepare('DELETE FROM change_steps WHERE id = ?').run(stepId);
  db.prepare('UPDATE imports SET undone_at = ?, live = 0 WHERE id = ?').run(now, importId);
}

const blocked = (entry: ImportRow): AppError =>
  new AppError('import_undo_blocked', { file: entry.file_name });

function undoAllRecords(db: WriteDb, entry: ImportRow, stepId: number): void {
  const changes = readChanges(db, stepId, 'records').filter((change) => change.table === 'records');
  const changedIds = JSON.stringify(changes.flatMap(({ ids }) => ids));
  const touched = {
    sql: `SELECT project_id, day FROM records WHERE import_id = ?
      UNION SELECT project_id, day FROM records WHERE id IN (SELECT value FROM json_each(?))`,
    params: [entry.id, changedIds],
  };
  const records = new RecordUndo(db, () => blocked(entry));
  rebuildDays(db, touched, () => {
    db.prepare(
      `DELETE FROM records WHERE import_id = ? AND id NOT IN (SELECT value FROM json_each(?))`,
    ).run(entry.id, changedIds);
    for (const change of changes) records.undo(change);
  });
}

/** Customers, projects, users and activities, and other names of them. */
function undoEntities(db: WriteDb, stepId: number): void {
  for (const table of ['project_aliases', 'customer_aliases'] as const) {
    for (const change of readChanges(db, stepId, table)) {
      if (change.table !== 'records') writeKeyed(db, table, change.key, change, null);
    }
  }
  // Projects before customers: they refer to them.
  const tables: EntityTable[] = ['projects', 'customers', 'users', 'activities'];
  for (const table of tables) {
    const changes = entityChanges(db, stepId, table);
    // A row that the import created may have a name that one of the others gets back.
    for (const change of changes) if (change.before === null) dropIfUnused(db, table, change);
    revert(
      db,
      table,
      changes.filter(({ before }) => before !== null),
    );
  }
}

/** Columns in which no two rows of a table are equal, and those that mean nothing without them. */
const unique: Record<EntityTable, { column: string; with: string[] }> = {
  projects: { column: 'kimai_id', with: [] },
  customers: { column: 'kimai_id', with: [] },
  users: { column: 'identity', with: ['login'] },
  activities: { column: 'name', with: [] },
};

/**
 * Column by column: what something later said stays, and a name or id that another row has by now
 * stays with that row.
 */
function revert(db: WriteDb, table: EntityTable, changes: EntityChange[]): void {
  const { column: name, with: others } = unique[table];
  const patches = changes.flatMap((change) => patchBack(db, table, change));
  const ids = JSON.stringify(patches.map(({ id }) => id));
  const taken = db.prepare(
    `SELECT 1 FROM ${table} WHERE ${name} = ? AND id NOT IN (SELECT value FROM json_each(?))`,
  );
  for (const { patch } of patches) {
    if (patch[name] === undefined || taken.get(patch[name], ids) === undefined) continue;
    for (const column of [name, ...others]) Reflect.deleteProperty(patch, column);
  }
  // First all names are released, since a name may have passed from one row to another.
  for (const { id, patch } of patches) {
    const nobodys = name === 'kimai_id' ? null : `\0${id}`;
    if (patch[name] !== undefined) updateRow(db, table, id, { [name]: nobodys });
  }
  for (const { id, patch } of patches) updateRow(db, table, id, patch);
}

/** The columns that still are as the import left them, as they were before. */
function patchBack(
  db: WriteDb,
  table: EntityTable,
  change: EntityChange,
): { id: number; patch: Record<string, unknown> }[] {
  const row = readKeyed(db, table, [change.id]);
  if (!row) return [];
  const before = change.before!;
  const after = change.after!;
  const back = Object.keys(before).filter(
    (column) => before[column] !== after[column] && row[column] === after[column],
  );
  const patch = Object.fromEntries(back.map((column) => [column, before[column]]));
  return [{ id: change.id, patch }];
}

const references: Record<EntityTable, [table: string, column: string][]> = {
  projects: [
    ['records', 'project_id'],
    ['shares', 'project_id'],
    ['share_projects', 'project_id'],
    ['project_aliases', 'project_id'],
  ],
  customers: [
    ['projects', 'customer_id'],
    ['shares', 'customer_id'],
    ['customer_aliases', 'customer_id'],
  ],
  users: [['records', 'user_id']],
  activities: [['records', 'activity_id']],
};

/** A row that the import created stays if a share, a later import or an edit needs it by now. */
function dropIfUnused(db: WriteDb, table: EntityTable, change: EntityChange): void {
  const row = readRow(db, table, change.id);
  if (!row || ('edited' in row && row.edited !== '')) return;
  const needed = references[table].some(
    ([from, column]) =>
      db.prepare(`SELECT 1 FROM ${from} WHERE ${column} = ? LIMIT 1`).get(row.id) !== undefined,
  );
  if (!needed) db.prepare(`DELETE FROM ${table} WHERE id = ?`).run(row.id);
}
