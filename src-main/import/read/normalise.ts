/** From the cells of a row to a record, or to the reason why there is none. */
import { daysBetween } from '../../../src-shared/domain/day.ts';
import type { DayNumber } from '../../../src-shared/domain/day.ts';
import type { ProblemCode } from '../../../src-shared/contract/import-words.ts';
import type { FileAnalysis, ImportRecord, RowProblem } from '../rows/types.ts';
import { CellCache, flat } from './cells/cell-cache.ts';
import { AmountCells } from './cells/amount-cells.ts';
import { wholeNumber } from './cells/cell-numbers.ts';
import { CellProblem, isEmptyCell, shortText } from './cells/cell-problem.ts';
import { columnIndexes } from './analysis/columns.ts';
import type { ColumnIndexes } from './analysis/columns.ts';
import { agrees } from './analysis/durations.ts';
import { cellText, hasCr } from './cells/csv-rows.ts';
import type { CsvRow } from './cells/csv-rows.ts';
import { undoPrefix, unifyBreaks, unifyTags } from './cells/text-cells.ts';
import { maxDurationS, TimeCells } from './cells/time-cells.ts';
import { parseWord } from './cells/words.ts';

/** Descriptions above 1 MiB characters are refused: no page could show them. */
export const maxDescriptionChars = 1024 * 1024;
/** Kimai allows 150 characters in names. */
export const maxNameChars = 10_000;
/** A formula that was never calculated, or the error that it gave: `=VLOOKUP(…`, `#REF!`, `#N/A`. */
const noName = /^=[A-Z][.A-Z]*\(|^#[\p{Lu}¡/0]+[!?]$|^#(?:N\/A|NV|N\/D)$/u;
const maxId = Number.MAX_SAFE_INTEGER;

const dayS = 86_400;

export class Normaliser {
  readonly #at: ColumnIndexes;
  readonly #analysis: FileAnalysis;
  readonly #problem: (problem: RowProblem) => void;
  /** Kimai stores words and names in every row again: each is made once. */
  readonly #names = new CellCache((text) => text);
  readonly #tags = new CellCache(unifyTags);
  readonly #words = new CellCache(parseWord);
  readonly #times: TimeCells;
  readonly #amounts: AmountCells;
  /** A row that has its last cell here or before is cut off: something that is needed is missing. */
  readonly #lastNeeded: number;
  readonly #pointZeroColumns: ReadonlySet<number>;

  constructor(analysis: FileAnalysis, problem: (problem: RowProblem) => void) {
    this.#analysis = analysis;
    this.#at = columnIndexes(analysis.columns);
    this.#problem = problem;
    this.#times = new TimeCells(analysis.rules);
    this.#amounts = new AmountCells(analysis);
    const { date, begin, end, duration, customer, project } = this.#at;
    this.#lastNeeded = Math.max(
      date >= 0 ? date : begin,
      duration >= 0 ? duration : end,
      customer,
      project,
    );
    this.#pointZeroColumns = new Set(analysis.rules.pointZeroColumns);
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
   * The start of a cell, for the owner to find it; empty if there is none. It is copied, since a
   * slice would keep the whole cell in memory, up to 10 MB for each unreadable row.
   */
  #shown(row: CsvRow, index: number): string {
    return index < 0 || index >= row.count ? '' : flat(cellText(row, index).slice(0, 200));
  }

  #record(row: CsvRow): ImportRecord | null {
    const at = this.#at;
    if (row.isBroken) throw new CellProblem('quote_invalid', -1);
    if (this.#isWithoutDate(row)) return null;
    this.#assertWidth(row);
    if (!isEmptyCell(row, at.type) && this.#name(row, at.type) !== 'timesheet') {
      throw new CellProblem('type_other', at.type);
    }
    const day = this.#times.day(row, at.date >= 0 ? at.date : at.begin);
    const beginMin = this.#times.clock(row, at.begin);
    const endMin = this.#times.end(row, at.end);
    const breakS = isEmptyCell(row, at.break)
      ? undefined
      : this.#times.duration(row, at.break, null);
    const spanS = this.#spanOf(row, day, beginMin, endMin);
    const durationS = this.#durationOf(row, beginMin, endMin, breakS, spanS);
    if (spanS !== null && breakS !== undefined && breakS > spanS) {
      // Times do not show the days of a long record. Else a number counts something else.
      const isLong = at.duration >= 0 && agrees(durationS + breakS, spanS, 90);
      const isNumber = /^[\d.,]+$/.test(this.#shown(row, at.break));
      if (isNumber && !isLong) throw new CellProblem('duration_invalid', at.break);
    }
    const customer = this.#required(row, at.customer, 'customer_missing');
    const project = this.#required(row, at.project, 'project_missing');
    const { rate, hourlyRate, fixedRate } = this.#amounts.read(row, at, durationS);
    return {
      line: row.line,
      kimaiId: at.id < 0 ? undefined : this.#id(row),
      day,
      beginMin,
      endMin,
      running: at.end >= 0 && endMin === undefined && beginMin !== undefined && durationS === 0,
      durationS,
      breakS,
      rateE4: rate,
      // An empty cell and a zero both say that there is none.
      hourlyRateE4: at.hourlyRate < 0 ? undefined : (hourlyRate ?? 0),
      fixedRateE4: at.fixedRate < 0 ? undefined : fixedRate || null,
      currency: this.#amounts.currency(row, at.currency),
      displayName: this.#optional(row, at.alias),
      login: this.#optional(row, at.username),
      customer,
      customerNumber: this.#number(row, at.customerNumber),
      project,
      projectNumber: this.#number(row, at.projectNumber),
      orderNumber: this.#number(row, at.orderNumber),
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
      !isEmptyCell(row, at.description) ||
      !isEmptyCell(row, at.begin) ||
      !isEmptyCell(row, at.end) ||
      !isEmptyCell(row, at.id);
    if (!hasWork) return true;
    throw new CellProblem('date_missing', date);
  }

  #assertWidth(row: CsvRow): void {
    const width = this.#analysis.columns.length;
    if (row.count === width) return;
    if (row.count < width) {
      // Excel leaves the separators of empty cells at the end away.
      if (row.count > this.#lastNeeded) return;
      throw new CellProblem('row_too_short', -1);
    }
    // Spreadsheets leave separators behind: empty cells at the end are none.
    for (let i = width; i < row.count; i += 1) {
      if (i >= row.starts.length || row.ends[i]! > row.starts[i]!) {
        throw new CellProblem('row_too_long', -1);
      }
    }
  }

  /**
   * Seconds from begin to end; null if the row does not tell. An end before the begin is on the next
   * day. Throws a problem where a day beside the begin is another one than that of the row.
   */
  #spanOf(
    row: CsvRow,
    day: DayNumber,
    beginMin: number | undefined,
    endMin: number | undefined,
  ): number | null {
    const { date, begin, end } = this.#at;
    const beginDay = beginMin === undefined ? null : this.#times.dayBeside(row, begin);
    if (beginDay !== null && beginDay !== day) throw new CellProblem('date_conflict', date);
    if (beginMin === undefined || endMin === undefined) return null;
    const endDay = this.#times.dayBeside(row, end);
    const days = endDay === null ? 0 : daysBetween(day, endDay);
    const spanS = (endMin - beginMin) * 60 + days * dayS;
    if (days > 0) return spanS;
    return beginMin === endMin ? null : ((endMin - beginMin + 1440) % 1440) * 60;
  }

  #durationOf(
    row: CsvRow,
    beginMin: number | undefined,
    endMin: number | undefined,
    breakS: number | undefined,
    spanS: number | null,
  ): number {
    const index = this.#at.duration;
    const spentS = spanS === null ? null : spanS - (breakS ?? 0);
    if (index >= 0) {
      if (isEmptyCell(row, index)) throw new CellProblem('duration_invalid', index);
      return this.#times.duration(row, index, spentS);
    }
    if (beginMin === undefined) throw new CellProblem('time_invalid', this.#at.begin);
    if (spentS !== null && spentS > maxDurationS)
      throw new CellProblem('duration_absurd', this.#at.end);
    return spentS ?? 0 - (endMin === undefined ? 0 : (breakS ?? 0));
  }

  #id(row: CsvRow): number {
    const index = this.#at.id;
    const quick = wholeNumber(row.codes, row.starts[index]!, row.ends[index]!);
    if (quick >= 1 && quick <= maxId) return quick;
    const text = shortText(row, index, 'id_invalid').replace(/\.0$/, '');
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
    if (row.ends[index]! - row.starts[index]! > maxNameChars) {
      throw new CellProblem('text_too_long', index);
    }
    return this.#names.get(row, index);
  }

  #required(row: CsvRow, index: number, code: ProblemCode): string {
    const name = isEmptyCell(row, index) ? '' : this.#name(row, index);
    if (noName.test(name)) throw new CellProblem('formula', index);
    if (name === '' || name.trim() === '') throw new CellProblem(code, index);
    return name;
  }

  #optional(row: CsvRow, index: number): string | undefined {
    return isEmptyCell(row, index) ? undefined : this.#name(row, index);
  }

  /** A number that is a text; without the `.0` that some program gave to all of its column. */
  #number(row: CsvRow, index: number): string | undefined {
    const text = this.#optional(row, index);
    return this.#pointZeroColumns.has(index) ? text?.replace(/\.0$/, '') : text;
  }

  #tagsOf(row: CsvRow): string {
    const index = this.#at.tags;
    if (isEmptyCell(row, index)) return '';
    if (row.ends[index]! - row.starts[index]! > maxDescriptionChars) {
      throw new CellProblem('text_too_long', index);
    }
    return this.#tags.get(row, index);
  }

  #description(row: CsvRow): string {
    const index = this.#at.description;
    if (isEmptyCell(row, index)) return '';
    if (row.ends[index]! - row.starts[index]! > maxDescriptionChars) {
      throw new CellProblem('text_too_long', index);
    }
    const text = undoPrefix(cellText(row, index));
    return row.flags[index]! & hasCr ? unifyBreaks(text) : text;
  }
}
