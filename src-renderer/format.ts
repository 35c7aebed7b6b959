import { derived, writable, type Readable } from 'svelte/store';
import { formatDuration } from '../src-shared/domain/duration.ts';
import { formatMoney } from '../src-shared/domain/money.ts';

/** Values as text in the owner's language. Days are `YYYY-MM-DD`, moments milliseconds UTC. */
export interface Format {
  locale: string;
  /** Ten-thousandths of the unit; without a currency the plain number. */
  money(amountE4: number, currency: string | null): string;
  /** Seconds as `h:mm`. */
  duration(seconds: number): string;
  count(value: number): string;
  /** `24 Nov 2026`. */
  day(day: string): string;
  /** `Tue, 24 Nov 2026`. */
  weekday(day: string): string;
  /** Date and time of a moment in this computer's zone. */
  moment(at: number): string;
  time(at: number): string;
  /** Two days as one range, as short as the language allows. */
  days(first: string, last: string): string;
  /** 0–1. */
  percent(share: number): string;
  /** Some things after each other, without an "and". */
  list(items: readonly string[]): string;
  /** Bytes, decimal units. */
  bytes(size: number): string;
}

/** A day as a moment in UTC, so that no zone can move it; formatted with `timeZone: 'UTC'`. */
const utc = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** Formatters of one BCP 47 locale; made once per locale since each takes microseconds. */
export function createFormat(locale: string): Format {
  const number = new Intl.NumberFormat(locale);
  const plainMoney = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const weekday = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const list = new Intl.ListFormat(locale, { type: 'unit', style: 'short' });
  const size = (unit: 'byte' | 'kilobyte' | 'megabyte') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 });
  const sizes = { byte: size('byte'), kilobyte: size('kilobyte'), megabyte: size('megabyte') };
  return {
    locale,
    money: (amountE4, currency) =>
      currency ? formatMoney(locale, currency, amountE4) : plainMoney.format(amountE4 / 10_000),
    duration: formatDuration,
    count: (value) => number.format(value),
    day: (text) => day.format(utc(text)),
    weekday: (text) => weekday.format(utc(text)),
    moment: (at) => moment.format(at),
    time: (at) => time.format(at),
    days: (first, last) => day.formatRange(utc(first), utc(last)),
    percent: (share) => percent.format(share),
    list: (items) => list.format(items),
    bytes(bytes) {
      if (bytes < 1000) return sizes.byte.format(bytes);
      if (bytes < 1_000_000) return sizes.kilobyte.format(bytes / 1000);
      return sizes.megabyte.format(bytes / 1_000_000);
    },
  };
}

/** The locale that numbers and dates follow, such as `de-AT` for texts in `de`. */
export const formatLocale = writable('en');
export const format: Readable<Format> = derived(formatLocale, createFormat);

/** A name within a sentence: whatever its script, it does not turn the words around it. */
export const isolated = (name: string): string => `\u2068${name}\u2069`;
