/**
 * A share's pages in parts, as they are published as files: what its pages show in every month
 * (the head), and what one page shows in one month (a part). Together they are the view model of
 * the live portal, so that one changed record changes the head and the parts of its month only.
 */
import type { DayNumber } from '../../src-shared/domain/day.ts';
import {
  listMonths,
  monthsBetween,
  periodAround,
  yearOfMonth,
  type MonthNumber,
} from '../../src-shared/domain/period.ts';
import type { DetailsView } from '../../src-shared/domain/share-link.ts';
import type { BudgetModel, ChartModel, FiguresModel, PageModel, TableModel } from './model.ts';

export interface PagesHead {
  /** The first and the last month with records. */
  first: MonthNumber;
  last: MonthNumber;
  /** The day of the upload. */
  asOf: DayNumber;
  /** By project id; 0: the share's own page. */
  pages: Record<number, PageHead>;
}

/** What a page shows in every month. */
export interface PageHead {
  page: PageModel['page'];
  heading: string;
  customer?: string;
  currency: string | null;
  chartOffered: boolean;
  /** Missing: no. */
  downloadOffered?: true;
  /** The month that is shown if the address names none. */
  newest: MonthNumber;
  /**
   * A digit for each month from the head's first to its last one: 0 if the page has no records in
   * it. Missing: it has some in every month.
   */
  months?: string;
  /** Budgets that do not start anew every month. */
  budgets?: BudgetModel[];
  /** Twelve months of each year that has one to show; rates only if they are shown. */
  years?: Record<number, { durationS: number[]; rateE4?: number[] }>;
  projects?: PageModel['projects'];
}

/** What one page shows in one month. */
export interface MonthPart {
  figures: FiguresModel;
  table: TableModel;
  /** Only if it is offered. */
  chart?: ChartModel;
  /** Budgets that start anew every month. */
  budgets?: BudgetModel[];
  /** The same of the projects, by id. */
  projectBudgets?: Record<number, BudgetModel[]>;
}

/** The name of a part. It is sealed with it. */
export const partName = (projectId: number | null, month: MonthNumber): string =>
  `${projectId ?? 0}/${month}`;

interface PartPlace {
  projectId: number | null;
  month: MonthNumber;
  name: string;
}

/** All parts of a share, in the order in which its manifest names their files. */
export function listParts({
  first,
  last,
  pages,
}: Pick<PagesHead, 'first' | 'last' | 'pages'>): PartPlace[] {
  const parts: PartPlace[] = [];
  // Keys that are integers are always sorted.
  for (const id of Object.keys(pages).map(Number)) {
    const projectId = id === 0 ? null : id;
    for (const month of monthsBetween(first, last)) {
      parts.push({ projectId, month, name: partName(projectId, month) });
    }
  }
  return parts;
}

export const partNames = (head: PagesHead): string[] => listParts(head).map(({ name }) => name);

const lifetime = (budgets: BudgetModel[] | undefined): BudgetModel[] | undefined =>
  budgets?.filter((budget) => !budget.monthly);
const monthly = (budgets: BudgetModel[] | undefined): BudgetModel[] =>
  budgets?.filter((budget) => budget.monthly) ?? [];

/** The head of a page: any of its months as a model, and its years as their `annual` has them. */
export function headOf(
  model: PageModel,
  newest: MonthNumber,
  annuals: readonly NonNullable<PageModel['annual']>[],
): PageHead {
  const { page, heading, customer, currency, chartOffered, downloadOffered, emptyMonths } = model;
  const head: PageHead = { page, heading, currency, chartOffered, newest };
  if (downloadOffered) head.downloadOffered = true;
  if (customer !== undefined) head.customer = customer;
  if (emptyMonths.length > 0) {
    head.months = monthsBetween(model.period.first, model.period.last)
      .map((month) => (emptyMonths.includes(month) ? 0 : 1))
      .join('');
  }
  const budgets = lifetime(model.budgets);
  if (budgets !== undefined && budgets.length > 0) head.budgets = budgets;
  if (model.annual) {
    head.years = Object.fromEntries(
      annuals.map(({ year, points }) => [
        year,
        {
          durationS: points.map((point) => point.durationS),
          ...(points.some((point) => point.rateE4 !== undefined)
            ? { rateE4: points.map((point) => point.rateE4 ?? 0) }
            : {}),
        },
      ]),
    );
  }
  if (model.projects) {
    head.projects = model.projects.map(({ budgets: own, ...project }) =>
      own === undefined ? project : { ...project, budgets: lifetime(own) ?? [] },
    );
  }
  return head;
}

/** The head of these months only; null: the share has none of them. */
export function headWithin(head: PagesHead, from: MonthNumber, to: MonthNumber): PagesHead | null {
  const [first, last] = [Math.max(head.first, from), Math.min(head.last, to)];
  if (first > last) return null;
  const pages = Object.entries(head.pages).map(([id, page]) => {
    const years = Object.entries(page.years ?? {}).filter(
      ([year]) => Number(year) * 100 + 12 >= first && Number(year) * 100 + 1 <= last,
    );
    const newest = Math.min(Math.max(page.newest, first), last);
    const start = monthsBetween(head.first, first).length - 1;
    const months = page.months?.slice(start, start + monthsBetween(first, last).length);
    return [
      id,
      {
        ...page,
        newest,
        ...(months === undefined ? {} : { months }),
        ...(page.years ? { years: Object.fromEntries(years) } : {}),
      },
    ];
  });
  return { ...head, first, last, pages: Object.fromEntries(pages) as PagesHead['pages'] };
}

/** The part of a month: its model with the table, and with the chart if that is offered. */
export function partOf(table: PageModel, chart: PageModel | null): MonthPart {
  const part: MonthPart = { figures: table.figures, table: table.details as TableModel };
  if (chart) part.chart = chart.details as ChartModel;
  const budgets = monthly(table.budgets);
  if (budgets.length > 0) part.budgets = budgets;
  const ofProjects = (table.projects ?? []).flatMap((project) => {
    const own = monthly(project.budgets);
    return own.length > 0 ? [[project.id, own] as const] : [];
  });
  if (ofProjects.length > 0) part.projectBudgets = Object.fromEntries(ofProjects);
  return part;
}

export interface Wanted {
  projectId: number | null;
  month: MonthNumber;
  details: DetailsView;
}

/** The view model of one page and month, as the live portal builds it. */
export function joinModel(pages: PagesHead, part: MonthPart, wanted: Wanted): PageModel {
  const head = pages.pages[wanted.projectId ?? 0]!;
  const { page, heading, customer, currency, chartOffered } = head;
  const model: PageModel = {
    page,
    heading,
    currency,
    period: periodAround(wanted.month, pages.first, pages.last),
    emptyMonths: monthsBetween(pages.first, pages.last).filter(
      (_, index) => head.months?.[index] === '0',
    ),
    figures: part.figures,
    details: wanted.details === 'chart' && part.chart ? part.chart : part.table,
    chartOffered,
    downloadOffered: head.downloadOffered ?? false,
    asOf: pages.asOf,
  };
  if (customer !== undefined) model.customer = customer;
  const year = yearOfMonth(wanted.month);
  const sums = head.years?.[year];
  if (sums) {
    model.annual = {
      year,
      points: listMonths(year).map((at, index) => ({
        at,
        durationS: sums.durationS[index]!,
        ...(sums.rateE4 ? { rateE4: sums.rateE4[index]! } : {}),
      })),
    };
  }
  const budgets = part.budgets ?? head.budgets;
  if (budgets) model.budgets = budgets;
  if (head.projects) {
    model.projects = head.projects.map((project) => {
      const own = part.projectBudgets?.[project.id];
      return own ? { ...project, budgets: own } : project;
    });
  }
  return model;
}

/** What of a page is there: the nearest month, and the chart only where it is offered. */
export function nearest(
  pages: PagesHead,
  wanted: { projectId: number | null; month: MonthNumber | null; details: DetailsView },
): Wanted | null {
  const head = pages.pages[wanted.projectId ?? 0];
  if (!head) return null;
  const month = Math.min(Math.max(wanted.month ?? head.newest, pages.first), pages.last);
  const details = head.chartOffered ? wanted.details : 'table';
  return { projectId: wanted.projectId, month, details };
}
