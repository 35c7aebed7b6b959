import { addDays, dayText, parseDay } from '../../../../src-shared/domain/day.ts';

export interface DayCount {
  /** `YYYY-MM-DD` */
  day: string;
  count: number;
}

/** One entry for each of the last `length` days up to `today`, 0 where nobody came. */
export function fillDays(byDay: readonly DayCount[], today: string, length: number): DayCount[] {
  const counts = new Map(byDay.map(({ day, count }) => [day, count]));
  const last = parseDay(today)!;
  return Array.from({ length }, (_, index) => {
    const day = dayText(addDays(last, index - length + 1));
    return { day, count: counts.get(day) ?? 0 };
  });
}

/** Upper end of the axis: 1, 2, 5 × a power of ten, at least `max` and at least 4. */
export function axisTop(max: number): number {
  const least = Math.max(max, 4);
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= least)!;
}
