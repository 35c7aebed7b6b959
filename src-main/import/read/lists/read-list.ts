/** Kimai's lists of customers and of projects, as XLSX or saved as CSV. */
import { AppError } from '../../../../src-shared/errors.ts';
import type { ProblemCode } from '../../../../src-shared/contract/import-words.ts';
import type { FileAnalysis, ImportCustomer, ImportProject, RowProblem } from '../../rows/types.ts';
import { plainE4 } from '../cells/cell-numbers.ts';
import { parseDurationText } from '../cells/duration-text.ts';
import { parseCurrency, parseMoney } from '../cells/money-text.ts';
import { undoPrefix } from '../cells/text-cells.ts';
import { parseWord } from '../cells/words.ts';
import { cellText, codesOf } from '../cells/csv-rows.ts';
import type { CsvRow } from '../cells/csv-rows.ts';
import { findColumns } from './list-columns.ts';
import type { ListKind } from './list-columns.ts';

/** Rows of a list; those that cannot be read are problems, the others stand. */
export interface ListRows<T> {
  rows: T[];
  problems: RowProblem[];
}

/** Hands every row below the header to `onRow`. */
type FeedRows = (onRow: (row: CsvRow) => void) => Promise<void>;

/** The customers of a list. Throws `file_workbook_unreadable` if the sheet is no such list. */
export function readCustomerRows(
  analysis: FileAnalysis,
  feed: FeedRows,
): Promise<ListRows<ImportCustomer>> {
  return readList('customers', analysis, feed, (row) => {
    const currency = parseCurrency(row.text('currency'));
    if (currency === null) throw new ListProblem('currency_invalid', 'currency');
    return { ...row.common(), ...row.optional('number', 'number'), currency, ...row.budgets() };
  });
}

/** The projects of a list. Throws `file_workbook_unreadable` if the sheet is no such list. */
export function readProjectRows(
  analysis: FileAnalysis,
  feed: FeedRows,
): Promise<ListRows<ImportProject>> {
  return readList('projects', analysis, feed, (row) => {
    const customer = row.text('customer');
    if (customer === '') throw new ListProblem('customer_missing', 'customer');
    return {
      ...row.common(),
      customer,
      ...row.optional('number', 'number'),
      ...row.optional('orderNumber', 'orderNumber'),
      ...row.budgets(),
    };
  });
}

class ListProblem {
  readonly code: ProblemCode;
  readonly column: string;

  constructor(code: ProblemCode, column: string) {
    this.code = code;
    this.column = column;
  }
}

async function readList<T>(
  kind: ListKind,
  analysis: FileAnalysis,
  feed: FeedRows,
  build: (row: ListRow) => T,
): Promise<ListRows<T>> {
  if (analysis.kind !== kind) throw new AppError('file_workbook_unreadable');
  const headers = analysis.columns.map(({ header }) => header);
  const columns = findColumns(kind, headers);
  const result: ListRows<T> = { rows: [], problems: [] };
  await feed((cells) => {
    const row = new ListRow(cells, columns);
    if (row.isEmpty()) return;
    try {
      result.rows.push(build(row));
    } catch (error) {
      if (!(error instanceof ListProblem)) throw error;
      result.problems.push({
        line: cells.line,
        code: error.code,
        header: headers[columns.get(error.column) ?? -1] ?? '',
        value: row.text(error.column).slice(0, 200),
      });
    }
  });
  return result;
}

class ListRow {
  readonly #line: number;
  readonly #texts: ReadonlyMap<string, string>;

  constructor(row: CsvRow, columns: ReadonlyMap<string, number>) {
    this.#line = row.line;
    // All texts of these lists carry the prefix `' ` where they could be run.
    this.#texts = new Map(
      [...columns].map(([name, index]) => [
        name,
        index < row.count ? undoPrefix(cellText(row, index)).trim() : '',
      ]),
    );
  }

  isEmpty(): boolean {
    return [...this.#texts.values()].every((text) => text === '');
  }

  text(name: string): string {
    return this.#texts.get(name) ?? '';
  }

  optional<K extends string>(key: K, name: string): { [P in K]?: string } {
    const text = this.text(name);
    return (text === '' ? {} : { [key]: text }) as { [P in K]?: string };
  }

  common(): {
    line: number;
    kimaiId: number;
    name: string;
    color?: string;
    visible?: boolean;
  } {
    const id = Number(this.text('id'));
    if (!Number.isSafeInteger(id) || id < 1) throw new ListProblem('id_invalid', 'id');
    const name = this.text('name');
    if (name === '') throw new ListProblem('customer_missing', 'name');
    const visible = this.#visible();
    return {
      line: this.#line,
      kimaiId: id,
      name,
      ...this.optional('color', 'color'),
      ...(visible === undefined ? {} : { visible }),
    };
  }

  #visible(): boolean | undefined {
    const text = this.text('visible');
    if (text === '') return undefined;
    const word = parseWord(text);
    if (word === null) throw new ListProblem('word_invalid', 'visible');
    return word;
  }

  /** Empty cells: the owner of the export may not see budgets, so the file says nothing (2.66+). */
  budgets(): { budgetE4?: number; timeBudgetS?: number; budgetType?: 'month' | null } {
    const budget = this.text('budget');
    const time = this.text('timeBudget');
    if (budget === '' && time === '') return {};
    return {
      ...(budget === '' ? {} : { budgetE4: this.#amount(budget) }),
      ...(time === '' ? {} : { timeBudgetS: this.#seconds() }),
      ...(this.#texts.has('budgetType') ? { budgetType: this.#budgetType() } : {}),
    };
  }

  #amount(text: string): number {
    if (text.startsWith('=')) throw new ListProblem('formula', 'budget');
    const amount = amountOf(text);
    if (amount === null || amount < 0) throw new ListProblem('amount_invalid', 'budget');
    return amount;
  }

  /** A fraction of a day, whatever its format shows. */
  #seconds(): number {
    const text = this.text('timeBudget');
    const fraction = /^\d{1,7}(?:[.,]\d{1,20})?$/.test(text) ? text.replace(',', '.') : null;
    const seconds = fraction === null ? parseDurationText(text) : Number(fraction) * 86_400;
    if (seconds === null || seconds < 0) throw new ListProblem('duration_invalid', 'timeBudget');
    return Math.round(seconds);
  }

  #budgetType(): 'month' | null {
    const text = this.text('budgetType');
    if (text === '') return null;
    if (text === 'month') return 'month';
    throw new ListProblem('word_invalid', 'budgetType');
  }
}

/** Ten-thousandths; null if it is no amount, or has something with it that is no currency. */
function amountOf(text: string): number | null {
  const plain = plainE4(codesOf(text), 0, text.length);
  if (!Number.isNaN(plain)) return plain;
  const money = text.length > 80 ? null : parseMoney(text, null);
  return money === null || money.currency === null ? null : money.amountE4;
}
