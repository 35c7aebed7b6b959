/** Names of months and weekdays in Kimai's languages, as the system's locale data has them. */
import { ownLocaleOf } from '../../../../src-shared/domain/locale-data/own-locales.ts';
import csvTable from '../tables/kimai-csv-columns.json' with { type: 'json' };

export interface CalendarWords {
  /** Folded name → the months it can mean, 1 to 12: some names differ between languages. */
  months: ReadonlyMap<string, ReadonlySet<number>>;
  /** Folded name → the weekdays it can mean, 0 (Sunday) to 6. */
  weekdays: ReadonlyMap<string, ReadonlySet<number>>;
}

let words: CalendarWords | null = null;

/** Made when the first date with a word in it is read: it takes some 50 ms. */
export function calendarWords(): CalendarWords {
  words ??= collect();
  return words;
}

/** Folds a name for look-ups; `ٔ` joins a Persian month to the year behind it. */
export function foldWord(word: string): string {
  return word
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[.'’׳]|\u0654/g, '');
}

function collect(): CalendarWords {
  const months = new Map<string, Set<number>>();
  const weekdays = new Map<string, Set<number>>();
  const note = (into: Map<string, Set<number>>, text: string, value: number): void => {
    // Chinese and Japanese months are numbers, and read as such.
    const word = foldWord(text).trim();
    if (word === '' || /\d/.test(word)) return;
    into.set(word, (into.get(word) ?? new Set()).add(value));
  };
  for (const locale of csvTable.locales.map((name) => name.replace('_', '-'))) {
    const own = ownLocaleOf(locale)?.dates;
    if (own !== undefined) {
      for (const { months: names = [], weekdays: days = [] } of Object.values(own)) {
        // Narrow names are single letters.
        if (names === own.narrowMonth.months) continue;
        for (const [month, name] of names.entries()) note(months, name, month + 1);
        for (const [day, name] of days.entries()) note(weekdays, name, day);
      }
      continue;
    }
    for (const width of ['long', 'short'] as const) {
      const base = { calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC' } as const;
      const alone = new Intl.DateTimeFormat(locale, { ...base, month: width });
      const within = new Intl.DateTimeFormat(locale, { ...base, month: width, day: 'numeric' });
      const weekday = new Intl.DateTimeFormat(locale, { ...base, weekday: width });
      for (let month = 0; month < 12; month += 1) {
        const date = Date.UTC(2026, month, 15);
        note(months, alone.format(date), month + 1);
        const part = within.formatToParts(date).find(({ type }) => type === 'month');
        note(months, part?.value ?? '', month + 1);
      }
      // The 1st of March 2026 is a Sunday.
      for (let day = 0; day < 7; day += 1) {
        note(weekdays, weekday.format(Date.UTC(2026, 2, 1 + day)), day);
      }
    }
  }
  return { months, weekdays };
}
