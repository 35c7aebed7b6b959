/** What the page components get besides the model: words, formats and addresses of one request. */
import type { Formats } from '../formats.ts';
import type { PageLocale } from '../locale.ts';
import type { Translate } from '../translate.ts';
import { formatDuration } from '../../src-shared/domain/duration.ts';
import type { BudgetModel, TableModel } from './model.ts';
import type { Place } from '../../src-shared/domain/share-link.ts';
import type { LanguageLink } from './languages.ts';

export interface Ui {
  t: Translate;
  f: Formats;
  locale: PageLocale;
  /** The page's own address; links differ from it in what they change. */
  place: Place;
  languages: LanguageLink[];
  /** Where the log-out form posts to; null: nobody logged in. */
  logoutAction: string | null;
  /** Writes the rows of the details table; undefined: as pages/details-rows.ts does. */
  detailsRows?: (table: TableModel, currency: string | null, ui: Ui) => string;
}

/** The amount of a budget's kind as text. */
export const formatSpent = (
  { f }: Ui,
  kind: BudgetModel['kind'],
  value: number,
  currency: string | null,
): string => (kind === 'money' ? f.money(value, currency) : formatDuration(value));

/**
 * A text around one of its values, so that the value can have an element of its own wherever a
 * language puts it: `['', ' used']` for `{percent} used`.
 */
export function around(t: Translate, path: string, name: string): [string, string] {
  const [before = '', after = ''] = t(path, { [name]: '\u0000' }).split('\u0000');
  return [before, after];
}
