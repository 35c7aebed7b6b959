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
  return [...new Set([...texts.keys(), current])]
    .flatMap((code) => findLocale(code) ?? [])
    .map(({ code, tag }) => ({
      code,
      tag,
      name: nameOfLanguage(tag),
      href: hrefOf(code),
      current: code === current,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** `Deutsch`, with the first letter as a title has it. */
const nameOfLanguage = remember(100, (tag) => {
  const known = ownLocaleOf(tag)?.language;
  const own = known ?? new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;
  return own.charAt(0).toLocaleUpperCase(tag) + own.slice(1);
});
