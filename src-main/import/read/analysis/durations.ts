/** What the numbers of a duration column count, how exact they are, and whether the times agree. */
import type { DurationResolution, DurationUnit, ReadingRules } from '../../rows/types.ts';
import { clockSeconds } from '../cells/cell-numbers.ts';
import { parseDurationText, unitOf } from '../cells/duration-text.ts';
import { codesOf } from '../cells/csv-rows.ts';
import {
  decimalsOf,
  durationUnits,
  numberDuration,
  roundedAway,
  secondsOf,
} from '../cells/number-duration.ts';
import type { ColumnIndexes } from './columns.ts';
import { cellsOf, plainNumber } from './evidence.ts';
import type { Evidence, Redundancy } from './evidence.ts';

/** Longer than any record (see `readDuration`). */
const maxDurationS = 31 * 86_400;
const dayS = 86_400;
/** More hours than a record usually has may be minutes; fewer seconds than these too. */
const mostHours = 16;
const fewSeconds = 1000;

/** True if the times of every row are what its rounded number can mean: records of whole minutes. */
export function timesFitNumbers(
  index: number,
  unit: DurationUnit,
  evidence: Evidence,
  redundancy: Redundancy,
): boolean {
  let fit = 0;
  for (const row of evidence) {
    const cell = row[index] ?? '';
    const value = plainNumber(cell);
    const spent = value === null || value <= 0 ? null : redundancy.spent(row);
    const seconds = value === null ? null : numberDuration(value, unit);
    if (spent === null || seconds === null || seconds % dayS === spent) continue;
    if (roundedAway(cell.trim(), unit, seconds, spent) === 0) return false;
    fit += 1;
  }
  return fit > 0;
}

export interface UnitDecision {
  unit: DurationUnit;
  /** Key under `imports.evidence`. */
  because: string;
  /** Nothing tells: the owner has to say. */
  isOpen: boolean;
}

/** What plain numbers count: by times and amounts, else by the header, else by Kimai's layouts. */
export function decideUnit(
  index: number,
  header: string,
  at: ColumnIndexes,
  evidence: Evidence,
  redundancy: Redundancy,
): UnitDecision {
  const votes = new Map<DurationUnit, number>();
  const nearVotes = new Map<DurationUnit, number>();
  const vote = (into: Map<DurationUnit, number>, unit: DurationUnit, weight = 1): void => {
    into.set(unit, (into.get(unit) ?? 0) + weight);
  };
  let numbers = 0;
  let fractions = 0;
  let mostDecimals = 0;
  let largest = 0;
  for (const row of evidence) {
    const cell = row[index] ?? '';
    const value = plainNumber(cell);
    if (value === null || value === 0) continue;
    numbers += 1;
    const decimals = decimalsOf(cell);
    if (!Number.isInteger(value)) fractions += 1;
    mostDecimals = Math.max(mostDecimals, decimals);
    largest = Math.max(largest, Math.abs(value));
    const spent = redundancy.spent(row);
    const paid = redundancy.paid(row);
    for (const unit of durationUnits) {
      const seconds = numberDuration(Math.abs(value), unit);
      if (seconds === null || seconds > maxDurationS) continue;
      const step = unit === 'hourMinutes' ? 60 : secondsOf[unit] / 10 ** decimals;
      const fitsTimes = spent !== null && agrees(seconds, spent, 60 + step / 2);
      // Amounts show the days of long records, and are rounded to cents.
      const fitsAmount = paid !== null && Math.abs(seconds - paid) <= step / 2 + paid * 0.01;
      // Beyond a day every fifth time of day would do, for hours: `390` beside 6:00–12:30.
      const weight = (fitsTimes ? (seconds < dayS ? 2 : 1) : 0) + (fitsAmount ? 2 : 0);
      if (weight > 0) vote(votes, unit, weight);
    }
    const near = spent === null ? null : nearestUnit(Math.abs(value), spent);
    if (near) vote(nearVotes, near);
  }
  const told = most(votes) ?? most(nearVotes);
  if (numbers === 0) return { unit: 'hours', because: 'clockDurations', isOpen: false };
  if (told) return { unit: told, because: 'timesAndAmounts', isOpen: false };
  const named = unitInHeader(header);
  if (named) return { unit: named, because: 'header', isOpen: false };
  if (fractions > 0) {
    // Kimai rounds hours to two places; small numbers with more are as likely parts of a day.
    const isOpen = largest < 1 && mostDecimals > 2;
    return { unit: 'hours', because: isOpen ? 'unitOpen' : 'fractions', isOpen };
  }
  const unit = at.currency < 0 ? 'seconds' : 'hours';
  const isOpen = unit === 'hours' ? largest > mostHours : largest < fewSeconds;
  return { unit, because: isOpen ? 'unitOpen' : 'layout', isOpen };
}

function most(votes: Map<DurationUnit, number>): DurationUnit | null {
  const ranked = [...votes].sort(([, a], [, b]) => b - a);
  const [first, second] = ranked;
  return first && (!second || first[1] > second[1]) ? first[0] : (first?.[0] ?? null);
}

/** The unit whose value is nearest to what the times say; breaks and rounding may halve it. */
function nearestUnit(value: number, spent: number): DurationUnit | null {
  const distance = (unit: keyof typeof secondsOf): number =>
    Math.abs(Math.log((value * secondsOf[unit]) / spent));
  const units = Object.keys(secondsOf) as (keyof typeof secondsOf)[];
  const [best] = units.sort((a, b) => distance(a) - distance(b));
  return best && distance(best) < Math.LN2 ? best : null;
}

/** `Duration (min)`: the unit that a header names. */
function unitInHeader(header: string): DurationUnit | null {
  const open = Math.max(header.lastIndexOf('('), header.lastIndexOf('['));
  const word = open < 0 ? '' : header.slice(open + 1).replaceAll(/[)\]\s]/g, '');
  if (/^hh?[:.]mm$/i.test(word)) return 'hourMinutes';
  const unit = word === '' ? null : unitOf(word);
  return unit === null ? null : (`${unit}s` as DurationUnit);
}

/** Equal within `tolerance` seconds, whole days apart: times do not show the days of a long record. */
export function agrees(seconds: number, other: number, tolerance: number): boolean {
  const apart = Math.abs(seconds - other) % dayS;
  return apart <= tolerance || apart >= dayS - tolerance;
}

/** True if from begin to end passed another time than this, breaks and lost seconds aside. */
export function contradictsSpan(seconds: number, spent: number): boolean {
  // A hundredth of an hour is half a minute, and times are cut to the minute.
  if (agrees(seconds, spent, 90)) return false;
  // Breaks make durations shorter; more than half of the time is no break.
  const within = seconds % dayS;
  return within >= spent || within * 2 < spent;
}

/** Seconds of a cell under the rules; null if it is no duration. */
export function durationOf(
  cell: string,
  rules: Pick<ReadingRules, 'durationUnit' | 'shortClock'>,
): number | null {
  const text = cell.trim();
  const value = plainNumber(text);
  if (value !== null) return numberDuration(value, rules.durationUnit);
  const seconds = clockSeconds(codesOf(text), 0, text.length);
  if (Number.isNaN(seconds)) return parseDurationText(text);
  return rules.shortClock === 'minutes' && isShortClock(text) ? seconds / 60 : seconds;
}

export const isShortClock = (text: string): boolean => /^-?\d+:\d\d$/.test(text);

/**
 * `45:00` beside 09:00–09:45 is minutes and seconds. Decided where most rows with times agree with
 * that, and none of them with hours and minutes.
 */
export function decideShortClock(
  index: number,
  evidence: Evidence,
  redundancy: Redundancy,
): ReadingRules['shortClock'] {
  let hours = 0;
  let minutes = 0;
  let told = 0;
  for (const row of evidence) {
    const text = (row[index] ?? '').trim();
    const spent = isShortClock(text) ? redundancy.spent(row) : null;
    if (spent === null) continue;
    const seconds = clockSeconds(codesOf(text), 0, text.length);
    if (!(seconds > 0)) continue;
    told += 1;
    if (agrees(seconds, spent, 60)) hours += 1;
    if (agrees(seconds / 60, spent, 60)) minutes += 1;
  }
  return hours === 0 && minutes >= 2 && minutes * 2 > told ? 'minutes' : 'hours';
}

/** How exactly a duration column states durations: its coarsest cell counts. */
export function resolutionOf(
  index: number,
  rules: Pick<ReadingRules, 'durationUnit' | 'shortClock'>,
  evidence: Evidence,
): DurationResolution {
  let finest: DurationResolution = 1;
  let hasSeconds = false;
  let hasClocks = false;
  let hasFineNumbers = false;
  for (const cell of cellsOf(evidence, index)) {
    const text = cell.trim();
    if (plainNumber(text) !== null) {
      const decimals = decimalsOf(text);
      if (rules.durationUnit === 'minutes' || rules.durationUnit === 'hourMinutes') {
        if (decimals === 0 || rules.durationUnit === 'hourMinutes') return 60;
      } else if (rules.durationUnit !== 'seconds') {
        // Kimai rounds hours to two places; tools that write more are exact.
        hasFineNumbers ||= decimals >= 4;
        finest = 36;
      }
    } else {
      const seconds = durationOf(text, rules);
      if (isShortClock(text) ? rules.shortClock === 'hours' : !/:\d\d:\d\d|\d\s?s/i.test(text)) {
        return 60;
      }
      hasClocks = true;
      hasSeconds ||= seconds !== null && seconds % 60 !== 0;
    }
  }
  // Spreadsheets write minutes as `00:45:00`: zeros everywhere are no exact seconds.
  if (hasClocks && !hasSeconds) return 60;
  return finest === 36 && hasFineNumbers ? 1 : finest;
}

/** True if the times of more than a few rows say something else than their durations. */
export function contradictsTimes(
  index: number,
  rules: Pick<ReadingRules, 'durationUnit' | 'shortClock'>,
  evidence: Evidence,
  redundancy: Redundancy,
): boolean {
  let told = 0;
  let against = 0;
  for (const row of evidence) {
    const seconds = durationOf(row[index] ?? '', rules);
    const spent = redundancy.spent(row);
    if (seconds === null || seconds <= 0 || spent === null) continue;
    told += 1;
    if (contradictsSpan(seconds, spent)) against += 1;
  }
  return against > 3 ? against * 20 > told : against > 0 && against * 2 >= told;
}
