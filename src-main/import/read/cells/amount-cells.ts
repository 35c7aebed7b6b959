/** Cells of amounts: Kimai's plain numbers first, then amounts as spreadsheets write them. */
import type { ReadingRules } from '../../rows/types.ts';
import type { CsvRow } from '../csv/csv-rows.ts';
import { CellCache } from './cell-cache.ts';
import { plainE4 } from './cell-numbers.ts';
import { CellProblem, isEmptyCell, shortText } from './cell-problem.ts';
import { parseCurrency, parseMoney } from './money-text.ts';
import type { MoneyCell } from './money-text.ts';

const POINT = 46;
const ZERO = 48;

/** An amount of a row. */
export interface Amount {
  /** Ten-thousandths. */
  amountE4: number;
  /** What it is if its one separator is not what it is taken for; undefined if that cannot be. */
  otherE4: number | undefined;
}

export class AmountCells {
  readonly #rules: ReadingRules;
  readonly #money: CellCache<MoneyCell | null>;
  readonly #otherMoney: CellCache<MoneyCell | null>;
  readonly #currencies = new CellCache(parseCurrency);
  /** Currency seen in the money cells of the current row (Kimai up to 2.26). */
  #rowCurrency: string | undefined;

  constructor(rules: ReadingRules) {
    this.#rules = rules;
    const comma = rules.decimalComma;
    this.#money = new CellCache((text) => parseMoney(text, comma));
    this.#otherMoney = new CellCache((text) => {
      const isOpen = /(?<![\d.,])[1-9]\d{0,2}([.,])\d{3}(?![\d.,])/.exec(text);
      if (!isOpen) return null;
      const asDecimal = parseMoney(text, isOpen[1] === ',');
      const asThousands = parseMoney(text, isOpen[1] !== ',');
      const taken = parseMoney(text, comma)?.amountE4;
      return [asDecimal, asThousands].find((one) => one?.amountE4 !== taken) ?? null;
    });
  }

  beginRow(): void {
    this.#rowCurrency = undefined;
  }

  /** Null for an empty cell: the file does not say, which is not zero. */
  amount(row: CsvRow, index: number): Amount | null {
    if (isEmptyCell(row, index)) return null;
    const start = row.starts[index]!;
    const end = row.ends[index]!;
    const isOpen = row.codes[end - 4] === POINT && end - start <= 8 && row.codes[start] !== ZERO;
    if (this.#rules.decimalComma !== true && !isOpen) {
      const quick = plainE4(row.codes, start, end);
      if (!Number.isNaN(quick)) return { amountE4: quick, otherE4: undefined };
    }
    if (shortText(row, index, 'amount_invalid') === '') return null;
    const cell = this.#money.get(row, index);
    if (cell === null) throw new CellProblem('amount_invalid', index);
    if (cell.currency === null) throw new CellProblem('currency_invalid', index);
    if (cell.currency !== undefined) this.#noteCurrency(cell.currency, index);
    return { amountE4: cell.amountE4, otherE4: this.#otherMoney.get(row, index)?.amountE4 };
  }

  /** The row's currency, of its own column or of its amounts. After all of its amounts. */
  currency(row: CsvRow, index: number): string | undefined {
    if (isEmptyCell(row, index)) return this.#rowCurrency;
    const currency = this.#currencies.get(row, index);
    if (currency === null) {
      shortText(row, index, 'currency_invalid');
      throw new CellProblem('currency_invalid', index);
    }
    this.#noteCurrency(currency, index);
    return currency;
  }

  #noteCurrency(currency: string, index: number): void {
    if (this.#rowCurrency !== undefined && this.#rowCurrency !== currency) {
      throw new CellProblem('currency_conflict', index);
    }
    this.#rowCurrency = currency;
  }
}

interface RowAmounts {
  rate: Amount | null;
  hourlyRate: Amount | null;
  fixedRate: Amount | null;
}

/** Positions of the amounts' columns, for problems. */
type AmountIndexes = Record<keyof RowAmounts, number>;

/**
 * Settles amounts such as `9.500`, nine and a half or nine thousand: by hourly rate times duration
 * where the row has both, else by whether the file writes other thousands without a separator.
 * What nothing settles is `amount_invalid`.
 */
export function settleAmounts(
  amounts: RowAmounts,
  at: AmountIndexes,
  durationS: number,
  rules: ReadingRules,
): void {
  const { rate, hourlyRate, fixedRate } = amounts;
  const open = (['rate', 'hourlyRate', 'fixedRate'] as const).filter(
    (name) => amounts[name]?.otherE4 !== undefined,
  );
  if (open.length === 0) return;
  const expected = fixedRate?.amountE4 ? fixedRate : hourlyRate;
  const hours = fixedRate?.amountE4 ? 1 : durationS / 3600;
  if (rate && expected && rate.amountE4 !== 0 && hours > 0) {
    const rates = [rate.amountE4, rate.otherE4];
    const others = [expected.amountE4, expected.otherE4];
    for (const other of others) {
      for (const one of rates) {
        if (one === undefined || other === undefined || !isNear(one, other * hours, hours))
          continue;
        rate.amountE4 = one;
        expected.amountE4 = other;
        rate.otherE4 = expected.otherE4 = undefined;
        return;
      }
    }
  }
  // In a file with `1,947.50` or `1947` the mark of `9.500` is known.
  if (rules.decimalComma !== null || rules.hasUngroupedAmounts) return;
  throw new CellProblem('amount_invalid', at[open[0]!]);
}

/** Equal up to cents, seconds and one percent. */
function isNear(a: number, b: number, hours: number): boolean {
  const ofSeconds = (Math.abs(b) / Math.max(hours, 1 / 3600)) * (60 / 3600);
  return (
    Math.abs(a - b) <= Math.max(Math.abs(b) * 0.01, 100, Math.min(ofSeconds, Math.abs(b) * 0.1))
  );
}
