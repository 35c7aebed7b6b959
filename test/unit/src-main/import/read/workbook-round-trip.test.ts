/** What Kimai was given to write into a workbook comes back as it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  analyseFile,
  readCustomers,
  readProjects,
} from '../../../../../src-main/import/read/read-file.ts';
import { foldLabel } from '../../../../../src-main/import/read/cells/fold-label.ts';
import xlsxTable from '../../../../../src-main/import/read/tables/kimai-xlsx-columns.json' with { type: 'json' };
import { entries, expected, telling } from '../../../../support/kimai-entries.ts';
import {
  dayFraction,
  number,
  serialOf,
  text,
  writeTimesheetWorkbook,
  writeWorkbook,
  yesNo,
  type Cell,
} from '../../../../support/kimai-workbook.ts';
import { layouts, prefixed, SECRET } from '../../../../support/kimai-writer.ts';
import { readWhole } from './support.ts';

const RUNS = Number(process.env['ROUND_TRIPS'] ?? 40);

describe('timesheets', () => {
  it.each([
    ['1.15–1.30 German', true],
    ['2.32 English, h:mm', false],
    ['2.41+ Russian template, semicolons, id, break, exported', false],
  ])('%s', async (name, isOld) => {
    // A workbook states seconds, whatever the CSV of that version does.
    const layout = { ...layouts.find((one) => one.name === name)!, duration: 'seconds' as const };
    await fc.assert(
      fc.asyncProperty(fc.array(entries(layout), { maxLength: 12 }), async (generated) => {
        const all = [telling, ...generated];
        const { analysis, records, problems } = await readWhole(
          writeTimesheetWorkbook(all, layout, isOld),
        );
        expect(problems).toEqual([]);
        expect(analysis).toMatchObject({ kind: 'timesheet', format: 'xlsx', resolution: 1 });
        expect(records).toEqual(
          all.map((entry, i) => ({
            ...expected(entry, layout, i + 2),
            // Also where all amounts are zero: it is in the number format.
            currency: entry.currency,
          })),
        );
        expect(JSON.stringify([analysis, records])).not.toContain(SECRET);
      }),
      { numRuns: RUNS },
    );
  });
});

type Kind = keyof typeof xlsxTable & ('customers' | 'projects');
interface ListColumn {
  position: number;
  labels: string[];
}

/** Column → a label of any language and version, of those that mean one column only. */
function headersOf(kind: Kind): fc.Arbitrary<[column: string, label: string][]> {
  const columns = Object.entries(xlsxTable[kind].columns as Record<string, ListColumn>);
  const uses = new Map<string, number>();
  for (const [, { labels }] of columns) {
    for (const label of new Set(labels.map(foldLabel))) uses.set(label, (uses.get(label) ?? 0) + 1);
  }
  return fc.tuple(
    ...columns
      .toSorted(([, a], [, b]) => a.position - b.position)
      .map(([column, { labels }]) =>
        fc
          .constantFrom(...labels.filter((label) => uses.get(foldLabel(label)) === 1))
          .map((label): [string, string] => [column, label]),
      ),
  );
}

const name = fc
  .string({
    unit: fc.constantFrom('a', 'B', 'dde', '7', ' ', '=', '-', '@', '"', 'é', '日本', '🙂'),
  })
  .map((value) => value.trim())
  .filter((value) => value !== '');
const optional = fc.option(name, { nil: undefined });

/** Undefined budgets: whoever exported may not see them, so that the cells are empty. */
const budgets = fc.option(
  fc.record({
    budgetE4: fc.integer({ min: 0, max: 100_000_000 }).map((cents) => cents * 100),
    timeBudgetS: fc.integer({ min: 0, max: 40_000_000 }),
    budgetType: fc.constantFrom('month' as const, null),
  }),
  { nil: undefined },
);

const common = {
  kimaiId: fc.integer({ min: 1, max: 2 ** 31 }),
  name,
  number: optional,
  color: fc.constantFrom(undefined, '#1f6feb', '#c0ffee'),
  visible: fc.boolean(),
  budgets,
};
const customer = fc.record({ ...common, currency: fc.constantFrom('EUR', 'JPY', 'USD') });
const project = fc.record({ ...common, customer: name, orderNumber: optional });
type Listed = Partial<
  typeof customer extends fc.Arbitrary<infer C>
    ? typeof project extends fc.Arbitrary<infer P>
      ? C & P
      : never
    : never
>;

function listCell(column: string, one: Listed): Cell {
  const words = (value: string | undefined): Cell => text(prefixed(value ?? ''));
  switch (column) {
    case 'id':
      return number(one.kimaiId!);
    case 'name':
      return words(one.name);
    case 'customer':
      return words(one.customer);
    case 'number':
      return words(one.number);
    case 'orderNumber':
      return words(one.orderNumber);
    case 'currency':
      return text(one.currency!);
    case 'timezone':
      return text('Europe/Berlin');
    case 'budget':
      return one.budgets ? number(one.budgets.budgetE4 / 10_000) : null;
    case 'timeBudget':
      return one.budgets ? dayFraction(one.budgets.timeBudgetS, true) : null;
    case 'budgetType':
      return text(one.budgets?.budgetType ?? '');
    case 'color':
      return text(one.color ?? '');
    case 'visible':
      return yesNo(one.visible!);
    case 'billable':
      return yesNo(true);
    case 'orderDate':
    case 'start':
    case 'end':
      return { t: 'n', v: serialOf(20260301, 0), z: 'yyyy-mm-dd' };
    default:
      return text(SECRET);
  }
}

describe('lists', () => {
  it.each([
    ['customers', customer, readCustomers],
    ['projects', project, readProjects],
  ] as const)('%s in any language', async (kind, one, read) => {
    await fc.assert(
      fc.asyncProperty(
        headersOf(kind),
        fc.array<Listed>(one, { minLength: 1, maxLength: 12 }),
        async (headers, all) => {
          const bytes = writeWorkbook([
            headers.map(([, label]) => text(label)),
            ...all.map((listed) => headers.map(([column]) => listCell(column, listed))),
          ]);
          expect((await analyseFile(bytes)).kind).toBe(kind);
          const { rows, problems } = await read(bytes);
          expect(problems).toEqual([]);
          expect(rows).toEqual(
            all.map(({ budgets: amounts, ...rest }, i) => ({ line: i + 2, ...rest, ...amounts })),
          );
          expect(JSON.stringify(rows)).not.toContain(SECRET);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
