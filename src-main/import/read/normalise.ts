/** From the cells of a row to a record, or to the reason why there is none. */
import type { FileAnalysis, ImportRecord, ProblemCode, RowProblem } from '../rows/types.ts';
import { CellCache, flat } from './cells/cell-cache.ts';
import { plainE4, wholeNumber } from './cells/cell-numbers.ts';
import { CellProblem, isEmptyCell, shortText } from './cells/cell-problem.ts';
import { columnIndexes } from './analysis/columns.ts';
import type { ColumnIndexes } from './analysis/columns.ts';
import { cellText, HAS_CR } from './csv/csv-rows.ts';
import type { CsvRow } from './csv/csv-rows.ts';
import { parseCurrency, parseMoney } from './cells/money-text.ts';
import type { MoneyCell } from './cells/money-text.ts';
import { parseWord, undoPrefix, unifyBreaks, unifyTags } from './cells/text-cells.ts';
import { readClock, readDay, readDuration } from './cells/time-cells.ts';

/** Descriptions above 1 MiB characters are refused: no page could show them. */
export const MAX_DESCRIPTION_CHARS = 1024 * 1024;
/** Kimai allows 150 characters in names. */
export const MAX_NAME_CHARS = 10_000;
const MAX_ID = Number.MAX_SAFE_INTEGER;

export class Normaliser {
  readonly #at: ColumnIndexes;
  readonly #analysis: FileAnalysis;
  readonly #problem: (problem: RowProblem) => void;
  /** Kimai stores words and names in every row again: each is made once. */
  readonly #names = new CellCache((text) => text);
  readonly #tags = new CellCache(unifyTags);
  readonly #words = new CellCache(parseWord);
  readonly #currencies = new CellCache(parseCurrency);
  readonly #money: CellCache<MoneyCell | null>;
  /** Currency seen in the money cells of the current row (Kimai up to 2.26). */
  #rowCurrency: string | undefined;

  constructor(analysis: FileAnalysis, problem: (problem: RowProblem) => void) {
    this.#analysis = analysis;
    this.#at = columnIndexes(analysis.columns);
    this.#problem = problem;
    this.#money = new CellCache((text) => parseMoney(text, analysis.rules.decimalComma));
  }

  /** The record of a row; null if it is a totals row or empty, or after reporting a problem. */
  read(row: CsvRow): ImportRecord | null {
    try {
      return this.#record(row);
    } catch (error) {
      if (!(error instanceof CellProblem)) throw error;
      const { code, index } = error;
      this.#problem({
        line: row.line,
        code,
        header: this.#analysis.columns[index]?.header ?? '',
        value: this.#shown(row, index),
        customer: this.#shown(row, this.#at.customer),
        project: this.#shown(row, this.#at.project),
      });
      return null;
    }
  }

  /**
   * The start of a cell, for the owner to find it; empty if there is none. Flat: a part of the cell
   * would keep all of it, and 10 MB for each unreadable row.
   */
  #shown(row: CsvRow, index: number): string {
    return index < 0 || index >= row.count ? '' : flat(cellText(row, index).slice(0, 200));
  }

  #record(row: CsvRow): ImportRecord | null {
    const at = this.#at;
    const { rules } = this.#analysis;
    if (this.#isWithoutDate(row)) return null;
    this.#assertWidth(row);
    this.#rowCurrency = undefined;
    if (!isEmptyCell(row, at.type) && this.#name(row, at.type) !== 'timesheet') {
      throw new CellProblem('type_other', at.type);
    }
    const day = readDay(row, at.date >= 0 ? at.date : at.begin, rules.slashDates);
    const beginMin = readClock(row, at.begin);
    const endMin = readClock(row, at.end);
    const breakS = isEmptyCell(row, at.break) ? undefined : readDuration(row, at.break, rules);
    const durationS = this.#durationOf(row, beginMin, endMin, breakS);
    const customer = this.#required(row, at.customer, 'customer_missing');
    const project = this.#required(row, at.project, 'project_missing');
    const rateE4 = this.#amount(row, at.rate);
    // An empty cell and a zero both say that there is none.
    const hourlyRateE4 = at.hourlyRate < 0 ? undefined : (this.#amount(row, at.hourlyRate) ?? 0);
    const fixedRateE4 = at.fixedRate < 0 ? undefined : this.#amount(row, at.fixedRate) || null;
    return {
      line: row.line,
      kimaiId: at.id < 0 ? undefined : this.#id(row),
      day,
      beginMin,
      endMin,
      running: at.end >= 0 && endMin === undefined && beginMin !== undefined && durationS === 0,
      durationS,
      breakS,
      rateE4,
      hourlyRateE4,
      fixedRateE4,
      currency: this.#currency(row),
      displayName: this.#optional(row, at.alias),
      login: this.#optional(row, at.username),
      customer,
      customerNumber: this.#optional(row, at.customerNumber),
      project,
      projectNumber: this.#optional(row, at.projectNumber),
      orderNumber: this.#optional(row, at.orderNumber),
      activity: this.#optional(row, at.activity) ?? '',
      description: this.#description(row),
      exported: this.#word(row, at.exported),
      billable: this.#word(row, at.billable),
      tags: at.tags < 0 ? undefined : this.#tagsOf(row),
    };
  }

  /** Totals rows have sums only; a row of work without a date is a problem. */
  #isWithoutDate(row: CsvRow): boolean {
    const at = this.#at;
    const date = at.date >= 0 ? at.date : at.begin;
    if (!isEmptyCell(row, date)) return false;
    const hasWork =
      !isEmptyCell(row, at.customer) ||
      !isEmptyCell(row, at.project) ||
      !isEmptyCell(row, at.activity) ||
      !isEmptyCell(row, at.id);
    if (!hasWork) return true;
    throw new CellProblem('date_missing', date);
  }

  #assertWidth(row: CsvRow): void {
    const width = this.#analysis.columns.length;
    if (row.count === width) return;
    if (row.count < width) throw new CellProblem('row_too_short', -1);
    // Spreadsheets leave separators behind: empty cells at the end are none.
    for (let i = width; i < row.count; i += 1) {
      if (i >= row.starts.length || row.ends[i]! > row.starts[i]!) {
        throw new CellProblem('row_too_long', -1);
      }
    }
  }

  #durationOf(
    row: CsvRow,
    beginMin: number | undefined,
    endMin: number | undefined,
    breakS: number | undefined,
  ): number {
    const index = this.#at.duration;
    if (index >= 0) {
      if (isEmptyCell(row, index)) throw new CellProblem('duration_invalid', index);
      return readDuration(row, index, this.#analysis.rules);
    }
    if (beginMin === undefined) throw new CellProblem('time_invalid', this.#at.begin);
    if (endMin === undefined) return 0;
    // An end before the begin is on the next day.
    return ((endMin - beginMin + 1440) % 1440) * 60 - (breakS ?? 0);
  }

  /** Ten-thousandths; undefined for an empty cell: the file does not say, which is not zero. */
  #amount(row: CsvRow, index: number): number | undefined {
    if (isEmptyCell(row, index)) return undefined;
    if (this.#analysis.rules.decimalComma !== true) {
      const quick = plainE4(row.codes, row.starts[index]!, row.ends[index]!);
      if (!Number.isNaN(quick)) return quick;
    }
    if (shortText(row, index, 'amount_invalid') === '') return undefined;
    const cell = this.#money.get(row, index);
    if (cell === null) throw new CellProblem('amount_invalid', index);
    if (cell.currency === null) throw new CellProblem('currency_invalid', index);
    if (cell.currency !== undefined) {
      if (this.#rowCurrency !== undefined && this.#rowCurrency !== cell.currency) {
        throw new CellProblem('currency_conflict', index);
      }
      this.#rowCurrency = cell.currency;
    }
    return cell.amountE4;
  }

  #currency(row: CsvRow): string | undefined {
    const index = this.#at.currency;
    if (isEmptyCell(row, index)) return this.#rowCurrency;
    const currency = this.#currencies.get(row, index);
    if (currency === null) {
      shortText(row, index, 'currency_invalid');
      throw new CellProblem('currency_invalid', index);
    }
    if (this.#rowCurrency !== undefined && this.#rowCurrency !== currency) {
      throw new CellProblem('currency_conflict', index);
    }
    return currency;
  }

  #id(row: CsvRow): number {
    const index = this.#at.id;
    const quick = wholeNumber(row.codes, row.starts[index]!, row.ends[index]!);
    if (quick >= 1 && quick <= MAX_ID) return quick;
    const text = shortText(row, index, 'id_invalid');
    if (!/^\d{1,15}$/.test(text) || Number(text) < 1) throw new CellProblem('id_invalid', index);
    return Number(text);
  }

  #word(row: CsvRow, index: number): boolean | undefined {
    if (isEmptyCell(row, index)) return undefined;
    const word = this.#words.get(row, index);
    if (word === null) {
      shortText(row, index, 'word_invalid');
      throw new CellProblem('word_invalid', index);
    }
    return word;
  }

  #name(row: CsvRow, index: number): string {
    if (row.ends[index]! - row.starts[index]! > MAX_NAME_CHARS) {
      throw new CellProblem('text_too_long', index);
    }
    return this.#names.get(row, index);
  }

  #required(row: CsvRow, index: number, code: ProblemCode): string {
    const name = isEmptyCell(row, index) ? '' : this.#name(row, index);
    if (name === '' || name.trim() === '') throw new CellProblem(code, index);
    return name;
  }

  #optional(row: CsvRow, index: number): string | undefined {
    return isEmptyCell(row, index) ? undefined : this.#name(row, index);
  }

  #tagsOf(row: CsvRow): string {
    const index = this.#at.tags;
    if (isEmptyCell(row, index)) return '';
    if (row.ends[index]! - row.starts[index]! > MAX_DESCRIPTION_CHARS) {
      throw new CellProblem('text_too_long', index);
    }
    return this.#tags.get(row, index);
  }

  #description(row: CsvRow): string {
    const index = this.#at.description;
    if (isEmptyCell(row, index)) return '';
    if (row.ends[index]! - row.starts[index]! > MAX_DESCRIPTION_CHARS) {
      throw new CellProblem('text_too_long', index);
    }
    const text = undoPrefix(cellText(row, index));
    return row.flags[index]! & HAS_CR ? unifyBreaks(text) : text;
  }
}
