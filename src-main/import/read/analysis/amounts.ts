/** How the amounts of a file are written. */
import type { ReadingRules } from '../../rows/types.ts';
import { decimalCommaOf } from '../cells/money-text.ts';
import type { ColumnIndexes } from './columns.ts';
import { cellsOf } from './evidence.ts';
import type { Evidence, Redundancy } from './evidence.ts';
import { durationOf } from './durations.ts';

const amountCells = (at: ColumnIndexes, evidence: Evidence): string[] =>
  [at.rate, at.hourlyRate, at.fixedRate].flatMap((index) => cellsOf(evidence, index));

/** The mark that most cells show; spreadsheets write nearly all numbers of a file in one way. */
export function decideDecimalComma(at: ColumnIndexes, evidence: Evidence): boolean | null {
  const votes = amountCells(at, evidence).map(decimalCommaOf);
  const commas = votes.filter((vote) => vote === true).length;
  const points = votes.filter((vote) => vote === false).length;
  return commas === points ? null : commas > points;
}

/** True if an amount above 999 is written without a separator of thousands. */
export function hasUngroupedAmounts(at: ColumnIndexes, evidence: Evidence): boolean {
  return amountCells(at, evidence).some((cell) => /(?<![\d.,’'])\d{4,}/.test(cell));
}

/** Amounts with one separator and three digits behind it, which may be thousands. */
export function openAmounts(at: ColumnIndexes, evidence: Evidence): string[] {
  return amountCells(at, evidence).filter((cell) =>
    /(?<!\d)[1-9]\d{0,2}[.,]\d{3}(?![\d.,])/.test(cell),
  );
}

/** True if most rows are paid something else than their hourly rate times their duration. */
export function contradictsAmounts(
  at: ColumnIndexes,
  rules: Pick<ReadingRules, 'durationUnit' | 'shortClock'>,
  evidence: Evidence,
  redundancy: Redundancy,
): boolean {
  let told = 0;
  let against = 0;
  for (const row of evidence) {
    const seconds = at.duration < 0 ? null : durationOf(row[at.duration] ?? '', rules);
    const paid = redundancy.paid(row);
    if (seconds === null || seconds <= 0 || paid === null) continue;
    told += 1;
    // Rounding to cents and to minutes is large against a short duration.
    if (Math.abs(paid - seconds) > 120 + seconds * 0.2) against += 1;
  }
  return against > 3 && against * 2 > told;
}
