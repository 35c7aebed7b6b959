import { fileURLToPath } from 'node:url';
import { globSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { ownerLanguages, tagOf } from '../../../src-shared/domain/locales.ts';
import { columnName, noticeCode, problemCode } from '../../../src-shared/contract/import-words.ts';
import { errorCodes } from '../../../src-shared/errors.ts';
import { availableLocales } from '../../../src-renderer/i18n.ts';
import { places } from '../../../src-renderer/shell/places.ts';
import { flatten, type Texts } from '../../support/messages.ts';
import { mappableColumns } from '../../../src-renderer/pages/imports/columns.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const locales = new Map(
  ownerLanguages.map((code) => [
    code as string,
    flatten(JSON.parse(readFileSync(`${root}locales/${code}.json`, 'utf8')) as Texts),
  ]),
);
const english = locales.get('en')!;

describe('the texts of all languages', () => {
  it('are offered to the owner in just these', () => {
    expect(availableLocales).toEqual([...ownerLanguages]);
  });

  it.each([...locales])('%s has the keys of English, no more and no less', (_locale, texts) => {
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
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
    ['file', 4096, 4],
    ['packed workbook', 64, 64],
    ['unpacked workbook', 256, 256],
  ])('names the limit that a %s is above', (_what, limitMb, said) => {
    for (const [locale, texts] of locales) {
      const message = new IntlMessageFormat(texts.get('error.file_too_large')!, tagOf(locale));
      expect(message.format({ limitMb }), locale).toMatch(
        new RegExp(`(?<!\\d)${said}\\s?\\p{L}`, 'u'),
      );
    }
    for (const locale of ['de', 'en']) {
      const message = new IntlMessageFormat(
        locales.get(locale)!.get('error.file_too_large')!,
        locale,
      );
      expect(/unpacked|entpackt/.test(String(message.format({ limitMb })))).toBe(limitMb === 256);
    }
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
