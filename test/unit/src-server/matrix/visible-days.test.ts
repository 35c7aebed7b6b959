/**
 * Which days and records are a share's, in every place at once: rolling ranges × time zone × edges
 * of months, fixed days and billable ones only × table, charts, period, sums and the project page.
 * Read from data.json, which is the page's view model.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ShareOptions } from '../../../../src-shared/contract/shares.ts';
import type { PageJson } from '../../../../src-server/view-model/page-json.ts';
import { startGuardedPortal, type GuardedPortal } from '../../../support/guarded-portal.ts';
import { seedCustomer, seedProject, seedRecords, seedShare } from '../../../support/seed.ts';

/** One billable record on each; every sum of some of their minutes says which ones. */
const edges = {
  '2026-08-31': 1,
  '2026-09-01': 2,
  '2026-09-30': 4,
  '2026-10-01': 8,
  '2026-10-31': 16,
  '2026-11-01': 32,
  '2026-11-30': 64,
  '2026-12-01': 128,
  '2026-12-31': 256,
  '2027-01-01': 512,
};

let portal: GuardedPortal;
let customerId: number;
let projects: { main: number; extra: number };
const zone = process.env.TZ;
beforeAll(async () => {
  portal = await startGuardedPortal();
  const timeBudgetS = 6_000_000;
  customerId = seedCustomer(portal.store, { name: 'Edges', timeBudgetS });
  projects = {
    main: seedProject(portal.store, { customerId, name: 'Main', timeBudgetS }),
    extra: seedProject(portal.store, { customerId, name: 'Extra' }),
  };
  const at = (projectId: number, day: string, minutes: number, billable = true) => ({
    ...{ projectId, day, durationS: minutes * 60, billable },
  });
  seedRecords(portal.store, [
    ...Object.entries(edges).map(([day, minutes]) => at(projects.main, day, minutes)),
    // Months before and after all others, and one day in between, with nothing to pay.
    at(projects.main, '2026-07-15', 1000, false),
    at(projects.main, '2026-10-01', 2000, false),
    at(projects.main, '2027-02-15', 4000, false),
    at(projects.extra, '2026-10-02', 10_000),
    at(projects.extra, '2027-03-01', 20_000),
  ]);
});
afterAll(() => portal.close());
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const onlyMain: Partial<ShareOptions> = { projectSelection: 'selected', onlyBillable: true };

function share(options: Partial<ShareOptions>): string {
  const { key } = seedShare(portal.store, {
    customerId,
    projectIds: [projects.main],
    options: { json: true, timeBudgetStats: true, ...options },
  });
  return `/en/auth/customer-portal/${key}`;
}

async function read(path: string, query = ''): Promise<PageJson> {
  const answer = await portal.request(`${path}/data.json${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as PageJson;
}

const sum = (points: { durationS: number }[]) =>
  points.reduce((total, { durationS }) => total + durationS / 60, 0);

/** The same month in all its places; returns its minutes. */
async function minutesOf(path: string, month: string, project = ''): Promise<number> {
  const [year, number] = month.split('-').map(Number);
  const query = `?year=${year}&month=${number}${project}`;
  const { figures, annual, details } = await read(path, query);
  const chart = await read(path, `${query}&details=chart`);
  if (details.view !== 'table' || chart.details.view !== 'chart') throw new Error('no such view');
  const minutes = figures.durationS / 60;
  expect(annual!.points.find(({ at }) => at === month)!.durationS / 60).toBe(minutes);
  expect([sum(details.rows), details.footer.durationS / 60]).toEqual([minutes, minutes]);
  expect(sum(chart.details.points)).toBe(minutes);
  return minutes;
}

describe('a rolling range', () => {
  const november = '2026-11-30T23:30:00Z';
  const december = '2026-12-31T23:30:00Z';

  // At 23:30 UTC the next month has begun in Kiritimati, and not yet in Los Angeles.
  it.each<[string, string, 'last_month' | 'last_3_months' | 'this_year', string, string, number]>([
    ['America/Los_Angeles', november, 'last_month', '2026-10', '2026-11', 8 + 16 + 32 + 64],
    ['Pacific/Kiritimati', november, 'last_month', '2026-11', '2026-12', 32 + 64 + 128 + 256],
    ['America/Los_Angeles', november, 'last_3_months', '2026-09', '2026-11', 126],
    ['Pacific/Kiritimati', november, 'last_3_months', '2026-10', '2026-12', 504],
    ['America/Los_Angeles', december, 'this_year', '2026-08', '2026-12', 511],
    ['Pacific/Kiritimati', december, 'this_year', '2027-01', '2027-01', 512],
  ])('in %s at %s: %s is %s to %s', async (timeZone, moment, span, first, last, minutes) => {
    process.env.TZ = timeZone;
    portal.clock.time = Date.parse(moment);
    const path = share({ ...onlyMain, range: { kind: 'rolling', span } });
    const model = await read(path);
    expect(model.period).toMatchObject({ first, last });
    expect(sum(model.annual!.points)).toBe(minutes);
    const monthsOfYear = model.annual!.points.filter(({ durationS }) => durationS > 0);
    for (const { at, durationS } of monthsOfYear) {
      expect(await minutesOf(path, at)).toBe(durationS / 60);
    }
  });

  it.each(['America/Los_Angeles', 'Pacific/Kiritimati', 'Europe/Berlin'])(
    "moves at midnight in %s, also for a browser that has the month's page",
    async (timeZone) => {
      process.env.TZ = timeZone;
      portal.clock.time = new Date(2026, 10, 30, 23, 59, 59, 999).getTime();
      const path = share({ ...onlyMain, range: { kind: 'rolling', span: 'last_month' } });
      const october = `${path}?year=2026&month=10`;
      const etag = (await portal.request(october)).headers.get('ETag')!;
      // fetch itself would ask with `no-cache`, which is never answered by 304.
      const headers = { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' };
      expect((await portal.request(october, { headers })).status).toBe(304);
      portal.clock.time += 1;
      const moved = await portal.request(october, { headers });
      expect([moved.status, moved.headers.get('Location')]).toEqual([
        302,
        `${path}?year=2026&month=11`,
      ]);
    },
  );
});

describe('a first and a last day', () => {
  it('cut table, charts, sums and ‹ › alike, on the project page too', async () => {
    portal.clock.time = new Date(2026, 10, 24, 12).getTime();
    const range = { kind: 'fixed', firstDay: '2026-09-30', lastDay: '2026-11-01' } as const;
    const path = share({ ...onlyMain, range });
    for (const project of ['', `&project=${projects.main}`]) {
      expect(await minutesOf(path, '2026-09', project)).toBe(4);
      expect(await minutesOf(path, '2026-10', project)).toBe(8 + 16);
      expect(await minutesOf(path, '2026-11', project)).toBe(32);
      const { annual, period } = await read(path, `?year=2026&month=11${project}`);
      expect(sum(annual!.points)).toBe(4 + 8 + 16 + 32);
      expect(period).toMatchObject({ previous: '2026-10', next: null, first: '2026-09' });
    }
  });
});

describe('billable records only', () => {
  it.each([true, false])('%s: table, charts, sums, months and budgets', async (onlyBillable) => {
    portal.clock.time = new Date(2026, 10, 24, 12).getTime();
    const path = share({ projectSelection: 'selected', onlyBillable });
    expect(await minutesOf(path, '2026-10')).toBe(8 + 16 + (onlyBillable ? 0 : 2000));
    const { period, annual, budgets } = await read(path);
    expect(period).toMatchObject(
      onlyBillable ? { first: '2026-08', last: '2027-01' } : { first: '2026-07', last: '2027-02' },
    );
    expect(sum(annual!.points)).toBe(511 + (onlyBillable ? 0 : 3000));
    // Budgets count what is billable in any case, and only projects of the share.
    expect(budgets).toMatchObject([{ kind: 'time', spent: 1023 * 60 }]);
  });
});

describe('a subset of the projects', () => {
  it('is the same in months, sums, budgets, the list and the project page', async () => {
    portal.clock.time = new Date(2026, 10, 24, 12).getTime();
    const [some, all] = [share(onlyMain), share({ onlyBillable: true })];
    expect(await minutesOf(some, '2026-10')).toBe(24);
    expect(await minutesOf(all, '2026-10')).toBe(10_024);
    const [own, whole] = [await read(some), await read(all)];
    expect([own.period.last, whole.period.last]).toEqual(['2027-01', '2027-03']);
    expect(own.projects!.map(({ name }) => name)).toEqual(['Main']);
    expect(whole.budgets).toMatchObject([{ spent: (1023 + 30_000) * 60 }]);
    expect(own.projects![0]!.budgets).toMatchObject([{ spent: 1023 * 60 }]);
    for (const place of [`/p/${projects.extra}`, `/data.json?project=${projects.extra}`]) {
      expect((await portal.request(some + place)).status).toBe(404);
      expect((await portal.request(all + place)).status).not.toBe(404);
    }
  });
});
