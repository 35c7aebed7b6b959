/** The body of data.json: a page's view model with its days, months and budgets as texts. */
import { measureBudget, type BudgetUse } from '../../src-shared/domain/budget.ts';
import { dayText } from '../../src-shared/domain/day.ts';
import { monthText, type MonthNumber, type Period } from '../../src-shared/domain/period.ts';
import type {
  BudgetModel,
  ChartModel,
  PageModel,
  PointModel,
  ProjectModel,
  RowModel,
  TableModel,
} from './model.ts';

/** Days are `YYYY-MM-DD`, months `YYYY-MM`; the rest is as in the view model. */
export type PageJson = Omit<
  PageModel,
  | 'period'
  | 'emptyMonths'
  | 'details'
  | 'asOf'
  | 'annual'
  | 'budgets'
  | 'projects'
  | 'downloadOffered'
> & {
  period: Record<'month' | 'first' | 'last', string> & Record<'previous' | 'next', string | null>;
  details:
    | (Omit<TableModel, 'rows'> & { rows: RowJson[] })
    | (Omit<ChartModel, 'points'> & { points: PointJson[] });
  asOf: string;
  annual?: { year: number; points: PointJson[] };
  budgets?: BudgetJson[];
  projects?: (Omit<ProjectModel, 'budgets'> & { budgets?: BudgetJson[] })[];
};
type RowJson = Omit<RowModel, 'day'> & { day: string };
type PointJson = Omit<PointModel, 'at'> & { at: string };
type BudgetJson = Pick<BudgetModel, 'kind' | 'monthly'> & BudgetUse;

/** Clients' tools read it: names and order of its properties stay as they are. */
export function toJson({
  annual,
  budgets,
  projects,
  downloadOffered: _ofPagesOnly,
  emptyMonths: _ofPagesToo,
  ...model
}: PageModel): PageJson {
  return {
    ...model,
    period: periodJson(model.period),
    details: detailsJson(model.details),
    asOf: dayText(model.asOf),
    ...(annual && { annual: { ...annual, points: pointsJson(annual.points, monthText) } }),
    ...(budgets && { budgets: budgets.map(budgetJson) }),
    ...(projects && { projects: projects.map(projectJson) }),
  };
}

const periodJson = ({ month, previous, next, first, last }: Period): PageJson['period'] => ({
  month: monthText(month),
  previous: monthOrNull(previous),
  next: monthOrNull(next),
  first: monthText(first),
  last: monthText(last),
});

const monthOrNull = (month: MonthNumber | null): string | null =>
  month === null ? null : monthText(month);

const detailsJson = (details: TableModel | ChartModel): PageJson['details'] =>
  details.view === 'table'
    ? { ...details, rows: details.rows.map((row) => ({ ...row, day: dayText(row.day) })) }
    : { ...details, points: pointsJson(details.points, dayText) };

const pointsJson = (points: readonly PointModel[], textOf: (at: number) => string): PointJson[] =>
  points.map((point) => ({ ...point, at: textOf(point.at) }));

/** A budget of the view model is more than 0, so it can be measured. */
const budgetJson = ({ kind, monthly, budget, spent }: BudgetModel): BudgetJson => ({
  kind,
  monthly,
  ...measureBudget(budget, spent)!,
});

const projectJson = ({ budgets, ...project }: ProjectModel) => ({
  ...project,
  ...(budgets && { budgets: budgets.map(budgetJson) }),
});
