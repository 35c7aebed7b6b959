/** Compares a page with what the oracle says, option by option. */
import { expect } from 'vitest';
import type { ShareOptions } from '../../../../src-shared/contract/shares.ts';
import type { PageBudget, PageChart, PageRow } from '../../../fidelity/read-page.ts';
import { digitsOf, normaliseBlanks } from '../../../fidelity/normalise.ts';
import {
  expectPage,
  expectSpent,
  hmm,
  tenThousandths,
  type Expected,
  type ExpectedRow,
} from './oracle.ts';
import type { Shown } from './portal.ts';
import type { Entry } from './world.ts';

export interface Case {
  entries: readonly Entry[];
  options: ShareOptions;
  currency: string;
  /** Names of the projects in scope, in the order of the page. */
  projects: readonly string[];
  /** Whether it is the page of one project. */
  onProject: boolean;
  month: string;
  /** Budgets of the page's customer or project: amount in units, seconds; 0: none. */
  budget: { money: number; timeS: number; monthly: boolean };
}

/** What `Intl` writes in English for an exact amount. */
export function moneyOf(amount: bigint, currency: string): string {
  const digits = String(amount).padStart(5, '0');
  const text = `${digits.slice(0, -4)}.${digits.slice(-4)}` as `${number}`;
  const options = { style: 'currency', currency, roundingMode: 'halfEven' } as const;
  return normaliseBlanks(new Intl.NumberFormat('en', options).format(text));
}

const hours = (seconds: number): number => Math.round(seconds / 36) / 100;
const clean = (text: string | null): string | null =>
  text === null ? null : normaliseBlanks(text);

/** Throws an assertion error at the first thing that the page shows otherwise. */
export function checkPage(table: Shown, chart: Shown | null, c: Case): void {
  const { options } = c;
  const expected = expectPage(c.entries, options, c.projects, c.month);
  expect(table.status).toBe(200);
  expect(table.month).toBe(c.month);
  const { values } = table;

  expect(values.details?.columns ?? []).toEqual(columnsOf(c, expected.rows.length));
  expect((values.details?.rows ?? []).map((row) => shownRow(row, options))).toEqual(
    expected.rows.map((row) => expectedRow(row, c)),
  );
  if (expected.rows.length > 0) {
    const sees = options.showRates || options.showMonthTotal;
    expect(clean(values.details!.footer.duration)).toBe(hmm(expected.durationS));
    expect(clean(values.details!.footer.total)).toBe(
      sees ? moneyOf(expected.rate, c.currency) : null,
    );
  } else {
    expect(values.empty).toBe(true);
  }

  expect(values.roundingNotes).toBe(addsUp(expected, c) ? 0 : 1);
  const { hours: monthHours, amount, days } = values.figures;
  expect([clean(monthHours ?? null), clean(amount ?? null), days]).toEqual([
    hmm(expected.durationS),
    options.showRates || options.showMonthTotal ? moneyOf(expected.rate, c.currency) : null,
    String(new Set(expected.rows.map((row) => row.day)).size),
  ]);
  checkChart(values.annual, options.annualChart ? expected.yearS : null);
  if (chart) checkChart(chart.values.monthly, options.monthlyChart ? expected.monthS : null);
  checkBudgets(values.statistics, c);
  expect(values.projects?.map((project) => clean(project.name)) ?? null).toEqual(
    c.onProject ? null : c.projects,
  );
}

function columnsOf(c: Case, rows: number): string[] {
  const { options } = c;
  if (rows === 0) return [];
  return [
    'date',
    ...(options.showUser ? ['user'] : []),
    ...(c.onProject ? [] : ['project']),
    ...(options.showActivity ? ['activity'] : []),
    ...(options.showTags ? ['tags'] : []),
    ...(options.showTimes ? ['times'] : []),
    'description',
    'duration',
    ...(options.showRates ? ['rate', 'total'] : []),
  ];
}

const shownRow = (row: PageRow, options: ShareOptions) => ({
  day: row.day,
  user: clean(row.user),
  project: clean(row.project),
  activity: clean(row.activity),
  tags: clean(row.tags),
  times: clean(row.times),
  description: clean(row.description),
  duration: clean(row.duration),
  total: clean(row.total),
  rates: row.rates.map((rate) => [clean(rate.duration), clean(rate.amount)]),
  marks: row.marks.filter((mark) => options.showRates || mark !== 'fixed').toSorted(),
});

function expectedRow(row: ExpectedRow, { options, onProject, currency }: Case) {
  const several = row.hourly.length > 1;
  const rates = row.hourly.map((hourly) => [
    several ? hmm(hourly.durationS) : null,
    moneyOf(tenThousandths(hourly.rate), currency),
  ]);
  return {
    day: row.day,
    user: options.showUser ? row.name : null,
    project: onProject ? null : row.project,
    activity: options.showActivity ? row.activities.join(', ') : null,
    tags: options.showTags ? row.tags.join('') : null,
    times: options.showTimes ? timesOf(row) : null,
    description: normaliseBlanks(row.description),
    duration: hmm(row.durationS),
    total: options.showRates ? moneyOf(row.rate, currency) : null,
    rates: options.showRates ? rates : [],
    marks: row.marks.filter((mark) => options.showRates || mark !== 'fixed').toSorted(),
  };
}

/** Whether the rows, as they are shown, add up to the sum, as it is shown. */
function addsUp({ rows, durationS, rate }: Expected, { options, currency }: Case): boolean {
  const minutes = (seconds: number): number => Math.floor(seconds / 60);
  const shown = (amount: bigint): number => Number(digitsOf(moneyOf(amount, currency)));
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  return (
    sum(rows.map((row) => minutes(row.durationS))) === minutes(durationS) &&
    (!options.showRates || sum(rows.map((row) => shown(row.rate))) === shown(rate))
  );
}

const time = new Intl.DateTimeFormat('en', { timeStyle: 'short', timeZone: 'UTC' });

function timesOf({ beginMin, endMin }: ExpectedRow): string {
  const [begin, end] = [beginMin, endMin].map((minutes) =>
    minutes === null ? '' : time.format(new Date(minutes * 60_000)),
  );
  return normaliseBlanks(`${begin} – ${end}`);
}

function checkChart(chart: PageChart | null, seconds: number[] | null): void {
  expect(chart?.durations.map(clean) ?? null).toEqual(seconds?.map(hmm) ?? null);
  expect(chart?.hours ?? null).toEqual(seconds?.map(hours) ?? null);
}

function checkBudgets(statistics: PageBudget[] | null, c: Case): void {
  const spent = expectSpent(c.entries, c.projects, c.budget.monthly ? c.month : null);
  const money = BigInt(c.budget.money) * 10_000n;
  const expected = [
    ...(c.options.budgetStats && c.budget.money > 0
      ? [
          [
            'money',
            moneyOf(spent.rate, c.currency),
            moneyOf(money, c.currency),
            ...use(spent.rate, money),
          ],
        ]
      : []),
    ...(c.options.timeBudgetStats && c.budget.timeS > 0
      ? [
          [
            'time',
            hmm(spent.durationS),
            hmm(c.budget.timeS),
            ...use(BigInt(spent.durationS), BigInt(c.budget.timeS)),
          ],
        ]
      : []),
  ];
  expect(
    (statistics ?? []).map((budget) => [
      budget.kind,
      clean(budget.spent),
      clean(budget.of),
      Number(budget.bar),
      budget.level,
    ]),
  ).toEqual(expected);
}

/** Length of the bar in percent, with one decimal, and the level: above 90 over, above 70 warn. */
function use(spent: bigint, budget: bigint): [bar: number, level: string] {
  const tenths = Number((spent * 2000n + budget) / (budget * 2n));
  const level = spent * 10n > budget * 9n ? 'over' : spent * 10n > budget * 7n ? 'warn' : 'ok';
  return [Math.min(tenths / 10, 100), level];
}
