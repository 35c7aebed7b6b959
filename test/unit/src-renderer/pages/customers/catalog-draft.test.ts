import { describe, expect, it } from 'vitest';
import { StoredForm } from '../../../../../src-renderer/input/stored-form.svelte.ts';
import {
  catalogFields,
  patchOf,
  type CatalogDraft,
} from '../../../../../src-renderer/pages/customers/catalog-draft.ts';

describe('the form of a customer', () => {
  const before: CatalogDraft = {
    visible: true,
    color: null,
    comment: '',
    budgetE4: 10_000,
    timeBudgetS: 0,
    budgetType: null,
    sortOrder: '0',
    currency: 'EUR',
  };
  const typed = (change: Partial<CatalogDraft>) => {
    const stored = new StoredForm(before, catalogFields);
    Object.assign(stored.form, change);
    return stored;
  };

  it('sends only what changed, so that imports keep the rest up to date', () => {
    expect(typed({}).changed).toEqual([]);
    const stored = typed({ budgetType: 'month', color: '#112233', sortOrder: ' 7 ' });
    expect(patchOf(stored.snapshot(), stored.changed)).toEqual({
      budgetType: 'month',
      color: '#112233',
      sortOrder: 7,
    });
  });

  it('keeps the stored currency where none is typed', () => {
    expect(typed({ currency: '' }).changed).toEqual([]);
    expect(typed({ currency: 'USD' }).changed).toEqual(['currency']);
  });

  it('follows an import in every field that is not being edited', () => {
    const stored = typed({ comment: 'mine' });
    stored.follow({ ...before, budgetE4: 20_000 });
    expect(stored.form).toMatchObject({ comment: 'mine', budgetE4: 20_000 });
    expect(patchOf(stored.snapshot(), stored.changed)).toEqual({ comment: 'mine' });
    expect(stored.conflicts).toEqual([]);
    stored.follow({ ...before, comment: 'theirs', budgetE4: 20_000 });
    expect(stored.conflicts).toEqual(['comment']);
    expect(stored.form.comment).toBe('mine');
  });
});
