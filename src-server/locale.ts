/**
 * Languages of links. Every locale code of Kimai makes a link; a region of one of its
 * languages (`de_AT`, `en_GB`) is one too, as in Kimai.
 */
import { directionOf, kimaiLocales, tagOf } from '../src-shared/domain/locales.ts';

const knownCodes = new Set<string>(kimaiLocales);
const languages = new Set(kimaiLocales.map((code) => code.split('_')[0]!));
let regionNames: Intl.DisplayNames | undefined;
/** Browsers take a while to make the names, and pages in files hardly ever ask for them. */
const isRegion = (region: string): boolean => {
  regionNames ??= new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  return regionNames.of(region) !== undefined;
};

/** Used where nothing else fits; its texts are always there. */
export const lastLocale = 'en';

export interface PageLocale {
  /** Kimai's code, as in the address: `pt_BR`. */
  code: string;
  /** BCP 47, for Intl and `lang`: `pt-BR`. */
  tag: string;
  direction: 'ltr' | 'rtl';
}

/** The locale of an address, null if Kimai has none of that code. Codes are case-sensitive. */
export function findLocale(code: string): PageLocale | null {
  if (!knownCodes.has(code) && !isRegionOfKnown(code)) return null;
  return { code, tag: tagOf(code), direction: directionOf(code) };
}

function isRegionOfKnown(code: string): boolean {
  const match = /^([a-z]{2})(?:_(?:Hans|Hant|Latn|Cyrl|Arab|Guru))?_([A-Z]{2})$/.exec(code);
  return match !== null && languages.has(match[1]!) && isRegion(match[2]!);
}

/** `findLocale`, with the fallbacks for a code that may be anything: the given one, then `en`. */
export const localeOrFallback = (code: string, fallback: string): PageLocale =>
  findLocale(code) ?? findLocale(fallback) ?? findLocale(lastLocale)!;

/**
 * The code that fits an `Accept-Language` header best; null if none does. Qualities are respected,
 * a region of its own wins over its language (`de-CH`), any other region is the language.
 */
export function negotiateLocale(acceptLanguage: string): string | null {
  const wanted = acceptLanguage
    .split(',')
    .slice(0, 50)
    .map((part, index) => readPreference(part, index))
    .filter((preference) => preference.quality > 0)
    .toSorted((a, b) => b.quality - a.quality || a.index - b.index);
  for (const { tag } of wanted) {
    const code = codeOfTag(tag);
    if (code !== null) return code;
  }
  return null;
}

function readPreference(part: string, index: number) {
  const [tag = '', ...parameters] = part.split(';').map((text) => text.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const value = quality === undefined ? 1 : Number(quality);
  return { tag, index, quality: Number.isFinite(value) ? value : 0 };
}

function codeOfTag(tag: string): string | null {
  const [language = '', ...rest] = tag.toLowerCase().split('-');
  const exact = kimaiLocales.find(
    (code) => code.toLowerCase() === [language, ...rest].join('_').toLowerCase(),
  );
  if (exact !== undefined) return exact;
  if (language === 'zh') {
    const traditional = rest.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part));
    return traditional ? 'zh_Hant' : 'zh_CN';
  }
  if (['no', 'nb', 'nn'].includes(language)) return 'nb_NO';
  return kimaiLocales.find((code) => code === language) ?? null;
}
