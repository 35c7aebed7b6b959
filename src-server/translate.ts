import { IntlMessageFormat } from 'intl-messageformat';
import { lastLocale } from './locale.ts';
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
  const byWords = new Map<string, Translate>();
  return (code) => {
    const words = wordsOf(texts, code);
    let translate = byWords.get(words);
    if (!translate) {
      translate = createTranslate(texts, words);
      byWords.set(words, translate);
    }
    return translate;
  };
}

/** The code of the texts that a locale's pages are written in. */
export function wordsOf(texts: ReadonlyMap<string, Messages>, code: string): string {
  const language = code.split('_')[0]!;
  return [code, language].find((candidate) => texts.has(candidate)) ?? lastLocale;
}

function createTranslate(texts: ReadonlyMap<string, Messages>, words: string): Translate {
  const formats = new Map<string, IntlMessageFormat>();
  return (path, values) => {
    let format = formats.get(path);
    if (!format) {
      const message = find(texts.get(words), path) ?? find(texts.get(lastLocale), path);
      if (message === undefined) throw new Error(`no text for ${path}`);
      format = new IntlMessageFormat(message, words.replaceAll('_', '-'), undefined, {
        ignoreTag: true,
      });
      formats.set(path, format);
    }
    return String(format.format(values));
  };
}

function find(messages: Messages | undefined, path: string): string | undefined {
  let found: Messages | string | undefined = messages;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return typeof found === 'string' ? found : undefined;
}
