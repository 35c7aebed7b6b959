/** Fields of customers and projects that the owner can edit → their columns in the store. */
export const columnOf = {
  visible: 'visible',
  color: 'color',
  comment: 'comment',
  budgetE4: 'budget_e4',
  timeBudgetS: 'time_budget_s',
  budgetType: 'budget_type',
  sortOrder: 'sort_order',
  currency: 'currency',
} as const;

/** The other way round. */
export const fieldOf: Record<string, string> = Object.fromEntries(
  Object.entries(columnOf).map(([field, column]) => [column, field]),
);
