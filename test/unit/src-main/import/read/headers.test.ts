import { describe, expect, it } from 'vitest';
import { foldLabel } from '../../../../../src-main/import/read/cells/fold-label.ts';
import {
  countKnown,
  headerKeyOf,
  meaningsOf,
  recogniseColumns,
} from '../../../../../src-main/import/read/analysis/headers.ts';
import csvTable from '../../../../../src-main/import/read/tables/kimai-csv-columns.json' with { type: 'json' };
import { layouts } from '../../../../support/kimai-writer.ts';

const columnsOf = (headers: string, cells: Record<number, string[]> = {}): string[] =>
  recogniseColumns(headers.split('|'), (index) => cells[index] ?? []).map(({ column }) => column);

/** The table's names as the reader calls them. */
const renamed: Record<string, string> = {
  number: 'customerNumber',
  project_number: 'projectNumber',
  account_number: 'ignored',
  activity_number: 'ignored',
  category: 'ignored',
  email: 'ignored',
  internalRate: 'ignored',
  vat_id: 'ignored',
};

describe('labels of 44 locales', () => {
  it('covers them all', () => {
    expect(csvTable.locales).toHaveLength(44);
    expect(Object.keys(csvTable.labels)).toHaveLength(1010);
  });

  it('knows every label, in any case and form', () => {
    for (const [label, meanings] of Object.entries(csvTable.labels)) {
      expect(meaningsOf(label), label).toEqual(meanings);
      expect(meaningsOf(` ${label.normalize('NFD')}\u00a0`), label).toEqual(meanings);
      // Upper case is not reversible in every script (ß, ı, ΐ): only where it is, it must hold.
      const upper = label.toUpperCase();
      if (foldLabel(upper) === label) expect(meaningsOf(upper), label).toEqual(meanings);
    }
  });

  it('reads every label that has one meaning as that', () => {
    for (const [label, meanings] of Object.entries(csvTable.labels)) {
      if (meanings.length > 1) continue;
      const name = meanings[0]!;
      // A single user column is the display name, whatever it is called.
      const wanted = name === 'username' ? 'alias' : (renamed[name] ?? name);
      expect(columnsOf(label), label).toEqual([wanted]);
    }
  });

  it('folds the final sigma', () => {
    expect(meaningsOf('Χρήστης')).toEqual(['alias', 'username']);
    expect(meaningsOf('ΤΎΠΟΣ')).toEqual(['type']);
  });

  it('knows the default header of every version', () => {
    for (const { columns, english_header: headers } of csvTable.english_headers) {
      const known = headers.filter((header) => !header.startsWith('@'));
      expect(countKnown(known)).toBe(known.length);
      const keys = columns.filter((column) => !column.startsWith('@'));
      const wanted = keys.map((key) => renamed[key] ?? key);
      expect(columnsOf(known.join('|'))).toEqual(wanted);
    }
  });

  it('knows the headers of every layout that the writer writes', () => {
    for (const { columns } of layouts) {
      const single = columns.filter(([key]) => key === 'alias' || key === 'username').length === 1;
      const wanted = columns.map(([key]) =>
        single && key === 'username' ? 'alias' : (renamed[key] ?? key),
      );
      expect(columnsOf(columns.map(([, header]) => header).join('|'))).toEqual(wanted);
    }
  });
});

describe('labels with several meanings', () => {
  it('takes the left user column as display name and the right one as login', () => {
    expect(columnsOf('User|Name')).toEqual(['alias', 'username']);
    expect(columnsOf('Name|User')).toEqual(['alias', 'username']);
    expect(columnsOf('User')).toEqual(['alias']);
    expect(columnsOf('Name')).toEqual(['alias']);
  });

  it('takes no third user column for anything', () => {
    expect(columnsOf('Name|User|Gebruikersnaam')).toEqual(['alias', 'username', 'ignored']);
  });

  it('believes a label that never meant anything else, wherever it stands', () => {
    expect(columnsOf("Nom d'utilisateur|Nom")).toEqual(['username', 'alias']);
    expect(columnsOf("Nom|Nom d'utilisateur")).toEqual(['alias', 'username']);
  });

  it('tells the Danish user from the Danish customer number', () => {
    expect(columnsOf('Dato|Bruger|Navn|Kunde|Type|Bruger')).toEqual([
      'date',
      'alias',
      'username',
      'customer',
      'type',
      'customerNumber',
    ]);
  });

  it('tells the Hungarian customer number from the VAT id', () => {
    expect(columnsOf('Azonosító|Adószám')).toEqual(['customerNumber', 'ignored']);
    expect(columnsOf('Adószám|ÁFA-ID')).toEqual(['customerNumber', 'ignored']);
    expect(columnsOf('Adószám|Adószám')).toEqual(['customerNumber', 'ignored']);
    expect(columnsOf('Adószám')).toEqual(['ignored']);
  });

  it('tells the two Hungarian wages of 0.8 apart', () => {
    expect(columnsOf('Órabér|Órabér')).toEqual(['hourlyRate', 'rate']);
    expect(columnsOf('Órabér')).toEqual(['hourlyRate']);
  });

  it('tells the French login from the French id', () => {
    expect(columnsOf('Date|Nom|Identifiant', { 2: ['anna', 'tom'] })).toEqual([
      'date',
      'alias',
      'username',
    ]);
    expect(columnsOf('Identifiant|Date|Nom', { 0: ['4711', '4712'] })).toEqual([
      'id',
      'date',
      'alias',
    ]);
    expect(columnsOf('Identifiant|Date', { 0: ['anna'] })).toEqual(['alias', 'date']);
  });
});

describe('other headers', () => {
  it("knows raw keys and the spellings of Kimai's importer", () => {
    expect(
      columnsOf('label.date|label.user|label.hourlyRate|label.category|rate_internal'),
    ).toEqual(['date', 'alias', 'hourlyRate', 'ignored', 'ignored']);
    expect(
      columnsOf('Date|From|To|Begin|End|Rate|HourlyRate|InternalRate|FixedRate|Email|meta.x|Tags'),
    ).toEqual([
      'date',
      'begin',
      'end',
      'begin',
      'end',
      'rate',
      'hourlyRate',
      'ignored',
      'fixedRate',
      'ignored',
      'ignored',
      'tags',
    ]);
  });

  it('leaves custom fields unknown, and is not fooled by names of objects', () => {
    expect(columnsOf('Location|constructor|__proto__|toString')).toEqual(
      Array.from({ length: 4 }, () => 'unknown'),
    );
  });

  it('ignores nameless empty columns', () => {
    expect(columnsOf('Date||', { 2: ['text'] })).toEqual(['date', 'ignored', 'unknown']);
  });

  it('keys a remembered mapping by the folded header', () => {
    expect(headerKeyOf(['Datum', 'ΤΎΠΟΣ'])).toBe(headerKeyOf(['datum ', 'τύπος']));
    expect(headerKeyOf(['a', 'b'])).not.toBe(headerKeyOf(['b', 'a']));
  });
});
