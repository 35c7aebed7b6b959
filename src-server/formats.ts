/** Numbers and dates of a page's locale. All dates are calendar days: formatted as UTC, Gregorian. */
import { dayOfMonth, monthOf, yearOf, type DayNumber } from '../src-shared/domain/day.ts';
import { decimalText, formatMoney } from '../src-shared/domain/money.ts';
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
  const date = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC', calendar: 'gregory' });
  const day = date({ weekday: 'short', day: 'numeric', month: 'short' });
  const fullDay = date({ dateStyle: 'long' });
  const monthAndYear = date({ month: 'long', year: 'numeric' });
  const longMonth = date({ month: 'long' });
  const shortMonth = date({ month: 'short' });
  const narrowMonth = date({ month: 'narrow' });
  const year = date({ year: 'numeric' });
  const time = date({ timeStyle: 'short' });
  const moment = new Intl.DateTimeFormat(tag, {
    ...{ year: 'numeric', month: 'long', day: 'numeric' },
    ...{ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
    calendar: 'gregory',
  });
  const integer = new Intl.NumberFormat(tag);
  const plainAmount = new Intl.NumberFormat(tag, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    roundingMode: 'halfEven',
  });
  return {
    money: (amountE4, currency) =>
      currency === null
        ? plainAmount.format(decimalText(amountE4) as `${number}`)
        : formatMoney(tag, currency, amountE4),
    day: (value) => day.format(dateOf(value)),
    fullDay: (value) => fullDay.format(dateOf(value)),
    dayOfMonth: (value) => integer.format(dayOfMonth(value)),
    month: (month) => monthAndYear.format(dateOfMonth(month)),
    monthName: (month) => {
      const date = dateOfMonth(month);
      // Greek has two forms, and Intl's month alone is the one for use within a date.
      if (tag.startsWith('el')) return monthPart(monthAndYear, date);
      // Newer ICU data writes Esperanto's months with a capital; Kimai's, and the language, do not.
      if (tag.startsWith('eo')) return longMonth.format(date).toLowerCase();
      return longMonth.format(date);
    },
    shortMonthName: (month) => shortMonth.format(dateOfMonth(month)),
    narrowMonthName: (month) => narrowMonth.format(dateOfMonth(month)),
    year: (month) => year.format(dateOfMonth(month)),
    time: (minutes) => time.format(new Date(minutes * 60_000)),
    moment: (value) => moment.format(value),
    integer: (value) => integer.format(value),
  };
}

const dateOf = (day: DayNumber): Date =>
  new Date(Date.UTC(yearOf(day), monthOf(day) - 1, dayOfMonth(day)));

const dateOfMonth = (month: MonthNumber): Date =>
  new Date(Date.UTC(yearOfMonth(month), monthInYear(month) - 1, 1));

const monthPart = (format: Intl.DateTimeFormat, date: Date): string =>
  format.formatToParts(date).find((part) => part.type === 'month')?.value ?? '';

/** Decimals of a currency: a fact of the currency, the same in every locale. */
export function currencyDecimals(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits ?? 2
  );
}
