/** Batches on their way stay small, whatever the rows are. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { maxKeptProblems } from '../../../../src-main/import/rows/batch.ts';
import { RowReader } from '../../../../src-main/import/rows/row-reader.ts';
import { BatchWriter } from '../../../../src-main/import/rows/batch-writer.ts';
import { TimesheetSession } from '../../../../src-main/import/jobs/timesheet-session.ts';
import type { ImportRecord, RowProblem } from '../../../../src-main/import/rows/types.ts';
import { databaseFile } from '../../../../src-main/store/open.ts';
import { createTestStore, fullFile, row, today } from '../../../support/import-session.ts';

it('is full by its rows or by their texts', () => {
  const small = new BatchWriter();
  for (let rows = 0; rows < 4095; rows++) small.add(row());
  expect(small.isFull).toBe(false);
  small.add(row());
  expect(small.isFull).toBe(true);
  // 4096 of the longest descriptions would be more than a batch can count.
  const description = 'é'.repeat(2 ** 20);
  const large = new BatchWriter();
  large.add(row({ description }));
  expect(large.isFull).toBe(false);
  large.add(row({ description }));
  expect(large.isFull).toBe(true);
  const reader = new RowReader(large.take()).at(1);
  expect(reader.description).toBe(description);
  expect(large.isFull).toBe(false);
});

it('counts lines as far as the largest file has them', () => {
  const writer = new BatchWriter();
  const lines = [1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
  for (const line of lines) writer.add(row({ line }));
  const reader = new RowReader(writer.take());
  expect(lines.map((_, index) => reader.at(index).line)).toEqual(lines);
});

it('counts all unreadable rows of a file, and keeps no more than are shown', () => {
  const store = createTestStore();
  const session = new TimesheetSession(databaseFile(store.dataDir), fullFile, today);
  session.begin(null);
  const writer = new BatchWriter();
  const all = maxKeptProblems + 10_000;
  let sent = 0;
  for (let line = 2; line < all + 2; line++) {
    const problem: RowProblem = { line, code: 'row_too_short', header: '', value: '' };
    writer.addProblem(problem);
    if (!writer.isFull && line < all + 1) continue;
    expect(writer.isEmpty).toBe(false);
    const batch = writer.take();
    sent += batch.problems.length;
    session.add(batch);
  }
  expect(writer.isEmpty).toBe(true);
  expect(sent).toBe(maxKeptProblems);
  writer.addProblem({ line: all + 2, code: 'row_too_short', header: '', value: '' });
  expect(writer.isEmpty).toBe(false);
  session.finish();
  expect(session.preview.counts).toMatchObject({ inserted: 0, problems: all });
  // Made again from the same batches.
  session.refresh();
  expect(session.preview.counts.problems).toBe(all);
  const shown = session.rows({ kind: 'problem', offset: maxKeptProblems - 1, limit: 10 });
  expect(shown).toMatchObject({ total: all, rows: [{ line: maxKeptProblems + 1 }] });
  session.close();
  store.close();
});

it('gives back every field of any row, and null for what the file does not say', () => {
  const amount = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });
  const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(value, { nil: undefined });
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  const record: fc.Arbitrary<ImportRecord> = fc.record({
    line: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    kimaiId: maybe(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
    day: fc.integer({ min: 19700101, max: 20991231 }),
    beginMin: maybe(fc.integer({ min: 0, max: 1439 })),
    endMin: maybe(fc.integer({ min: 0, max: 1439 })),
    running: fc.boolean(),
    durationS: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    breakS: maybe(fc.nat()),
    rateE4: maybe(amount),
    hourlyRateE4: maybe(amount),
    fixedRateE4: fc.option(maybe(amount), { nil: null }),
    currency: maybe(fc.constantFrom('EUR', 'CHF')),
    displayName: maybe(text),
    login: maybe(fc.constantFrom('anna', 'bert')),
    customer: fc.constantFrom('Acme', 'Beta'),
    customerNumber: maybe(fc.constantFrom('1', '2')),
    project: fc.constantFrom('Website', 'Shop'),
    projectNumber: maybe(fc.constantFrom('1', '2')),
    orderNumber: maybe(fc.constantFrom('1', '2')),
    activity: fc.constantFrom('Development', 'Talk'),
    description: text,
    exported: maybe(fc.boolean()),
    billable: maybe(fc.boolean()),
    tags: maybe(text),
  });
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 40 }), (records) => {
      const writer = new BatchWriter();
      for (const one of records) writer.add(one);
      const batch = writer.take();
      const reader = new RowReader(batch);
      // Backwards, so that no getter can live from the row before.
      for (const [index, one] of [...records.entries()].toReversed()) {
        const read = reader.at(index);
        const project = batch.projects[read.projectIndex]!;
        const person = batch.people[read.personIndex]!;
        expect({
          line: read.line,
          kimaiId: read.kimaiId,
          day: read.day,
          beginMin: read.beginMin,
          endMin: read.endMin,
          running: read.running,
          durationS: read.durationS,
          breakS: read.breakS,
          rateE4: read.rateE4,
          hourlyRateE4: read.hourlyRateE4,
          fixedRateE4: read.fixedRateE4,
          exported: read.exported,
          billable: read.billable,
          description: read.description,
          tags: read.tags,
          activity: batch.activities[read.activityIndex],
          displayName: person.displayName,
          login: person.login,
          ...project,
        }).toEqual({
          ...one,
          kimaiId: one.kimaiId ?? null,
          beginMin: one.beginMin ?? -1,
          endMin: one.endMin ?? null,
          breakS: one.breakS ?? null,
          rateE4: one.rateE4 ?? null,
          hourlyRateE4: one.hourlyRateE4 ?? null,
          // Null in a record: the column is there, and there is no fixed rate.
          fixedRateE4: one.fixedRateE4 === undefined ? null : (one.fixedRateE4 ?? 0),
          exported: one.exported ?? null,
          billable: one.billable ?? null,
          tags: one.tags ?? null,
        });
      }
    }),
  );
});
