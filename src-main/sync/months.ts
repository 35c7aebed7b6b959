/** Months by the clock of the token's user: Kimai counts records by when they begin. */
import { daysInMonth } from '../../src-shared/domain/day.ts';
import type { Window } from '../store/kimai/kimai-records.ts';
import { momentOf, monthAt } from './zoned-time.ts';

export interface Month {
  year: number;
  /** 1–12. */
  month: number;
}

/** From the month of one moment to that of another one; seconds since 1970 UTC. */
export function monthsBetween(first: number, last: number, timeZone: string): Month[] {
  const months: Month[] = [];
  const end = monthAt(last * 1000, timeZone);
  let { year, month } = monthAt(first * 1000, timeZone);
  while (year < end.year || (year === end.year && month <= end.month)) {
    months.push({ year, month });
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
  return months;
}

export const windowOf = ({ year, month }: Month, timeZone: string): Window => ({
  first: momentOf(timeZone, year, month) / 1000,
  end: momentOf(timeZone, year, month + 1) / 1000,
});

/** As Kimai's parameters: both moments are in the window. */
export function windowText({ year, month }: Month): string {
  const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
  return `begin=${name}-01T00:00:00&end=${name}-${daysInMonth(year, month)}T23:59:59`;
}
