/**
 * The same rows, once bound one by one and once by way of rows files, give the same tables. The
 * plain way is so simple that it can be trusted, and so the other one is checked against it.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { undecided } from '../../../../../src-main/import/plan/plan.ts';
import { Planner } from '../../../../../src-main/import/plan/timesheet-plan.ts';
import { BatchWriter } from '../../../../../src-main/import/rows/batch-writer.ts';
import type { ImportRecord } from '../../../../../src-main/import/rows/types.ts';
import { RecordWriter } from '../../../../../src-main/import/write/record-writer.ts';
import { insertImport } from '../../../../../src-main/store/changes/imports.ts';
import { createTestStore, entry, fullFile, goOn, row } from '../../../../support/import-session.ts';

interface Imported {
  /** The records with their ids, and everything that hangs on them. */
  dump: string;
  /** Rows files that were made on the way. */
  files: number;
}

/** Imports batches into an empty store, on top of `stored`. */
function importRows(
  batches: readonly ImportRecord[][],
  plainInserts: boolean,
  stored: ImportRecord[] = [],
): Imported {
  const store = createTestStore();
  if (stored.length > 0) store.add(stored);
  let files = 0;
  store.db
    .transaction(() => {
      const planner = new Planner(store.db, fullFile);
      const batchWriter = new BatchWriter();
      const planned = batches.map((rows) => {
        for (const one of rows) batchWriter.add(one);
        return planner.add(batchWriter.take());
      });
      const plan = planner.finish(undecided, 1);
      const importId = insertImport(store.db, entry());
      const writer = new RecordWriter(store.db, importId, plan, goOn, { plainInserts });
      for (const batch of planned) writer.write(batch);
      writer.finish();
      const attached = store.db.pragma('database_list') as { name: string }[];
      files = attached.filter(({ name }) => name.startsWith('rows')).length;
      return writer;
    })
    .immediate()
    .close();
  const left = readdirSync(store.dataDir).includes('uploads')
    ? readdirSync(join(store.dataDir, 'uploads'))
    : [];
  expect(left).toEqual([]);
  const dump = store.dump();
  store.close();
  return { dump, files };
}

/** Texts of every kind, some of them longer than a row of a rows file may be. */
const text = fc.oneof(
  { weight: 20, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 2, arbitrary: fc.constantFrom('', 'a\0b', '😀 Ä\r\n"', 'é'.repeat(57)) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(32_600), 'é'.repeat(20_000)) },
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const amount = fc.oneof(
  fc.integer({ min: -100, max: 10_000_000 }),
  fc.nat({ max: 2 ** 31 - 1 }).map((n) => n * 2 ** 19),
);

/** Values that one row in a hundred takes; the others vary in day and begin only. */
const odd: fc.Arbitrary<Partial<ImportRecord>> = fc.record({
  description: text,
  tags: maybe(fc.constantFrom('', 'a, b', 'ü'.repeat(300))),
  durationS: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  endMin: maybe(fc.integer({ min: 0, max: 1439 })),
  breakS: maybe(fc.nat({ max: 86_400 })),
  rateE4: maybe(amount),
  hourlyRateE4: maybe(amount),
  fixedRateE4: fc.option(amount),
  running: fc.boolean(),
  billable: maybe(fc.boolean()),
  exported: maybe(fc.boolean()),
  login: fc.constantFrom('anna', 'bert'),
  project: fc.constantFrom('Website', 'Shop', 'Müll'),
  activity: fc.constantFrom('Development', 'Talk'),
});

const batchOf = (count: number, first: number, odds: Partial<ImportRecord>[]): ImportRecord[] =>
  Array.from({ length: count }, (_, index) =>
    row({
      kimaiId: first + index + 1,
      day: 20200101 + ((first + index) % 9000),
      beginMin: (index * 7) % 1440,
      description: `row ${index}`,
      ...(index % 100 === 0 ? odds[(index / 100) % odds.length] : {}),
    }),
  );

describe('rows by way of files and rows that are bound', () => {
  it('give the same tables', () => {
    let most = 0;
    fc.assert(
      fc.property(
        fc.array(odd, { minLength: 1, maxLength: 20 }),
        // Small batches are bound in the midst of large ones.
        fc.array(fc.constantFrom(1, 20, 999, 1000, 4096), { minLength: 1, maxLength: 4 }),
        (odds, sizes) => {
          let first = 0;
          const batches = sizes.map((size) => {
            first += size;
            return batchOf(size, first - size, odds);
          });
          const byFile = importRows(batches, false);
          const plain = importRows(batches, true);
          expect(plain.files).toBe(0);
          most = Math.max(most, byFile.files);
          expect(byFile.dump === plain.dump).toBe(true);
        },
      ),
      { numRuns: 12 },
    );
    expect(most).toBeGreaterThan(0);
  });

  it('give the same days, also on top of days that are there', () => {
    const rows = Array.from({ length: 6000 }, (_, index) =>
      row({ kimaiId: index + 1, day: 20000101 + index, billable: index % 3 > 0 }),
    );
    const stored = [row({ day: 20000105, beginMin: 1 }), row({ day: 20000106, beginMin: 1 })];
    const byFile = importRows([rows], false, stored);
    expect(byFile.files).toBe(2);
    expect(byFile.dump === importRows([rows], true, stored).dump).toBe(true);
  });

  it('are told apart by the comparison: a row more or another value makes a difference', () => {
    const rows = batchOf(1200, 0, [{}]);
    const { dump } = importRows([rows], false);
    expect(importRows([rows.slice(1)], true).dump === dump).toBe(false);
    const other = rows.with(600, { ...rows[600]!, breakS: 1 });
    expect(importRows([other], true).dump === dump).toBe(false);
  });
});
