/**
 * A page that is always on reads a month again only when the month's number has grown. So every
 * change of a record that a page shows has to raise it, also one that leaves the sums as they are.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImportRecord } from '../../../../src-main/import/rows/types.ts';
import { projectMonthVersions } from '../../../../src-main/store/always-on.ts';
import { Edit, undoEdit } from '../../../../src-main/store/changes/edits.ts';
import { editRecords } from '../../../../src-main/store/changes/record-edits.ts';
import { undoImport } from '../../../../src-main/store/changes/undo-import.ts';
import { inTransaction } from '../../../../src-main/store/transactions.ts';
import { createTestStore, row, type TestStore } from '../../../support/import-session.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});
afterEach(() => store.close());

/** The months of which project whose number `change` raises. */
function raisedBy(change: () => void): string[] {
  const read = (): [string, number][] =>
    projectMonthVersions(store.db, [1, 2, 3]).map(({ projectId, month, version }) => [
      `${projectId}: ${month}`,
      version,
    ]);
  const before = new Map(read());
  change();
  const after = read();
  expect(after.length).toBeGreaterThanOrEqual(before.size);
  return after
    .filter(([month, version]) => version > (before.get(month) ?? 0))
    .map(([month]) => month);
}

const edit = (work: (edit: Edit) => void): number =>
  inTransaction(store.db, () => {
    const one = new Edit(store.db);
    work(one);
    return one.finish('records.update', 1);
  });
const undo = (importId: number): void =>
  inTransaction(store.db, () => undoImport(store.db, importId, 1));

it('an import raises its own months, once and when it is taken back', () => {
  let importId = 0;
  const november = { day: 20261102 };
  expect(raisedBy(() => store.add([row(november), row({ day: 20261201 })]))).toEqual([
    '1: 202611',
    '1: 202612',
  ]);
  // The sums stay as they are.
  const changed = row({ ...november, description: 'Other words' });
  expect(raisedBy(() => ({ importId } = store.add([changed])))).toEqual(['1: 202611']);
  expect(raisedBy(() => undo(importId))).toEqual(['1: 202611']);
  const added = row({ ...november, project: 'Shop' });
  expect(raisedBy(() => ({ importId } = store.add([added])))).toEqual(['2: 202611']);
  expect(raisedBy(() => undo(importId))).toEqual(['2: 202611']);
  expect(raisedBy(() => store.add([row(november)]))).toEqual([]);
});

it('many months at once are raised like few, also on top of some that are there', () => {
  // Enough that their sums go by way of a file.
  const count = 6000;
  const inMonths = (description: string): ImportRecord[] =>
    Array.from({ length: count }, (_, at) =>
      row({ day: (1000 + Math.floor(at / 12)) * 10_000 + ((at % 12) + 1) * 100 + 1, description }),
    );
  expect(raisedBy(() => store.add(inMonths('One')))).toHaveLength(count);
  expect(raisedBy(() => store.add(inMonths('Other')))).toHaveLength(count);
  expect(store.all('SELECT count(*) AS n FROM project_months')).toEqual([{ n: count }]);
});

it('edits raise the months of their records, and so does taking them back', () => {
  store.add([row({ day: 20261102 }), row({ day: 20261201 }), row({ project: 'Shop' })]);
  let undoId = 0;
  const hide = (one: Edit): void => editRecords(store.db, one, [2], { hidden: true });
  expect(raisedBy(() => (undoId = edit(hide)))).toEqual(['1: 202612']);
  expect(raisedBy(() => inTransaction(store.db, () => undoEdit(store.db, undoId, 2)))).toEqual([
    '1: 202612',
  ]);
  const move = (one: Edit): void => one.moveRecords(2, 1);
  // A merge sums up all months of both projects again; taking it back those that it moved.
  expect(raisedBy(() => (undoId = edit(move)))).toEqual(['1: 202611', '1: 202612', '2: 202611']);
  expect(raisedBy(() => inTransaction(store.db, () => undoEdit(store.db, undoId, 3)))).toEqual([
    '1: 202611',
    '2: 202611',
  ]);
});
