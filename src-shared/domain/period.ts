/** Months of a share: which one is shown, and what ‹ and › lead to. */
import type { ShareOptions } from '../contract/shares.ts';
import { daysInMonth, yearOf, type DayNumber } from './day.ts';

/** A calendar month as the integer `yyyymm`. */
export type MonthNumber = number;

export interface DayRange {
  firstDay: DayNumber;
  /** Included. */
  lastDay: DayNumber;
}

/** Every day that a record can have. */
export const allDays: DayRange = { firstDay: 10101, lastDay: 99991231 };

export const monthNumber = (year: number, month: number): MonthNumber => year * 100 + month;
export const yearOfMonth = (month: MonthNumber): number => Math.floor(month / 100);
/** 1–12. */
export const monthInYear = (month: MonthNumber): number => month % 100;
export const monthOfDay = (day: DayNumber): MonthNumber => Math.floor(day / 100);

/** `YYYY-MM`. */
export const monthText = (month: MonthNumber): string =>
  `${String(yearOfMonth(month)).padStart(4, '0')}-${String(monthInYear(month)).padStart(2, '0')}`;

/** Adds months across years. */
export function addMonths(month: MonthNumber, months: number): MonthNumber {
  const index = yearOfMonth(month) * 12 + monthInYear(month) - 1 + months;
  return monthNumber(Math.floor(index / 12), (index % 12) + 1);
}

/** The first and the last day of a month. */
export function daysOfMonth(month: MonthNumber): DayRange {
  const first = month * 100 + 1;
  return { firstDay: first, lastDay: first - 1 + daysInMonth(yearOfMonth(month), month % 100) };
}

/** 1 January to 31 December. */
export const daysOfYear = (year: number): DayRange => ({
  firstDay: year * 10_000 + 101,
  lastDay: year * 10_000 + 1231,
});

/** The days that are in both; empty (`firstDay` after `lastDay`) if there are none. */
export const intersect = (a: DayRange, b: DayRange): DayRange => ({
  firstDay: Math.max(a.firstDay, b.firstDay),
  lastDay: Math.min(a.lastDay, b.lastDay),
});

/**
 * The days that are part of a share. Rolling ranges move with `today` and end with the month (or
 * the year) that `today` is in, so that planned records of this month stay visible.
 */
export function visibleDays(range: ShareOptions['range'], today: DayNumber): DayRange {
  switch (range.kind) {
    case 'all':
      return allDays;
    case 'fixed':
      return {
        firstDay: range.firstDay === null ? allDays.firstDay : dayOfText(range.firstDay),
        lastDay: range.lastDay === null ? allDays.lastDay : dayOfText(range.lastDay),
      };
    case 'rolling': {
      const month = monthOfDay(today);
      if (range.span === 'this_year') return daysOfYear(yearOf(today));
      const monthsBack = range.span === 'last_month' ? 1 : 2;
      return {
        firstDay: daysOfMonth(addMonths(month, -monthsBack)).firstDay,
        lastDay: daysOfMonth(month).lastDay,
      };
    }
  }
}

/** What the contract already checked to be `YYYY-MM-DD`. */
const dayOfText = (text: string): DayNumber => Number(text.replaceAll('-', ''));

export interface Period {
  /** The month shown. */
  month: MonthNumber;
  previous: MonthNumber | null;
  next: MonthNumber | null;
  /** The first and the last month with records; both are `month` if there are none at all. */
  first: MonthNumber;
  last: MonthNumber;
}

/**
 * The period of a page. `months`: those with records, ascending; `wanted`: what the address asks
 * for, null if nothing. The default is the newest month with records that is not in the future
 * (else the first of all, else this month, moved into `days`); a wanted month outside the first
 * and last one becomes the nearest of the two. ‹ and › go one calendar month, over years too,
 * and end at the first and the last month with records.
 */
export function choosePeriod(
  months: readonly MonthNumber[],
  wanted: MonthNumber | null,
  today: DayNumber,
  days: DayRange = allDays,
): Period {
  const thisMonth = monthOfDay(today);
  const first = months[0];
  const last = months.at(-1);
  if (first === undefined || last === undefined) {
    const only = clamp(thisMonth, monthOfDay(days.firstDay), monthOfDay(days.lastDay));
    return { month: only, previous: null, next: null, first: only, last: only };
  }
  const newest = months.findLast((month) => month <= thisMonth) ?? first;
  return periodAround(clamp(wanted ?? newest, first, last), first, last);
}

/** A month between the first and the last one, with what ‹ and › lead to. */
export const periodAround = (
  month: MonthNumber,
  first: MonthNumber,
  last: MonthNumber,
): Period => ({
  month,
  previous: month > first ? addMonths(month, -1) : null,
  next: month < last ? addMonths(month, 1) : null,
  first,
  last,
});

const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), Math.max(low, high));

export interface WantedPeriod {
  month: MonthNumber | null;
  /** False: the address has to be put right. */
  exact: boolean;
}

/**
 * Reads `year` and `month` of an address. What is missing or not a number is taken from
 * `fallback`; a month below 1 or above 12 becomes the nearest of the same year.
 * `exact` if both are there as plain numbers in range, or neither is there.
 */
export function readWantedPeriod(
  year: string | null,
  month: string | null,
  fallback: MonthNumber,
): WantedPeriod {
  if (year === null && month === null) return { month: null, exact: true };
  const exact = /^[1-9]\d{3}$/.test(year ?? '') && /^([1-9]|1[0-2])$/.test(month ?? '');
  const wantedYear = readInteger(year, 1, 9999) ?? yearOfMonth(fallback);
  const wantedMonth = readInteger(month, 1, 12) ?? monthInYear(fallback);
  return { month: monthNumber(wantedYear, wantedMonth), exact };
}

/** An integer moved into the range; null if the text is none. */
function readInteger(text: string | null, low: number, high: number): number | null {
  if (text === null || !/^[+-]?\d{1,9}$/.test(text.trim())) return null;
  return clamp(Number(text), low, high);
}

/** Every day of a month, ascending. */
export function listDays(month: MonthNumber): DayNumber[] {
  const { firstDay, lastDay } = daysOfMonth(month);
  return Array.from({ length: lastDay - firstDay + 1 }, (_, index) => firstDay + index);
}

/** Months from the first to the last one, ascending. */
export function monthsBetween(first: MonthNumber, last: MonthNumber): MonthNumber[] {
  const months: MonthNumber[] = [];
  for (let month = first; month <= last; month = addMonths(month, 1)) months.push(month);
  return months;
}

/** The twelve months of a year, ascending. */
export const listMonths = (year: number): MonthNumber[] =>
  Array.from({ length: 12 }, (_, index) => monthNumber(year, index + 1));
