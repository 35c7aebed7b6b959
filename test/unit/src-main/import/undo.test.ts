import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isUndoable, listImports, readImport } from '../../../../src-main/store/changes/imports.ts';
import { inTransaction } from '../../../../src-main/store/transactions.ts';
import { undoImport } from '../../../../src-main/store/changes/undo-import.ts';
import type { ImportRecord } from '../../../../src-main/import/rows/types.ts';
import { Edit, undoEdit } from '../../../../src-main/store/changes/edits.ts';
import { editRecords } from '../../../../src-main/store/changes/record-edits.ts';
import {
  createTestStore,
  entry,
  goOn,
  ignore,
  row,
  type TestStore,
} from '../../../support/import-session.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});
afterEach(() => store.close());

const undo = (importId: number): void =>
  inTransaction(store.db, () => undoImport(store.db, importId, 1));
const undoable = (importId: number): boolean =>
  isUndoable(store.db, readImport(store.db, importId)!);
const hide = (id: number): number =>
  inTransaction(store.db, () => {
    const edit = new Edit(store.db);
    editRecords(store.db, edit, [id], { hidden: true });
    return edit.finish('records.update', 1);
  });

describe('the latest import', () => {
  it('into an empty store leaves nothing behind', () => {
    const before = store.dump();
    const { importId } = store.add([row(), row({ customer: 'Beta', login: 'bert' })]);
    undo(importId);
    expect(store.dump()).toBe(before);
    expect(listImports(store.db)).toMatchObject([{ undone: true, undoable: false }]);
  });

  it('that changed, refined and learnt is taken back exactly', () => {
    store.add([row({ login: undefined, durationS: 3540 })], { resolution: 60 });
    store.add([row({ day: 20261103, login: undefined })]);
    const before = store.dump();
    const { importId, counts } = store.add([
      row({ kimaiId: 1, customerNumber: '7', orderNumber: 'O-1', durationS: 3550 }),
      row({ kimaiId: 2, day: 20261103, description: 'Changed', billable: false }),
      row({ kimaiId: 3, project: 'New', activity: 'Other', login: 'bert', displayName: 'Bert' }),
    ]);
    expect(counts).toMatchObject({ inserted: 1, updated: 2 });
    undo(importId);
    expect(store.dump()).toBe(before);
  });

  it('gives a person their name back that the same import gave to somebody else', () => {
    store.add([row({ login: undefined, displayName: 'Anna' })]);
    const before = store.dump();
    const { importId } = store.add([
      row({ login: 'anna', displayName: 'Anna' }),
      row({ login: 'anna', displayName: 'Bert' }),
      row({ login: undefined, displayName: 'Anna' }),
      row({ login: 'anna', displayName: 'Anna' }),
    ]);
    undo(importId);
    expect(store.dump()).toBe(before);
  });

  it('can be made again after its undo', () => {
    const rows = [row(), row({ beginMin: 0 })];
    undo(store.add(rows).importId);
    expect(store.add(rows).counts.inserted).toBe(2);
  });

  it('that removed records brings them back', () => {
    store.add([row(), row({ day: 20261103 }), row({ day: 20261203 })]);
    const before = store.dump();
    const projectIds = [1];
    const session = store.open([row()]);
    session.setComplete({ firstDay: 20261101, lastDay: 20261130, projectIds });
    expect(session.preview.counts).toMatchObject({ removed: 1, unchanged: 1 });
    expect(session.rows({ kind: 'removed', offset: 0, limit: 9 }).rows).toMatchObject([
      { kind: 'removed', customer: 'Acme', project: 'Website', before: { day: '2026-11-03' } },
    ]);
    const { importId } = session.commit(session.preview.digest, entry(), goOn, ignore);
    session.close();
    expect(store.all('SELECT day FROM records ORDER BY 1')).toEqual([
      { day: 20261102 },
      { day: 20261203 },
    ]);
    undo(importId);
    expect(store.dump()).toBe(before);
  });
});

describe('an earlier import', () => {
  it('can be undone while nothing later touched its records', () => {
    const first = store.add([row()]);
    const second = store.add([row(), row({ beginMin: 0 })]);
    expect([undoable(first.importId), undoable(second.importId)]).toEqual([true, true]);
    undo(first.importId);
    expect(store.all('SELECT begin_min FROM records')).toEqual([{ begin_min: 0 }]);
  });

  it('is blocked once a later one changed a record of it, until that one is undone', () => {
    const first = store.add([row()]);
    const second = store.add([row({ description: 'Changed' })]);
    expect(undoable(first.importId)).toBe(false);
    expect(() => undo(first.importId)).toThrow('import_undo_blocked');
    undo(second.importId);
    expect(undoable(first.importId)).toBe(true);
    undo(first.importId);
    expect(store.all('SELECT * FROM records')).toEqual([]);
  });

  it('is blocked by an edit, until that is undone', () => {
    const { importId } = store.add([row()]);
    const edit = hide(1);
    expect(undoable(importId)).toBe(false);
    expect(() => undo(importId)).toThrow('import_undo_blocked');
    inTransaction(store.db, () => undoEdit(store.db, edit, 1));
    expect(undoable(importId)).toBe(true);
    undo(importId);
  });

  it('that removed a record is blocked once it came again', () => {
    store.add([row()]);
    const session = store.open([]);
    session.setComplete({ firstDay: 20261101, lastDay: 20261130, projectIds: [1] });
    const { importId } = session.commit(session.preview.digest, entry(), goOn, ignore);
    session.close();
    store.add([row()]);
    expect(() => undo(importId)).toThrow('import_undo_blocked');
  });

  it('leaves what others need by now', () => {
    const first = store.add([row()]);
    store.add([row({ activity: 'Meeting', beginMin: 0 })]);
    undo(first.importId);
    expect(store.all('SELECT name FROM projects')).toEqual([{ name: 'Website' }]);
    expect(store.all('SELECT name FROM activities')).toEqual([{ name: 'Meeting' }]);
  });

  it('unknown or undone: not found', () => {
    expect(() => undo(7)).toThrow('not_found');
    const { importId } = store.add([row()]);
    undo(importId);
    expect(() => undo(importId)).toThrow('not_found');
  });
});

it('lists of customers and projects are taken back, unless they were edited since', () => {
  store.add([row()]);
  const before = store.dump();
  const customers = store.list({
    kind: 'customers',
    problems: [],
    entries: [
      { line: 2, kimaiId: 4, name: 'Acme', currency: 'EUR', budgetE4: 50_000_000, visible: true },
      { line: 3, kimaiId: 5, name: 'Beta', currency: 'CHF', timeBudgetS: 7200 },
    ],
  });
  expect(customers.counts).toMatchObject({ inserted: 1, updated: 1 });
  undo(customers.importId);
  expect(store.dump()).toBe(before);
  const again = store.list({
    kind: 'projects',
    problems: [],
    entries: [
      { line: 2, kimaiId: 9, name: 'Website', customer: 'Acme', budgetType: 'month', budgetE4: 1 },
    ],
  });
  store.db.exec("UPDATE projects SET color = '#ff0000', edited = 'color'");
  expect(() => undo(again.importId)).toThrow('import_undo_blocked');
});

it('any sequence of imports can be undone backwards, step by step', () => {
  const anyRow = fc.record({
    day: fc.constantFrom(20261101, 20261102),
    beginMin: fc.constantFrom(540, 600),
    durationS: fc.constantFrom(0, 1800, 3600),
    customer: fc.constantFrom('Acme', 'Beta'),
    project: fc.constantFrom('Website', 'Shop'),
    login: fc.constantFrom('anna', 'bert', undefined),
    displayName: fc.constantFrom('Anna', 'Bert'),
    description: fc.constantFrom('', 'Work', 'More'),
    billable: fc.constantFrom(true, false, undefined),
    kimaiId: fc.constantFrom(1, 2, 3),
  });
  // Kimai writes an id in every row of a file or in none.
  const anyFile = fc
    .tuple(fc.boolean(), fc.array(anyRow, { minLength: 1, maxLength: 6 }))
    .map(([hasIds, rows]) =>
      hasIds ? rows : rows.map((values) => ({ ...values, kimaiId: undefined })),
    );
  fc.assert(
    fc.property(fc.array(anyFile, { minLength: 1, maxLength: 4 }), (files) => {
      const other = createTestStore();
      const states: { dump: string; importId: number }[] = [];
      for (const rows of files) {
        const dump = other.dump();
        const records = rows.map((values) => row(values as Partial<ImportRecord>));
        states.push({ dump, importId: other.add(records).importId });
      }
      for (const { dump, importId } of states.reverse()) {
        inTransaction(other.db, () => undoImport(other.db, importId, 1));
        expect(other.dump()).toBe(dump);
      }
      other.close();
    }),
    { numRuns: 25 },
  );
});
