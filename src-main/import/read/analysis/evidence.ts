/** The first rows of a file, from which is told how its cells are to be read. */
import type { ColumnMapping } from '../../../../src-shared/contract/import-words.ts';
import { remember } from '../../../../src-shared/remember.ts';
import { parseClockText, parseDayFraction } from '../cells/clock-text.ts';
import { parseMoney } from '../cells/money-text.ts';
import { tidyValue } from '../cells/tidy.ts';
import { columnIndexes } from './columns.ts';
import type { ColumnIndexes } from './columns.ts';

/** Cells of the first rows, in the file's order. */
export type Evidence = string[][];

/** The cells of a column that are not empty. */
export const cellsOf = (evidence: Evidence, index: number): string[] =>
  index < 0 ? [] : evidence.map((row) => row[index] ?? '').filter((cell) => cell.trim() !== '');

/** Rows of work: totals rows have no date, and durations that no record has. */
export function withoutTotals(columns: ColumnMapping[], evidence: Evidence): Evidence {
  const at = columnIndexes(columns);
  const index = at.date >= 0 ? at.date : at.begin;
  return index < 0 ? evidence : evidence.filter((row) => row[index] !== '');
}

/** A plain number, with a point or a comma before its fraction; null for anything else. */
export function plainNumber(cell: string): number | null {
  const text = tidyValue(cell);
  return /^-?\d{1,9}(?:[.,]\d{1,20})?$/.test(text) ? Number(text.replace(',', '.')) : null;
}

/** Seconds that a row's other cells say it took: from begin to end, less the break. */
export class Redundancy {
  readonly #at: ColumnIndexes;
  // Every rule asks for the same cells again.
  readonly #readClock: (cell: string) => number | null;
  readonly #readAmount = remember(1000, (cell) => parseMoney(cell, null)?.amountE4 ?? null);

  constructor(at: ColumnIndexes, clockFractions: boolean) {
    this.#at = at;
    this.#readClock = remember(1500, clockFractions ? parseDayFraction : parseClockText);
  }

  /** Seconds from begin to end within one day; null if the row does not tell. */
  spent(row: string[]): number | null {
    const begin = this.#clock(row, this.#at.begin);
    const end = this.#clock(row, this.#at.end);
    if (begin === null || end === null || begin === end) return null;
    return ((end - begin + 1440) % 1440) * 60;
  }

  /** Seconds that the amount pays for at the hourly rate; null without one, or at a fixed rate. */
  paid(row: string[]): number | null {
    const rate = this.#amount(row, this.#at.rate);
    const hourly = this.#amount(row, this.#at.hourlyRate);
    const fixed = this.#amount(row, this.#at.fixedRate);
    if (!rate || !hourly || fixed) return null;
    return (rate / hourly) * 3600;
  }

  #clock(row: string[], index: number): number | null {
    return index < 0 ? null : this.#readClock(row[index] ?? '');
  }

  #amount(row: string[], index: number): number | null {
    return index < 0 ? null : this.#readAmount(row[index] ?? '');
  }
}
