import { remember } from '../remember.ts';
import { ownLocaleOf, ownNumberFormat } from './locale-data/own-locales.ts';

/**
 * Money is an integer count of ten-thousandths of the currency's unit (`…E4`), see
 * docs/adr/040-money-and-time.md. Kimai stores up to two decimals in any currency, the yen too,
 * so minor units of ISO 4217 would lose some; sums stay exact up to 9·10¹¹ units.
 */
export const E4 = 10_000;

/** Reads a plain decimal number (`-1947.99`) as ten-thousandths; null if it is none or too long. */
export function parseE4(text: string): number | null {
  const match = /^([+-]?)(\d{1,11})(?:\.(\d*))?$/.exec(text);
  if (!match) return null;
  const fraction = (match[3] ?? '').replace(/(?<!0)0+$/, '');
  if (fraction.length > 4) return roundLong(match[1] === '-', match[2]!, fraction);
  const value = Number(match[2]) * E4 + Number(fraction.padEnd(4, '0'));
  return match[1] === '-' ? 0 - value : value;
}

/** More than four decimals (rates made by API tools): half away from zero, as Kimai's own round(). */
function roundLong(negative: boolean, whole: string, fraction: string): number {
  const value =
    Number(whole) * E4 + Number(fraction.slice(0, 4)) + (fraction.charCodeAt(4) >= 53 ? 1 : 0);
  return negative ? 0 - value : value;
}

/** The exact decimal text of an amount, such as `-1947.99`: what `Intl.NumberFormat` is given. */
export function decimalText(amountE4: number): string {
  const sign = amountE4 < 0 ? '-' : '';
  const digits = String(Math.abs(amountE4)).padStart(5, '0');
  const fraction = digits.slice(-4).replace(/(?<!0)0+$/, '');
  return `${sign}${digits.slice(0, -4)}${fraction && '.'}${fraction}`;
}

type MoneyFormat = Pick<Intl.NumberFormat, 'format'>;

const rememberedFormat = remember(1000, (key): MoneyFormat => {
  const [locale = '', currency] = key.split(' ');
  // The only rounding of the program: for display, half to even, as ICU does in Kimai.
  const options = { style: 'currency', currency, roundingMode: 'halfEven' } as const;
  const own = ownLocaleOf(locale);
  return own === null ? new Intl.NumberFormat(locale, options) : ownNumberFormat(own, options);
});

/** The kept formatter of a BCP 47 locale and an ISO 4217 code (making one takes 17 µs). */
export const moneyFormat = (locale: string, currency: string): MoneyFormat =>
  rememberedFormat(`${locale} ${currency}`);

/** An amount as text in a locale, with the currency's own number of decimals. */
export function formatMoney(locale: string, currency: string, amountE4: number): string {
  // A decimal string keeps every digit; a Number would not above 2^53 / E4.
  return moneyFormat(locale, currency).format(decimalText(amountE4) as `${number}`);
}

/**
 * What `formatMoney` rounds an amount to, counted in units of the last decimal shown:
 * 125 000 with 0 decimals is 12, with 2 it is 1250.
 */
export function roundHalfEven(amountE4: number, decimals: number): number {
  const unit = 10 ** (4 - Math.min(decimals, 4));
  const lower = Math.floor(amountE4 / unit);
  const doubledRest = (amountE4 - lower * unit) * 2;
  if (doubledRest === unit) return lower + (Math.abs(lower) % 2);
  return doubledRest > unit ? lower + 1 : lower;
}
