import { z } from 'zod';
import { amountE4, budgetType, currency, day, id, none, seconds } from './common.ts';
import { query } from './method.ts';

/** Sums of stopped records that are not hidden. */
const sums = z.strictObject({
  durationS: seconds,
  /** One for each currency that has an amount, the largest first; null: a currency nobody named. */
  amounts: z.array(z.strictObject({ currency: currency.nullable(), rateE4: amountE4 })),
});
export type OverviewSums = z.infer<typeof sums>;

const month = z.strictObject({ year: z.int(), month: z.int().min(1).max(12), ...sums.shape });
export type OverviewMonth = z.infer<typeof month>;
/** The last twelve months up to this one, the oldest first; months without records too. */
const lastMonths = z.array(month).length(12);

/** A budget of which more than 70 % is used: Kimai's yellow and red. */
const nearBudget = z.strictObject({
  /** Whose budget it is. */
  kind: z.enum(['customer', 'project']),
  id,
  name: z.string(),
  customerId: id,
  customerName: z.string(),
  currency: currency.nullable(),
  /** In which unit `spent`, `budget`, `open` and `overspent` are: ten-thousandths or seconds. */
  unit: z.enum(['money', 'time']),
  budgetType,
  spent: z.int(),
  budget: z.int(),
  open: z.int(),
  overspent: z.int(),
  /** One decimal, such as `92.4`; may exceed 100. */
  percent: z.string(),
  level: z.enum(['warn', 'over']),
});
export type NearBudget = z.infer<typeof nearBudget>;

export const overviewMethods = {
  /** How the business does, from the first screen's point of view: today is the computer's day. */
  'overview.get': query(
    'view_customer',
    none,
    z.strictObject({
      today: day,
      /** 0: nothing was imported yet. */
      customers: z.int(),
      /** Whether the made-up business of `sample.load` is in the store. */
      sample: z.boolean(),
      months: lastMonths,
      /** Last month up to the same day of the month as today, to compare with this month so far. */
      lastMonthSoFar: z.strictObject({ lastDay: day, durationS: seconds }),
      /** The most used first. */
      nearBudgets: z.array(nearBudget),
      /** The customer with most time in the last 90 days who has no share; null: nobody. */
      suggestedCustomer: z
        .strictObject({ id, name: z.string(), records: z.int(), durationS: seconds })
        .nullable(),
    }),
  ),
  /** The months of one customer, or of one project. */
  'overview.months': query(
    'view_customer',
    z.strictObject({ customerId: id.optional(), projectId: id.optional() }),
    lastMonths,
  ),
};
