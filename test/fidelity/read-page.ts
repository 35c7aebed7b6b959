/**
 * Reads the values out of the HTML of a portal page, as a client sees them: the attributes that
 * mark them are an agreement between the pages and their tests (src-server/pages).
 */
import { parse, type HTMLElement } from 'node-html-parser';

export interface PageChart {
  labels: string[];
  /** Decimal hours. */
  hours: number[];
  durations: string[];
  /** Visible amounts; empty while rates are hidden. */
  totals: string[];
}

export interface PageBudget {
  kind: string;
  level: string;
  spent: string;
  of: string;
  percent: string;
  bar: string;
  text: string;
}

export interface PageRate {
  /** Null: the only rate of its row. */
  duration: string | null;
  amount: string;
}

export interface PageRow {
  /** `YYYY-MM-DD`, and the date as text. */
  day: string;
  date: string;
  user: string | null;
  project: string | null;
  activity: string | null;
  tags: string | null;
  times: string | null;
  description: string;
  duration: string;
  rates: PageRate[];
  total: string | null;
  marks: string[];
}

export interface PageDetails {
  columns: string[];
  rows: PageRow[];
  /** Texts of the sum row; null: no such row, or no such cell in it. */
  footer: { duration: string | null; total: string | null };
}

export interface PageProject {
  name: string;
  href: string;
  archived: boolean;
  budgets: PageBudget[];
}

export interface PageValues {
  kind: string;
  lang: string;
  direction: string;
  heading: string;
  /** The month in large numbers, by their names. */
  figures: Record<string, string>;
  annual: PageChart | null;
  monthly: PageChart | null;
  statistics: PageBudget[] | null;
  details: PageDetails | null;
  /** The sentence that the month has no records. */
  empty: boolean;
  /** The sentence that rows as shown do not add up to the sum, which is right. */
  roundingNotes: number;
  projects: PageProject[] | null;
}

/** Never throws: what is not there is null, empty or `''`, and so differs from what should be. */
export function readPage(html: string): PageValues {
  const page = parse(html);
  return {
    kind: page.querySelector('body')?.getAttribute('data-page') ?? '',
    lang: page.querySelector('html')?.getAttribute('lang') ?? '',
    direction: page.querySelector('html')?.getAttribute('dir') ?? '',
    heading: textOf(page, 'h1') ?? '',
    figures: Object.fromEntries(
      page
        .querySelectorAll('[data-figure]')
        .map((figure) => [figure.getAttribute('data-figure') ?? '', figure.text]),
    ),
    annual: readChart(page, 'annual'),
    monthly: readChart(page, 'monthly'),
    statistics: readStatistics(page),
    details: readDetails(page),
    empty: page.querySelector('[data-empty="details"]') !== null,
    roundingNotes: page.querySelectorAll('[data-note="rounding"]').length,
    projects: readProjects(page),
  };
}

function readChart(page: HTMLElement, name: 'annual' | 'monthly'): PageChart | null {
  const table = page.querySelector(`table[data-chart-table="${name}"]`);
  if (!table) return null;
  const points = table.querySelectorAll('tr[data-point]');
  return {
    labels: points.map((point) => textOf(point, 'th') ?? ''),
    hours: points.map(readHours),
    durations: points.map((point) => textOf(point, '[data-duration]') ?? ''),
    totals: points.flatMap((point) => textOf(point, '[data-total]') ?? []),
  };
}

/** The number that the chart is drawn from; none if the client reads another one. */
function readHours(point: HTMLElement): number {
  const data = point.querySelector('[data-hours] data');
  const value = data?.getAttribute('value') ?? '';
  return value !== '' && data?.text === value ? Number(value) : NaN;
}

function readStatistics(page: HTMLElement): PageBudget[] | null {
  const section = page.querySelector('section[data-statistics]');
  return section ? readBudgets(section) : null;
}

function readBudgets(parent: HTMLElement): PageBudget[] {
  return parent.querySelectorAll('[data-budget]').map((budget) => ({
    kind: budget.getAttribute('data-budget') ?? '',
    level: budget.getAttribute('data-level') ?? '',
    spent: textOf(budget, '[data-spent]') ?? '',
    of: textOf(budget, '[data-of]') ?? '',
    percent: textOf(budget, '[data-percent]') ?? '',
    bar: readBar(budget),
    text: budget.text,
  }));
}

/** The length that a bar says it has; none if it is drawn with another one. */
function readBar(budget: HTMLElement): string {
  const track = budget.querySelector('[data-bar]');
  const bar = track?.getAttribute('data-bar') ?? '';
  return track?.querySelector('i')?.getAttribute('style') === `inline-size:${bar}%` ? bar : '';
}

function readDetails(page: HTMLElement): PageDetails | null {
  const table = page.querySelector('table[data-table="details"]');
  if (!table) return null;
  const footer = table.querySelector('tr[data-footer]');
  return {
    columns: table
      .querySelectorAll('th[data-column]')
      .map((cell) => cell.getAttribute('data-column') ?? ''),
    rows: table.querySelectorAll('tr[data-row]').map(readRow),
    footer: {
      duration: footer && textOf(footer, '[data-column="duration"]'),
      total:
        footer &&
        (textOf(footer, '[data-column="total"] [data-amount]') ??
          textOf(footer, '[data-column="total"]')),
    },
  };
}

function readRow(row: HTMLElement): PageRow {
  const column = (name: string): string | null => textOf(row, `td[data-column="${name}"]`);
  return {
    day: row.querySelector('time')?.getAttribute('datetime') ?? '',
    date: textOf(row, 'time') ?? '',
    user: column('user'),
    project: column('project'),
    activity: column('activity'),
    tags: column('tags'),
    // Kimai says nothing of the days that a long record takes.
    times:
      column('times')
        ?.replace(textOf(row, '[data-days-later]') ?? '', '')
        .trim() ?? null,
    description: textOf(row, '[data-description]') ?? '',
    duration: column('duration') ?? '',
    rates: row.querySelectorAll('[data-rate]').map((rate) => ({
      duration: textOf(rate, '[data-rate-duration]'),
      amount: textOf(rate, '[data-rate-amount]') ?? '',
    })),
    total: textOf(row, 'td[data-column="total"] [data-amount]'),
    marks: row.querySelectorAll('[data-mark]').map((mark) => mark.getAttribute('data-mark') ?? ''),
  };
}

function readProjects(page: HTMLElement): PageProject[] | null {
  const table = page.querySelector('table[data-table="projects"]');
  if (!table) return null;
  return table.querySelectorAll('tr[data-project]').map((row) => ({
    name: textOf(row, '[data-project-link]') ?? '',
    href: row.querySelector('[data-project-link]')?.getAttribute('href') ?? '',
    archived: row.querySelector('[data-mark="archived"]') !== null,
    budgets: readBudgets(row),
  }));
}

/** Text with its entities decoded; null if there is no such element. */
function textOf(parent: HTMLElement, selector: string): string | null {
  const element = parent.querySelector(selector);
  return element ? element.text : null;
}
