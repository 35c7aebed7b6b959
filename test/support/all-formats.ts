import { calendarWords } from '../../src-main/import/read/cells/calendar-words.ts';
import { unitOf } from '../../src-main/import/read/cells/duration-text.ts';
import { formatsOf } from '../../src-server/formats.ts';
import type { Messages } from '../../src-server/source.ts';
import { createTranslators } from '../../src-server/translate.ts';
import { listLanguages } from '../../src-server/view-model/languages.ts';

import { unitWordsOfIntl } from '../../src-shared/domain/locale-data/date-styles.ts';
import { kimaiLocales, tagOf } from '../../src-shared/domain/locales.ts';
import { listMonths } from '../../src-shared/domain/period.ts';

/** Everything that the program writes by a language's rules, and the words that it reads. */
export function allFormats(
  texts: Record<string, Messages>,
  counting: Record<string, string[]>,
): Record<string, unknown> {
  const translators = createTranslators(new Map(Object.entries(texts)));
  const words = calendarWords();
  return {
    ...Object.fromEntries(kimaiLocales.map((code) => [code, formatsIn(tagOf(code))])),
    texts: Object.entries(counting).map(([code, keys]) =>
      keys.map((key) =>
        [0, 1, 2, 5, 11, 21, 1234, 12_345].map((n) => translators(code)(key, values(n))),
      ),
    ),
    languages: listLanguages(new Map(Object.entries(texts)), 'de_CH', (code) => code),
    months: [...words.months].map(([name, months]) => [
      name,
      [...months].map(([month, languages]) => [month, [...languages]]),
    ]),
    weekdays: [...words.weekdays].map(([name, days]) => [name, [...days]]),
    units: ['ordu', 'ordoj', 'tímar', 'часа', 'ਘੰਟੇ', 'Stunden'].map(unitOf),
    unitWords: unitWordsOfIntl('de', 'hour'),
  };
}

/** One number for whatever a text calls it. */
const values = (count: number) =>
  new Proxy({} as Record<string, number>, { get: () => count, has: () => true });

function formatsIn(tag: string) {
  const formats = formatsOf(tag);
  const months = listMonths(2026);
  const days = [20260101, 20260505, 20260814, 20261022, 20261130, 20260228];
  return {
    days: days.map((day) => [formats.day(day), formats.fullDay(day), formats.dayOfMonth(day)]),
    months: months.map((month) => [
      formats.month(month),
      formats.monthName(month),
      formats.shortMonthName(month),
      formats.narrowMonthName(month),
      formats.year(month),
    ]),
    times: [0, 59, 60, 12 * 60, 15 * 60 + 7, 24 * 60 - 1].map(formats.time),
    moments: [formats.moment(new Date(0)), formats.moment(new Date(1_793_000_000_000))],
    money: ['EUR', 'USD', 'CHF', 'JPY', 'INR', 'MKD', 'DKK', null].map((currency) =>
      [0, 125, -12_345_678, 98_765_432_100_00].map((amount) => formats.money(amount, currency)),
    ),
    integers: [0, 999, 1000, -1234, 12_345_678].map(formats.integer),
  };
}
