/** Chart series: sums per month of a year and per day of a month, gaps filled with 0. */
import type { DayNumber } from './day.ts';
import { listDays, listMonths, monthInYear, type MonthNumber } from './period.ts';

export interface Point {
  durationS: number;
  /** Ten-thousandths. */
  rateE4: number;
}

export interface MonthPoint extends Point {
  month: MonthNumber;
}

export interface DayPoint extends Point {
  day: DayNumber;
}

/** Twelve points. `sums`: months (1–12) of that year, in any order. */
export function yearSeries(
  year: number,
  sums: readonly (Point & { month: number })[],
): MonthPoint[] {
  const known = new Map(sums.map((sum) => [sum.month, sum]));
  return listMonths(year).map((month) => {
    const sum = known.get(monthInYear(month));
    return { month, durationS: sum?.durationS ?? 0, rateE4: sum?.rateE4 ?? 0 };
  });
}

/** One point for every day of the month. `sums`: days of that month, in any order. */
export function monthSeries(
  month: MonthNumber,
  sums: readonly (Point & { day: DayNumber })[],
): DayPoint[] {
  const known = new Map(sums.map((sum) => [sum.day, sum]));
  return listDays(month).map((day) => {
    const sum = known.get(day);
    return { day, durationS: sum?.durationS ?? 0, rateE4: sum?.rateE4 ?? 0 };
  });
}

export function addPoints(points: readonly Point[]): Point {
  return points.reduce(
    (total, point) => ({
      durationS: total.durationS + point.durationS,
      rateE4: total.rateE4 + point.rateE4,
    }),
    { durationS: 0, rateE4: 0 },
  );
}
