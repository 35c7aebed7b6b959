/** Amounts as Kimai and spreadsheets have written them: `€1,947.99`, ` EUR (100.92)`, `1.947,99 €`. */
import { parseE4 } from '../../../../src-shared/domain/money.ts';
import { tidyValue } from './tidy.ts';

export interface MoneyCell {
  amountE4: number;
  /** ISO 4217; undefined if the cell names none, null if it names one that is not known. */
  currency: string | null | undefined;
}

/** Symbols of ICU's locale data; a bare `$` is the US dollar wherever Kimai wrote it. */
const symbols: Record<string, string> = {
  '€': 'EUR',
  $: 'USD',
  US$: 'USD',
  '£': 'GBP',
  '¥': 'JPY',
  '￥': 'JPY',
  'JP¥': 'JPY',
  'CN¥': 'CNY',
  CA$: 'CAD',
  A$: 'AUD',
  AU$: 'AUD',
  NZ$: 'NZD',
  HK$: 'HKD',
  NT$: 'TWD',
  MX$: 'MXN',
  R$: 'BRL',
  '₹': 'INR',
  '₩': 'KRW',
  '₪': 'ILS',
  '₫': 'VND',
  '₴': 'UAH',
  '₺': 'TRY',
  '₽': 'RUB',
  'руб.': 'RUB',
  zł: 'PLN',
  Ft: 'HUF',
  Kč: 'CZK',
  kr: 'SEK',
  'kr.': 'DKK',
  lei: 'RON',
  'лв.': 'BGN',
  Fr: 'CHF',
  'Fr.': 'CHF',
};

const known = new Set(Intl.supportedValuesOf('currency'));

/** The ISO 4217 code that a currency cell names, or null. */
export function parseCurrency(text: string): string | null {
  const trimmed = text.trim();
  const code = trimmed.toUpperCase();
  if (known.has(code)) return code;
  return Object.hasOwn(symbols, trimmed) ? symbols[trimmed]! : null;
}

/**
 * The currency that the header of an amount names, `Price (USD)` or `Total €`; undefined if none. A
 * code in a header that is all capitals may be a word (`PRICE ALL`), unless it stands in brackets.
 */
export function currencyOfHeader(header: string): string | undefined {
  const words = /[([]([^()[\]]+)[)\]]\s*$/u.exec(header)?.[1]?.split(/[\s/]+/);
  const isShouted = words === undefined && header === header.toUpperCase();
  const candidates =
    words ??
    header
      .trim()
      .split(/[\s_/-]+/)
      .slice(-1);
  const found = candidates.find(
    (word) =>
      (/^[A-Z]{3}$/.test(word) && !isShouted && known.has(word)) || Object.hasOwn(symbols, word),
  );
  return found === undefined ? undefined : (parseCurrency(found) ?? undefined);
}

/**
 * An amount with everything around it; null if it is none, or if a single separator could be either
 * (`1,947`) and `decimalComma` (what the file's other amounts do) is null.
 */
export function parseMoney(text: string, decimalComma: boolean | null): MoneyCell | null {
  // Kimai's own form, which means the same in every file.
  if (/^\d{1,11}(?:\.\d{1,2})?$/.test(text)) {
    return { amountE4: parseE4(text)!, currency: undefined };
  }
  const tidy = tidyValue(text)
    // `120,- €`: no cents.
    .replace(/(\d)[.,](?:-{1,2}|–)(?!\d)/, '$1');
  // In three steps: one pattern for all of it could divide a long text in very many ways.
  const [head, before, open = '', inner = '', sign = '', inner2 = ''] =
    /^([^\d(.,-]*)(?:(\()([^\d(.,-]*))?(?:(-)([^\d(.,-]*))?/u.exec(tidy)!;
  const [number] = /^[\d.,’' ٬٫]*/u.exec(tidy.slice(head.length))!;
  const tail = /^(\)?)(-?)([^\d()]*)$/u.exec(tidy.slice(head.length + number.length));
  if (!tail) return null;
  const [, close, trailing, after] = tail;
  if ((open === '') !== (close === '')) return null;
  const unit = `${before}${inner}${inner2}${after}`.trim();
  const currency = unit === '' ? undefined : parseCurrency(unit);
  // Accounting formats print a zero as a dash.
  if (number === '' && sign === '-' && currency) return { amountE4: 0, currency };
  const plain = plainNumber(number.trim(), decimalComma, currency);
  const amount = plain === null ? null : parseE4(plain);
  if (amount === null) return null;
  const negatives = [open, sign, trailing].filter((mark) => mark !== '').length;
  if (negatives > 1) return null;
  return { amountE4: negatives === 1 ? 0 - amount : amount, currency };
}

/** `12,34,567`: thousands, then hundreds of them. No other form has such groups. */
const indianGroups = /^\d{1,2}(?:,\d\d)+,\d{3}$/;

/** Digits with a decimal point only; null if the separators make no sense. */
function plainNumber(
  text: string,
  decimalComma: boolean | null,
  currency: string | null | undefined,
): string | null {
  const marks = text.replaceAll('٫', ',').replaceAll(/[٬’' ]/g, '_');
  const separators = [...new Set(marks.replaceAll(/\d/g, ''))];
  const decimal = decimalMark(marks, decimalComma, currency);
  if (decimal === null || separators.length > 2) return null;
  const at = decimal === '' ? -1 : marks.lastIndexOf(decimal);
  const whole = at < 0 ? marks : marks.slice(0, at);
  const fraction = at < 0 ? '' : marks.slice(at + 1);
  if (!/^\d{0,11}$/.test(fraction) || (at >= 0 && fraction === '')) return null;
  const groups = whole.split(/[.,_]/);
  if (decimal !== '' && whole.includes(decimal)) return null;
  const isGrouped = groups.length === 1 || groups.slice(1).every((group) => group.length === 3);
  if (!(isGrouped || indianGroups.test(whole)) || groups[0] === '') return null;
  return `${groups.join('')}${fraction && '.'}${fraction}`;
}

/** `.`, `,` or none (empty); null if that cannot be told. */
function decimalMark(
  text: string,
  decimalComma: boolean | null,
  currency: string | null | undefined,
): string | null {
  const lastPoint = text.lastIndexOf('.');
  const lastComma = text.lastIndexOf(',');
  if (lastPoint < 0 && lastComma < 0) return '';
  if (lastPoint >= 0 && lastComma >= 0) return lastPoint > lastComma ? '.' : ',';
  const mark = lastPoint >= 0 ? '.' : ',';
  if (text.indexOf(mark) !== text.lastIndexOf(mark)) return '';
  // One separator: three digits after it may be thousands.
  if (!/[.,]\d{3}$/.test(text) || text.startsWith('0')) return mark;
  if (decimalComma !== null) return (mark === ',') === decimalComma ? mark : '';
  if (currency && hasNoDecimals(currency)) return '';
  // Kimai's own plain numbers have a point.
  return mark === '.' ? mark : null;
}

function hasNoDecimals(currency: string): boolean {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits === 0;
}

/** What an amount tells about the file's decimal mark; null if nothing. */
export function decimalCommaOf(text: string): boolean | null {
  const marks = text.replaceAll(/[^\d.,]/g, '');
  const lastPoint = marks.lastIndexOf('.');
  const lastComma = marks.lastIndexOf(',');
  if (lastPoint >= 0 && lastComma >= 0) return lastComma > lastPoint;
  if (lastComma >= 0) return /^\d+,(\d{1,2}|\d{4,})$/.test(marks) ? true : null;
  return /^\d+\.(\d{1,2}|\d{4,})$/.test(marks) ? false : null;
}
