/** Values of a page at their limits: budgets, scope, order, charts below zero, half known times. */
import { parse, type HTMLElement } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOpenPortal, type TestPortal } from '../../support/portal.ts';
import {
  seedCustomer,
  seedProject,
  seedRecords,
  seedShare,
  type SeedProject,
  type SeedRecord,
  type SeedShare,
} from '../../support/seed.ts';

let portal: TestPortal;
beforeAll(async () => {
  portal = await startOpenPortal();
});
afterAll(() => portal.close());

/** A customer of its own with these projects, and the records of each. */
function seedWorld(
  projects: (Omit<SeedProject, 'customerId'> & { records?: Omit<SeedRecord, 'projectId'>[] })[],
) {
  const customerId = seedCustomer(portal.store, { name: 'Harbour', budgetE4: 10_000_000 });
  const ids = projects.map(({ records = [], ...project }) => {
    const projectId = seedProject(portal.store, { customerId, ...project });
    const rows = records.map((row) => ({ projectId, ...row }));
    seedRecords(portal.store, rows);
    return projectId;
  });
  return {
    ids,
    share: (options: NonNullable<SeedShare['options']>, rest: Partial<SeedShare> = {}): string =>
      seedShare(portal.store, { customerId, options, ...rest }).key,
  };
}

const get = (key: string, rest = ''): Promise<Response> =>
  fetch(`${portal.url}/en/auth/customer-portal/${key}${rest}`, { redirect: 'manual' });

async function read(key: string, rest = ''): Promise<HTMLElement> {
  const answer = await get(key, rest);
  expect(answer.status).toBe(200);
  return parse(await answer.text());
}

const texts = (page: HTMLElement, selector: string): string[] =>
  page.querySelectorAll(selector).map((element) => element.textContent.replace(/\s+/g, ' ').trim());

describe('a budget', () => {
  it('says at each limit how much is used and left, and changes its level beyond it', async () => {
    const spent = [700_000, 700_100, 900_000, 900_100, 1_000_000, 1_000_100, -50_000];
    const { share } = seedWorld([
      ...spent.map((rateE4, index) => ({
        name: `Project ${index}`,
        budgetE4: 1_000_000,
        records: [{ day: '2026-10-01', durationS: 60, rateE4 }],
      })),
      { name: 'Without', records: [{ day: '2026-10-01', durationS: 60, rateE4: 5 }] },
    ]);
    const page = await read(share({ budgetStats: true }));
    const rows = page.querySelectorAll('[data-project]');
    expect(
      rows.slice(0, -1).map((row) => {
        const budget = row.querySelector('[data-budget=money]')!;
        const [percent, left] = [texts(budget, '[data-percent]')[0], texts(budget, '.left')[0]];
        const bar = budget.querySelector('[data-bar]')?.getAttribute('data-bar');
        return [percent, left, bar, budget.getAttribute('data-level')];
      }),
    ).toEqual([
      ['70.0%', '€30.00 left', '70.0', 'ok'],
      ['70.0%', '€29.99 left', '70.0', 'warn'],
      ['90.0%', '€10.00 left', '90.0', 'warn'],
      ['90.0%', '€9.99 left', '90.0', 'over'],
      ['100.0%', '€0.00 left', '100', 'over'],
      ['100.0%', '€0.01 over', '100', 'over'],
      ['-5.0%', '€105.00 left', '0.0', 'ok'],
    ]);
    expect(texts(rows.at(-1)!, '.budgets')).toEqual(['No budget']);
  });
});

describe('projects', () => {
  const day = { day: '2026-10-01', durationS: 3600 };

  it("are in the owner's order, then by name as in a dictionary, archived ones last", async () => {
    const { share } = seedWorld([
      { name: 'zoo', records: [day] },
      { name: 'Émile' },
      { name: 'apple' },
      { name: 'Zebra' },
      { name: 'Last by choice', sortOrder: 2 },
      { name: 'Aged', visible: false },
    ]);
    const names = ['apple', 'Émile', 'Zebra', 'zoo', 'Last by choice', 'Aged'];
    expect(texts(await read(share({})), '[data-project-link]')).toEqual(names);
  });

  it('that are archived are left out if the share says so, picked ones too', async () => {
    const { ids, share } = seedWorld([
      { name: 'Current', records: [day] },
      { name: 'Aged', visible: false, records: [day] },
    ]);
    const key = share(
      { projectSelection: 'selected', includeArchived: false },
      { projectIds: [...ids] },
    );
    const page = await read(key);
    expect(texts(page, '[data-project-link]')).toEqual(['Current']);
    expect(texts(page, '[data-figure=hours]')).toEqual(['1:00']);
    expect((await get(key, `/p/${ids[1]}`)).status).toBe(404);
    // Whoever shares that one project means it.
    const own = share({ includeArchived: false }, { projectId: ids[1]! });
    expect(texts(await read(own), '[data-figure=hours]')).toEqual(['1:00']);
  });
});

describe('days outside of the range of a share', () => {
  it('are left out of rows, sums and charts, and counted in lifetime budgets', async () => {
    const records = ['2026-09-15', '2026-10-01', '2026-10-02'].map((day) => ({
      day,
      durationS: 3600,
      rateE4: 900_000,
    }));
    const { share } = seedWorld([{ name: 'Website', records }]);
    const range = { kind: 'fixed', firstDay: '2026-10-02', lastDay: null } as const;
    const key = share({ range, budgetStats: true, annualChart: true, monthlyChart: true });
    const page = await read(key, '?year=2026&month=10');
    const shown = page.querySelectorAll('[data-row] time');
    expect(shown.map((row) => row.getAttribute('datetime'))).toEqual(['2026-10-02']);
    expect(texts(page, '[data-figure]')).toEqual(['1:00', '1']);
    const annual = texts(page, '[data-chart-table=annual] [data-duration]');
    expect(annual.slice(8)).toEqual(['0:00', '1:00', '0:00', '0:00']);
    expect(texts(page, '#annual-title .n')).toEqual(['2026 · 1:00 in all']);
    // What is left of a budget would be wrong otherwise.
    expect(texts(page, '[data-statistics] [data-spent]')).toEqual(['€270.00']);
    const chart = await read(key, '?year=2026&month=10&details=chart');
    const days = texts(chart, '[data-chart-table=monthly] [data-duration]');
    expect(days.slice(0, 3)).toEqual(['0:00', '1:00', '0:00']);
    expect(texts(chart, '#monthly-title .n')).toEqual(['October 2026 · 1:00 in all']);
  });
});

describe('rows and bars', () => {
  it('say what part is not billed, and show a begin whose end is unknown', async () => {
    const at = (day: string, billable: boolean) => ({ day, billable, durationS: 60 });
    const { share } = seedWorld([
      {
        name: 'Website',
        records: [
          { ...at('2026-10-01', true), beginMin: 540, running: true },
          { ...at('2026-10-01', false), beginMin: null },
          at('2026-10-02', false),
        ],
      },
    ]);
    const page = await read(share({ mergeMode: 'merge', showTimes: true }));
    expect(texts(page, '[data-mark=non-billable]')).toEqual(['partly not billed', 'not billed']);
    expect(texts(page, '[data-row] [data-column=times]')).toEqual(['9:00 AM –', '']);
    expect(texts(page, '#details-title .n')).toEqual(['2 entries']);
  });

  it('are as high as their share of the highest, and have no height below zero', async () => {
    const records = [
      { day: '2026-08-01', durationS: -3600 },
      { day: '2026-09-01', durationS: 3600 },
      { day: '2026-10-01', durationS: 7200 },
      { day: '2026-10-02', durationS: -1800 },
    ];
    const { share } = seedWorld([{ name: 'Website', records }]);
    const heights = (page: HTMLElement, chart: string) =>
      page
        .querySelectorAll(`[data-chart=${chart}] .bars i`)
        .map((bar) => bar.getAttribute('style')!.replace('--height:', ''));
    const key = share({ annualChart: true, monthlyChart: true });
    const page = await read(key, '?year=2026&month=10&details=chart');
    expect(heights(page, 'annual').slice(6)).toEqual(['0', '0', '66.7', '100', '0', '0']);
    expect(heights(page, 'monthly').slice(0, 3)).toEqual(['100', '0', '0']);
    // Each bar opens its month and keeps the rest of the address.
    const links = page.querySelectorAll('[data-chart=annual] .bars a');
    expect(links.map((link) => link.getAttribute('href')?.split('?')[1])).toEqual(
      [8, 9, 10].map((month) => `year=2026&month=${month}&details=chart`),
    );
    expect(texts(page, '[data-chart=annual] .bars a .unseen')).toEqual([
      'August 2026: -1:00',
      'September 2026: 1:00',
      'October 2026: 1:30',
    ]);
  });
});
