/** How the amounts of a file are written. */
import type { ReadingRules } from '../../rows/types.ts';
import { decimalCommaOf, parseMoney } from '../cells/money-text.ts';
import { fittingPairs, isOpenAmount, openReadings } from '../cells/open-amounts.ts';
import type { ColumnIndexes } from './columns.ts';
import type { Evidence, Redundancy } from './evidence.ts';
import { durationOf } from './durations.ts';

/** So many rows with an amount that can be read in two ways are looked at more closely. */
const maxOpenRows = 200;

/** Collects how amounts are written, row by row. */
export class AmountForms {
  readonly #indexes: number[];
  #commas = 0;
  #points = 0;
  #amounts = 0;
  /** Some amount above 999 is written without a separator of thousands. */
  hasUngrouped = false;
  /** Rows with an amount that has one separator and three digits behind it. */
  readonly openRows: string[][] = [];
  /** Some such amounts, for the owner to see. */
  readonly samples: string[] = [];

  constructor(at: ColumnIndexes) {
    this.#indexes = [at.rate, at.hourlyRate, at.fixedRate].filter((index) => index >= 0);
  }

  add(row: string[]): void {
    let isOpen = false;
    for (const index of this.#indexes) {
      const cell = row[index] ?? '';
      if (cell === '' || cell === '0') continue;
      this.#amounts += 1;
      const vote = decimalCommaOf(cell);
      if (vote !== null) {
        if (vote) this.#commas += 1;
        else this.#points += 1;
      }
      this.hasUngrouped ||= /(?<![\d.,’'])\d{4,}/.test(cell);
      if (!isOpenAmount(cell)) continue;
      isOpen = true;
      if (this.samples.length < 3 && !this.samples.includes(cell)) this.samples.push(cell);
    }
    if (isOpen && this.openRows.length < maxOpenRows) this.openRows.push(row);
  }

  /** The mark that most amounts show; spreadsheets write nearly all numbers of a file in one way. */
  get decimalComma(): boolean | null {
    return this.#commas === this.#points ? null : this.#commas > this.#points;
  }

  /** Rows below may tell what these do not. */
  get isOpen(): boolean {
    return this.#amounts > 0 && this.decimalComma === null;
  }
}

/**
 * True if rows with such amounts do not tell themselves which of both they are: nothing tells, or
 * both ways agree with price and duration.
 */
export function needsDecimalMark(
  at: ColumnIndexes,
  { openRows }: AmountForms,
  rules: Pick<ReadingRules, 'durationUnit' | 'shortClock'>,
): boolean {
  const readings = (row: string[], index: number): readonly number[] => {
    const cell = index < 0 ? '' : (row[index] ?? '');
    return openReadings(cell) ?? [parseMoney(cell, null)?.amountE4 ?? 0];
  };
  return openRows.some((row) => {
    const fixed = readings(row, at.fixedRate);
    const isFixed = fixed.some((price) => price !== 0);
    const prices = isFixed ? fixed : readings(row, at.hourlyRate);
    const seconds = at.duration < 0 ? null : durationOf(row[at.duration] ?? '', rules);
    const hours = isFixed ? 1 : (seconds ?? 0) / 3600;
    if (hours <= 0 || prices.every((price) => price === 0)) return true;
    // What agrees in no way is a problem of the row.
    return fittingPairs(readings(row, at.rate), prices, hours).length > 1;
  });
}

/** True if an amount pays for another time than this, lost seconds and rounding to cents aside. */
export function contradictsPaid(seconds: number, paid: number): boolean {
  return Math.abs(paid - seconds) > 90 + seconds * 0.05;
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
    if (contradictsPaid(seconds, paid)) against += 1;
  }
  return against > 3 && against * 2 > told;
}
