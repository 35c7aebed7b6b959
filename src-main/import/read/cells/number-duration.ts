/** Durations that are plain numbers: what they count, and how they were rounded. */
import type { DurationUnit } from '../../rows/types.ts';

export const secondsOf: Record<Exclude<DurationUnit, 'hourMinutes'>, number> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
};
export const durationUnits = ['hours', 'minutes', 'seconds', 'days', 'hourMinutes'] as const;

const dayS = 86_400;

/** Seconds that a plain number stands for; null if it can be no such duration. */
export function numberDuration(value: number, unit: DurationUnit): number | null {
  if (unit !== 'hourMinutes') return Math.round(value * secondsOf[unit]);
  const hundredths = Math.round(Math.abs(value) * 100);
  if (Math.abs(hundredths / 100 - Math.abs(value)) > 1e-9 || hundredths % 100 > 59) return null;
  return Math.sign(value) * (Math.floor(hundredths / 100) * 3600 + (hundredths % 100) * 60);
}

/**
 * Seconds by which a rounded number differs from the time from begin to end, where both can mean
 * the same duration; else 0. Kimai rounds hours to two places and drops zeros at the end.
 */
export function roundedAway(
  text: string,
  unit: DurationUnit,
  seconds: number,
  spentS: number,
): number {
  const decimals = decimalsOf(text);
  if ((unit !== 'hours' && unit !== 'days') || decimals > 5) return 0;
  const apart = (spentS - seconds) % dayS;
  const halfStep = (secondsOf[unit] / 10 ** Math.max(decimals, 2)) * 0.5;
  return Math.abs(apart) <= halfStep ? apart : 0;
}

/** Digits after the mark of a plain number. */
export function decimalsOf(cell: string): number {
  return /[.,](\d+)\s*$/.exec(cell)?.[1]?.length ?? 0;
}
