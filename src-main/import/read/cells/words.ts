/** Cells that say yes or no. */
import csvTable from '../tables/kimai-csv-columns.json' with { type: 'json' };
import spreadsheetWords from '../tables/spreadsheet-words.json' with { type: 'json' };
import { foldLabel } from './fold-label.ts';

/** Turkish and Azerbaijani have an i with a dot and one without; lower case mixes them up. */
const fold = (text: string): string =>
  foldLabel(text).replaceAll(/ı|\u0307/g, (sign) => (sign === 'ı' ? 'i' : ''));

const words = new Map<string, boolean>([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
  // Numbers that went through pandas or R.
  ['1.0', true],
  ['0.0', false],
]);
for (const word of spreadsheetWords.true) words.set(fold(word), true);
for (const word of spreadsheetWords.false) words.set(fold(word), false);
for (const locale of Object.values(csvTable.boolean_words.by_locale)) {
  for (const word of [...locale.yes, ...locale.exported]) words.set(fold(word), true);
  for (const word of [...locale.no, ...locale.not_exported]) words.set(fold(word), false);
}

/**
 * Yes, no, "Cleared", "Open" in any of Kimai's languages, true and false in any of the spreadsheets',
 * or 1 and 0; null for other words.
 */
export function parseWord(text: string): boolean | null {
  return words.get(fold(text)) ?? null;
}
