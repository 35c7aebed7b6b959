/** Migration 20: what version 10 noted of imports and edits can still be taken back. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { undoImport } from '../../../../src-main/store/changes/undo-import.ts';
import { listEdits, undoEdit } from '../../../../src-main/store/changes/edits.ts';
import { listImports } from '../../../../src-main/store/changes/imports.ts';
import { initial } from '../../../../src-main/store/migrations/010-initial.ts';
import { databaseFile, openStore, type Store } from '../../../../src-main/store/open.ts';
import { rollupDifferences } from '../../../../src-main/store/records/rollup.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'journal-')), 'data');
  mkdirSync(folder);
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

/** The values of a record's columns, as version 10 stored it. */
const record = (
  id: number,
  projectId: number,
  importId: number | null,
  description: string,
  hidden = 0,
): unknown[] => {
  const times = [20261102, 540 + id, 600, 0, 3600, null, 1];
  const rest = [900_000, null, null, 1, 1, null, hidden, 0, importId, description, null];
  return [id, null, 1, projectId, 1, ...times, ...rest];
};

const edits = [
  {
    what: 'records.update',
    changes: [
      {
        table: 'records',
        key: [1],
        before: { hidden: 0, import_id: 1 },
        after: { hidden: 1, import_id: null },
      },
    ],
  },
  {
    what: 'projects.merge',
    changes: [
      {
        from: 2,
        to: 1,
        records: [
          { importId: 1, ids: '2-3' },
          { importId: null, ids: '5' },
        ],
      },
      {
        table: 'project_aliases',
        key: [1, 'Shop "x"', ''],
        before: null,
        after: { customer_id: 1, name: 'Shop "x"', number: '', project_id: 1 },
      },
    ],
  },
];

/** A store of version 10: an import changed record 4, and two edits came after it. */
function storeOfVersion10(): void {
  const db = new Database(databaseFile(folder));
  db.exec(initial.sql);
  db.pragma('user_version = 10');
  db.exec(`INSERT INTO customers (id, name) VALUES (1, 'Acme');
    INSERT INTO projects (id, customer_id, name) VALUES (1, 1, 'Website'), (2, 1, 'Shop');
    INSERT INTO users VALUES (1, 'anna', 'anna', 'Anna');
    INSERT INTO activities VALUES (1, 'Work');
    INSERT INTO project_aliases VALUES (1, 'Shop "x"', '', 1);
    INSERT INTO imports VALUES (1, 'a.csv', x'00', 'timesheet', 5, 3, 0, 0, 0, 0, 3, 0, NULL),
      (2, 'b.csv', x'01', 'timesheet', 6, 0, 1, 0, 0, 0, 1, 1, NULL);
    INSERT INTO customer_aliases VALUES ('Old', '', 1)`);
  const places = Array.from({ length: 23 }, () => '?').join(', ');
  const insert = db.prepare(`INSERT INTO records VALUES (${places})`);
  insert.run(record(1, 1, null, 'one', 1));
  insert.run(record(2, 1, null, 'two'));
  insert.run(record(3, 1, null, 'three'));
  insert.run(record(4, 1, 2, 'changed "Ä"'));
  insert.run(record(5, 1, null, 'five'));
  db.exec(`INSERT INTO project_days SELECT project_id, day, billable, sum(duration_s), sum(rate_e4),
    count(*) FROM records WHERE hidden = 0 GROUP BY 1, 2, 3`);
  const change = db.prepare('INSERT INTO import_changes VALUES (2, ?, ?, ?, ?)');
  const json = JSON.stringify;
  change.run('records', 4, json(record(4, 1, null, 'as "it" was\n😀')), json(record(4, 1, 2, 'x')));
  change.run('customer_aliases', 1, null, json({ name: 'Old', number: '', customer_id: 1 }));
  const step = db.prepare('INSERT INTO undo_steps (made_at, what, changes) VALUES (7, ?, ?)');
  for (const { what, changes } of edits) step.run(what, json(changes));
  db.close();
}

const all = (db: Store, sql: string): unknown[] => db.prepare<unknown[], unknown>(sql).all();

it('keeps a copy of the database before, and takes back the import and the edits of version 10', () => {
  storeOfVersion10();
  const db = openStore(folder);
  expect(readdirSync(folder)).toContain('portal-before-10.sqlite');
  expect(listEdits(db).map(({ undoId, what }) => [undoId, what])).toEqual([
    [2, 'projects.merge'],
    [1, 'records.update'],
  ]);
  expect(listImports(db).map(({ id, undoable }) => [id, undoable])).toEqual([
    [2, true],
    [1, false],
  ]);
  const inTransaction = (work: () => void): void => db.transaction(work).immediate();
  // Record 4 says "changed", where the import left "x": somebody touched it since.
  expect(() => inTransaction(() => undoImport(db, 2, 9))).toThrow('import_undo_blocked');
  db.exec(`UPDATE records SET description = 'x' WHERE id = 4`);
  inTransaction(() => undoImport(db, 2, 9));
  inTransaction(() => undoEdit(db, 2, 9));
  inTransaction(() => undoEdit(db, 1, 9));
  expect(rollupDifferences(db)).toEqual([]);
  expect(all(db, 'SELECT id, project_id, hidden, import_id, description FROM records')).toEqual([
    { id: 1, project_id: 1, hidden: 0, import_id: 1, description: 'one' },
    { id: 2, project_id: 2, hidden: 0, import_id: 1, description: 'two' },
    { id: 3, project_id: 2, hidden: 0, import_id: 1, description: 'three' },
    { id: 4, project_id: 1, hidden: 0, import_id: null, description: 'as "it" was\n😀' },
    { id: 5, project_id: 2, hidden: 0, import_id: null, description: 'five' },
  ]);
  expect(all(db, 'SELECT 1 FROM project_aliases UNION ALL SELECT 1 FROM customer_aliases')).toEqual(
    [],
  );
  // All three records of the first import are its own again.
  expect(listImports(db).at(-1)).toMatchObject({ id: 1, undoable: true });
  expect(() => inTransaction(() => undoEdit(db, 1, 9))).toThrow('not_found');
  db.close();
});
