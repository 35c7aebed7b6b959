import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Messages } from '../../src-server/source.ts';
import { ownerLanguages } from '../../src-shared/domain/locales.ts';
import { createTranslators, type Translate } from '../../src-server/translate.ts';

export type Texts = ReadonlyMap<string, Messages>;
export type { Translate };

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

/**
 * The owner's texts for a BCP 47 code: `de-AT` → `de`; English for unknown codes and for languages
 * that only the client's pages are written in.
 */
export function translatorFor(texts: Texts, locale: string): Translate {
  const owners = new Map(ownerLanguages.map((code) => [code, texts.get(code) ?? {}]));
  return createTranslators(owners)(locale.replaceAll('-', '_'));
}

/** The language of the terminal or desktop that started the program. */
export const systemLocale = (): string => new Intl.DateTimeFormat().resolvedOptions().locale;
