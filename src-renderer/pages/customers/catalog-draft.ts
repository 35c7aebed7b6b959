import type { Input } from '../../../src-shared/contract.ts';
import type { Customer, Project } from '../../../src-shared/contract/catalog.ts';

/** What the owner can change of a customer or project. Currencies belong to customers only. */
export interface CatalogDraft {
  visible: boolean;
  color: string | null;
  comment: string;
  budgetE4: number;
  timeBudgetS: number;
  budgetType: 'month' | null;
  sortOrder: number;
  currency: string | null;
}

export type CustomerPatch = Input<'customers.update'>['patch'];

const fields = [
  'visible',
  'color',
  'comment',
  'budgetE4',
  'timeBudgetS',
  'budgetType',
  'sortOrder',
  'currency',
] as const satisfies readonly (keyof CatalogDraft)[];

export function draftOf(entity: Customer | Project): CatalogDraft {
  const { visible, color, comment, budgetE4, timeBudgetS, budgetType, sortOrder, currency } =
    entity;
  return { visible, color, comment, budgetE4, timeBudgetS, budgetType, sortOrder, currency };
}

/** Only the fields that differ, so that an import still updates the others. */
export function patchOf(before: CatalogDraft, after: CatalogDraft): CustomerPatch {
  const changed = fields.filter((field) => before[field] !== after[field]);
  return Object.fromEntries(changed.map((field) => [field, after[field]])) as CustomerPatch;
}

/** An ISO 4217 code as the contract takes it. */
export const isCurrency = (text: string): boolean => /^[A-Z]{3}$/.test(text);
