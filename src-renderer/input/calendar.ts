import { addDays, daysInMonth, dayText, parseDay } from '../../src-shared/domain/day.ts';
import { addMonths, daysOfMonth, monthOfDay } from '../../src-shared/domain/period.ts';

/** ISO weekday on which a week begins where this language is spoken: 1 is Monday, 7 is Sunday. */
export function firstWeekday(locale: string): number {
  const { language, region } = new Intl.Locale(locale).maximize();
  const info = new Intl.Locale(language, region ? { region } : {}) as Intl.Locale & {
    /** Firefox does not have it yet. */
    getWeekInfo?: () => { firstDay: number };
  };
  return info.getWeekInfo?.().firstDay ?? 1;
}

/** ISO weekday of a day, `YYYY-MM-DD`. */
const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/**
 * The weeks of the month that a day (`YYYY-MM-DD`) is in, each of seven days; days of other months
 * are null.
 */
export function weeksOf(day: string, first: number): (string | null)[][] {
  const { firstDay, lastDay } = daysOfMonth(monthOfDay(parseDay(day)!));
  const lead = (weekdayOf(dayText(firstDay)) - first + 7) % 7;
  const days = [
    ...Array.from({ length: lead }, () => null),
    ...Array.from({ length: lastDay - firstDay + 1 }, (_, index) => dayText(firstDay + index)),
  ];
  return Array.from({ length: Math.ceil(days.length / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, index) => days[week * 7 + index] ?? null),
  );
}

export const plusDays = (day: string, days: number): string =>
  dayText(addDays(parseDay(day)!, days));

/** The same day of another month, or its last one where that month is shorter. */
export function plusMonths(day: string, months: number): string {
  const from = parseDay(day)!;
  const month = addMonths(monthOfDay(from), months);
  const last = daysInMonth(Math.floor(month / 100), month % 100);
  return dayText(month * 100 + Math.min(from % 100, last));
}

/**
 * Where a key leads from a day: arrows go by day and week, Home and End to the ends of the week,
 * Page Up and Page Down by month, with Shift by year. Null: no such key. `isRtl`: the next day is on
 * the left.
 */
export function dayOfKey(
  day: string,
  { key, shiftKey }: { key: string; shiftKey: boolean },
  { first, isRtl }: { first: number; isRtl: boolean },
): string | null {
  const intoWeek = (weekdayOf(day) - first + 7) % 7;
  const steps: Record<string, () => string> = {
    ArrowLeft: () => plusDays(day, isRtl ? 1 : -1),
    ArrowRight: () => plusDays(day, isRtl ? -1 : 1),
    ArrowUp: () => plusDays(day, -7),
    ArrowDown: () => plusDays(day, 7),
    Home: () => plusDays(day, -intoWeek),
    End: () => plusDays(day, 6 - intoWeek),
    PageUp: () => plusMonths(day, shiftKey ? -12 : -1),
    PageDown: () => plusMonths(day, shiftKey ? 12 : 1),
  };
  const there = steps[key]?.();
  // There is no year of five digits.
  return there !== undefined && parseDay(there) !== null ? there : null;
}
