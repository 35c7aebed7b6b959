import { parse, type HTMLElement } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOpenPortal, type TestPortal } from '../../support/portal.ts';
import { seedCustomer, seedProject, seedRecords, seedShare } from '../../support/seed.ts';
import type { SeedShare } from '../../support/seed.ts';

let portal: TestPortal;
let customerId: number;
let website: number;
let support: number;
let archived: number;
let foreign: number;

beforeAll(async () => {
  portal = await startOpenPortal();
  const { store } = portal;
  customerId = seedCustomer(store, {
    name: 'Harbour <Coffee> & Co',
    budgetE4: 10_000_000,
    timeBudgetS: 36_000,
  });
  website = seedProject(store, { customerId, name: 'Website', color: '#ffee00' });
  support = seedProject(store, {
    customerId,
    name: 'Support',
    budgetE4: 1_000_000,
    budgetType: 'month',
  });
  archived = seedProject(store, { customerId, name: 'Archived', visible: false });
  const otherCustomer = seedCustomer(store, { name: 'Other' });
  foreign = seedProject(store, { customerId: otherCustomer, name: 'Foreign secret' });
  seedRecords(store, [
    {
      projectId: website,
      day: '2026-10-01',
      durationS: 5400,
      rateE4: 1_425_050,
      hourlyRateE4: 950_000,
      userName: 'Susan Miller',
      description: 'One\n<b>Two</b>',
      activity: 'Design',
      tags: 'red,blue',
      beginMin: 540,
      endMin: 630,
    },
    { projectId: website, day: '2026-10-01', durationS: 1859, rateE4: 50, billable: false },
    { projectId: support, day: '2026-10-02', durationS: 3600, rateE4: 1_200_000, fixedRateE4: 1 },
    { projectId: support, day: '2025-12-31', durationS: 3600, rateE4: 700_000 },
    { projectId: archived, day: '2026-09-15', durationS: 7200, rateE4: 800_000 },
    { projectId: foreign, day: '2026-11-01', durationS: 60, description: 'never' },
  ]);
});
afterAll(() => portal.close());

const share = (options: SeedShare['options'] = {}, rest: Partial<SeedShare> = {}): string =>
  seedShare(portal.store, { customerId, options, ...rest }).key;

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${portal.url}${path}`, { redirect: 'manual', headers });

async function read(path: string): Promise<HTMLElement> {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  return parse(await answer.text());
}

const address = (key: string, rest = '', locale = 'en'): string =>
  `/${locale}/auth/customer-portal/${key}${rest}`;

const texts = (page: HTMLElement, selector: string): string[] =>
  page.querySelectorAll(selector).map((element) => element.textContent.replace(/\s+/g, ' ').trim());

describe('customer page', () => {
  it('shows the newest month with records, row by row', async () => {
    const page = await read(address(share({ showRates: true, showUser: true })));
    expect(page.querySelector('body')?.getAttribute('data-page')).toBe('customer');
    expect(texts(page, 'h1')).toEqual(['Harbour <Coffee> & Co']);
    expect(texts(page, '[data-table=details] thead th')).toEqual([
      'Date',
      'User',
      'Project',
      'Description',
      'Duration',
      'Hourly price',
      'Total price',
    ]);
    expect(page.querySelectorAll('[data-row]').map((row) => texts(row, 'td'))).toEqual([
      ['Thu, Oct 1', 'Susan Miller', 'Website', 'not billed', '0:30', '', '€0.00'],
      ['Thu, Oct 1', 'Susan Miller', 'Website', 'One <b>Two</b>', '1:30', '€95.00', '€142.50'],
      ['Fri, Oct 2', 'Susan Miller', 'Support', '', '1:00', 'fixed', '€120.00'],
    ]);
    expect(texts(page, '[data-footer] > *')).toEqual(['October 2026', '3:00', '', '€262.51']);
    // The break is a real line feed, and what looks like HTML is text.
    expect(page.querySelectorAll('[data-description]')[1]?.innerHTML).toBe('One\n&lt;b>Two&lt;/b>');
  });

  it('says once that rounded rows do not add up, and only then', async () => {
    const key = share({ showRates: true });
    expect(texts(await read(address(key)), '[data-note=rounding]')).toHaveLength(1);
    const september = await read(address(key, '?year=2026&month=9'));
    expect(texts(september, '[data-note=rounding]')).toEqual([]);
  });

  it('has charts that agree with the table, as tables of their own', async () => {
    const page = await read(address(share({ showRates: true }), '?year=2026&month=10'));
    const rows = page.querySelectorAll('[data-chart-table=annual] [data-point]');
    expect(rows).toHaveLength(12);
    expect(texts(rows[9]!, 'th, td')).toEqual(['October', '3.02', '3:00', '€262.51']);
    expect(rows[8]?.querySelector('[data-hours] data')?.getAttribute('value')).toBe('2');
    const chart = await read(address(share(), '?year=2026&month=10&details=chart'));
    expect(chart.querySelector('[data-table=details]')).toBeNull();
    expect(chart.querySelectorAll('[data-chart-table=monthly] [data-point]')).toHaveLength(31);
    expect(chart.querySelector('[data-chart-table] [data-total]')).toBeNull();
  });

  it('lists projects by name, archived ones last and marked, keeping the period', async () => {
    const key = share();
    const page = await read(address(key, '?year=2026&month=9'));
    expect(texts(page, '[data-project-link]')).toEqual(['Support', 'Website', 'Archived']);
    expect(texts(page, '[data-mark=archived]')).toEqual(['archived']);
    const href = page.querySelector('[data-project-link]')?.getAttribute('href');
    expect(href).toBe(address(key, `/p/${support}?year=2026&month=9`));
  });

  it('measures budgets: lifetime ones always, monthly ones in the selected month', async () => {
    const key = share({ budgetStats: true, timeBudgetStats: true });
    const page = await read(address(key, '?year=2026&month=10'));
    const statistics = page.querySelector('[data-statistics]')!;
    expect(texts(statistics, '[data-spent]')).toEqual(['€412.50', '5:30']);
    expect(texts(statistics, '[data-of]')).toEqual(['€1,000.00', '10:00']);
    expect(texts(statistics, '[data-percent]')).toEqual(['41.3%', '55.0%']);
    const row = page.querySelectorAll('[data-project]')[0]!;
    const budget = row.querySelector('[data-budget=money]')!;
    expect(budget.getAttribute('data-level')).toBe('over');
    expect(budget.querySelector('[data-bar]')?.getAttribute('data-bar')).toBe('100');
    expect(texts(budget, '.left')).toEqual(['€20.00 over']);
    expect(texts(budget, '.head')).toEqual(['Budget in October 2026']);
    const december = await read(address(key, '?year=2025&month=12'));
    expect(texts(december, '[data-project] [data-percent]')).toEqual(['70.0%']);
  });

  it('shows activity, tags and times if they are on', async () => {
    const page = await read(
      address(share({ showActivity: true, showTags: true, showTimes: true })),
    );
    const row = page.querySelectorAll('[data-row]')[1]!;
    expect(texts(row, '[data-column=activity]')).toEqual(['Design']);
    expect(texts(row, '[data-column=tags] .tag')).toEqual(['red', 'blue']);
    expect(texts(row, '[data-column=times]')).toEqual(['9:00 AM – 10:30 AM']);
  });

  it("shows the month's total alone while rates are hidden", async () => {
    const page = await read(address(share({ showMonthTotal: true })));
    expect(texts(page, '[data-footer] [data-amount]')).toEqual(['€262.51']);
    expect(texts(page, '[data-row] [data-amount]')).toEqual([]);
    expect(page.toString().match(/€/g)).toHaveLength(2);
  });

  it('leaves the amounts of a record empty that came without rates', async () => {
    const unpriced = seedCustomer(portal.store, { name: 'Unpriced' });
    const projectId = seedProject(portal.store, { customerId: unpriced, name: 'Only' });
    seedRecords(portal.store, [
      { projectId, day: '2026-10-01', durationS: 60, rateE4: null },
      { projectId, day: '2026-10-02', durationS: 60, rateE4: 20_000 },
    ]);
    const key = seedShare(portal.store, { customerId: unpriced, options: { showRates: true } }).key;
    const page = await read(address(key));
    expect(page.querySelectorAll('[data-row]').map((row) => texts(row, 'td').slice(-2))).toEqual([
      ['', ''],
      ['', '€2.00'],
    ]);
    expect(texts(page, '[data-footer] [data-amount]')).toEqual(['€2.00']);
  });

  it('has one clear sentence for a month without records', async () => {
    const page = await read(address(share(), '?year=2026&month=3'));
    expect(texts(page, '[data-empty=details]')).toEqual(['No time was tracked in March 2026.']);
    expect(page.querySelector('[data-table=projects]')).not.toBeNull();
  });
});

describe('what is hidden', () => {
  it('is not on the page at all: users, amounts, other projects, other customers', async () => {
    const key = share({ projectSelection: 'selected' }, { projectIds: [support] });
    const html = await (await get(address(key))).text();
    for (const secret of ['Susan', '€', 'Website', 'Archived', 'Foreign', 'never', 'One']) {
      expect(html).not.toContain(secret);
    }
  });

  it('is out of every number of the page', async () => {
    const options = { projectSelection: 'selected', budgetStats: true, showRates: true } as const;
    const page = await read(address(share(options, { projectIds: [support] })));
    expect(texts(page, '[data-figure=hours]')).toEqual(['1:00']);
    expect(texts(page, '[data-statistics] [data-spent]')).toEqual(['€190.00']);
    const october = page.querySelectorAll('[data-chart-table=annual] [data-duration]')[9];
    expect(october?.text).toBe('1:00');
  });

  it('leaves archived projects out if the share says so', async () => {
    const key = share({ includeArchived: false });
    expect(texts(await read(address(key)), '[data-project-link]')).toEqual(['Support', 'Website']);
    expect((await get(address(key, `/p/${archived}`))).status).toBe(404);
  });

  it.each(['999999', '0', 'abc', '-1', '1e3', '99999999999999999999'])(
    'answers 404 for /p/%s',
    async (id) => {
      expect((await get(address(share(), `/p/${id}`))).status).toBe(404);
    },
  );

  it('answers 404 for a foreign project', async () => {
    const answer = await get(address(share(), `/p/${foreign}`));
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
  });
});

describe('project page', () => {
  it('has no project column and leads back, keeping the period', async () => {
    const key = share();
    const page = await read(address(key, `/p/${website}?year=2026&month=10`));
    expect(page.querySelector('body')?.getAttribute('data-page')).toBe('project');
    expect(texts(page, 'h1')).toEqual(['Website']);
    expect(page.querySelector('[data-table=projects], th[data-column=project]')).toBeNull();
    expect(page.querySelector('.back a')?.getAttribute('href')).toBe(
      address(key, '?year=2026&month=10'),
    );
    const chart = page.querySelector('a[data-details=chart]')?.getAttribute('href');
    expect(chart).toBe(address(key, `/p/${website}?year=2026&month=10&details=chart`));
  });

  it('is all there is of a project share, without the name of its customer', async () => {
    const key = share({}, { projectId: website });
    const page = await read(address(key));
    expect(texts(page, 'h1')).toEqual(['Website']);
    expect(page.toString()).not.toContain('Harbour');
    expect((await get(address(key, `/p/${website}`))).status).toBe(404);
  });

  it('measures its own budgets, never those of its customer', async () => {
    const key = share({ budgetStats: true, timeBudgetStats: true });
    const page = await read(address(key, `/p/${support}?year=2026&month=10`));
    expect(texts(page, '[data-statistics] [data-spent]')).toEqual(['€120.00']);
    expect(texts(page, '[data-statistics] [data-of]')).toEqual(['€100.00']);
    const without = await read(address(key, `/p/${website}?year=2026&month=10`));
    expect(without.querySelector('[data-budget], [data-statistics]')).toBeNull();
  });

  it('keeps a month of its share in which it has no records itself', async () => {
    const page = await read(address(share(), `/p/${website}?year=2026&month=9`));
    expect(texts(page, '[data-empty=details]')).toEqual(['No time was tracked in September 2026.']);
    expect(page.querySelector('[rel=prev]')?.getAttribute('href')).toContain('month=8');
  });

  it("starts with the share's newest month, not in the future, if it has no records", async () => {
    const busy = seedCustomer(portal.store, { name: 'Busy' });
    const worked = seedProject(portal.store, { customerId: busy, name: 'Worked on' });
    const idle = seedProject(portal.store, { customerId: busy, name: 'Idle' });
    seedRecords(portal.store, [
      { projectId: worked, day: '2026-08-01', durationS: 60 },
      { projectId: worked, day: '2027-01-01', durationS: 60 },
    ]);
    const { key } = seedShare(portal.store, { customerId: busy });
    const page = await read(address(key, `/p/${idle}`));
    expect(texts(page, '[data-empty=details]')).toEqual(['No time was tracked in August 2026.']);
  });

  it('starts with its own newest month', async () => {
    const page = await read(address(share(), `/p/${archived}`));
    expect(texts(page, '[data-footer] th')).toEqual(['September 2026']);
  });
});
