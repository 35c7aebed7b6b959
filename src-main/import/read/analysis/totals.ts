/**
 * Rows that are sums of the rows above them: totals that somebody, or a spreadsheet's subtotals, put
 * below the records of a customer, a month or the file. With a date they look like work.
 */
import type { FileAnalysis, ImportRecord } from '../../rows/types.ts';

/** The sum of a single row is that row again. */
const minRows = 2;
/** So many things that every row of the sum says, and its total does not; times count two. */
const minMissing = 2;
/** In a file with so few rows the last one may be as long as all others together. */
const minRowsOfAll = 3;

class Sum {
  rows = 0;
  durationS = 0;
  rateE4 = 0;
  /** What all rows say, as bits. */
  said = ~0;

  add(record: ImportRecord): void {
    this.rows += 1;
    this.durationS += record.durationS;
    this.rateE4 += record.rateE4 ?? 0;
    this.said &= saidBy(record);
  }

  /**
   * True if the record has the duration and the amount of all rows together. Each row may have lost
   * so many seconds, `lostS`, where an amount says so.
   */
  equals({ durationS, rateE4 }: ImportRecord, lostS: number): boolean {
    if (this.rows < minRows || durationS <= 0) return false;
    const isPaid = rateE4 !== undefined && rateE4 !== 0;
    // Each amount is rounded to cents.
    if (rateE4 !== undefined && Math.abs(rateE4 - this.rateE4) > 50 * this.rows) return false;
    return Math.abs(durationS - this.durationS) <= (isPaid ? lostS * this.rows : 0);
  }
}

/** What a record says that a total does not, as bits; the lowest two are its times. */
function saidBy(record: ImportRecord): number {
  const { beginMin, endMin, activity, description, displayName, login, hourlyRateE4 } = record;
  return (
    (beginMin !== undefined && endMin !== undefined ? 3 : 0) |
    (activity !== '' ? 4 : 0) |
    (description !== '' ? 8 : 0) |
    (displayName !== undefined || login !== undefined ? 16 : 0) |
    (hourlyRateE4 ? 32 : 0) |
    (record.billable !== undefined ? 64 : 0)
  );
}

function countBits(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}

export class Totals {
  readonly #lostS: number;
  readonly #all = new Sum();
  /** The rows below the last total. */
  #part = new Sum();
  #isLastSum = false;

  constructor({ resolution }: Pick<FileAnalysis, 'resolution'>) {
    this.#lostS = resolution === 1 ? 0 : resolution;
  }

  /** Takes the next record of the file; true if it is the sum of rows above it and says no more. */
  isTotal(record: ImportRecord): boolean {
    const isOfAll = this.#all.equals(record, this.#lostS);
    const isOfPart = this.#part.equals(record, this.#lostS);
    if (isOfAll || isOfPart) {
      const { said } = isOfPart ? this.#part : this.#all;
      if (countBits(said & ~saidBy(record)) >= minMissing) {
        this.#part = new Sum();
        return true;
      }
    }
    this.#isLastSum = isOfAll && this.#all.rows >= minRowsOfAll;
    this.#part.add(record);
    this.#all.add(record);
    return false;
  }

  /** The last record is the sum of all others, though it looks like them. After all rows. */
  get isLastSum(): boolean {
    return this.#isLastSum;
  }
}
