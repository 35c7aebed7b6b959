/** What a file says to the viewer that it loads: JSON in the element `#viewer`. */
import type { Messages } from '../src-server/source.ts';

export interface ViewerSettings {
  /** Kimai's code of the page's language. */
  locale: string;
  /** The code that its words stand under: `de` for `de_CH`. */
  words: string;
  publicId: string;
  /** Codes of all languages that the page is there in. */
  locales: string[];
  /** Where the language's texts are; a snapshot has them inside. */
  texts: string | Messages;
  /** Where the script of charts is; a snapshot has it in the element `#charts`. */
  charts: string | null;
  /** The folder of the data files, with its `/`; a snapshot has them in the element `#files`. */
  data: string | null;
}
