/** Cells of amounts: Kimai's plain numbers first, then amounts as spreadsheets write them. */
import type { FileAnalysis, ReadingRules } from '../../rows/types.ts';
import type { CsvRow } from './csv-rows.ts';
import { CellCache } from './cell-cache.ts';
import { plainE4 } from './cell-numbers.ts';
import { CellProblem, isEmptyCell, shortText } from './cell-problem.ts';
import { currencyOfHeader, parseCurrency, parseMoney } from './money-text.ts';
import type { MoneyCell } from './money-text.ts';
import { fittingPairs, isOpenAmount, openReadings } from './open-amounts.ts';

const POINT = 46;
const ZERO = 48;

/** The amounts of a row, in ten-thousandths. Undefined: the cell is empty, which is not zero. */
interface RowAmounts {
  rate: number | undefined;
  hourlyRate: number | undefined;
  fixedRate: number | undefined;
}

/** Positions of their columns; below 0 where there is none. */
type AmountIndexes = Record<keyof RowAmounts, number>;

export class AmountCells {
  readonly #rules: ReadingRules;
  readonly #money: CellCache<MoneyCell | null>;
  readonly #open = new CellCache(openReadings);
  readonly #currencies = new CellCache(parseCurrency);
  /** By position: the currency that a header names. */
  readonly #headerCurrencies: (string | undefined)[];
  /** Currency of the money cells of the current row (Kimai up to 2.26), or of their headers. */
  #rowCurrency: string | undefined;
  /** An amount of the current row can be read in two ways. */
  #hasOpen = false;

  constructor({ rules, columns }: Pick<FileAnalysis, 'rules' | 'columns'>) {
    this.#rules = rules;
    this.#headerCurrencies = columns.map(({ header }) => currencyOfHeader(header));
    const comma = rules.decimalComma;
    // Where nothing tells, the row may (`#settle`).
    this.#money = new CellCache(
      (text) => parseMoney(text, comma) ?? (isOpenAmount(text) ? parseMoney(text, true) : null),
    );
  }

  /** The amounts of the next row; `durationS` tells in which of two ways some are meant. */
  read(row: CsvRow, at: AmountIndexes, durationS: number): RowAmounts {
    this.#rowCurrency = undefined;
    this.#hasOpen = false;
    const amounts = {
      rate: this.#amount(row, at.rate),
      hourlyRate: this.#amount(row, at.hourlyRate),
      fixedRate: this.#amount(row, at.fixedRate),
    };
    if (this.#hasOpen) this.#settle(amounts, row, at, durationS);
    return amounts;
  }

  #amount(row: CsvRow, index: number): number | undefined {
    if (isEmptyCell(row, index)) return undefined;
    const amount = this.#numberOf(row, index);
    const currency = this.#headerCurrencies[index];
    if (currency !== undefined && amount) this.#noteCurrency(currency, index);
    return amount;
  }

  #numberOf(row: CsvRow, index: number): number | undefined {
    const start = row.starts[index]!;
    const end = row.ends[index]!;
    const isOpen = row.codes[end - 4] === POINT && end - start <= 8 && row.codes[start] !== ZERO;
    if (this.#rules.decimalComma !== true && !isOpen) {
      const quick = plainE4(row.codes, start, end);
      if (!Number.isNaN(quick)) return quick;
    }
    if (shortText(row, index, 'amount_invalid') === '') return undefined;
    const cell = this.#money.get(row, index);
    if (cell === null) throw new CellProblem('amount_invalid', index);
    if (cell.currency === null) throw new CellProblem('currency_invalid', index);
    if (cell.currency !== undefined) this.#noteCurrency(cell.currency, index);
    if (this.#open.get(row, index) !== null) this.#hasOpen = true;
    return cell.amountE4;
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

  /** What an amount that is taken for `taken` can be, that first. */
  #readings(row: CsvRow, index: number, taken: number): number[] {
    const open = isEmptyCell(row, index) ? null : this.#open.get(row, index);
    return open === null ? [taken] : [taken, ...open.filter((one) => one !== taken)];
  }

  /**
   * Settles amounts such as `9.500`, nine and a half or nine thousand: by hourly rate times
   * duration where the row has both, else by whether the file writes other thousands without a
   * separator. What nothing settles is `amount_invalid`.
   */
  #settle(amounts: RowAmounts, row: CsvRow, at: AmountIndexes, durationS: number): void {
    const { rate, hourlyRate, fixedRate } = amounts;
    const name = fixedRate ? 'fixedRate' : 'hourlyRate';
    const expected = fixedRate || hourlyRate;
    const hours = fixedRate ? 1 : durationS / 3600;
    // In a file with `1,947.50` or `1947` the mark of `9.500` is known.
    const isKnown = this.#rules.decimalComma !== null || this.#rules.hasUngroupedAmounts;
    if (rate && expected) {
      const pairs = fittingPairs(
        this.#readings(row, at.rate, rate),
        this.#readings(row, at[name], expected),
        hours,
      );
      const [first] = pairs;
      // Both as thousands or both as decimals: the row does not tell.
      if (first && (isKnown || pairs.length === 1)) {
        [amounts.rate, amounts[name]] = first;
        return;
      }
    }
    if (isKnown) return;
    const open = [at.rate, at.hourlyRate, at.fixedRate].find(
      (index) => !isEmptyCell(row, index) && this.#open.get(row, index) !== null,
    );
    throw new CellProblem('amount_invalid', open!);
  }

  #noteCurrency(currency: string, index: number): void {
    if (this.#rowCurrency !== undefined && this.#rowCurrency !== currency) {
      throw new CellProblem('currency_conflict', index);
    }
    this.#rowCurrency = currency;
  }
}
