import { IntlMessageFormat, type Formatters } from 'intl-messageformat';
import { tagOf } from '../src-shared/domain/locales.ts';
import {
  ownLocaleOf,
  ownNumberFormat,
  ownPlural,
} from '../src-shared/domain/locale-data/own-locales.ts';
import { findLocale, lastLocale } from './locale.ts';
import { isPlain, parseMessage, type MessageParts } from './message-parts.ts';
import type { Messages } from './source.ts';

export type MessageValues = Readonly<Record<string, string | number>>;

/** Looks a text up by its path (`portal.details.title`) and fills it. Throws for unknown paths. */
export type Translate = (path: string, values?: MessageValues) => string;

/**
 * Makes the translators of the portal: one per locale, kept, since parsing a message takes
 * 57 µs. A request gets its own locale's function as an argument; there is no current locale.
 * Words come from the locale's texts, else its language's (`de_CH` → `de`), else English.
 */
export function createTranslators(
  texts: ReadonlyMap<string, Messages>,
): (code: string) => Translate {
  const kept = new Map<string, Translate>();
  return (code) => {
    const words = wordsOf(texts, code);
    const isForeign = directionOf(words) !== directionOf(code);
    const key = `${words} ${isForeign}`;
    let translate = kept.get(key);
    if (!translate) {
      translate = createTranslate(texts, words);
      if (isForeign) translate = isolate(translate);
      kept.set(key, translate);
    }
    return translate;
  };
}

const directionOf = (code: string) => findLocale(code)?.direction;

/**
 * English words on a page that reads from right to left: isolated, so that figures and full stops
 * stay where the sentence has them. LRI … PDI around the text, FSI … PDI around its values.
 */
function isolate(translate: Translate): Translate {
  return (path, values = {}) => {
    const isolated = Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? `\u2068${value}\u2069` : value,
    ]);
    const text = translate(path, Object.fromEntries(isolated) as MessageValues);
    return /^[\p{L} ]*$/u.test(text) ? text : `\u2066${text}\u2069`;
  };
}

/**
 * The code of the texts that a locale's pages are written in: its own, its language's (`de_CH` →
 * `de`), those of another region in the same script (`zh_TW` → `zh_Hant`), else English.
 */
export function wordsOf(texts: ReadonlyMap<string, Messages>, code: string): string {
  const language = code.split('_')[0]!;
  const exact = [code, language].find((candidate) => texts.has(candidate));
  if (exact !== undefined) return exact;
  const script = scriptOf(code);
  if (script === null) return lastLocale;
  return [...texts.keys()].find((candidate) => scriptOf(candidate) === script) ?? lastLocale;
}

/** Language and script of a code: `zh_TW` → `zh-Hant`; null for a code that is no language's. */
function scriptOf(code: string): string | null {
  try {
    const { language, script } = new Intl.Locale(tagOf(code)).maximize();
    return `${language}-${script}`;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function createTranslate(texts: ReadonlyMap<string, Messages>, words: string): Translate {
  const formats = new Map<string, Fill>();
  return (path, values) => {
    let fill = formats.get(path);
    if (!fill) {
      const message = find(texts.get(words), path) ?? find(texts.get(lastLocale), path);
      if (message === undefined) throw new Error(`no text for ${path}`);
      fill = createFill(message, tagOf(words));
      formats.set(path, fill);
    }
    return fill(values);
  };
}

/** How numbers and plurals are made in the languages that have tables of our own. */
function formattersOf(tag: string): { formatters?: Formatters } {
  const own = ownLocaleOf(tag);
  if (own === null) return {};
  const formatters = {
    getNumberFormat: (_tags: unknown, options?: Intl.NumberFormatOptions) =>
      ownNumberFormat(own, options),
    getPluralRules: () => ({ select: (count: number) => ownPlural(tag, count) }),
    getDateTimeFormat: () => {
      throw new Error('no text has a date in it');
    },
  };
  return { formatters: formatters as unknown as Formatters };
}

type Fill = (values?: MessageValues) => string;

/** A message without plurals and the like is put together here, which takes a tenth of the time. */
function createFill(message: string | MessageParts, tag: string): Fill {
  if (typeof message === 'string' && isPlain(message)) return () => message;
  const parts = typeof message === 'string' ? parseMessage(message, tag) : message;
  const format = new IntlMessageFormat(parts, tag, undefined, formattersOf(tag));
  const isSimple = parts.every(({ type }) => type === literalPart || type === argumentPart);
  if (!isSimple) return (values) => String(format.format(values));
  const simple = parts as { type: number; value: string }[];
  return (values) => {
    let text = '';
    for (const { type, value } of simple) {
      if (type === literalPart) text += value;
      // A missing value is an error, which the library tells.
      else if (values?.[value] === undefined) return String(format.format(values));
      else text += values[value];
    }
    return text;
  };
}

/** Of the message parser's `TYPE`, an enum without values at run time. */
const literalPart = 0;
const argumentPart = 1;

function find(messages: Messages | undefined, path: string): string | MessageParts | undefined {
  let found: Messages[string] | undefined = messages;
  for (const name of path.split('.')) {
    if (!isGroup(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return isGroup(found) ? undefined : found;
}

const isGroup = (found: Messages[string] | undefined): found is Messages =>
  typeof found === 'object' && !Array.isArray(found);
