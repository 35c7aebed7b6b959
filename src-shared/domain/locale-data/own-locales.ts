/**
 * Basque, Esperanto, Faroese, Macedonian and Punjabi. Electron has the locale data of Chromium,
 * which keeps no more than the name of these five; so they are formatted by tables of our own, on
 * every host. `scripts/locale-tables.ts` makes the tables from Node's Intl.
 */
import tables from './own-locales.json' with { type: 'json' };
import type { DateStyle, DurationUnit } from './date-styles.ts';

/** A literal, or a field of the date. `pad`: two digits. */
export type DatePart =
  | string
  | {
      field: 'day' | 'hour' | 'minute' | 'year' | 'month' | 'weekday' | 'dayPeriod' | 'zone';
      pad?: boolean;
    };

export interface OwnLocale {
  /** Its name in itself. */
  language: string;
  decimal: string;
  group: string;
  minus: string;
  /** Groups of two digits above a thousand. */
  lakh: boolean;
  /** Minus, number and symbol of a negative amount: for a symbol such as `€`, and for any other. */
  money: { letters: string[]; sign: string[] };
  /** Only those that are not the code. */
  symbols: Record<string, string>;
  /** What an offset from UTC begins with. */
  zone: string;
  dayPeriods: [am: string, pm: string];
  dates: Record<DateStyle, { parts: DatePart[]; months?: string[]; weekdays?: string[] }>;
  units: Record<DurationUnit, string[]>;
}

const ownLocales = tables as unknown as Record<string, OwnLocale>;

/** The tables of a BCP 47 locale; null: Intl knows it everywhere. Regions have their language's. */
export const ownLocaleOf = (tag: string): OwnLocale | null => {
  const [language = '', second = ''] = tag.split('-');
  // Punjabi in Arabic script is another matter.
  const isOther = second.length === 4 && second !== 'Guru';
  return !isOther && Object.hasOwn(ownLocales, language) ? ownLocales[language]! : null;
};

/**
 * The viewer of pages that are always on is built without the tables, and gets its language's with
 * the texts. `tag`: of a locale that has one.
 */
export function addOwnLocale(tag: string, locale: OwnLocale): void {
  ownLocales[tag.split('-')[0]!] = locale;
}

/** As `Intl.PluralRules` of that language has it, for whole numbers. */
export function ownPlural(tag: string, count: number): 'one' | 'other' {
  const language = tag.split('-')[0];
  if (language === 'pa') return count === 0 || count === 1 ? 'one' : 'other';
  if (language === 'mk') return count % 10 === 1 && count % 100 !== 11 ? 'one' : 'other';
  return count === 1 ? 'one' : 'other';
}

/** Writes numbers as `Intl.NumberFormat` does: decimals, or an amount of money. */
export function ownNumberFormat(
  locale: OwnLocale,
  options: Intl.NumberFormatOptions = {},
): { format(value: number | bigint | `${number}`): string } {
  const base = new Intl.NumberFormat(locale.lakh ? 'en-IN' : 'en', options);
  const { currency } = options;
  const signs: Record<string, string> = { decimal: locale.decimal, group: locale.group };
  const isNumber = (type: string): boolean =>
    ['integer', 'group', 'decimal', 'fraction'].includes(type);
  return {
    format(value) {
      const parts = base.formatToParts(value as number);
      const number = parts
        .filter(({ type }) => isNumber(type))
        .map((part) => signs[part.type] ?? part.value)
        .join('');
      const minus = parts.some(({ type }) => type === 'minusSign') ? locale.minus : '';
      if (currency === undefined) return minus + number;
      const symbol = locale.symbols[currency] ?? currency;
      const pattern = /[\p{S}\p{Z}]$/u.test(symbol) ? locale.money.sign : locale.money.letters;
      const fields: Record<string, string> = { minus, number, symbol };
      return pattern.map((part) => fields[part] ?? part).join('');
    },
  };
}

/** Writes a moment as `Intl.DateTimeFormat` does, but names the time zone by its offset. */
export function ownDateFormat(
  locale: OwnLocale,
  style: DateStyle,
  timeZone: string | undefined,
): { format(date: Date | number): string } {
  const { parts, months, weekdays } = locale.dates[style];
  const isTwelve = parts.some((part) => typeof part === 'object' && part.field === 'dayPeriod');
  const reader = new Intl.DateTimeFormat('en', {
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', weekday: 'short' },
    ...{ hour: 'numeric', minute: 'numeric', hourCycle: 'h23', timeZoneName: 'shortOffset' },
    calendar: 'gregory',
    timeZone,
  });
  const readWeekday = (name: string): number =>
    ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(name);

  return {
    format(date) {
      const read = Object.fromEntries(
        reader.formatToParts(date).map(({ type, value }) => [type, value]),
      );
      const hour = Number(read.hour);
      const write = (part: Exclude<DatePart, string>): string => {
        if (part.field === 'year') return read.year!;
        if (part.field === 'month') return months?.[Number(read.month) - 1] ?? read.month!;
        if (part.field === 'weekday') return weekdays?.[readWeekday(read.weekday!)] ?? '';
        if (part.field === 'dayPeriod') return locale.dayPeriods[hour < 12 ? 0 : 1];
        if (part.field === 'zone') return zoneText(locale, read.timeZoneName!);
        const number =
          part.field === 'hour' && isTwelve ? hour % 12 || 12 : Number(read[part.field]);
        return part.pad ? String(number).padStart(2, '0') : String(number);
      };
      const texts = parts.map((part) => (typeof part === 'string' ? part : write(part)));
      // V8 writes a plain blank in dates, too, where the data has a narrow one.
      return texts.join('').replaceAll('\u202f', ' ');
    },
  };
}

/** `GMT+5:30`; `UTC` without an offset. */
const zoneText = ({ zone }: OwnLocale, english: string): string => {
  const offset = english.replace(/^GMT/, '').replace('−', '-');
  return offset === '' || offset === '+0' ? 'UTC' : zone + offset;
};
