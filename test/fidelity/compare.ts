/** Compares one golden page with the page that our portal answered, value by value. */
import { compareBudgets } from './compare-budgets.ts';
import { compareDetails } from './compare-details.ts';
import type { Answer, PageContext } from './compare-values.ts';
import {
  isCustomerPage,
  isEmptyMonth,
  pageLabel,
  type Golden,
  type GoldenChart,
  type GoldenEntity,
  type GoldenPage,
} from './golden.ts';
import { countHeld, parts } from './holdings.ts';
import { digitsOf, normalise } from './normalise.ts';
import type { PageChart, PageValues } from './read-page.ts';
import type { Tally } from './tally.ts';

/** `now`: the day of the golden pages, `YYYY-MM-DD`. */
export function comparePage(
  golden: Pick<Golden, 'customers' | 'projects'>,
  page: GoldenPage,
  answer: Answer,
  now: string,
  tally: Tally,
): void {
  for (const [kind, values] of countHeld(page)) tally.hold(kind, values);
  const shownMonth = `${answer.year}-${String(answer.month).padStart(2, '0')}`;
  const context: PageContext = {
    page,
    label: pageLabel(page),
    answer,
    moved: isEmptyMonth(page) && (answer.year !== page.year || answer.month !== page.month),
    presentMonth: shownMonth === now.slice(0, 7),
    tally,
  };
  const { values } = answer;
  tally.compare('heading', context.label, normalise(page.heading), normalise(values.heading));
  compareParts(context);
  compareAnnual(context);
  compareMonthly(context);
  compareBudgets(
    context,
    page.statistics?.rows ?? [],
    values.statistics ?? [],
    isMonthly(golden, page),
  );
  compareProjects(golden, context);
  compareDetails(context);
}

function compareParts({ page, label, answer, moved, tally }: PageContext): void {
  const { values } = answer;
  const there = (value: unknown): string => (value ? 'there' : 'not there');
  const details = page.details ? 'table' : page.monthly ? 'none' : 'empty';
  const shown: Record<(typeof parts)[number], [expected: string, actual: string]> = {
    annual: [there(page.annual), there(values.annual)],
    monthly: [there(page.monthly), there(values.monthly)],
    statistics: [there(page.statistics?.rows.length), there(values.statistics?.length)],
    projects: [there(page.projects?.rows.length), there(values.projects?.length)],
    details: [details, shownDetails(page, values)],
  };
  const actual = (text: string): string | null => (answer.status === 200 ? text : null);
  for (const part of parts) {
    if (part === 'details' && moved) tally.leaveOut('part', 4);
    else
      tally.compare(
        'part',
        label,
        `${part}: ${shown[part][0]}`,
        actual(`${part}: ${shown[part][1]}`),
      );
  }
}

function shownDetails(page: GoldenPage, values: PageValues): string {
  if (values.details && values.details.rows.length > 0) return 'table';
  return page.monthly === null && values.empty ? 'empty' : 'none';
}

/** The year's chart stays comparable when only the month moved. */
function compareAnnual({ page, label, answer, moved, tally }: PageContext): void {
  if (!page.annual) return;
  if (moved && answer.year !== page.year) {
    for (const [kind, values] of chartValues(page.annual)) tally.leaveOut(kind, 4, values);
    return;
  }
  compareChart(tally, label, page.annual, answer.values.annual, normalise);
}

/** Kimai labels the days of a month by their date, we by the day: its day must be the same. */
function compareMonthly({ page, label, answer, moved, tally }: PageContext): void {
  if (!page.monthly) return;
  if (moved) {
    for (const [kind, values] of chartValues(page.monthly)) tally.leaveOut(kind, 4, values);
    return;
  }
  const expected = {
    ...page.monthly,
    labels: page.monthly.labels.map((text, index) => {
      const day = String(index + 1);
      if (!numbersIn(text).includes(index + 1))
        throw new Error(`${label}: no day ${day} in ${text}`);
      return day;
    }),
  };
  compareChart(tally, label, expected, answer.values.monthly, (text) =>
    String(Number(digitsOf(text))),
  );
}

const numbersIn = (text: string): number[] => (normalise(text).match(/\d+/g) ?? []).map(Number);

const chartValues = (chart: GoldenChart) =>
  [
    ['chart label', chart.labels.length],
    ['chart hours', chart.hours.length],
    ['chart duration', chart.durations.length],
  ] as const;

function compareChart(
  tally: Tally,
  label: string,
  expected: GoldenChart,
  actual: PageChart | null,
  readLabel: (text: string) => string,
): void {
  const compareAll = <T>(
    kind: 'chart label' | 'chart hours' | 'chart duration',
    wanted: T[],
    found: T[],
    text: (value: T) => string,
    foundText: (value: T) => string,
  ): void => {
    wanted.forEach((value, index) => {
      const other = found[index];
      tally.compare(kind, label, text(value), other === undefined ? null : foundText(other));
    });
    for (const value of found.slice(wanted.length)) tally.refuse(kind, label, foundText(value));
  };
  compareAll('chart label', expected.labels, actual?.labels ?? [], normalise, readLabel);
  compareAll('chart hours', expected.hours, actual?.hours ?? [], String, String);
  compareAll('chart duration', expected.durations, actual?.durations ?? [], normalise, normalise);
}

function compareProjects(golden: Pick<Golden, 'projects'>, context: PageContext): void {
  const { page, label, answer, tally } = context;
  const expected = page.projects?.rows ?? [];
  const actual = answer.values.projects ?? [];
  if (page.projects) {
    const names = (rows: { name: string }[]): string =>
      rows.map((row) => normalise(row.name)).join('\n');
    tally.compare('project list', label, names(expected), answer.values.projects && names(actual));
  }
  expected.forEach((project, index) => {
    const monthly = findProjects(golden, page.share.customer, project.name).some(
      (entity) => entity.monthly,
    );
    compareBudgets(context, project.bars, actual[index]?.budgets ?? [], monthly);
  });
}

/** Whether the budget of the page's own customer or project is a monthly one. */
function isMonthly(golden: Pick<Golden, 'customers' | 'projects'>, page: GoldenPage): boolean {
  const entities = isCustomerPage(page)
    ? golden.customers.filter((entity) => entity.name === page.share.customer)
    : page.projectId === undefined
      ? findProjects(golden, page.share.customer, page.share.project ?? '')
      : golden.projects.filter((entity) => entity.kimaiId === page.projectId);
  return entities.some((entity) => entity.monthly);
}

const findProjects = (
  golden: Pick<Golden, 'projects'>,
  customer: string,
  name: string,
): GoldenEntity[] =>
  golden.projects.filter((entity) => entity.customer === customer && entity.name === name);
