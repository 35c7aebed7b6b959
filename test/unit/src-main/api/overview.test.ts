/** What the first screen tells, and what is new for the clients of a share. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../../support/app.ts';

const start = new Date(2026, 2, 31, 12).getTime();
const hourMs = 3_600_000;
const header =
  'Date,From,To,Duration,Currency,Price,Name,User,Customer,Project,Activity,Description,Billable';
const row = (day: string, hours: number, customer: string, project: string, more = '') =>
  `${day},09:00,${String(9 + hours).padStart(2, '0')}:00,${hours}:00,EUR,${hours * 100},Ana,ana,${customer},${project},Work,${more},1`;
const file = (...rows: string[]): string => `${[header, ...rows].join('\n')}\n`;

let now = start;
let app: TestApp;
beforeEach(async () => {
  now = start;
  app = await createTestApp({ clock: { now: () => new Date(now) } });
});
afterEach(() => app.close());

async function customer(name: string) {
  return (await app.call('customers.list')).find((one) => one.name === name)!;
}
async function project(name: string) {
  return (await app.call('projects.list', {})).find((one) => one.name === name)!;
}

it('an empty store has twelve empty months and nothing to suggest', async () => {
  const overview = await app.call('overview.get');
  expect(overview).toMatchObject({ today: '2026-03-31', customers: 0, suggestedCustomer: null });
  expect(overview.months).toHaveLength(12);
  expect(overview.months[0]).toEqual({ year: 2025, month: 4, durationS: 0, amounts: [] });
});

it('sums hours and amounts by month and currency, and compares with last month so far', async () => {
  await app.importBytes(
    'export.csv',
    file(
      row('2025-03-31', 8, 'Acme', 'Old'),
      row('2026-02-27', 2, 'Acme', 'Website'),
      // Last month has no 31st: it counts to its end.
      row('2026-02-28', 3, 'Acme', 'Website'),
      row('2026-03-30', 4, 'Acme', 'Website'),
      row('2026-03-31', 1, 'Other', 'Shop').replace('EUR', 'USD'),
      row('2026-03-31', 5, 'Other', 'Shop').replace('EUR', 'USD'),
    ).replace(/(2026-03-31),09:00,14/, '$1,14:00,19'),
  );
  const { months, lastMonthSoFar } = await app.call('overview.get');
  expect(months.slice(0, 10).every(({ durationS }) => durationS === 0)).toBe(true);
  expect(months.slice(10)).toEqual([
    {
      year: 2026,
      month: 2,
      durationS: 5 * 3600,
      amounts: [{ currency: 'EUR', rateE4: 5_000_000 }],
    },
    {
      year: 2026,
      month: 3,
      durationS: 10 * 3600,
      amounts: [
        { currency: 'USD', rateE4: 6_000_000 },
        { currency: 'EUR', rateE4: 4_000_000 },
      ],
    },
  ]);
  const march = async (scope: object) =>
    (await app.call('overview.months', scope)).at(-1)!.durationS / 3600;
  expect(await march({})).toBe(10);
  expect(await march({ customerId: (await customer('Acme')).id })).toBe(4);
  expect(await march({ projectId: (await project('Shop')).id })).toBe(6);
  expect(lastMonthSoFar).toEqual({ lastDay: '2026-02-28', durationS: 5 * 3600 });
  now = new Date(2026, 2, 27, 12).getTime();
  expect((await app.call('overview.get')).lastMonthSoFar).toEqual({
    lastDay: '2026-02-27',
    durationS: 2 * 3600,
  });
});

it('lists budgets of which more than 70 % is used, as the client’s page counts them', async () => {
  await app.importBytes(
    'export.csv',
    file(
      row('2025-01-15', 8, 'Acme', 'Whole'),
      row('2025-01-15', 8, 'Acme', 'Monthly').replace('09:00,17:00', '10:00,18:00'),
      row('2026-03-05', 8, 'Acme', 'Monthly'),
      row('2026-03-06', 8, 'Acme', 'Fine'),
      row('2026-03-07', 8, 'Acme', 'Archived'),
    ),
  );
  const set = async (name: string, patch: object) =>
    app.call('projects.update', { id: (await project(name)).id, patch });
  await set('Whole', { budgetE4: 8_000_000 });
  await set('Monthly', { timeBudgetS: 11 * 3600, budgetType: 'month' });
  await set('Fine', { budgetE4: 80_000_000 });
  await set('Archived', { budgetE4: 10_000, visible: false });
  const acme = await customer('Acme');
  const { nearBudgets } = await app.call('overview.get');
  const common = { kind: 'project', customerId: acme.id, customerName: 'Acme', currency: 'EUR' };
  expect(nearBudgets).toEqual([
    {
      ...common,
      id: (await project('Whole')).id,
      name: 'Whole',
      unit: 'money',
      budgetType: null,
      spent: 8_000_000,
      budget: 8_000_000,
      open: 0,
      overspent: 0,
      percent: '100.0',
      level: 'over',
    },
    {
      ...common,
      id: (await project('Monthly')).id,
      name: 'Monthly',
      unit: 'time',
      budgetType: 'month',
      spent: 8 * 3600,
      budget: 11 * 3600,
      open: 3 * 3600,
      overspent: 0,
      percent: '72.7',
      level: 'warn',
    },
  ]);
});

it('suggests the customer with most recent time who has no share', async () => {
  await app.importBytes(
    'export.csv',
    file(
      row('2024-01-10', 8, 'Former', 'Past'),
      row('2026-03-10', 3, 'Busy', 'Now'),
      row('2026-03-11', 2, 'Quiet', 'Now'),
    ),
  );
  const suggested = async () => (await app.call('overview.get')).suggestedCustomer;
  expect(await suggested()).toMatchObject({ name: 'Busy', records: 1, durationS: 3 * 3600 });
  for (const next of ['Quiet', 'Former', undefined]) {
    await app.call('shares.create', { customerId: (await suggested())!.id });
    expect((await suggested())?.name).toBe(next);
  }
});

it('tells what imports brought for a share’s client since the page was last opened', async () => {
  await app.importBytes('first.csv', file(row('2026-03-01', 2, 'Acme', 'Website')));
  const { id: customerId } = await customer('Acme');
  const opened = await app.call('shares.create', { customerId });
  const narrow = await app.call('shares.create', {
    customerId,
    projectId: (await project('Website')).id,
  });
  await app.call('shares.create', { customerId });
  await app.call('publish.set', { enabled: true, port: 0 });
  const base = (await app.call('publish.status')).urls[0]!;
  now += hourMs;
  for (const { id, path } of [opened, narrow]) {
    await (await fetch(base + path)).text();
    // A view is written a moment after the page.
    await expect.poll(() => app.call('shares.get', { id })).toMatchObject({ views: 1 });
  }
  expect(await app.call('shares.news')).toEqual([]);

  now += hourMs;
  await app.importBytes(
    'second.csv',
    file(
      row('2026-03-01', 2, 'Acme', 'Website'),
      row('2026-03-02', 3, 'Acme', 'Shop'),
      row('2026-03-02', 4, 'Other', 'Shop'),
    ),
  );
  expect(await app.call('shares.news')).toEqual([
    { id: opened.id, records: 1, durationS: 3 * 3600 },
  ]);

  now += hourMs;
  await (await fetch(base + opened.path)).text();
  await expect.poll(() => app.call('shares.news')).toEqual([]);
});
