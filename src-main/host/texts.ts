import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import type { ErrorParams } from '../../src-shared/errors.ts';
import type { Messages } from '../../src-server/source.ts';

export type Texts = ReadonlyMap<string, Messages>;
/** `key` with dots, as `error.port_in_use`. A missing text is a fault of ours: it throws. */
export type Translate = (key: string, params?: ErrorParams) => string;

/** Reads all languages of the folder: `de.json` → `de`. */
export function loadTexts(localesDir: string): Texts {
  const names = readdirSync(localesDir).filter((name) => name.endsWith('.json'));
  return new Map(
    names.map((name) => [
      name.slice(0, -'.json'.length),
      JSON.parse(readFileSync(join(localesDir, name), 'utf8')) as Messages,
    ]),
  );
}

/** Texts of the wanted language (BCP 47), else of its main language, else English. */
export function createTranslate(texts: Texts, wanted: string): Translate {
  const locale = [wanted, wanted.split('-')[0] ?? ''].find((name) => texts.has(name)) ?? 'en';
  const own = texts.get(locale);
  const english = texts.get('en');
  return (key, params = {}) => {
    const text = find(own, key) ?? find(english, key);
    if (text === undefined) throw new Error(`no text for ${key}`);
    return String(new IntlMessageFormat(text, locale).format({ ...params }));
  };
}

function find(messages: Messages | undefined, key: string): string | undefined {
  let at: Messages | string | undefined = messages;
  for (const part of key.split('.')) {
    if (at === undefined || typeof at === 'string' || !Object.hasOwn(at, part)) return undefined;
    at = at[part];
  }
  return typeof at === 'string' ? at : undefined;
}

/** The language of the terminal or desktop that started the program. */
export const systemLocale = (): string => new Intl.DateTimeFormat().resolvedOptions().locale;
