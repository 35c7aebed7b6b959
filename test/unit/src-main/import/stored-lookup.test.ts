/** Whatever order rows come in, the record that is found is one that a search would find. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StoredLookup } from '../../../../src-main/import/plan/stored-lookup.ts';
import { RecordReads } from '../../../../src-main/store/records/records.ts';
import type { StoredRecord } from '../../../../src-main/store/records/stored-record.ts';
import { createTestStore, row, type TestStore } from '../../../support/import-session.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});
afterEach(() => store.close());

type Key = [project: number, day: number, user: number, activity: number, begin: number];

const keyOf = ({ projectId, day, userId, activityId, beginMin }: StoredRecord): Key => [
  projectId,
  day,
  userId,
  activityId,
  beginMin,
];

const allRecords = (): StoredRecord[] => new RecordReads(store.db).after(0, 1_000_000);

function fill(count: number): void {
  store.add(
    Array.from({ length: count }, (_, at) =>
      row({
        day: 20260101 + (at % 5),
        beginMin: (at * 7) % 11,
        login: `user${at % 3}`,
        kimaiId: at % 2 === 0 ? 1000 + at : undefined,
      }),
    ),
  );
}

it('finds records in any order, with steps over stored records and jumps back', () => {
  fill(2000);
  store.db.prepare('DELETE FROM records WHERE id % 13 = 0').run();
  store.db.exec('DELETE FROM project_days; DELETE FROM project_months');
  const stored = allRecords();
  const counts = Map.groupBy(stored, (record) => keyOf(record).join(' '));
  const runs = fc.array(
    fc.record({
      from: fc.nat(stored.length - 1),
      length: fc.integer({ min: 1, max: 800 }),
      step: fc.constantFrom(1, 1, 1, 2, -1, 0),
    }),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(runs, fc.boolean(), (order, byId) => {
      const lookup = new StoredLookup(store.db);
      for (const { from, length, step } of order) {
        for (let n = 0; n < length; n++) {
          const wanted = stored[from + n * step];
          if (!wanted) break;
          const { kimaiId } = wanted;
          if (byId && kimaiId !== null) {
            expect(lookup.byKimaiId(kimaiId)?.toRow()).toEqual(wanted.toRow());
            continue;
          }
          const key = keyOf(wanted);
          const equal = counts.get(key.join(' '))!;
          const occurrence = n % equal.length;
          const found = lookup.byKey(...key, occurrence);
          expect(equal.map((record) => record.toRow())).toContainEqual(found?.toRow());
        }
      }
    }),
    { numRuns: 30 },
  );
  store.db.exec('DELETE FROM records');
});

it('finds nothing where nothing is, also in the middle of a run', () => {
  fill(100);
  const stored = allRecords();
  const lookup = new StoredLookup(store.db);
  for (const record of stored) {
    const [project, day, user, activity, begin] = keyOf(record);
    expect(lookup.byKey(project, day, user, activity, begin + 100, 0)).toBeUndefined();
    expect(lookup.byKimaiId(5)).toBeUndefined();
    expect(lookup.byKey(project, day, user, activity, begin, 0)).toBeDefined();
  }
  // Every record was given once, as the rows of the file take them.
  expect(lookup.byKimaiId(1000)?.toRow()).toEqual(stored[0]!.toRow());
});
