import { asciiDigits } from '../../src-shared/domain/digits.ts';

/**
 * Reads a time of day as people type it: `8`, `8:30`, `08.30`, `830`, `6 pm`. Returns minutes after
 * midnight; null for what is none, and for an empty text.
 */
export function parseClockInput(typed: string): number | null {
  const match = /^(\d{1,2})(?:[:.h ]?(\d\d))?\s*([ap])?\.?m?\.?$/.exec(
    asciiDigits(typed).trim().toLowerCase(),
  );
  if (!match) return null;
  const [, hourText, minuteText = '0', half] = match;
  const hour = Number(hourText);
  const minute = Number(minuteText);
  if (minute > 59 || hour > (half ? 12 : 23) || (half && hour === 0)) return null;
  return (half ? (hour % 12) + (half === 'p' ? 12 : 0) : hour) * 60 + minute;
}
