/** Batches on their way stay small, whatever the rows are. */
import { expect, test } from 'vitest';
import { keptProblems, RowReader } from '../../../../src-main/import/rows/batch.ts';
import { Packer } from '../../../../src-main/import/rows/packer.ts';
import { TimesheetSession } from '../../../../src-main/import/jobs/writer-session.ts';
import type { RowProblem } from '../../../../src-main/import/rows/types.ts';
import { databaseFile } from '../../../../src-main/store/open.ts';
import { createTestStore, fullFile, row, today } from '../../../support/import-session.ts';

test('a batch is full by its rows or by their texts', () => {
  const small = new Packer();
  for (let rows = 0; rows < 4095; rows++) small.add(row());
  expect(small.isFull).toBe(false);
  small.add(row());
  expect(small.isFull).toBe(true);
  // 4096 of the longest descriptions would be more than a batch can count.
  const description = 'é'.repeat(2 ** 20);
  const large = new Packer();
  large.add(row({ description }));
  expect(large.isFull).toBe(false);
  large.add(row({ description }));
  expect(large.isFull).toBe(true);
  const reader = new RowReader(large.take()).at(1);
  expect(reader.description).toBe(description);
  expect(large.isFull).toBe(false);
});

test('line numbers go as far as the largest file has lines', () => {
  const packer = new Packer();
  const lines = [1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
  for (const line of lines) packer.add(row({ line }));
  const reader = new RowReader(packer.take());
  expect(lines.map((_, index) => reader.at(index).line)).toEqual(lines);
});

test('a file of nothing but unreadable rows: all are counted, no more kept than are shown', () => {
  const store = createTestStore();
  const session = new TimesheetSession(databaseFile(store.dataDir), fullFile, today);
  session.begin(null);
  const packer = new Packer();
  const all = keptProblems + 10_000;
  let sent = 0;
  for (let line = 2; line < all + 2; line++) {
    const problem: RowProblem = { line, code: 'row_too_short', header: '', value: '' };
    packer.addProblem(problem);
    if (!packer.isFull && line < all + 1) continue;
    expect(packer.isEmpty).toBe(false);
    const batch = packer.take();
    sent += batch.problems.length;
    session.add(batch);
  }
  expect(packer.isEmpty).toBe(true);
  expect(sent).toBe(keptProblems);
  packer.addProblem({ line: all + 2, code: 'row_too_short', header: '', value: '' });
  expect(packer.isEmpty).toBe(false);
  session.finish();
  expect(session.preview.counts).toMatchObject({ inserted: 0, problems: all });
  // Made again from the same batches.
  session.refresh();
  expect(session.preview.counts.problems).toBe(all);
  const shown = session.rows({ kind: 'problem', offset: keptProblems - 1, limit: 10 });
  expect(shown).toMatchObject({ total: all, rows: [{ line: keptProblems + 1 }] });
  session.close();
  store.close();
});
