/** Takes an import back. Runs inside one immediate transaction of the caller. */
import { AppError } from '../../../src-shared/errors.ts';
import { readRow, updateRow, type EntityTable } from '../../store/catalog/entity-rows.ts';
import {
  isUndoable,
  readChanges,
  readImport,
  type ImportChange,
  type ImportRow,
} from '../../store/changes/imports.ts';
import type { WriteDb } from '../../store/db.ts';
import { RecordWrites } from '../../store/records/records.ts';
import { StoredRecord, type RecordRow } from '../../store/records/stored-record.ts';
import { rebuildDays } from '../../store/records/rollup.ts';

/**
 * Brings back what was there before the import: inserted records go, changed and removed ones are
 * as before, customers and projects that it created go unless something needs them by now.
 * Throws `not_found`, and `import_undo_blocked` if something later touched the same rows.
 */
export function undoImport(db: WriteDb, importId: number, now: number): void {
  const entry = readImport(db, importId);
  if (!entry || entry.undone_at !== null) throw new AppError('not_found');
  if (!isUndoable(db, entry)) throw blocked(entry);
  const changes = readChanges(db, importId, 'records');
  const touched = {
    sql: `SELECT project_id, day FROM records WHERE import_id = ?
      UNION SELECT project_id, day FROM records WHERE id IN
        (SELECT entity_id FROM import_changes WHERE import_id = ? AND entity = 'records')`,
    params: [importId, importId],
  };
  rebuildDays(db, touched, () => restoreRecords(db, entry, changes));
  undoEntities(db, entry);
  db.prepare('DELETE FROM import_changes WHERE import_id = ?').run(importId);
  db.prepare('UPDATE imports SET undone_at = ?, live = 0 WHERE id = ?').run(now, importId);
}

const blocked = (entry: ImportRow): AppError =>
  new AppError('import_undo_blocked', { file: entry.file_name });

function restoreRecords(db: WriteDb, entry: ImportRow, changes: ImportChange[]): void {
  db.prepare(
    `DELETE FROM records WHERE import_id = ? AND id NOT IN
      (SELECT entity_id FROM import_changes WHERE import_id = ? AND entity = 'records')`,
  ).run(entry.id, entry.id);
  const writes = new RecordWrites(db);
  const giveBack = db.prepare('UPDATE imports SET live = live + 1 WHERE id = ?');
  const cameBack = db
    .prepare(
      `SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM projects WHERE id = ?)
        UNION ALL SELECT 1 FROM records WHERE id = ? OR kimai_id = ? OR (project_id = ? AND day = ? AND
        user_id = ? AND activity_id = ? AND begin_min = ? AND occurrence = ?)`,
    )
    .pluck();
  for (const change of changes) {
    const before = new StoredRecord(JSON.parse(change.before!) as RecordRow);
    if (change.after === null) {
      const { id, kimaiId, projectId, day, userId, activityId, beginMin, occurrence } = before;
      const key = [projectId, day, userId, activityId, beginMin, occurrence];
      // Removed, and imported again since, or its project was merged away.
      if (cameBack.get(projectId, id, kimaiId, ...key)) throw blocked(entry);
      writes.restore(before);
    } else {
      writes.update(before);
    }
    if (before.importId !== null) giveBack.run(before.importId);
  }
}

function undoEntities(db: WriteDb, entry: ImportRow): void {
  for (const change of readChanges(db, entry.id, 'project_aliases')) {
    const { customer_id, name, number } = JSON.parse(change.after!) as Record<string, unknown>;
    db.prepare('DELETE FROM project_aliases WHERE customer_id = ? AND name = ? AND number = ?').run(
      customer_id,
      name,
      number,
    );
  }
  for (const change of readChanges(db, entry.id, 'customer_aliases')) {
    const { name, number } = JSON.parse(change.after!) as Record<string, unknown>;
    db.prepare('DELETE FROM customer_aliases WHERE name = ? AND number = ?').run(name, number);
  }
  // Projects before customers: they refer to them.
  const tables: EntityTable[] = ['projects', 'customers', 'users', 'activities'];
  for (const table of tables) {
    const changes = readChanges(db, entry.id, table);
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
function revert(db: WriteDb, table: EntityTable, changes: ImportChange[]): void {
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
  // First all of them let go of their names, for two may have passed one on.
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
  change: ImportChange,
): { id: number; patch: Record<string, unknown> }[] {
  const row = readRow(db, table, change.entity_id) as Record<string, unknown> | null;
  if (!row) return [];
  const before = JSON.parse(change.before!) as Record<string, unknown>;
  const after = JSON.parse(change.after!) as Record<string, unknown>;
  const back = Object.keys(before).filter(
    (column) => before[column] !== after[column] && row[column] === after[column],
  );
  const patch = Object.fromEntries(back.map((column) => [column, before[column]]));
  return [{ id: change.entity_id, patch }];
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
function dropIfUnused(db: WriteDb, table: EntityTable, change: ImportChange): void {
  const row = readRow(db, table, change.entity_id);
  if (!row || ('edited' in row && row.edited !== '')) return;
  const needed = references[table].some(
    ([from, column]) =>
      db.prepare(`SELECT 1 FROM ${from} WHERE ${column} = ? LIMIT 1`).get(row.id) !== undefined,
  );
  if (!needed) db.prepare(`DELETE FROM ${table} WHERE id = ?`).run(row.id);
}
