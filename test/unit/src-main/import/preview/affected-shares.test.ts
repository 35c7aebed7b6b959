/** The shares that a preview names are those whose pages change, and no others. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportRecord } from '../../../../../src-main/import/rows/types.ts';
import { openReadStore } from '../../../../../src-main/store/open.ts';
import { createPortalSource } from '../../../../../src-main/store/portal-source.ts';
import { scopeOf } from '../../../../../src-server/scope.ts';
import type { PortalSource } from '../../../../../src-server/source.ts';
import { buildPageModel } from '../../../../../src-server/view-model/build.ts';
import { addMonths } from '../../../../../src-shared/domain/period.ts';
import { createTestStore, row, today, type TestStore } from '../../../../support/import-session.ts';
import { rebuildProjectDays, seedShare, type SeedShare } from '../../../../support/seed.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});
afterEach(() => store.close());

const now = new Date(2026, 10, 24, 12);
const acme = 1;
const share = (options: SeedShare['options'], more: Partial<SeedShare> = {}): number =>
  seedShare(store.db, { customerId: acme, options: options ?? {}, ...more }).id;

function namedBy(rows: ImportRecord[]): number[] {
  const session = store.open(rows);
  const named = session.preview.shares.map(({ shareId }) => shareId);
  session.close();
  return named;
}

describe('a preview does not name a share', () => {
  beforeEach(() => {
    store.add([row({ kimaiId: 1 }), row({ kimaiId: 2, project: 'Shop' })]);
  });

  it('that leaves archived projects out, for a record of one', () => {
    store.db.exec(`UPDATE projects SET visible = 0 WHERE name = 'Shop'`);
    const without = share({ includeArchived: false });
    const withThem = share({});
    expect(namedBy([row({ kimaiId: 3, project: 'Shop' })])).toEqual([withThem]);
    expect(namedBy([row({ kimaiId: 3 })])).toEqual([without, withThem]);
  });

  it('whose days end before the record', () => {
    const range = { kind: 'fixed', firstDay: null, lastDay: '2026-11-02' } as const;
    const ended = share({ range });
    const rolling = share({ range: { kind: 'rolling', span: 'last_month' } });
    expect(namedBy([row({ kimaiId: 3, day: 20261103 })])).toEqual([rolling]);
    expect(namedBy([row({ kimaiId: 3, day: 20261102 })])).toEqual([ended, rolling]);
    expect(namedBy([row({ kimaiId: 3, day: 20260930 })])).toEqual([ended]);
  });

  it('of billable work only, for work that is not', () => {
    const billable = share({ onlyBillable: true });
    const all = share({});
    expect(namedBy([row({ kimaiId: 3, billable: false })])).toEqual([all]);
    expect(namedBy([row({ kimaiId: 3 })])).toEqual([billable, all]);
    // Work that stops being billable leaves the page.
    expect(namedBy([row({ kimaiId: 1, billable: false })])).toEqual([billable, all]);
  });

  it('for a value that it hides', () => {
    const plain = share({});
    const users = share({ showUser: true });
    const total = share({ showMonthTotal: true });
    const moved = { kimaiId: 1, activity: 'Design', tags: 'new', beginMin: 600, endMin: 660 };
    expect(namedBy([row(moved)])).toEqual([]);
    expect(namedBy([row({ kimaiId: 1, login: 'bea', displayName: 'Bea' })])).toEqual([users]);
    expect(namedBy([row({ kimaiId: 1, displayName: 'Anna M.' })])).toEqual([users]);
    expect(namedBy([row({ kimaiId: 1, rateE4: 1 })])).toEqual([total]);
    expect(namedBy([row({ kimaiId: 1, description: 'More' })])).toEqual([plain, users, total]);
  });

  it('for a record that the owner hid', () => {
    share({});
    store.db.exec('UPDATE records SET hidden = 1 WHERE kimai_id = 1');
    rebuildProjectDays(store.db);
    expect(namedBy([row({ kimaiId: 1, description: 'More' })])).toEqual([]);
  });
});

it('a preview names a share whose budget counts what its days do not show', () => {
  store.add([row({ kimaiId: 1 })]);
  store.db.exec('UPDATE projects SET time_budget_s = 36000');
  const range = { kind: 'rolling', span: 'last_month' } as const;
  share({ range, budgetStats: true });
  const counting = share({ range, timeBudgetStats: true });
  expect(namedBy([row({ kimaiId: 2, day: 20250101 })])).toEqual([counting]);
  expect(namedBy([row({ kimaiId: 2, day: 20250101, billable: false })])).toEqual([]);
});

describe('for any share and any change of records', () => {
  const projects = [
    ['Acme', 'Website'],
    ['Acme', 'Shop'],
    ['Acme', 'Archive'],
    ['Beta', 'Website'],
    ['Acme', 'Yet unknown'],
  ] as const;
  const known = projects.slice(0, 4);
  const entry = (places: readonly (readonly [string, string])[]) =>
    fc.record({
      place: fc.constantFrom(...places),
      day: fc.constantFrom(20251231, 20260815, 20261031, 20261102, 20261130),
      person: fc.constantFrom('anna', 'bea'),
      activity: fc.constantFrom('Work', 'Design'),
      billable: fc.boolean(),
      description: fc.constantFrom('Call', ''),
      tags: fc.constantFrom('', 'quick'),
      minutes: fc.integer({ min: 1, max: 300 }),
      rate: fc.integer({ min: 1, max: 500 }),
    });
  type Entry = ReturnType<typeof entry> extends fc.Arbitrary<infer E> ? E : never;

  const onOff = fc.boolean();
  const shares = fc.array(
    fc.record({
      options: fc.record({
        ...{ showUser: onOff, showRates: onOff, showMonthTotal: onOff, showActivity: onOff },
        ...{ showTags: onOff, onlyBillable: onOff, includeArchived: onOff },
        ...{ budgetStats: onOff, timeBudgetStats: onOff },
        projectSelection: fc.constantFrom('all', 'selected'),
        range: fc.constantFrom(
          { kind: 'all' } as const,
          { kind: 'fixed', firstDay: '2026-10-01', lastDay: '2026-10-31' } as const,
          { kind: 'fixed', firstDay: '2026-11-01', lastDay: null } as const,
          { kind: 'rolling', span: 'last_month' } as const,
          { kind: 'rolling', span: 'this_year' } as const,
        ),
      }),
      projectId: fc.constantFrom(null, null, 1, 3),
      projectIds: fc.subarray([1, 2, 3]),
    }),
    { minLength: 1, maxLength: 4 },
  );

  /** Durations and rates differ by the id, so that no two changes can cancel each other out. */
  const rowOf = (
    { place, day, person, activity, billable, description, tags, minutes, rate }: Entry,
    id: number,
  ): ImportRecord =>
    row({
      ...{ kimaiId: id, customer: place[0], project: place[1], day, login: person },
      ...{ displayName: person, activity, billable, description, tags, beginMin: 480 + id },
      ...{ endMin: 540 + id, durationS: minutes * 1000 + id, rateE4: rate * 1_000_000 + id * 7 },
      hourlyRateE4: 900_000,
    });

  it('it names a share exactly if the data of one of its pages change', () => {
    fc.assert(
      fc.property(
        fc.array(entry(known), { minLength: 4, maxLength: 8 }),
        shares,
        fc.array(fc.option(entry(known)), { minLength: 4, maxLength: 4 }),
        fc.array(entry(projects), { maxLength: 2 }),
        fc.constantFrom(null, 'month'),
        (stored, drafts, changed, added, budgetType) => {
          const world = createTestStore();
          try {
            // All projects first, so that their ids are 1 to 4.
            const first = known.map((place, index) => rowOf({ ...stored[0]!, place }, 900 + index));
            world.add([...first, ...stored.map((one, index) => rowOf(one, index + 1))]);
            world.db.exec(`UPDATE projects SET visible = 0 WHERE name = 'Archive';
              UPDATE projects SET budget_e4 = 10000000, time_budget_s = 36000 WHERE id = 1`);
            world.db.prepare('UPDATE projects SET budget_type = ?').run(budgetType);
            const seeded = drafts.map((draft) =>
              seedShare(world.db, { customerId: acme, ...draft }),
            );
            const readStore = openReadStore(world.dataDir);
            try {
              const source = createPortalSource(readStore);
              const before = seeded.map(({ key }) => pagesOf(source, key));
              const rows = [
                ...changed.flatMap((one, index) => (one ? [rowOf(one, index + 1)] : [])),
                ...added.map((one, index) => rowOf(one, 500 + index)),
              ];
              const session = world.open(rows);
              const named = session.preview.shares.map(({ shareId }) => shareId);
              session.close();
              world.add(rows);
              const after = seeded.map(({ key }) => pagesOf(source, key));
              const changing = seeded.filter((_, index) => before[index] !== after[index]);
              expect(named).toEqual(changing.map(({ id }) => id));
            } finally {
              readStore.close();
            }
          } finally {
            world.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  /** The data of all pages of a share, in all months; the order of a table's rows is no fact. */
  function pagesOf(source: PortalSource, key: string): string {
    const found = source.shareByKeyDigest(createHash('sha256').update(key).digest())!;
    const { projectIds } = scopeOf(found, source.projects(found.customerId));
    const build = (projectId: number | null, year?: number, month?: number) =>
      buildPageModel({
        ...{ share: found, source, now },
        request: {
          projectId,
          ...{ year: textOf(year), month: textOf(month), details: 'table' },
        },
      });
    const pages = found.projectId === null ? [null, ...projectIds] : [null];
    return JSON.stringify(
      pages.map((projectId) => {
        const newest = build(projectId);
        if (newest.kind !== 'page') return newest.kind;
        const { first, last } = newest.model.period;
        const data: unknown[] = [];
        for (let month = first; month <= last; month = addMonths(month, 1)) {
          const page = build(projectId, Math.floor(month / 100), month % 100);
          if (page.kind !== 'page' || page.model.details.view !== 'table')
            throw new Error('no page');
          page.model.details.rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
          data.push(page.model);
        }
        return data;
      }),
    );
  }

  const textOf = (value: number | undefined): string | null =>
    value === undefined ? null : String(value);
});

it('shares are judged on the day of the preview', () => {
  store.add([row({ kimaiId: 1 })]);
  share({}, { expiresDay: today - 1 });
  share({}, { paused: true });
  const last = share({}, { expiresDay: today });
  expect(namedBy([row({ kimaiId: 2 })])).toEqual([last]);
});
