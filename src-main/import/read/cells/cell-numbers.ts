/**
 * The quick readers of well-formed cells: dates, times, durations and plain numbers straight from
 * the code units, without making a string. NaN: not of that form, the slow readers have a look.
 */
import { dayNumber } from '../../../../src-shared/domain/day.ts';
import { E4 } from '../../../../src-shared/domain/money.ts';

/** Years that a date can be in. */
export const firstYear = 1970;
export const lastYear = 2100;

const ZERO = 48;
const COLON = 58;
const MINUS = 45;
const POINT = 46;

/** The value of the digits from `start` to `end`; NaN if there is none or anything else. */
function digits(codes: Uint16Array, start: number, end: number): number {
  if (start >= end || end - start > 15) return NaN;
  let value = 0;
  for (let i = start; i < end; i += 1) {
    const digit = codes[i]! - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** `Y-m-d` as `yyyymmdd`; NaN for another form, 0 for a day that does not exist or is in no year
 * of time tracking: 2569 is one of the Buddhist calendar, 1404 of the Persian one. */
export function isoDay(codes: Uint16Array, start: number, end: number): number {
  if (end - start !== 10) return NaN;
  if (codes[start + 4]! !== MINUS || codes[start + 7]! !== MINUS) return NaN;
  const year = digits(codes, start, start + 4);
  const month = digits(codes, start + 5, start + 7);
  const day = digits(codes, start + 8, end);
  const sum = year + month + day;
  if (Number.isNaN(sum)) return NaN;
  if (year < firstYear || year > lastYear) return 0;
  // Nearly every date has a day that every month has; asking the calendar is slow.
  if (day >= 1 && day <= 28 && month >= 1 && month <= 12) {
    return year * 10_000 + month * 100 + day;
  }
  return dayNumber(year, month, day) ?? 0;
}

/** `H:i` as minutes after midnight; NaN for another form. */
export function clockMinutes(codes: Uint16Array, start: number, end: number): number {
  if (end - start !== 5 || codes[start + 2]! !== COLON) return NaN;
  const hours = digits(codes, start, start + 2);
  const minutes = digits(codes, start + 3, end);
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : NaN;
}

/** `h:mm` and `h:mm:ss`, negative ones too, as seconds; NaN for another form. */
export function clockSeconds(codes: Uint16Array, start: number, end: number): number {
  const negative = codes[start]! === MINUS;
  const from = negative ? start + 1 : start;
  let colon = from;
  while (colon < end && codes[colon]! !== COLON) colon += 1;
  const hours = digits(codes, from, colon);
  const minutes = digits(codes, colon + 1, colon + 3);
  if (!(minutes < 60) || colon + 3 > end) return NaN;
  let seconds = 0;
  if (colon + 3 < end) {
    if (codes[colon + 3]! !== COLON || end !== colon + 6) return NaN;
    seconds = digits(codes, colon + 4, end);
    if (!(seconds < 60)) return NaN;
  }
  const value = hours * 3600 + minutes * 60 + seconds;
  return negative ? 0 - value : value;
}

/** A whole number without a sign; NaN for another form. */
export function wholeNumber(codes: Uint16Array, start: number, end: number): number {
  return digits(codes, start, end);
}

/** `-1947.99` as ten-thousandths; NaN for another form (more than four decimals, separators). */
export function plainE4(codes: Uint16Array, start: number, end: number): number {
  const negative = codes[start]! === MINUS;
  let value = 0;
  let decimals = -1;
  let at = negative ? start + 1 : start;
  // 11 digits before the point and 4 after it: exact in a double.
  if (at >= end || end - at > 16) return NaN;
  for (; at < end; at += 1) {
    const char = codes[at]!;
    if (char === POINT && decimals < 0) {
      decimals = 0;
      continue;
    }
    const digit = char - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
    if (decimals >= 0) decimals += 1;
  }
  if (decimals === 0 || decimals > 4) return NaN;
  const scaled = value * (decimals <= 0 ? E4 : 10 ** (4 - decimals));
  if (scaled > Number.MAX_SAFE_INTEGER) return NaN;
  return negative ? 0 - scaled : scaled;
}
