import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Messages } from '../../src-server/source.ts';
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

/** Texts for a BCP 47 code, as the portal chooses them: `de-AT` → `de`, unknown → English. */
export const translatorFor = (texts: Texts, locale: string): Translate =>
  createTranslators(texts)(locale.replaceAll('-', '_'));

/** The language of the terminal or desktop that started the program. */
export const systemLocale = (): string => new Intl.DateTimeFormat().resolvedOptions().locale;
