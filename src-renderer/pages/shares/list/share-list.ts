import type { Share } from '../../../../src-shared/contract/shares.ts';

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

/** Small letters without accents, so that `muller` finds `Müller`. */
export const fold = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
