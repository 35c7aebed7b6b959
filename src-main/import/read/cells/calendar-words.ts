/** Names of months and weekdays in Kimai's languages, as the system's locale data has them. */
import { ownLocaleOf } from '../../../../src-shared/domain/locale-data/own-locales.ts';
import csvTable from '../tables/kimai-csv-columns.json' with { type: 'json' };

export interface CalendarWords {
  /** Folded name → the months it can mean, 1 to 12, and the languages in which it means each. */
  months: ReadonlyMap<string, MonthMeanings>;
  /** Folded name → the weekdays it can mean, 0 (Sunday) to 6. */
  weekdays: ReadonlyMap<string, ReadonlySet<number>>;
}

/** `listopad` is October in Croatian, and November in Polish and Czech. */
export type MonthMeanings = ReadonlyMap<number, ReadonlySet<string>>;

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
  const months = new Map<string, Map<number, Set<string>>>();
  const weekdays = new Map<string, Set<number>>();
  // Chinese and Japanese months are numbers, and read as such.
  const wordOf = (text: string): string | null => {
    const word = foldWord(text).trim();
    return word === '' || /\d/.test(word) ? null : word;
  };
  const noteWeekday = (text: string, day: number): void => {
    const word = wordOf(text);
    if (word !== null) weekdays.set(word, (weekdays.get(word) ?? new Set()).add(day));
  };
  for (const locale of csvTable.locales.map((name) => name.replace('_', '-'))) {
    const noteMonth = (text: string, month: number): void => {
      const word = wordOf(text);
      if (word === null) return;
      const meanings = months.get(word) ?? new Map<number, Set<string>>();
      months.set(word, meanings.set(month, (meanings.get(month) ?? new Set()).add(locale)));
    };
    const own = ownLocaleOf(locale)?.dates;
    if (own !== undefined) {
      for (const { months: names = [], weekdays: days = [] } of Object.values(own)) {
        // Narrow names are single letters.
        if (names === own.narrowMonth.months) continue;
        for (const [month, name] of names.entries()) noteMonth(name, month + 1);
        for (const [day, name] of days.entries()) noteWeekday(name, day);
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
        noteMonth(alone.format(date), month + 1);
        const part = within.formatToParts(date).find(({ type }) => type === 'month');
        noteMonth(part?.value ?? '', month + 1);
      }
      // The 1st of March 2026 is a Sunday.
      for (let day = 0; day < 7; day += 1) {
        noteWeekday(weekday.format(Date.UTC(2026, 2, 1 + day)), day);
      }
    }
  }
  // What Excel and Austria write, and the locale data does not have.
  for (const [name, month] of Object.entries({ mrz: 3, jänner: 1, jän: 1, feber: 2 })) {
    months.set(name, new Map([[month, new Set(['de'])]]));
  }
  return { months, weekdays };
}
