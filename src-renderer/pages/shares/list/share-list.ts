import type { Share, ShareOptions } from '../../../../src-shared/contract/shares.ts';

export type StateFilter = 'all' | 'active' | 'paused' | 'expired';

/** What a share is called in lists: its label, else what it shows. */
export const titleOf = (share: Pick<Share, 'label' | 'customerName' | 'projectName'>): string =>
  share.label !== '' ? share.label : (share.projectName ?? share.customerName);

/** Shares that fit the words (all of them, anywhere in label, customer, project) and the state. */
export function filterShares(
  shares: readonly Share[],
  filter: { text: string; state: StateFilter },
): Share[] {
  const words = fold(filter.text).split(/\s+/).filter(Boolean);
  return shares.filter((share) => {
    if (filter.state !== 'all' && share.state !== filter.state) return false;
    const text = fold(`${share.label} ${share.customerName} ${share.projectName ?? ''}`);
    return words.every((word) => text.includes(word));
  });
}

const glance = {
  showUser: 'columns',
  showRates: 'columns',
  showMonthTotal: 'columns',
  showActivity: 'columns',
  showTags: 'columns',
  showTimes: 'columns',
  budgetStats: 'budgets',
  timeBudgetStats: 'budgets',
  onlyBillable: 'columns',
  downloads: 'columns',
} as const satisfies Partial<Record<keyof ShareOptions, string>>;

/**
 * Texts of what a share shows beyond the plain list of work, in the order of the form; without any,
 * those of the plain list itself.
 */
export function optionKeys(options: ShareOptions): string[] {
  const shown = (Object.keys(glance) as (keyof typeof glance)[]).filter(
    // The month's amount is part of the rates.
    (key) => options[key] && !(key === 'showMonthTotal' && options.showRates),
  );
  const keys = [
    ...shown.map((key) => `shares.${glance[key]}.${key}`),
    ...(options.json ? ['shares.json.label'] : []),
  ];
  return keys.length > 0 ? keys : ['shares.field.descriptions', 'shares.field.durations'];
}

/** Small letters without accents, so that `muller` finds `Müller`. */
export const fold = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
