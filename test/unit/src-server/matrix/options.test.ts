/**
 * Every merge mode × customer and project shares × every option on and off, against the oracle;
 * and what an option hides is nowhere in the page.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  mergeModes,
  shareOptions,
  type ShareOptions,
} from '../../../../src-shared/contract/shares.ts';
import { checkPage, type Case } from './check-page.ts';
import { openPortal, type Portal, type TestShare } from './portal.ts';
import { entry, type Entry } from './world.ts';

const entries: Entry[] = [
  entry({ begin: '08:00', description: 'first', activity: 'Painting', tags: 'quick' }),
  entry({ begin: '09:00', description: '', hourlyRate: '120', rate: '120' }),
  entry({ begin: '10:00', description: 'third', login: 'alex', name: 'Alexandra' }),
  entry({ begin: '11:00', description: 'gift', billable: false, durationS: 1800, rate: '45' }),
  entry({ begin: '12:00', project: 'Old', description: 'before', rate: '90' }),
  entry({
    begin: '13:00',
    description: 'lump sum',
    hourlyRate: '0',
    fixedRate: '500',
    rate: '500',
  }),
  entry({
    begin: '14:00',
    login: 'li',
    name: '李',
    durationS: 5407,
    description: '',
    rate: '135.18',
  }),
  entry({ begin: '14:30', login: 'amina2', description: 'namesake' }),
  entry({ begin: '15:00', description: '', running: true, durationS: 0, rate: '0' }),
  entry({ day: '2026-01-31', begin: '23:00', durationS: 7200, rate: '180' }),
  entry({ day: '2026-03-01', begin: '00:00', project: 'Shop' }),
  entry({ day: '2025-02-10', project: 'Shop', description: 'a year before' }),
];
const budget = { money: 1000, timeS: 6 * 3600, monthly: true };

const switches = [
  'showUser',
  'showRates',
  'showMonthTotal',
  'annualChart',
  'monthlyChart',
  'budgetStats',
  'timeBudgetStats',
  'showActivity',
  'showTags',
  'showTimes',
  'onlyBillable',
  'includeArchived',
] as const;

const all = (on: boolean): Partial<ShareOptions> =>
  Object.fromEntries(switches.map((name) => [name, on]));

/** All off, all on, and each option alone against both. */
const settings: [string, Partial<ShareOptions>][] = [
  ['everything off', all(false)],
  ['everything on', all(true)],
  ...switches.flatMap((name): [string, Partial<ShareOptions>][] => [
    [`only ${name}`, { ...all(false), [name]: true }],
    [`all but ${name}`, { ...all(true), [name]: false }],
  ]),
];

let portal: Portal;
let shares: Record<'customer' | 'project', TestShare>;
beforeAll(async () => {
  portal = await openPortal();
  const { customerId, projectIds } = await portal.importEntries('Harbour', entries);
  const patch = {
    budgetE4: budget.money * 10_000,
    timeBudgetS: budget.timeS,
    budgetType: 'month',
  } as const;
  await portal.program.call('customers.update', { id: customerId, patch });
  await portal.program.call('projects.update', { id: projectIds.get('Website')!, patch });
  await portal.program.call('projects.update', {
    id: projectIds.get('Old')!,
    patch: { visible: false },
  });
  shares = {
    customer: await portal.share(customerId, null, {}),
    project: await portal.share(customerId, projectIds.get('Website')!, {}),
  };
});
afterAll(() => portal.stop());

/** Texts that must be nowhere in a page while an option is off; they occur in nothing else. */
const hidden: Partial<Record<(typeof switches)[number], RegExp>> = {
  showUser: /Amina|Alexandra|李|amina|alex/,
  showActivity: /Painting/,
  showTags: /quick/,
};

function expectNothingHidden(html: string, options: ShareOptions): void {
  for (const [name, pattern] of Object.entries(hidden)) {
    if (!options[name as keyof typeof hidden]) expect(html).not.toMatch(pattern);
  }
  const amounts = options.showRates || options.showMonthTotal || options.budgetStats;
  if (!amounts) expect(html).not.toContain('€');
  // The internal rate of every record of the file.
  expect(html).not.toMatch(/77,?777/);
}

describe.each(['customer', 'project'] as const)('a %s share', (scope) => {
  describe.each(mergeModes)('merge mode %s', (mergeMode) => {
    it.each(settings)('%s', async (_, setting) => {
      const options = shareOptions.parse({ ...setting, mergeMode });
      const share = shares[scope];
      await portal.setOptions(share, options);
      const projects = options.includeArchived ? ['Shop', 'Website', 'Old'] : ['Shop', 'Website'];
      const c: Case = {
        entries,
        options,
        currency: 'EUR',
        projects: scope === 'project' ? ['Website'] : projects,
        onProject: scope === 'project',
        month: '2026-02',
        budget,
      };
      const table = await portal.show(share, '2026-02');
      const chart = options.monthlyChart
        ? await portal.show(share, '2026-02', '&details=chart')
        : null;
      checkPage(table, chart, c);
      expectNothingHidden(table.html, options);
      if (chart) expectNothingHidden(chart.html, options);
    });
  });
});
