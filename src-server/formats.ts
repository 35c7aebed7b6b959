/** Numbers and dates of a page's locale. All dates are calendar days: formatted as UTC, Gregorian. */
import { dayOfMonth, monthOf, yearOf, type DayNumber } from '../src-shared/domain/day.ts';
import { decimalText, formatMoney } from '../src-shared/domain/money.ts';
import { dateStyles, type DateStyle } from '../src-shared/domain/locale-data/date-styles.ts';
import {
  ownDateFormat,
  ownLocaleOf,
  ownNumberFormat,
} from '../src-shared/domain/locale-data/own-locales.ts';
import { monthInYear, yearOfMonth, type MonthNumber } from '../src-shared/domain/period.ts';
import { remember } from '../src-shared/remember.ts';

export interface Formats {
  /** An amount; without a currency a plain number with two decimals. */
  money(amountE4: number, currency: string | null): string;
  /** `Thu, Oct 1`. */
  day(day: DayNumber): string;
  /** `October 1, 2026`. */
  fullDay(day: DayNumber): string;
  /** `1`. */
  dayOfMonth(day: DayNumber): string;
  /** `October 2026`. */
  month(month: MonthNumber): string;
  /** `October`, as it stands alone. */
  monthName(month: MonthNumber): string;
  /** `Oct`. */
  shortMonthName(month: MonthNumber): string;
  /** A letter or a number, for where a short name has no room: two months may have the same. */
  narrowMonthName(month: MonthNumber): string;
  year(month: MonthNumber): string;
  /** Minutes after midnight as a time of day. */
  time(minutes: number): string;
  /** Date and time of a moment, in the program's time zone, which is named: a client may be far. */
  moment(moment: Date): string;
  integer(value: number): string;
}

/**
 * The formats of a BCP 47 locale; kept, since making one Intl formatter takes 17 µs. There are 44
 * locales, and their regions if somebody tries them all.
 */
export const formatsOf = remember(100, createFormats);

function createFormats(tag: string): Formats {
  const own = ownLocaleOf(tag);
  const date = (style: DateStyle, timeZone: string | undefined = 'UTC') =>
    own === null
      ? new Intl.DateTimeFormat(tag, { ...dateStyles[style], timeZone, calendar: 'gregory' })
      : ownDateFormat(own, style, timeZone);
  const number = (options?: Intl.NumberFormatOptions) =>
    own === null ? new Intl.NumberFormat(tag, options) : ownNumberFormat(own, options);
  const day = date('day');
  const fullDay = date('fullDay');
  const monthAndYear = date('monthAndYear');
  const longMonth = date('longMonth');
  const shortMonth = date('shortMonth');
  const narrowMonth = date('narrowMonth');
  const year = date('year');
  const time = date('time');
  const moment = date('moment', new Intl.DateTimeFormat().resolvedOptions().timeZone);
  const integer = number();
  const plainAmount = number({
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    roundingMode: 'halfEven',
  });
  const plainMoney = rememberNumber((amountE4) =>
    plainAmount.format(decimalText(amountE4) as `${number}`),
  );
  const moneyIn = remember(20, (currency) =>
    rememberNumber((amountE4) => formatMoney(tag, currency, amountE4)),
  );
  return {
    money: (amountE4, currency) =>
      currency === null ? plainMoney(amountE4) : moneyIn(currency)(amountE4),
    day: rememberNumber((value) => day.format(dateOf(value))),
    fullDay: (value) => fullDay.format(dateOf(value)),
    dayOfMonth: (value) => integer.format(dayOfMonth(value)),
    month: rememberNumber((month) => monthAndYear.format(dateOfMonth(month))),
    monthName: rememberNumber((month) => {
      const date = dateOfMonth(month);
      // Greek has two forms, and Intl's month alone is the one for use within a date.
      if (tag.startsWith('el')) return monthPart(tag, date);
      // Newer ICU data writes Esperanto's months with a capital; Kimai's, and the language, do not.
      if (tag.startsWith('eo')) return longMonth.format(date).toLowerCase();
      return longMonth.format(date);
    }),
    shortMonthName: rememberNumber((month) => shortMonth.format(dateOfMonth(month))),
    narrowMonthName: rememberNumber((month) => narrowMonth.format(dateOfMonth(month))),
    year: rememberNumber((month) => year.format(dateOfMonth(month))),
    time: rememberNumber((minutes) => time.format(new Date(minutes * 60_000))),
    moment: (value) => moment.format(value),
    integer: (value) => integer.format(value),
  };
}

/** Pages repeat the same days, months and amounts; Intl takes a microsecond for each. */
const maxRemembered = 2000;

/** Keeps the last texts of a format. */
function rememberNumber(format: (value: number) => string): (value: number) => string {
  let newer = new Map<number, string>();
  let older = new Map<number, string>();
  return (value) => {
    let text = newer.get(value);
    if (text !== undefined) return text;
    text = older.get(value) ?? format(value);
    // There are two halves. When the newer one is full, the older one is forgotten.
    if (newer.size >= maxRemembered / 2) [older, newer] = [newer, new Map()];
    newer.set(value, text);
    return text;
  };
}

const dateOf = (day: DayNumber): Date =>
  new Date(Date.UTC(yearOf(day), monthOf(day) - 1, dayOfMonth(day)));

const dateOfMonth = (month: MonthNumber): Date =>
  new Date(Date.UTC(yearOfMonth(month), monthInYear(month) - 1, 1));

const monthPart = (tag: string, date: Date): string =>
  new Intl.DateTimeFormat(tag, { ...dateStyles.monthAndYear, timeZone: 'UTC', calendar: 'gregory' })
    .formatToParts(date)
    .find((part) => part.type === 'month')?.value ?? '';

/** Decimals of a currency: a fact of the currency, the same in every locale. */
export const currencyDecimals = remember(
  1000,
  (currency) =>
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits ?? 2,
);
