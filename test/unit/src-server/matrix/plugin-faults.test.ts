/**
 * Where Kimai's plugin (Customer Portal 4.6) is wrong, the right result stated by hand: entries in,
 * page out, through import and HTTP.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MergeMode } from '../../../../src-shared/contract/shares.ts';
import type { PageValues } from '../../../fidelity/read-page.ts';
import { openPortal, type Portal } from './portal.ts';
import { entry, type Entry } from './world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.stop());

let customers = 0;
/** A customer of its own for each case, so that no case sees another one's entries. */
async function world(entries: Entry[]) {
  customers++;
  return portal.importEntries(`Customer ${customers}`, entries);
}

const rows = (values: PageValues): string[] =>
  (values.details?.rows ?? []).map((row) =>
    [row.day, row.user, row.project, row.description.replaceAll('\n', ' / '), row.duration]
      .filter((cell) => cell !== null)
      .map((cell) => cell.trim())
      .join(' | '),
  );

const everything = { showUser: true, showRates: true } as const;

describe('merging by login and project', () => {
  const entries = [
    // One display name, two people.
    entry({ begin: '08:00', login: 'alex1', name: 'Alex', description: 'first' }),
    entry({ begin: '09:00', login: 'alex2', name: 'Alex', description: 'second' }),
    entry({ begin: '10:00', login: 'alex1', name: 'Alex', description: 'third' }),
    // Folded to [a-z0-9], both names are empty.
    entry({ begin: '11:00', login: 'maria', name: 'Мария', description: 'четвёртая' }),
    entry({ begin: '12:00', login: 'ivan', name: 'Иван', description: 'пятая' }),
    // One day and person, another project.
    entry({ begin: '13:00', login: 'ivan', name: 'Иван', project: 'Shop', description: 'sixth' }),
    entry({ begin: '14:00', login: 'ivan', name: 'Иван', description: 'seventh' }),
  ];
  const customerRows: Record<MergeMode, string[]> = {
    none: [
      '2026-02-10 | Alex | Website | first | 1:00',
      '2026-02-10 | Alex | Website | second | 1:00',
      '2026-02-10 | Alex | Website | third | 1:00',
      '2026-02-10 | Иван | Website | пятая | 1:00',
      '2026-02-10 | Иван | Shop | sixth | 1:00',
      '2026-02-10 | Иван | Website | seventh | 1:00',
      '2026-02-10 | Мария | Website | четвёртая | 1:00',
    ],
    merge: [
      '2026-02-10 | Alex | Website | first / third | 2:00',
      '2026-02-10 | Alex | Website | second | 1:00',
      '2026-02-10 | Иван | Website | пятая / seventh | 2:00',
      '2026-02-10 | Иван | Shop | sixth | 1:00',
      '2026-02-10 | Мария | Website | четвёртая | 1:00',
    ],
    merge_first: [
      '2026-02-10 | Alex | Website | first | 2:00',
      '2026-02-10 | Alex | Website | second | 1:00',
      '2026-02-10 | Иван | Website | пятая | 2:00',
      '2026-02-10 | Иван | Shop | sixth | 1:00',
      '2026-02-10 | Мария | Website | четвёртая | 1:00',
    ],
    merge_last: [
      '2026-02-10 | Alex | Website | third | 2:00',
      '2026-02-10 | Alex | Website | second | 1:00',
      '2026-02-10 | Иван | Website | seventh | 2:00',
      '2026-02-10 | Иван | Shop | sixth | 1:00',
      '2026-02-10 | Мария | Website | четвёртая | 1:00',
    ],
  };

  it('tells people and projects apart in each mode, with names shown or not', async () => {
    const { customerId, projectIds } = await world(entries);
    const share = await portal.share(customerId, null, everything);
    const project = await portal.share(customerId, projectIds.get('Website')!, everything);
    for (const [mergeMode, expected] of Object.entries(customerRows)) {
      const options = { mergeMode: mergeMode as MergeMode };
      await portal.setOptions(share, { ...options, showUser: true });
      expect(rows((await portal.show(share, '2026-02')).values), mergeMode).toEqual(expected);

      await portal.setOptions(project, options);
      const onProject = expected
        .filter((row) => !row.includes('| Shop |'))
        .map((row) => row.replace(' | Website', ''));
      expect(rows((await portal.show(project, '2026-02')).values), mergeMode).toEqual(onProject);

      // Hidden names still tell people apart.
      await portal.setOptions(share, { ...options, showUser: false });
      const nameless = expected.map((row) => row.replace(/ \| (Alex|Иван|Мария)/, ''));
      expect(rows((await portal.show(share, '2026-02')).values), mergeMode).toEqual(nameless);
    }
  });
});

describe('undescribed records of a merged day', () => {
  it.each([
    ['merge', 'one / two'],
    ['merge_first', 'one'],
    ['merge_last', 'two'],
  ] as const)('mode %s shows the non-empty ones: %s', async (mergeMode, description) => {
    const { customerId } = await world([
      entry({ begin: '08:00' }),
      entry({ begin: '09:00', description: 'one' }),
      entry({ begin: '10:00', description: 'two' }),
      entry({ begin: '11:00' }),
      entry({ day: '2026-02-11' }),
    ]);
    const share = await portal.share(customerId, null, { mergeMode });
    expect(rows((await portal.show(share, '2026-02')).values)).toEqual([
      `2026-02-10 | Website | ${description} | 4:00`,
      '2026-02-11 | Website |  | 1:00',
    ]);
  });
});

describe('fixed rates', () => {
  it('show the total and a mark, alone and merged', async () => {
    const { customerId } = await world([
      entry({ begin: '08:00', fixedRate: '150', hourlyRate: '0', rate: '150' }),
      entry({ begin: '09:00', hourlyRate: '90', rate: '90' }),
      entry({ begin: '10:00', durationS: 1800, hourlyRate: '60', rate: '30' }),
    ]);
    const share = await portal.share(customerId, null, everything);
    const alone = (await portal.show(share, '2026-02')).values.details!;
    expect(alone.rows.map((row) => [row.total, row.rates, row.marks])).toEqual([
      ['€150.00', [], ['fixed']],
      ['€90.00', [{ duration: null, amount: '€90.00' }], []],
      ['€30.00', [{ duration: null, amount: '€60.00' }], []],
    ]);

    await portal.setOptions(share, { mergeMode: 'merge' });
    const merged = (await portal.show(share, '2026-02')).values.details!;
    expect(merged.rows.map((row) => [row.total, row.rates, row.marks])).toEqual([
      [
        '€270.00',
        [
          { duration: '1:00', amount: '€90.00' },
          { duration: '0:30', amount: '€60.00' },
        ],
        ['fixed'],
      ],
    ]);
  });
});

describe('non-billable and running records', () => {
  const entries = [
    entry({ begin: '08:00', description: 'billed' }),
    entry({ begin: '09:00', description: 'free', billable: false }),
    entry({ begin: '10:00', description: 'now', running: true, durationS: 0, rate: '0' }),
  ];

  it('are marked, and a running one counts 0', async () => {
    const { customerId } = await world(entries);
    const share = await portal.share(customerId, null, everything);
    const { details } = (await portal.show(share, '2026-02')).values;
    expect(details!.rows.map((row) => [row.description, row.duration.trim(), row.marks])).toEqual([
      ['billed', '1:00', []],
      ['free', '1:00', ['non-billable']],
      ['now', '0:00', ['running']],
    ]);
    expect(details!.footer).toEqual({ duration: '2:00', total: '€180.00' });
  });

  it('non-billable ones are left out of everything if the share says so', async () => {
    const { customerId } = await world(entries);
    const share = await portal.share(customerId, null, { ...everything, onlyBillable: true });
    const { html, values } = await portal.show(share, '2026-02');
    expect(values.details!.rows.map((row) => row.description)).toEqual(['billed', 'now']);
    expect(values.details!.footer).toEqual({ duration: '1:00', total: '€90.00' });
    expect(values.annual!.durations[1]).toBe('1:00');
    expect(html).not.toContain('free');
  });

  it('do not count in budgets', async () => {
    const { customerId } = await world(entries);
    const patch = { budgetE4: 900_0000, timeBudgetS: 10 * 3600 };
    await portal.program.call('customers.update', { id: customerId, patch });
    const share = await portal.share(customerId, null, {
      budgetStats: true,
      timeBudgetStats: true,
    });
    const { statistics } = (await portal.show(share, '2026-02')).values;
    expect(statistics!.map((budget) => [budget.kind, budget.spent, budget.of])).toEqual([
      ['money', '€90.00', '€900.00'],
      ['time', '1:00', '10:00'],
    ]);
  });
});
