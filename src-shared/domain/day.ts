/**
 * A calendar day without a time zone: the record's own date, as Kimai printed it. In SQL and in
 * batches it is the integer `yyyymmdd` (`DayNumber`), in the API the text `YYYY-MM-DD`.
 */
export type DayNumber = number;

export function dayText(day: DayNumber): string {
  const text = String(day).padStart(8, '0');
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

/** Parses `YYYY-MM-DD`; null for anything else and for days that do not exist. */
export function parseDay(text: string): DayNumber | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return null;
  return dayNumber(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** `month` is 1–12. Null for days that do not exist. */
export function dayNumber(year: number, month: number, day: number): DayNumber | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return null;
  if (day > daysInMonth(year, month)) return null;
  return year * 10_000 + month * 100 + day;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export const yearOf = (day: DayNumber): number => Math.floor(day / 10_000);
export const monthOf = (day: DayNumber): number => Math.floor(day / 100) % 100;
export const dayOfMonth = (day: DayNumber): number => day % 100;

/** Adds days across months and years. */
export function addDays(day: DayNumber, days: number): DayNumber {
  const date = new Date(Date.UTC(yearOf(day), monthOf(day) - 1, dayOfMonth(day) + days));
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

/** Days from one to another; negative if the other one is earlier. */
export function daysBetween(from: DayNumber, to: DayNumber): number {
  const at = (day: DayNumber): number => Date.UTC(yearOf(day), monthOf(day) - 1, dayOfMonth(day));
  return Math.round((at(to) - at(from)) / 86_400_000);
}

/** The local calendar day of a moment, in the zone the program runs in. */
export function localDay(date: Date): DayNumber {
  return date.getFullYear() * 10_000 + (date.getMonth() + 1) * 100 + date.getDate();
}
