/** How much of a budget is used. Money in ten-thousandths, time in seconds: both are `amount`. */

export type BudgetLevel = 'ok' | 'warn' | 'over';

export interface BudgetUse {
  spent: number;
  budget: number;
  /** `max(budget − spent, 0)`. */
  open: number;
  /** What is spent beyond the budget, or 0. */
  overspent: number;
  /** One decimal, half away from zero, such as `220.2`; may exceed 100. */
  percent: string;
  /** The length of the bar, `0.0` to `100`. */
  bar: string;
  /** Above 90 % over, above 70 % warn: Kimai's red and yellow. */
  level: BudgetLevel;
}

/**
 * The use of a budget; null if there is none (0). `spent` is what billable, stopped records sum
 * up to: over their whole life, or in the selected month for a monthly budget.
 */
export function measureBudget(budget: number, spent: number): BudgetUse | null {
  if (budget <= 0) return null;
  const percent = formatPercent(budget, spent);
  return {
    spent,
    budget,
    open: Math.max(budget - spent, 0),
    overspent: Math.max(spent - budget, 0),
    percent,
    bar: spent >= budget ? '100' : spent < 0 ? '0.0' : percent,
    level: spent * 10 > budget * 9 ? 'over' : spent * 10 > budget * 7 ? 'warn' : 'ok',
  };
}

/** Exact: a quotient in floating point would round some halves down. */
function formatPercent(budget: number, spent: number): string {
  const doubled = BigInt(Math.abs(spent)) * 2000n + BigInt(budget);
  const tenths = String(doubled / (BigInt(budget) * 2n)).padStart(2, '0');
  const sign = spent < 0 && tenths !== '00' ? '-' : '';
  return `${sign}${tenths.slice(0, -1)}.${tenths.slice(-1)}`;
}
