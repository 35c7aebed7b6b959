import { fileURLToPath } from 'node:url';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { columnName, noticeCode, problemCode } from '../../../src-shared/contract/import-words.ts';
import { errorCodes } from '../../../src-shared/errors.ts';
import { places } from '../../../src-renderer/shell/places.ts';
import { mappableColumns } from '../../../src-renderer/pages/imports/columns.ts';

type Texts = { [key: string]: string | Texts };
type Ast = ReturnType<IntlMessageFormat['getAst']>;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const locales = new Map(
  globSync('locales/*.json', { cwd: root }).map((path) => [
    basename(path, '.json'),
    flatten(JSON.parse(readFileSync(root + path, 'utf8')) as Texts),
  ]),
);
const english = locales.get('en')!;

/** Nested texts as `customers.form.budget` → text. */
function flatten(texts: Texts, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

/** Names of the values that a text needs, those inside plural forms included. */
function placeholders(ast: Ast): string[] {
  const names = ast.flatMap((element) => {
    const inner =
      'options' in element
        ? Object.values(element.options).flatMap((option) => placeholders(option.value))
        : [];
    // Type 0 is plain text, 7 the number sign of a plural.
    return element.type === 0 || element.type === 7 ? inner : [element.value as string, ...inner];
  });
  return [...new Set(names)].sort();
}

const needs = (text: string, locale: string): string[] =>
  placeholders(new IntlMessageFormat(text, locale.replace('_', '-')).getAst());

describe('the texts of all languages', () => {
  it('are there, English and German at least', () => {
    expect([...locales.keys()]).toEqual(expect.arrayContaining(['de', 'en']));
  });

  it.each([...locales])('%s has the keys of English, no more and no less', (_locale, texts) => {
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...locales])('%s uses the placeholders of English', (locale, texts) => {
    const different = [...texts].filter(([key, text]) => {
      const original = english.get(key);
      if (original === undefined) return false;
      return needs(text, locale).join() !== needs(original, 'en').join();
    });
    expect(different).toEqual([]);
  });
});

describe('the owner’s app', () => {
  const sources = globSync('src-renderer/**/*.{svelte,ts}', { cwd: root });

  it('asks for texts that exist', () => {
    const missing = sources.flatMap((path) => {
      const source = readFileSync(root + path, 'utf8');
      const keys = [...source.matchAll(/(?:\$t|\btext)\(\s*'([^']+)'/g)].map((match) => match[1]!);
      return keys.filter((key) => !english.has(key)).map((key) => `${path}: ${key}`);
    });
    expect(missing).toEqual([]);
  });

  it('has at least one text for each family of keys that it puts together', () => {
    const prefixes = new Set(
      sources.flatMap((path) =>
        [...readFileSync(root + path, 'utf8').matchAll(/\$t\(\s*`([^`$]+)\$\{/g)].map(
          (match) => match[1]!,
        ),
      ),
    );
    const known = [...english.keys()];
    expect([...prefixes].filter((prefix) => !known.some((key) => key.startsWith(prefix)))).toEqual(
      [],
    );
  });

  it.each([...errorCodes, 'disconnected'])('explains the error %s', (code) => {
    expect(english.get(`error.${code}`)).toBeTruthy();
  });

  it.each([
    ['file', 4096, '4 GB'],
    ['packed workbook', 64, '64 MB'],
    ['unpacked workbook', 256, '256 MB'],
  ])('names the limit that a %s is above', (_what, limitMb, said) => {
    const told = [...locales].map(([locale, texts]) =>
      new IntlMessageFormat(texts.get('error.file_too_large')!, locale).format({ limitMb }),
    );
    for (const text of told) expect(text).toContain(said);
    const unpacked = told.map((text) => /unpacked|entpackt/.test(String(text)));
    expect(unpacked).toEqual(told.map(() => limitMb === 256));
  });

  it('names every place', () => {
    const keys = places.map(({ id }) => `app.place.${id}`);
    expect(keys.filter((key) => !english.has(key))).toEqual([]);
  });

  it.each([
    ['imports.column', columnName.options],
    ['imports.notice', noticeCode.options],
    ['problem', problemCode.options],
    ['error', [...errorCodes, 'disconnected']],
  ])('has texts under %s for exactly the codes of the contract', (family, codes) => {
    const texts = [...english.keys()].filter((key) => key.startsWith(`${family}.`));
    expect(texts.toSorted()).toEqual(codes.map((code) => `${family}.${code}`).toSorted());
  });

  it('offers every column of the contract for mapping, each once', () => {
    expect([...mappableColumns].toSorted()).toEqual(columnName.options.toSorted());
  });
});
