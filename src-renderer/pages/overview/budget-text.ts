import type { NearBudget } from '../../../src-shared/contract/overview.ts';
import type { Format } from '../../format.ts';

type Translate = (key: string, options?: { values: Record<string, string> }) => string;

/** An amount of a budget in its unit: money or hours. */
export const amountOf = (
  { unit, currency }: Pick<NearBudget, 'unit' | 'currency'>,
  amount: number,
  format: Format,
): string => (unit === 'money' ? format.money(amount, currency) : format.duration(amount));

/** `0:48 left`, or `€112.00 over`. */
export function leftOf(budget: NearBudget, format: Format, t: Translate): string {
  const isOver = budget.overspent > 0;
  const amount = amountOf(budget, isOver ? budget.overspent : budget.open, format);
  return t(isOver ? 'overview.budget.over' : 'overview.budget.left', { values: { amount } });
}
