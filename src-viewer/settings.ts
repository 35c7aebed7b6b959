/** What a file says to the viewer that it loads: JSON in the element `#viewer`. */
import type { Messages } from '../src-server/source.ts';
import type { OwnLocale } from '../src-shared/domain/locale-data/own-locales.ts';

/** What a page needs of its language. */
export interface Words {
  /** In parts. */
  messages: Messages;
  /** Names of all languages that the page is there in, each in itself, by code. */
  languages: Record<string, string>;
  /** How it writes numbers and days, where browsers do not know; null: they do. */
  formats: OwnLocale | null;
}

export interface ViewerSettings {
  /** Kimai's code of the page's language. */
  locale: string;
  /** The code that its words stand under: `de` for `de_CH`. */
  words: string;
  publicId: string;
  /** Where the language's words are; a snapshot has them inside. */
  texts: string | Words;
  /** Where the script of charts and details is; a snapshot has it in the element `#page-script`. */
  pageScript: string | null;
  /** Where the library of charts is, which that script fetches; a snapshot's script brings it along. */
  charts: string | null;
  /** The folder of the data files, with its `/`; a snapshot has them in the element `#files`. */
  data: string | null;
}

export const readJson = (selector: string): unknown =>
  JSON.parse(document.querySelector(selector)!.textContent);

export const readSettings = (): ViewerSettings => readJson('#viewer') as ViewerSettings;
