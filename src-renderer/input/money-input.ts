import { E4 } from '../../src-shared/domain/money.ts';

/** Digits before the point that we take: more would leave the range of exact integers. */
const maxWholeDigits = 11;

/**
 * Reads an amount as people type it, in any of our languages: `1.234,50`, `1,234.50`, `1 234,5`,
 * `1'234.5`, `€ 12`. The last separator followed by one or two digits (or up to four, if it is the
 * only one and not followed by exactly three) is the decimal one.
 * Returns ten-thousandths; 0 for an empty text; null for what is no amount.
 */
export function parseMoneyInput(text: string): number | null {
  const bare = text.replace(/[\s\u00a0\u202f'’\p{Sc}]/gu, '').replace(/^[A-Z]{3}|[A-Z]{3}$/g, '');
  if (bare === '') return text.trim() === '' ? 0 : null;
  const match = /^([-−]?)(\d[\d.,]*|[.,]\d+)$/.exec(bare);
  if (!match) return null;
  const split = splitNumber(match[2]!);
  if (!split || split.whole.length > maxWholeDigits) return null;
  const value = Number(split.whole) * E4 + Number(split.fraction.padEnd(4, '0'));
  return match[1] === '' ? value : 0 - value;
}

/** Whole and fraction as digits; null if separators stand where no language puts them. */
function splitNumber(number: string): { whole: string; fraction: string } | null {
  const last = Math.max(number.lastIndexOf('.'), number.lastIndexOf(','));
  if (last === -1) return { whole: number, fraction: '' };
  const separator = number[last]!;
  const before = number.slice(0, last);
  const after = number.slice(last + 1);
  const other = separator === '.' ? ',' : '.';
  const isGrouping =
    before.includes(separator) || (after.length === 3 && !before.includes(other) && before !== '');
  if (isGrouping) {
    if (!/^\d{1,3}([.,]\d{3})*$/.test(number) || number.includes(other)) return null;
    return { whole: number.replaceAll(separator, ''), fraction: '' };
  }
  if (after.length > 4) return null;
  if (before.includes(other) && !/^\d{1,3}([.,]\d{3})+$/.test(before)) return null;
  return { whole: before.replaceAll(other, '') || '0', fraction: after };
}

/**
 * The text of an amount to edit: no symbol, no grouping, at least two decimals unless they are all
 * zero; with the decimal separator of the locale.
 */
export function moneyInputText(amountE4: number, locale: string): string {
  if (amountE4 === 0) return '';
  const parts = new Intl.NumberFormat(locale, { useGrouping: false }).formatToParts(1.5);
  const point = parts.find((part) => part.type === 'decimal')?.value ?? '.';
  const whole = Math.floor(Math.abs(amountE4) / E4);
  const fraction = String(Math.abs(amountE4) % E4).padStart(4, '0');
  const digits = fraction.endsWith('00') ? fraction.slice(0, 2) : fraction.replace(/(?<!0)0+$/, '');
  return `${amountE4 < 0 ? '-' : ''}${whole}${digits === '00' ? '' : point + digits}`;
}
