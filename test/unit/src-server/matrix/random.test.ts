/**
 * Random records, options and budgets: every page of the portal, reached by import and HTTP, is
 * what the oracle says.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, it } from 'vitest';
import { mergeModes, shareOptions } from '../../../../src-shared/contract/shares.ts';
import { checkPage, type Case } from './check-page.ts';
import { openPortal, type Portal } from './portal.ts';
import type { Entry } from './world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.stop());

const projects = ['Archive', 'Beta', 'Core', 'Delta'] as const;
// Few days and people, so that records meet in a row: most on one day, some at the edges of months.
const days = ['2026-02-01', '2026-02-01', '2026-02-01', '2026-01-31', '2026-02-28', '2025-12-31'];
const people = [
  ['amina', 'Amina'],
  ['alex1', 'Alex'],
  ['alex2', 'Alex'],
  ['ivan', 'Иван'],
  ['maria', 'Мария'],
] as const;

/** Entries that begin at different minutes, since order within a minute is nobody's promise. */
const entries = fc
  .array(
    fc.record({
      day: fc.constantFrom(...days),
      person: fc.constantFrom(...people),
      project: fc.constantFrom('Core', 'Core', ...projects),
      durationS: fc.oneof(fc.integer({ min: 0, max: 9 * 3600 }), fc.constantFrom(0, 59, 60, 3600)),
      running: fc.boolean(),
      billable: fc.boolean(),
      fixed: fc.constantFrom(false, false, true),
      activity: fc.constantFrom('Work', 'Design, print'),
      tags: fc.constantFrom('', 'quick', 'on site, quick'),
      description: fc.constantFrom('', '', 'Call', 'Réunion\nsuite', 'مراجعة', '<b>5 & 6</b>'),
      hourlyRate: fc.constantFrom('0', '80', '95.5', '110.25'),
      cents: fc.integer({ min: 0, max: 500_000 }),
    }),
    { minLength: 1, maxLength: 30, size: 'max' },
  )
  .map((rows) =>
    rows.map((row, index): Entry => {
      const running = row.running && row.durationS === 0;
      const rate = running ? '0' : decimal(row.cents);
      return {
        day: row.day,
        begin: `${String(8 + Math.floor(index / 3)).padStart(2, '0')}:${String((index % 3) * 20).padStart(2, '0')}`,
        durationS: row.durationS,
        running,
        login: row.person[0],
        name: row.person[1],
        project: row.project,
        activity: row.activity,
        description: row.description,
        tags: row.tags,
        billable: row.billable,
        hourlyRate: row.hourlyRate,
        fixedRate: row.fixed && row.cents > 0 && !running ? decimal(row.cents) : '0',
        rate,
      };
    }),
  );

const decimal = (cents: number): string =>
  `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`.replace(/\.?0+$/, '') || '0';

const onOff = fc.boolean();
const options = fc
  .record({
    showUser: onOff,
    showRates: onOff,
    showMonthTotal: onOff,
    mergeMode: fc.constantFrom(...mergeModes),
    annualChart: onOff,
    monthlyChart: onOff,
    budgetStats: onOff,
    timeBudgetStats: onOff,
    showActivity: onOff,
    showTags: onOff,
    showTimes: onOff,
    onlyBillable: onOff,
    includeArchived: onOff,
    projectSelection: fc.constantFrom('all' as const, 'selected' as const),
  })
  .map((drawn) => shareOptions.parse(drawn));

const budgets = fc.record({
  money: fc.constantFrom(0, 500, 20_000),
  timeS: fc.constantFrom(0, 7200, 180_000),
  monthly: onOff,
});

const drawn = fc.record({
  entries,
  options,
  budget: budgets,
  currency: fc.constantFrom('EUR', 'JPY', 'TND'),
  picked: fc.subarray([...projects], { minLength: 1 }),
  page: fc.constantFrom('customer', 'share', 'inside'),
});

let customers = 0;

it('every page is what the oracle says', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async (draw) => {
      const customer = `Customer ${++customers}`;
      const { customerId, projectIds } = await portal.importEntries(
        customer,
        draw.entries,
        draw.currency,
      );
      await setBudgets(customerId, projectIds, draw.budget);
      const archived = projectIds.get('Archive');
      if (archived !== undefined) {
        await portal.program.call('projects.update', { id: archived, patch: { visible: false } });
      }
      await checkShare(draw, customerId, projectIds);
    }),
    // Shrinking asks a whole program again and again: a small example is not worth minutes.
    { numRuns: 50, endOnFailure: true },
  );
});

type Draw = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

async function checkShare(
  draw: Draw,
  customerId: number,
  projectIds: Map<string, number>,
): Promise<void> {
  const { entries: all, options: share } = draw;
  const inScope = [...projectIds.keys()].filter(
    (name) =>
      (share.includeArchived || name !== 'Archive') &&
      (share.projectSelection === 'all' || draw.picked.includes(name as (typeof projects)[number])),
  );
  // A page without projects or months is a page of its own, tested elsewhere.
  const visible = all.filter(
    (e) => inScope.includes(e.project) && (e.billable || !share.onlyBillable),
  );
  const shownEntry = visible[0];
  if (!shownEntry) return;
  const only = shownEntry.project;
  const month = shownEntry.day.slice(0, 7);
  const single = draw.page === 'share';
  const published = await portal.share(
    customerId,
    single ? projectIds.get(only)! : null,
    share,
    inScope.map((name) => projectIds.get(name)!),
  );
  const path = draw.page === 'inside' ? `/p/${projectIds.get(only)}` : '';
  const onProject = draw.page !== 'customer';
  const c: Case = {
    entries: all,
    options: share,
    currency: draw.currency,
    projects: onProject ? [only] : ordered(inScope),
    onProject,
    month,
    budget: draw.budget,
  };
  const table = await portal.show(published, month, '', path);
  const chart = share.monthlyChart
    ? await portal.show(published, month, '&details=chart', path)
    : null;
  checkPage(table, chart, c);
}

/** By name, archived ones last. */
const ordered = (names: string[]): string[] => [
  ...names.filter((name) => name !== 'Archive').toSorted(),
  ...names.filter((name) => name === 'Archive'),
];

async function setBudgets(
  customerId: number,
  projectIds: Map<string, number>,
  budget: Draw['budget'],
): Promise<void> {
  const patch = {
    budgetE4: budget.money * 10_000,
    timeBudgetS: budget.timeS,
    budgetType: budget.monthly ? ('month' as const) : null,
  };
  await portal.program.call('customers.update', { id: customerId, patch });
  for (const id of projectIds.values()) await portal.program.call('projects.update', { id, patch });
}
