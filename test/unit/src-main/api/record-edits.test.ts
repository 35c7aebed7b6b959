import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Edit, undoEdit } from '../../../../src-main/store/changes/edits.ts';
import { openStore, type Store } from '../../../../src-main/store/open.ts';
import { editRecords } from '../../../../src-main/store/changes/record-edits.ts';
import { rollupDifferences } from '../../../../src-main/store/records/rollup.ts';
import { seedCustomer, seedProject, seedRecords } from '../../../support/seed.ts';

let dataDir: string;
let db: Store;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'record-edits-'));
  db = openStore(dataDir);
});
afterEach(() => {
  db.close();
  rmSync(dataDir, { recursive: true });
});

/** Notes each statement that the store is given from now on. */
function watchStatements(): Set<string> {
  const seen = new Set<string>();
  const { prepare, exec } = db;
  db.prepare = ((sql: string) => {
    seen.add(sql);
    return prepare.call(db, sql);
  }) as Store['prepare'];
  db.exec = (sql) => {
    for (const statement of sql.split(';')) seen.add(statement);
    return exec.call(db, sql);
  };
  return seen;
}

/** How SQLite would run a statement: a line for each table. */
function planOf(sql: string): string[] {
  const nothing = Array<null>(sql.split('?').length - 1).fill(null);
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...nothing) as { detail: string }[];
  return steps.map(({ detail }) => detail);
}

it('hiding records, and taking it back, never reads all records: there may be a million', () => {
  const customerId = seedCustomer(db, { name: 'Acme' });
  const projectId = seedProject(db, { customerId, name: 'Work' });
  const days = ['2026-11-02', '2026-11-02', '2026-11-03'];
  const [first, , last] = seedRecords(
    db,
    days.map((day) => ({ projectId, day, durationS: 3600 })),
  );
  const seen = watchStatements();
  const step = new Edit(db);
  editRecords(db, step, [first!, last!], { hidden: true });
  const undoId = step.finish('records.update', 0);
  expect(rollupDifferences(db)).toEqual([]);
  undoEdit(db, undoId, 0);
  expect(rollupDifferences(db)).toEqual([]);

  // The check itself reads them all, as it should.
  const statements = [...seen].filter((sql) => !sql.includes('EXCEPT'));
  const plans = statements
    .filter((sql) => /^\s*(SELECT|INSERT|UPDATE|DELETE)/.test(sql))
    .flatMap((sql) => planOf(sql));
  expect(plans).toContainEqual(expect.stringMatching(/^SEARCH r USING INDEX/));
  expect(plans.filter((line) => /^SCAN (r|records)\b/.test(line))).toEqual([]);
});
