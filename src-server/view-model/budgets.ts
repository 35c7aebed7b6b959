import { allDays, daysOfMonth, type MonthNumber } from '../../src-shared/domain/period.ts';
import { isShown } from '../../src-shared/domain/visibility.ts';
import type { Budget, PortalProject, PortalShare, PortalSource, Sums } from '../source.ts';
import type { BudgetModel, ProjectModel } from './model.ts';

interface Context {
  share: PortalShare;
  source: PortalSource;
}

export const showsBudgets = (options: PortalShare['options']): boolean =>
  isShown('moneyBudget', options) || isShown('timeBudget', options);

/**
 * The budgets of a customer or project that are set and switched on. What is spent counts the
 * billable, stopped records of `projectIds`: a lifetime budget all of them, whatever their date
 * and the share's range, since "left" would be wrong otherwise; a monthly one those of `month`.
 */
export function buildBudgets(
  budget: Budget,
  projectIds: readonly number[],
  context: Context,
  month: MonthNumber,
): BudgetModel[] {
  const { budgetE4, timeBudgetS } = shownBudget(budget, context.share);
  if (budgetE4 === 0 && timeBudgetS === 0) return [];
  const days = budget.budgetType === 'month' ? daysOfMonth(month) : allDays;
  const spent = [...context.source.spent({ projectIds, ...days }).values()];
  return listBudgets(budget, context.share, {
    durationS: spent.reduce((total, sums) => total + sums.durationS, 0),
    rateE4: spent.reduce((total, sums) => total + sums.rateE4, 0),
  });
}

/** The rows of the projects table, in the order given, each with its own budgets if they are on. */
export function buildProjects(
  projects: readonly PortalProject[],
  context: Context,
  month: MonthNumber,
): ProjectModel[] {
  const { share, source } = context;
  const rows = projects.map(({ id, name, color, visible }) => ({
    id,
    name,
    color,
    archived: !visible,
  }));
  if (!showsBudgets(share.options)) return rows;
  // Two queries for all projects, rather than one for each.
  const idsOf = (type: Budget['budgetType']) =>
    projects.filter(({ budgetType }) => budgetType === type).map(({ id }) => id);
  const spent = new Map([
    ...source.spent({ projectIds: idsOf(null), ...allDays }),
    ...source.spent({ projectIds: idsOf('month'), ...daysOfMonth(month) }),
  ]);
  return projects.map((project, index) => ({
    ...rows[index]!,
    budgets: listBudgets(project, share, spent.get(project.id) ?? { durationS: 0, rateE4: 0 }),
  }));
}

function listBudgets(budget: Budget, share: PortalShare, spent: Sums): BudgetModel[] {
  const monthly = budget.budgetType === 'month';
  const { budgetE4, timeBudgetS } = shownBudget(budget, share);
  const all: BudgetModel[] = [
    { kind: 'money', monthly, spent: spent.rateE4, budget: budgetE4 },
    { kind: 'time', monthly, spent: spent.durationS, budget: timeBudgetS },
  ];
  return all.filter((one) => one.budget > 0);
}

/** A kind that is switched off is like a budget that is not set. */
const shownBudget = (budget: Budget, { options }: PortalShare) => ({
  budgetE4: isShown('moneyBudget', options) ? budget.budgetE4 : 0,
  timeBudgetS: isShown('timeBudget', options) ? budget.timeBudgetS : 0,
});
