/** Links to a page in other languages. */
import { ownLocaleOf } from '../../src-shared/domain/locale-data/own-locales.ts';
import { remember } from '../../src-shared/remember.ts';
import { findLocale } from '../locale.ts';
import type { Messages } from '../source.ts';

export interface LanguageLink {
  /** Kimai's code. */
  code: string;
  tag: string;
  /** In its own language. */
  name: string;
  href: string;
  current: boolean;
}

/** The languages whose texts are there, and the page's own if it is none of them. */
export function listLanguages(
  texts: ReadonlyMap<string, Messages>,
  current: string,
  hrefOf: (code: string) => string,
): LanguageLink[] {
  const listed = namesOf(texts).some(({ code }) => code === current)
    ? namesOf(texts)
    : sortNames(texts, [...texts.keys(), current]);
  return listed.map((language) => ({
    ...language,
    href: hrefOf(language.code),
    current: language.code === current,
  }));
}

type LanguageName = Pick<LanguageLink, 'code' | 'tag' | 'name'>;

const keptNames = new WeakMap<ReadonlyMap<string, Messages>, LanguageName[]>();

/** The same for every page: sorted once. */
function namesOf(texts: ReadonlyMap<string, Messages>): LanguageName[] {
  let names = keptNames.get(texts);
  if (!names) {
    names = sortNames(texts, [...texts.keys()]);
    keptNames.set(texts, names);
  }
  return names;
}

const sortNames = (
  texts: ReadonlyMap<string, Messages>,
  codes: readonly string[],
): LanguageName[] =>
  codes
    .flatMap((code) => findLocale(code) ?? [])
    .map(({ code, tag }) => {
      // The viewer of pages that are always on gets the names: to make all of them takes long.
      const given = texts.get(code)?.languageName;
      return { code, tag, name: typeof given === 'string' ? given : nameOfLanguage(tag) };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** `Deutsch`, with the first letter as a title has it. */
export const nameOfLanguage = remember(100, (tag) => {
  const known = ownLocaleOf(tag)?.language;
  const own = known ?? new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;
  return own.charAt(0).toLocaleUpperCase(tag) + own.slice(1);
});
