/** From the cells of a row to a record, or to the reason why there is none. */
import type { FileAnalysis, ImportRecord, ProblemCode, RowProblem } from '../types.ts';
import { CellCache } from './cell-cache.ts';
import { clockMinutes, clockSeconds, isoDay, plainE4, wholeNumber } from './cell-numbers.ts';
import { columnIndexes } from './columns.ts';
import type { ColumnIndexes } from './columns.ts';
import { cellText, HAS_CR } from './csv-rows.ts';
import type { CsvRow } from './csv-rows.ts';
import { parseCurrency, parseHours, parseMoney } from './money-text.ts';
import type { MoneyCell } from './money-text.ts';
import {
  parseClockText,
  parseDayText,
  parseDurationText,
  parseWord,
  undoPrefix,
  unifyBreaks,
  unifyTags,
} from './text-cells.ts';

/** Descriptions above 1 MiB characters are refused: no page could show them. */
export const MAX_DESCRIPTION_CHARS = 1024 * 1024;
/** Kimai allows 150 characters in names. */
export const MAX_NAME_CHARS = 10_000;
/** A duration beyond 31 days, or below minus that, is a misread unit, not work. */
export const MAX_DURATION_S = 31 * 86_400;
/** No date, time, amount or word is longer than that; longer cells are not even looked at. */
const MAX_VALUE_CHARS = 80;
const MAX_ID = Number.MAX_SAFE_INTEGER;

/** The first thing wrong with a row; leaves `read` at once. */
class CellProblem {
  readonly code: ProblemCode;
  readonly index: number;

  constructor(code: ProblemCode, index: number) {
    this.code = code;
    this.index = index;
  }
}

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
        value: index < 0 ? '' : cellText(row, index).slice(0, 200),
      });
      return null;
    }
  }

  #record(row: CsvRow): ImportRecord | null {
    const at = this.#at;
    if (this.#isWithoutDate(row)) return null;
    this.#assertWidth(row);
    this.#rowCurrency = undefined;
    if (!this.#isEmpty(row, at.type) && this.#name(row, at.type) !== 'timesheet') {
      throw new CellProblem('type_other', at.type);
    }
    const day = this.#day(row, at.date >= 0 ? at.date : at.begin);
    const beginMin = this.#clock(row, at.begin);
    const endMin = this.#clock(row, at.end);
    const breakS = this.#isEmpty(row, at.break) ? undefined : this.#duration(row, at.break);
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
    if (!this.#isEmpty(row, date)) return false;
    const hasWork =
      !this.#isEmpty(row, at.customer) ||
      !this.#isEmpty(row, at.project) ||
      !this.#isEmpty(row, at.activity) ||
      !this.#isEmpty(row, at.id);
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

  #isEmpty(row: CsvRow, index: number): boolean {
    return index < 0 || index >= row.count || row.starts[index] === row.ends[index];
  }

  /** A cell for the slow readers: trimmed, and refused at once if it is too long or a formula. */
  #text(row: CsvRow, index: number, code: ProblemCode): string {
    if (row.ends[index]! - row.starts[index]! > MAX_VALUE_CHARS) throw new CellProblem(code, index);
    const text = cellText(row, index).trim();
    if (text.startsWith('=')) throw new CellProblem('formula', index);
    return text;
  }

  #day(row: CsvRow, index: number): number {
    const quick = isoDay(row.codes, row.starts[index]!, row.ends[index]!);
    if (quick > 0) return quick;
    const text = this.#text(row, index, 'date_invalid');
    const day = parseDayText(text, this.#analysis.rules.slashDates);
    if (day === 'ambiguous') throw new CellProblem('date_ambiguous', index);
    if (day === null) throw new CellProblem('date_invalid', index);
    return day;
  }

  #clock(row: CsvRow, index: number): number | undefined {
    if (this.#isEmpty(row, index)) return undefined;
    const quick = clockMinutes(row.codes, row.starts[index]!, row.ends[index]!);
    if (!Number.isNaN(quick)) return quick;
    const text = this.#text(row, index, 'time_invalid');
    if (text === '') return undefined;
    const minutes = parseClockText(text);
    if (minutes === null) throw new CellProblem('time_invalid', index);
    return minutes;
  }

  #durationOf(
    row: CsvRow,
    beginMin: number | undefined,
    endMin: number | undefined,
    breakS: number | undefined,
  ): number {
    const index = this.#at.duration;
    if (index >= 0) {
      if (this.#isEmpty(row, index)) throw new CellProblem('duration_invalid', index);
      return this.#duration(row, index);
    }
    if (beginMin === undefined) throw new CellProblem('time_invalid', this.#at.begin);
    if (endMin === undefined) return 0;
    // An end before the begin is on the next day.
    return ((endMin - beginMin + 1440) % 1440) * 60 - (breakS ?? 0);
  }

  #duration(row: CsvRow, index: number): number {
    let seconds = clockSeconds(row.codes, row.starts[index]!, row.ends[index]!);
    if (Number.isNaN(seconds)) seconds = this.#numberOrText(row, index);
    if (Math.abs(seconds) > MAX_DURATION_S) throw new CellProblem('duration_absurd', index);
    return seconds;
  }

  #numberOrText(row: CsvRow, index: number): number {
    const text = this.#text(row, index, 'duration_invalid');
    const { durationUnit, decimalComma } = this.#analysis.rules;
    const seconds =
      durationUnit === 'seconds'
        ? /^-?\d{1,9}$/.test(text)
          ? Number(text)
          : null
        : parseHours(text, decimalComma);
    const value = seconds ?? parseDurationText(text);
    if (value === null) throw new CellProblem('duration_invalid', index);
    return value === 0 ? 0 : value;
  }

  /** Ten-thousandths; undefined for an empty cell: the file does not say, which is not zero. */
  #amount(row: CsvRow, index: number): number | undefined {
    if (this.#isEmpty(row, index)) return undefined;
    if (this.#analysis.rules.decimalComma !== true) {
      const quick = plainE4(row.codes, row.starts[index]!, row.ends[index]!);
      if (!Number.isNaN(quick)) return quick;
    }
    if (this.#text(row, index, 'amount_invalid') === '') return undefined;
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
    if (this.#isEmpty(row, index)) return this.#rowCurrency;
    const currency = this.#currencies.get(row, index);
    if (currency === null) {
      this.#text(row, index, 'currency_invalid');
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
    const text = this.#text(row, index, 'id_invalid');
    if (!/^\d{1,15}$/.test(text) || Number(text) < 1) throw new CellProblem('id_invalid', index);
    return Number(text);
  }

  #word(row: CsvRow, index: number): boolean | undefined {
    if (this.#isEmpty(row, index)) return undefined;
    const word = this.#words.get(row, index);
    if (word === null) {
      this.#text(row, index, 'word_invalid');
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
    const name = this.#isEmpty(row, index) ? '' : this.#name(row, index);
    if (name === '' || name.trim() === '') throw new CellProblem(code, index);
    return name;
  }

  #optional(row: CsvRow, index: number): string | undefined {
    return this.#isEmpty(row, index) ? undefined : this.#name(row, index);
  }

  #tagsOf(row: CsvRow): string {
    const index = this.#at.tags;
    if (this.#isEmpty(row, index)) return '';
    if (row.ends[index]! - row.starts[index]! > MAX_DESCRIPTION_CHARS) {
      throw new CellProblem('text_too_long', index);
    }
    return this.#tags.get(row, index);
  }

  #description(row: CsvRow): string {
    const index = this.#at.description;
    if (this.#isEmpty(row, index)) return '';
    if (row.ends[index]! - row.starts[index]! > MAX_DESCRIPTION_CHARS) {
      throw new CellProblem('text_too_long', index);
    }
    const text = undoPrefix(cellText(row, index));
    return row.flags[index]! & HAS_CR ? unifyBreaks(text) : text;
  }
}
