/** The texts of the client's pages in every language of Kimai. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldLabel } from '../../../src-main/import/read/cells/fold-label.ts';
import { wordsOf } from '../../../src-server/translate.ts';
import { kimaiLocales, ownerLanguages, tagOf } from '../../../src-shared/domain/locales.ts';
import {
  flatten,
  parseMessage,
  placeholders,
  pluralForms,
  type Texts,
} from '../../support/messages.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const files = new Map(
  readdirSync(join(root, 'locales'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name.slice(0, -'.json'.length), read(`locales/${name}`) as Texts]),
);
const languages = [...files.keys()];
const portalTexts = (code: string): Map<string, string> =>
  flatten(files.get(code)!.portal as Texts);
const english = portalTexts('en');

/** Texts that are the same word in English and in that language. */
const equalWords: Record<string, string[]> = {
  any: ['title', 'annual.month', 'details.daysLater'],
  da: ['budget.over', 'budget.money', 'projects.budget', 'details.column.tags'],
  de: ['budget.title', 'budget.money', 'projects.budget', 'details.title', 'projects.details'],
  fr: [
    'budget.title',
    'budget.money',
    'projects.budget',
    'details.column.date',
    'details.column.description',
  ],
  it: ['budget.money', 'projects.budget', 'password.label'],
  nb_NO: ['budget.over'],
  nl: [
    'budget.month',
    'budget.money',
    'projects.budget',
    'details.title',
    'projects.details',
    'details.column.project',
    'projects.project',
  ],
  sv: ['budget.money', 'projects.budget'],
};

/**
 * Words of columns that are not Kimai's own: Kimai has no translation (`lv`, `pa`), writes the
 * language in its other script (`sr`), or uses a word that means something else to a client, such
 * as a wage (`cs`), a report on work (`ko`) or a login name (`sl`).
 */
const otherThanKimai = [
  'ar rate',
  'cs rate',
  'de rate',
  'ko description',
  'lv project',
  'lv activity',
  'lv rate',
  'pa activity',
  'sl user',
  'sr project',
  'sr tags',
  'sr duration',
  'sr rate',
];

/**
 * Forms of verbs by which the owner would speak as a man. Languages that have none, or a verb that
 * is the same for all, are not named.
 */
const mensForms: Record<string, RegExp> = {
  bg: /съм (\p{L}+ )?\p{L}+л(?!\p{L})/u,
  cs: /jsem (\p{L}+ )?\p{L}+l(?!\p{L})/u,
  hr: /sam (\p{L}+ )?\p{L}+[aio]o(?!\p{L})/u,
  lv: /esmu (\p{L}+ )?\p{L}+is(?!\p{L})/u,
  pl: /\p{L}+łem(?!\p{L})/u,
  ru: /(?<!\p{L})я \p{L}+л(?!\p{L})/u,
  sk: /som (\p{L}+ )?\p{L}+l(?!\p{L})/u,
  sl: /sem (\p{L}+ )?\p{L}+l(?!\p{L})/u,
  sr: /сам (\p{L}+ )?\p{L}+[аио]о(?!\p{L})/u,
  uk: /(?<!\p{L})я \p{L}+в(?!\p{L})/u,
};

describe('the texts of the client’s pages', () => {
  it.each([
    ['de_CH', 'de'],
    ['pt_AO', 'pt'],
    ['zh_TW', 'zh_Hant'],
    ['zh_SG', 'zh_CN'],
    ['en_GB', 'en'],
  ])('of %s are those of %s', (code, words) => {
    expect(wordsOf(files as never, code)).toBe(words);
  });

  it.each(kimaiLocales)('are there in %s', (code) => {
    expect(files.has(wordsOf(files as never, code))).toBe(true);
    expect(wordsOf(files as never, code) === 'en').toBe(code === 'en');
  });

  it('are in no language that Kimai does not have', () => {
    expect(languages.filter((code) => !kimaiLocales.includes(code as never))).toEqual([]);
  });

  it.each(languages)('have the keys of English in %s, no more and no less', (code) => {
    expect([...portalTexts(code).keys()].sort()).toEqual([...english.keys()].sort());
    if (!ownerLanguages.includes(code as never)) {
      expect(Object.keys(files.get(code)!)).toEqual(['portal']);
    }
  });

  it.each(languages)('use the values of English in %s', (code) => {
    const different = [...portalTexts(code)].filter(
      ([key, text]) =>
        placeholders(parseMessage(text, code)).join() !==
        placeholders(parseMessage(english.get(key)!, 'en')).join(),
    );
    expect(different).toEqual([]);
  });

  it.each(languages)('fill each plural form that %s has, and no other', (code) => {
    const { pluralCategories } = new Intl.PluralRules(tagOf(code)).resolvedOptions();
    for (const [key, text] of portalTexts(code)) {
      for (const forms of pluralForms(parseMessage(text, code))) {
        expect(forms, key).toEqual([...pluralCategories].sort());
      }
    }
  });

  it.each(languages.filter((code) => code !== 'en'))('leave no English in %s', (code) => {
    const same = [...portalTexts(code)].filter(([key, text]) => text === english.get(key));
    const allowed = new Set([...equalWords.any!, ...(equalWords[code] ?? [])]);
    expect(same.map(([key]) => key).filter((key) => !allowed.has(key))).toEqual([]);
    const keys = new Set(same.map(([key]) => key));
    expect((equalWords[code] ?? []).filter((key) => !keys.has(key))).toEqual([]);
  });

  it.each(languages)('have the quotes, ellipses and blanks of print in %s', (code) => {
    for (const [key, text] of portalTexts(code)) {
      expect(text, key).not.toMatch(/["'`]|\.\.\.| {2}|^ | $/);
    }
  });

  it.each(Object.entries(mensForms))(
    'do not say whether the owner is a man in %s',
    (code, form) => {
      const texts = [...portalTexts(code)];
      expect(texts.filter(([key, text]) => key.startsWith('mail.') && form.test(text))).toEqual([]);
    },
  );

  it('name the columns as Kimai does', () => {
    const { labels } = read('src-main/import/read/tables/kimai-csv-columns.json') as {
      labels: Record<string, string[]>;
    };
    const columns: Record<string, string[]> = {
      date: ['date'],
      user: ['alias', 'username'],
      project: ['project'],
      activity: ['activity'],
      tags: ['tags'],
      description: ['description'],
      duration: ['duration'],
      rate: ['hourlyRate'],
    };
    const others = languages.flatMap((code) =>
      Object.entries(columns).flatMap(([key, wanted]) => {
        const label = foldLabel(portalTexts(code).get(`details.column.${key}`)!);
        return labels[label]?.some((column) => wanted.includes(column)) ? [] : [`${code} ${key}`];
      }),
    );
    expect(others.sort()).toEqual([...otherThanKimai].sort());
  });
});

/** Of the owner's app: all but `portal`. */
const appTexts = (code: string): Map<string, string> => {
  const { portal: _portal, ...texts } = files.get(code)!;
  return flatten(texts);
};
const englishApp = appTexts('en');
const translated = ownerLanguages.filter((code) => code !== 'en');

/** Words that a language of the app has in common with English, by the words themselves. */
const equalInApp: Record<string, string[]> = {
  any: [
    ...['', 'Customer Portal', 'QR', 'SFTP', 'UTF-8', 'Ctrl', 'Alt', 'Kimai', 'WebDAV'],
    'Kimai {version}',
    'Amazon S3, Cloudflare R2, Backblaze B2, Hetzner, MinIO.',
  ],
  de: [
    ...['Administration', 'Online', 'Tunnel', 'Link', 'Budgets', 'Budget', 'Desktop', 'Tablet'],
    ...['Computer', 'Offline', 'Port', 'Server', 'Bucket', 'Region', 'Name', 'Administrator'],
    ...['{permission}: {role}', 'System ({language})', 'Passphrase', 'Version', 'Import'],
  ],
  fr: [
    ...['Menu', 'Administration', 'Messages', 'Imports', 'Tunnel', 'Page', 'Action'],
    ...['Services', 'Actions', 'Date', 'Description', 'Corrections', 'Budgets', 'Budget'],
    ...['Descriptions', 'Port', 'E-mail', 'Bucket', 'Permissions', 'Permission', 'Version'],
    ...['Pages', '{hours} h', 'Import', 'minutes', 'Type', 'mm'],
  ],
  es: [...['Bucket', '{permission}: {role}', 'No', '{hours} h', 'Error', 'dd', 'mm']],
  it: [
    ...['Input:', 'Output:', 'Menu', 'Online', 'Tunnel', 'Password', 'File', 'Zoom', 'Link'],
    ...['Budget', 'Desktop', 'Tablet', 'Computer', 'Offline', 'Server', 'E-mail', 'Bucket'],
    ...['{permission}: {role}', 'Backup', 'Passphrase', 'No', '{hours} h', 'mm'],
  ],
  nl: [
    ...['Menu', 'Imports', 'Online', 'Tunnel', 'Project', 'Help', 'Link', 'internet', 'Label'],
    ...['Budget', 'Desktop', 'Tablet', 'Computer', 'Offline', 'Server', 'E-mail'],
    ...['FTP over TLS', 'Bucket', '{permission}: {role}', 'Order {number}', 'Import', 'Begin'],
    ...['Type', 'dd', 'mm'],
  ],
  pl: [
    ...['Menu', 'Online', 'Link', 'internet', 'Tablet', 'Offline', 'Port', 'E-mail', 'Bucket'],
    ...['Region', 'Folder', 'Administrator', '{permission}: {role}', 'Import', 'dd', 'mm'],
  ],
  pt_BR: [
    ...['Menu', 'Online', 'Zoom', 'Link', 'internet', 'Desktop', 'Tablet', 'Offline', 'Log'],
    ...['E-mail', 'Bucket', '{permission}: {role}', 'Backups', 'Backup', '{hours} h', 'dd', 'mm'],
  ],
  ja: [...['{permission}: {role}']],
};

/** Set in columns by blanks, for a terminal. */
const inColumns = ['cli.start.help'];

describe('the texts of the owner’s app', () => {
  it.each(translated)('ask in %s for the values of English, under keys of English', (code) => {
    const texts = [...appTexts(code)];
    expect(texts.filter(([key]) => !englishApp.has(key))).toEqual([]);
    const different = texts.filter(
      ([key, text]) =>
        placeholders(parseMessage(text, code)).join() !==
        placeholders(parseMessage(englishApp.get(key)!, 'en')).join(),
    );
    expect(different).toEqual([]);
  });

  it.each(ownerLanguages)('fill each plural form that %s has, and no other', (code) => {
    const { pluralCategories } = new Intl.PluralRules(tagOf(code)).resolvedOptions();
    for (const [key, text] of appTexts(code)) {
      for (const forms of pluralForms(parseMessage(text, code))) {
        // `=1` says it for `one`, and so do `=0` and `=2`.
        const exact = { zero: '=0', one: '=1', two: '=2' } as Record<string, string>;
        const needed = pluralCategories.filter((form) => !forms.includes(exact[form]!));
        expect(forms, key).toEqual(expect.arrayContaining(needed));
        const categories = forms.filter((form) => !form.startsWith('='));
        expect(pluralCategories, key).toEqual(expect.arrayContaining(categories));
      }
    }
  });

  it.each(translated)('leave no English in %s', (code) => {
    const same = [...appTexts(code)].filter(([key, text]) => text === englishApp.get(key));
    const allowed = new Set([...equalInApp.any!, ...(equalInApp[code] ?? [])]);
    expect(same.filter(([, text]) => !allowed.has(text))).toEqual([]);
    const texts = new Set(same.map(([, text]) => text));
    expect((equalInApp[code] ?? []).filter((text) => !texts.has(text))).toEqual([]);
  });

  it.each(ownerLanguages)('have the quotes, ellipses and blanks of print in %s', (code) => {
    for (const [key, text] of appTexts(code)) {
      expect(text, key).not.toMatch(/["'`]|\.\.\.|^ | $/);
      if (!inColumns.includes(key)) expect(text.replaceAll(/\n +/g, '\n'), key).not.toMatch(/ {2}/);
    }
  });
});
