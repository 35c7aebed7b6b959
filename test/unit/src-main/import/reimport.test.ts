/**
 * A file that is imported again finds its records, whatever its order and whatever changed, came or
 * went meanwhile: never doubled, and never changed where an equal record exists. The oracle counts.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimesheetFile } from '../../../../src-main/import/jobs/timesheet-session.ts';
import type { ImportRecord } from '../../../../src-main/import/rows/types.ts';
import { createTestStore, row, type TestStore } from '../../../support/import-session.ts';

type Values = Partial<ImportRecord>;

/** Few keys and few values, so that many rows are equal in some parts and differ in others. */
const values = fc
  .record({
    beginMin: fc.constantFrom(540, 600),
    login: fc.constantFrom('anna', 'bert'),
    activity: fc.constantFrom('Development', 'Meeting'),
    project: fc.constantFrom('Website', 'Shop'),
    day: fc.constantFrom(20261102, 20261103),
    durationS: fc.constantFrom(3600, 3659, 7200),
    description: fc.constantFrom('', 'Work', 'Talk'),
    rateE4: fc.constantFrom(900_000, 0),
    running: fc.boolean(),
  })
  .map(({ running, ...rest }): Values => {
    const named = { ...rest, displayName: rest.login };
    return running ? { ...named, running, durationS: 0, rateE4: 0, endMin: undefined } : named;
  });

interface Layout {
  name: string;
  file: Partial<TimesheetFile>;
  /** What such a file says of a row. */
  write: (values: Values) => Values;
  /** The parts of the natural key that it states. */
  key: (values: Values) => unknown[];
}

const fullKey = (v: Values): unknown[] => [v.project, v.day, v.login, v.activity, v.beginMin];
const layouts: Layout[] = [
  { name: 'everything', file: {}, write: (v) => v, key: fullKey },
  {
    name: 'whole minutes',
    file: { resolution: 60 },
    write: (v) => ({ ...v, durationS: v.durationS! - (v.durationS! % 60) }),
    key: fullKey,
  },
  {
    name: 'no descriptions and no rates',
    file: { hasDescription: false },
    write: (v) => ({ ...v, description: '', rateE4: undefined, hourlyRateE4: undefined }),
    key: fullKey,
  },
  {
    name: 'no times',
    file: { hasEnd: false },
    write: (v) => ({ ...v, beginMin: undefined, endMin: undefined, running: false }),
    key: (v) => [v.project, v.day, v.login, v.activity],
  },
  {
    name: 'no users and activities',
    file: { hasUser: false, hasActivity: false },
    write: (v) => ({ ...v, login: undefined, displayName: undefined, activity: '' }),
    key: (v) => [v.project, v.day, v.beginMin],
  },
];

const counted = (texts: string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
};
/** How many of `a` have one of their own in `b`. */
const common = (a: Map<string, number>, b: Map<string, number>): number =>
  [...a].reduce((sum, [text, count]) => sum + Math.min(count, b.get(text) ?? 0), 0);

/** What is stored at first, what the second file has of it, in which order, and what else. */
const scenario = fc.array(values, { minLength: 1, maxLength: 14 }).chain((stored) =>
  fc.record({
    stored: fc.constant(stored),
    kept: fc.shuffledSubarray(stored.map((_, index) => index)),
    changes: fc.array(values, { maxLength: 3 }),
    added: fc.array(values, { maxLength: 4 }),
    addedFirst: fc.boolean(),
  }),
);

/** A row of the second file that was stored, the first few of them with other values. */
function comesAgain(stored: Values, change: Values | undefined): Values {
  if (!change) return stored;
  const { beginMin, login, displayName, activity, project, day } = stored;
  return { ...change, beginMin, login, displayName, activity, project, day } as Values;
}

const runs = Number(process.env['REIMPORTS'] ?? 40);

function inStore(use: (store: TestStore) => void): void {
  const store = createTestStore();
  try {
    use(store);
  } finally {
    store.close();
  }
}

describe('a file that comes again', () => {
  it.each(layouts)('with $name', ({ file, write, key }) => {
    fc.assert(
      fc.property(scenario, ({ stored, kept, changes, added, addedFirst }) => {
        const again = kept.map((index, at) => comesAgain(stored[index]!, changes[at]));
        const written = (addedFirst ? [...added, ...again] : [...again, ...added]).map(write);
        const text = (v: Values): string =>
          JSON.stringify([key(v), v.durationS, v.description, v.running, v.rateE4]);
        const keysOf = (list: Values[]): Map<string, number> =>
          counted(list.map((v) => JSON.stringify(key(v))));
        const exact = common(counted(written.map(text)), counted(stored.map(write).map(text)));
        const sameKey = common(keysOf(written), keysOf(stored));
        inStore((store) => {
          store.add(stored.map(row));
          const { counts } = store.add(written.map(row), file);
          expect(counts.unchanged).toBeGreaterThanOrEqual(exact);
          expect(counts.inserted).toBeGreaterThanOrEqual(written.length - sameKey);
          if (key === fullKey) expect(counts.inserted).toBe(written.length - sameKey);
          const records = store.all<{ n: number }>('SELECT count(*) AS n FROM records')[0]!.n;
          expect(records).toBe(stored.length + counts.inserted);
          // And once more: nothing is left to do.
          const before = store.dump();
          const third = store.add(written.map(row), file).counts;
          expect(third).toMatchObject({ inserted: 0, updated: 0 });
          expect(store.dump()).toBe(before);
        });
      }),
      { numRuns: runs },
    );
  });

  it('with ids, of which the store knows some', () => {
    fc.assert(
      fc.property(scenario, fc.array(fc.boolean()), ({ stored, kept, changes, added }, known) => {
        const hasId = (index: number): boolean => known[index] ?? false;
        const again = kept.map((index, at) => ({
          ...comesAgain(stored[index]!, changes[at]),
          kimaiId: index + 1,
        }));
        const written = [...again, ...added.map((v, at) => ({ ...v, kimaiId: 1000 + at }))];
        const unknown = written.filter(({ kimaiId }) => kimaiId >= 1000 || !hasId(kimaiId - 1));
        const keys = (list: Values[]): Map<string, number> =>
          counted(list.map((v) => JSON.stringify(fullKey(v))));
        const withoutId = stored.filter((_, index) => !hasId(index));
        inStore((store) => {
          store.add(stored.map((v, index) => row(hasId(index) ? { ...v, kimaiId: index + 1 } : v)));
          const idOf = `SELECT id, kimai_id FROM records WHERE kimai_id IS NOT NULL ORDER BY id`;
          const before = store.all(idOf);
          const { counts } = store.add(written.map(row));
          expect(counts).toMatchObject({
            inserted: unknown.length - common(keys(unknown), keys(withoutId)),
            problems: 0,
          });
          const after = store.all<{ kimai_id: number }>(idOf);
          expect(after).toEqual(expect.arrayContaining(before));
          const ids = after.map((record) => record.kimai_id);
          expect(new Set(ids).size).toBe(ids.length);
          for (const { kimaiId } of written) expect(ids).toContain(kimaiId);
          const third = store.add(written.map(row)).counts;
          expect(third).toMatchObject({ inserted: 0, updated: 0, unchanged: written.length });
        });
      }),
      { numRuns: runs },
    );
  });

  it('on a day with hundreds of equal keys, in any order and without the times', () => {
    const all = Array.from({ length: 400 }, (_, at) => ({
      beginMin: at % 3,
      durationS: 60 * (at % 40),
      description: `Text ${at}`,
    }));
    const other = all.toSorted((a, b) => a.description.localeCompare(b.description));
    inStore((store) => {
      store.add(all.map(row));
      const again = { inserted: 0, updated: 0, unchanged: 400 };
      expect(store.add(other.map(row)).counts).toMatchObject(again);
      const { counts } = store.add([
        row({ beginMin: 1, description: 'New' }),
        ...other.toReversed().map((v) => row(v)),
      ]);
      expect(counts).toMatchObject({ inserted: 1, updated: 0, unchanged: 400 });
      const untimed = other.map((v) => row({ ...v, beginMin: undefined, endMin: undefined }));
      expect(store.add(untimed, { hasEnd: false }).counts).toMatchObject(again);
      const withIds = other.map((v, at) => row({ ...v, kimaiId: at + 1 }));
      expect(store.add(withIds).counts).toMatchObject(again);
    });
  });
});
