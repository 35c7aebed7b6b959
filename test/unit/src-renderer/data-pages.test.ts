import { describe, expect, it } from 'vitest';
import { columnIndexes, missingNeed } from '../../../src-main/import/read/analysis/columns.ts';
import type { ColumnMapping, ColumnName } from '../../../src-shared/contract/import-words.ts';
import { createFormat } from '../../../src-renderer/format.ts';
import { chooseLocale } from '../../../src-renderer/i18n.ts';
import { StoredForm } from '../../../src-renderer/input/stored-form.svelte.ts';
import {
  catalogFields,
  patchOf,
  type CatalogDraft,
} from '../../../src-renderer/pages/customers/catalog-draft.ts';
import { missingColumns, repeatedColumns } from '../../../src-renderer/pages/imports/columns.ts';
import { fieldText } from '../../../src-renderer/pages/imports/preview-fields.ts';
import {
  filterInput,
  filterPath,
  readFilter,
} from '../../../src-renderer/pages/records/record-filter.ts';

describe('the filter of the timesheets', () => {
  it('survives its address', () => {
    const path =
      '/records?customer=1&project=2&from=2026-01-01&to=2026-02-28&search=a+b&state=hidden&offset=100';
    const filter = readFilter(new URLSearchParams(path.split('?')[1]));
    expect(filterPath(filter)).toBe(path);
  });

  it('drops what makes no sense', () => {
    const filter = readFilter(
      new URLSearchParams('customer=x&from=2026-02-30&state=nonsense&offset=-5&to=yesterday'),
    );
    expect(filterPath(filter)).toBe('/records');
    expect(filterInput(filter)).toEqual({ state: 'all', offset: 0, limit: 100 });
  });
});

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

describe('mapping by hand', () => {
  it('finds columns chosen twice; unknown and ignored ones may repeat', () => {
    const columns: ColumnName[] = [
      'date',
      'unknown',
      'unknown',
      'ignored',
      'ignored',
      'date',
      'project',
    ];
    expect(repeatedColumns(columns.map((column) => ({ column })))).toEqual(['date']);
  });

  it.each([
    [['date', 'duration', 'customer', 'project'], []],
    [['date', 'begin', 'end', 'customer', 'project'], []],
    [['begin', 'end', 'customer', 'project'], []],
    [
      ['date', 'begin', 'project'],
      ['duration', 'customer'],
    ],
    [
      ['end', 'unknown'],
      ['date', 'duration', 'customer', 'project'],
    ],
  ])('of %j needs %j still, as reading does', (columns, missing) => {
    const mapped = columns.map(
      (column, index) => ({ index, header: column, column }) as ColumnMapping,
    );
    expect(missingColumns(mapped)).toEqual(missing);
    const asked = missingNeed(columnIndexes(mapped));
    expect(missing.length > 0 ? missing : [null]).toContain(asked);
  });
});

describe('values of a preview', () => {
  const words = { yes: 'yes', no: 'no', empty: 'empty', monthly: 'monthly', lifetime: 'lifetime' };
  const german = createFormat('de');

  it.each([
    ['day', '2026-11-02', '02.11.2026'],
    ['rate', '1234.5', '1.234,50'],
    ['hourlyRate', '0.1234', '0,1234'],
    ['duration', '0:45:30', '0:45:30'],
    ['billable', 'yes', 'yes'],
    ['visible', '0', 'no'],
    ['budget_e4', '250000000', '25.000,00'],
    ['time_budget_s', '36000', '10:00'],
    ['budget_type', '', 'lifetime'],
    ['budget_type', 'month', 'monthly'],
    ['description', '', 'empty'],
    ['description', 'yes', 'yes'],
  ])('%s %j is shown as %j', (field, value, shown) => {
    expect(fieldText(field, value, german, words)).toBe(shown);
  });
});

describe('formats', () => {
  it('never move a day by a time zone', () => {
    for (const locale of ['en-GB', 'de', 'en-US']) {
      expect(createFormat(locale).day('2026-03-01')).toMatch(/^(1 Mar|01\.03\.|Mar 1,)/);
    }
  });

  it('show amounts without a currency as plain numbers', () => {
    expect(createFormat('de').money(12_345_000, null)).toBe('1.234,50');
    expect(createFormat('en').money(12_345_000, 'JPY')).toBe('¥1,234');
  });
});

describe('the language of the app', () => {
  const available = ['de', 'en', 'pt_BR'];
  it.each([
    ['auto', 'de-AT', 'de'],
    ['auto', 'pt-BR', 'pt_BR'],
    ['auto', 'pt-PT', 'pt_BR'],
    ['auto', 'xx', 'en'],
    ['de', 'en-GB', 'de'],
    ['gone', 'de', 'en'],
  ])('wish %s on a system in %s gives %s', (wish, system, locale) => {
    expect(chooseLocale(wish, available, system)).toBe(locale);
  });
});
