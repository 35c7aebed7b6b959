import type { GoldenBar } from './golden.ts';
import { compareAmount, type PageContext } from './compare-values.ts';
import { normalise, percentOf } from './normalise.ts';
import type { PageBudget } from './read-page.ts';
import type { Kind } from './holdings.ts';

/** Kimai's classes of a bar: red above 90 %, amber above 70 %, green or none below. */
const levels: Record<string, string> = { 'bg-red': 'over', 'bg-warning': 'warn' };

/**
 * Compares the budgets of a customer or project, in order. Of a monthly one (`monthly`) only the
 * budget itself is comparable unless the page shows the present month: rule 2.
 */
export function compareBudgets(
  context: PageContext,
  expected: GoldenBar[],
  actual: PageBudget[],
  monthly: boolean,
): void {
  expected.forEach((bar, index) => compareBudget(context, bar, actual[index], monthly));
  for (const budget of actual.slice(expected.length)) {
    context.tally.refuse('budget', context.label, `${budget.kind} budget of ${budget.of}`);
  }
}

function compareBudget(
  context: PageContext,
  bar: GoldenBar,
  budget: PageBudget | undefined,
  monthly: boolean,
): void {
  const { label, tally } = context;
  const kind = bar.budgetAmount === undefined ? 'time' : 'money';
  // A bar of the other kind is not this budget at all.
  const found = budget?.kind === kind ? budget : undefined;
  const text = (name: Kind, wanted: string, other: string | null | undefined): void =>
    tally.compare(name, label, wanted, other ?? null);
  const amount = (name: 'spent' | 'budget', wanted: string, value: number | undefined): void => {
    const other = found && (name === 'spent' ? found.spent : found.of);
    if (value === undefined) text(name, normalise(wanted), other && normalise(other));
    else compareAmount(context, name, value, other ?? null);
  };

  amount('budget', bar.budget, bar.budgetAmount);
  if (monthly && !context.presentMonth) {
    for (const name of ['spent', 'percent', 'bar', 'level'] as const) tally.leaveOut(name, 2);
    return;
  }
  amount('spent', bar.spent, bar.spentAmount);
  text('percent', percentOf(bar.note) ?? bar.note, found && percentOf(found.percent));
  text('bar', String(Number(bar.bar)), found && String(Number(found.bar)));
  text('level', levels[bar.level ?? ''] ?? 'ok', found?.level);
}
