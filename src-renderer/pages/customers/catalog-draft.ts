import type { Input } from '../../../src-shared/contract.ts';
import type { Customer, Project } from '../../../src-shared/contract/catalog.ts';
import type { FormFields } from '../../input/stored-form.svelte.ts';

/** What the owner can change of a customer or project, as it is typed. */
export interface CatalogDraft {
  visible: boolean;
  color: string | null;
  comment: string;
  budgetE4: number;
  timeBudgetS: number;
  budgetType: 'month' | null;
  /** A whole number. */
  sortOrder: string;
  /** An ISO 4217 code of a customer. Empty: the stored one stays. */
  currency: string;
}
export type CatalogField = keyof CatalogDraft;

export type CustomerPatch = Input<'customers.update'>['patch'];

export function draftOf(entity: Customer | Project): CatalogDraft {
  const { visible, color, comment, budgetE4, timeBudgetS, budgetType } = entity;
  return {
    visible,
    color,
    comment,
    budgetE4,
    timeBudgetS,
    budgetType,
    sortOrder: String(entity.sortOrder),
    currency: entity.currency ?? '',
  };
}

export const catalogFields: FormFields<CatalogDraft, CatalogField> = {
  keys: [
    'visible',
    'color',
    'comment',
    'budgetE4',
    'timeBudgetS',
    'budgetType',
    'sortOrder',
    'currency',
  ],
  isSame(a, b, key) {
    if (key === 'currency') return b.currency === '' || a.currency === b.currency;
    if (key === 'sortOrder') return a.sortOrder.trim() === b.sortOrder.trim();
    return a[key] === b[key];
  },
  copy: (from, to, key) => ({ ...to, [key]: from[key] }),
};

/** What is sent: the changed fields only, so that an import still updates the others. */
export function patchOf(draft: CatalogDraft, changed: readonly CatalogField[]): CustomerPatch {
  const values = { ...draft, sortOrder: Number(draft.sortOrder) };
  return Object.fromEntries(changed.map((field) => [field, values[field]])) as CustomerPatch;
}

/** An ISO 4217 code as the contract takes it. */
export const isCurrency = (text: string): boolean => /^[A-Z]{3}$/.test(text);

export const isOrder = (text: string): boolean => /^-?\d{1,9}$/.test(text.trim());
