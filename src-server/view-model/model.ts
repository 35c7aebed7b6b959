/**
 * What a page shows, as plain JSON: numbers, nothing formatted, the same for every language, and
 * nothing in it that the share hides. Amounts are ten-thousandths of the currency's unit (`…E4`),
 * durations seconds, days `yyyymmdd` and months `yyyymm`. Its texts are the owner's own. Pages
 * format it when they render; page-json.ts makes the texts of data.json.
 */
import type { DayNumber } from '../../src-shared/domain/day.ts';
import type { MonthNumber, Period } from '../../src-shared/domain/period.ts';
import type { Column } from '../../src-shared/domain/visibility.ts';
import type { DetailsView } from '../../src-shared/domain/share-link.ts';

export interface PageModel {
  page: 'customer' | 'project';
  /** The customer's or the project's name. */
  heading: string;
  /** Only on a project page inside a customer share: the way back. */
  customer?: string;
  /** ISO 4217; null: no file said it. */
  currency: string | null;
  period: Period;
  /** Months of the period, first to last, in which the page has no records; ascending. */
  emptyMonths: MonthNumber[];
  figures: FiguresModel;
  annual?: { year: number; points: PointModel[] };
  budgets?: BudgetModel[];
  details: TableModel | ChartModel;
  /** Whether the details can be shown as a chart at all. */
  chartOffered: boolean;
  /** Whether the details can be taken along as a file. */
  downloadOffered: boolean;
  projects?: ProjectModel[];
  /** The day that the page was made. */
  asOf: DayNumber;
}

export interface FiguresModel {
  durationS: number;
  /** Only if rates or the month's total are on. */
  rateE4?: number;
  /** Days of the month with records. */
  days: number;
}

export interface PointModel {
  at: MonthNumber | DayNumber;
  durationS: number;
  /** Only if rates are on. */
  rateE4?: number;
}

/** How much of it is used, `measureBudget` says. */
export interface BudgetModel {
  /** What `spent` and `budget` are: amounts E4 or seconds. */
  kind: 'money' | 'time';
  /** Whether it starts anew every month; then the numbers are the selected month's. */
  monthly: boolean;
  spent: number;
  /** More than 0. */
  budget: number;
}

export interface TableModel {
  view: Extract<DetailsView, 'table'>;
  columns: Column[];
  rows: RowModel[];
  footer: { durationS: number; rateE4?: number };
  /** Rounded for display, the rows do not add up to the sum (which is right). */
  rounded: boolean;
}

export interface ChartModel {
  view: Extract<DetailsView, 'chart'>;
  points: PointModel[];
}

/** More columns than fit into the usual width of a page. */
export const isDense = (details: TableModel | ChartModel): boolean =>
  details.view === 'table' && details.columns.length > 7;

export interface RowModel {
  day: DayNumber;
  user?: string;
  project?: { id: number; name: string; color: string | null };
  activities?: string[];
  tags?: string[];
  /** Minutes after midnight; null if unknown. `daysLater`: as in `DetailsRow`, missing if 0. */
  times?: { beginMin: number | null; endMin: number | null; daysLater?: number };
  description: string;
  nonBillable: 'none' | 'some' | 'all';
  running: boolean;
  durationS: number;
  /** Only if rates are on; `rateE4` is null if the records came without. */
  rates?: {
    rateE4: number | null;
    hourly: { rateE4: number; durationS: number }[];
    fixed: boolean;
  };
}

export interface ProjectModel {
  id: number;
  name: string;
  color: string | null;
  archived: boolean;
  /** Only if a kind of budget statistics is on. */
  budgets?: BudgetModel[];
}
