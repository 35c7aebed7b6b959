/**
 * Where Kimai's plugin (Customer Portal 4.6) makes a page of the wrong records, the right result
 * stated by hand: dates and time zones, archived and excluded projects, monthly budgets.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPortal, type Portal } from './portal.ts';
import { entry, type Entry } from './world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.stop());

let customers = 0;
const world = (entries: Entry[]) => portal.importEntries(`Customer ${++customers}`, entries);

describe('records at the edges of a month', () => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  // In Tokyo, 1 February 8:00 is still January in Europe; late on the 28th is March there.
  const entries = [
    entry({ day: '2026-01-31', begin: '23:30', description: 'last of January' }),
    entry({ day: '2026-02-01', begin: '00:00', description: 'midnight' }),
    entry({ day: '2026-02-01', begin: '08:00', description: 'Tokyo morning' }),
    entry({ day: '2026-02-28', begin: '23:59', durationS: 7200, description: 'over midnight' }),
    entry({ day: '2026-03-01', begin: '00:00', durationS: 60, description: 'first of March' }),
  ];
  const inMonth: Record<string, string[]> = {
    '2026-01': ['last of January'],
    '2026-02': ['midnight', 'Tokyo morning', 'over midnight'],
    '2026-03': ['first of March'],
  };

  it.each(['Asia/Tokyo', 'Pacific/Kiritimati', 'America/Los_Angeles', 'UTC', 'Europe/Berlin'])(
    'are in the month of their own date, program in %s',
    async (timeZone) => {
      process.env.TZ = timeZone;
      const { customerId, projectIds } = await world(entries);
      const shares = [
        await portal.share(customerId, null, {}),
        await portal.share(customerId, projectIds.get('Website')!, {}),
      ];
      for (const share of shares) {
        for (const [month, descriptions] of Object.entries(inMonth)) {
          const { values } = await portal.show(share, month);
          expect(values.details!.rows.map((row) => row.description)).toEqual(descriptions);
          expect(values.annual!.durations.slice(0, 3)).toEqual(['1:00', '4:00', '0:01']);
        }
        const { values } = await portal.show(share, '2026-02', '&details=chart');
        const hours = values.monthly!.hours;
        expect([hours.length, hours[0], hours[27]]).toEqual([28, 2, 2]);
      }
    },
  );
});

describe('archived and excluded projects', () => {
  const entries = [
    entry({ begin: '08:00', project: 'Website', description: 'site' }),
    entry({ begin: '09:00', project: 'Legacy', description: 'old' }),
    entry({ begin: '10:00', project: 'Secret', description: 'hush' }),
  ];

  async function archivedWorld() {
    const { customerId, projectIds } = await world(entries);
    await portal.program.call('projects.update', {
      id: projectIds.get('Legacy')!,
      patch: { visible: false },
    });
    const budgets = { budgetE4: 1000_0000, timeBudgetS: 36_000 };
    await portal.program.call('customers.update', { id: customerId, patch: budgets });
    return { customerId, projectIds };
  }

  /** All places of a page that show how much there is. */
  const amounts = ({ values }: Awaited<ReturnType<Portal['show']>>) => ({
    descriptions: values.details?.rows.map((row) => row.description),
    footer: values.details?.footer.duration,
    year: values.annual?.durations[1],
    spent: values.statistics?.map((budget) => budget.spent),
    projects: values.projects?.map((project) => project.name.trim()),
  });

  const options = { budgetStats: true, timeBudgetStats: true };

  it('an archived project stays in rows, sums, charts and budgets, marked and last', async () => {
    const { customerId } = await archivedWorld();
    const share = await portal.share(customerId, null, options);
    const shown = await portal.show(share, '2026-02');
    expect(amounts(shown)).toEqual({
      descriptions: ['site', 'old', 'hush'],
      footer: '3:00',
      year: '3:00',
      spent: ['€270.00', '3:00'],
      projects: ['Secret', 'Website', 'Legacy'],
    });
    expect(shown.values.projects!.map((project) => project.archived)).toEqual([false, false, true]);
  });

  it('a share without archived projects leaves them out of all of it', async () => {
    const { customerId, projectIds } = await archivedWorld();
    const share = await portal.share(customerId, null, { ...options, includeArchived: false });
    const shown = await portal.show(share, '2026-02');
    expect(amounts(shown)).toEqual({
      descriptions: ['site', 'hush'],
      footer: '2:00',
      year: '2:00',
      spent: ['€180.00', '2:00'],
      projects: ['Secret', 'Website'],
    });
    expect(shown.html).not.toContain('Legacy');
    const page = await portal.show(share, '2026-02', '', `/p/${projectIds.get('Legacy')}`);
    expect(page.status).toBe(404);
  });

  it('an excluded project is nowhere, and its page is a 404', async () => {
    const { customerId, projectIds } = await archivedWorld();
    const picked = [projectIds.get('Website')!, projectIds.get('Legacy')!];
    const share = await portal.share(
      customerId,
      null,
      { ...options, projectSelection: 'selected' },
      picked,
    );
    for (const query of ['', '&details=chart']) {
      const shown = await portal.show(share, '2026-02', query);
      expect(shown.html).not.toMatch(/Secret|hush/);
      expect(shown.values.annual!.durations[1]).toBe('2:00');
      if (query !== '') expect(shown.values.monthly!.hours[9]).toBe(2);
    }
    expect(amounts(await portal.show(share, '2026-02'))).toEqual({
      descriptions: ['site', 'old'],
      footer: '2:00',
      year: '2:00',
      spent: ['€180.00', '2:00'],
      projects: ['Website', 'Legacy'],
    });
    const statuses = await Promise.all(
      ['Website', 'Legacy', 'Secret'].map(
        async (name) =>
          (await portal.show(share, '2026-02', '', `/p/${projectIds.get(name)}`)).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 404]);
  });

  it("another customer's project is a 404 too", async () => {
    const mine = await world(entries);
    const other = await world([entry({ project: 'Other' })]);
    const share = await portal.share(mine.customerId, null, {});
    const page = await portal.show(share, '2026-02', '', `/p/${other.projectIds.get('Other')}`);
    expect(page.status).toBe(404);
  });
});

describe('monthly budgets', () => {
  const entries = [
    entry({ day: '2026-01-10', durationS: 3 * 3600, rate: '300' }),
    entry({ day: '2026-02-10', durationS: 3600, rate: '100' }),
    entry({ day: '2026-02-11', durationS: 3600, rate: '100', billable: false }),
    entry({ day: '2026-03-10', durationS: 2 * 3600, rate: '200' }),
  ];

  it.each([
    ['2026-01', '€300.00', '3:00', '75.0'],
    ['2026-02', '€100.00', '1:00', '25.0'],
    ['2026-03', '€200.00', '2:00', '50.0'],
  ])('show the selected month: %s', async (month, money, time, percent) => {
    const { customerId, projectIds } = await world(entries);
    const patch = { budgetE4: 400_0000, timeBudgetS: 4 * 3600, budgetType: 'month' } as const;
    await portal.program.call('customers.update', { id: customerId, patch });
    await portal.program.call('projects.update', { id: projectIds.get('Website')!, patch });
    const options = { budgetStats: true, timeBudgetStats: true };
    const share = await portal.share(customerId, null, options);
    const project = await portal.share(customerId, projectIds.get('Website')!, options);

    const onCustomer = (await portal.show(share, month)).values;
    const onProject = (await portal.show(project, month)).values;
    for (const budgets of [
      onCustomer.statistics,
      onCustomer.projects![0]!.budgets,
      onProject.statistics,
    ]) {
      expect(budgets!.map((budget) => budget.spent)).toEqual([money, time]);
      expect(budgets!.map((budget) => budget.bar)).toEqual([percent, percent]);
    }
  });

  it('lifetime budgets show the same in every month, planned records included', async () => {
    const { customerId } = await world([
      ...entries,
      entry({ day: '2026-12-24', durationS: 3600, rate: '50' }),
    ]);
    const patch = { budgetE4: 1000_0000, timeBudgetS: 10 * 3600 };
    await portal.program.call('customers.update', { id: customerId, patch });
    const share = await portal.share(customerId, null, {
      budgetStats: true,
      timeBudgetStats: true,
    });
    for (const month of ['2026-01', '2026-02', '2026-03', '2026-12']) {
      const { statistics } = (await portal.show(share, month)).values;
      expect(statistics!.map((budget) => budget.spent)).toEqual(['€650.00', '7:00']);
    }
  });
});
