/** Kimai's XLSX lists of customers and of projects, any language and version since 1.10. */
import xlsxTable from './tables/kimai-xlsx-columns.json' with { type: 'json' };
import { AppError } from '../../../src-shared/errors.ts';
import type { ImportCustomer, ImportProject, ProblemCode, RowProblem } from '../rows/types.ts';
import { plainE4 } from './cells/cell-numbers.ts';
import { codesOf } from './csv/csv-rows.ts';
import { foldLabel } from './analysis/headers.ts';
import { parseCurrency, parseMoney } from './cells/money-text.ts';
import { parseWord, undoPrefix } from './cells/text-cells.ts';
import type { Sheet, SheetCell } from './workbook/workbook.ts';
import { cellAsText } from './workbook/workbook-rows.ts';

export type ListKind = 'customers' | 'projects';

/** Rows of a list; those that cannot be read are problems, the others stand. */
export interface ListRows<T> {
  rows: T[];
  problems: RowProblem[];
}

interface ListColumn {
  position: number;
  labels: string[];
}

/** Folded label → the columns it can mean, in the layout's order. */
function labelsOf(kind: ListKind): Map<string, string[]> {
  const columns = Object.entries(xlsxTable[kind].columns as Record<string, ListColumn>);
  columns.sort(([, a], [, b]) => a.position - b.position);
  const labels = new Map<string, string[]>();
  for (const [name, { labels: texts }] of columns) {
    for (const folded of new Set(texts.map(foldLabel))) {
      labels.set(folded, [...(labels.get(folded) ?? []), name]);
    }
  }
  return labels;
}

const tables = { customers: labelsOf('customers'), projects: labelsOf('projects') };

/** Which list a header row belongs to; null for timesheets and anything else. */
export function listKindOf(headers: string[]): ListKind | null {
  if (isList('customers', headers, ['id', 'name', 'currency', 'timezone'])) return 'customers';
  if (isList('projects', headers, ['id', 'name', 'customer', 'start', 'end'])) return 'projects';
  return null;
}

function isList(kind: ListKind, headers: string[], needed: string[]): boolean {
  const found = findColumns(kind, headers);
  return needed.every((name) => found.has(name));
}

/**
 * Column name → position in the file. A label with several meanings takes the first one whose turn
 * has not passed: the layout's order decides (hu "Adószám", the time budget and budget type of 1.15).
 */
function findColumns(kind: ListKind, headers: string[]): Map<string, number> {
  const found = new Map<string, number>();
  let last = '';
  headers.forEach((header, index) => {
    const candidates = tables[kind].get(foldLabel(header)) ?? [];
    let name = candidates.find((candidate) => !found.has(candidate));
    // In 1.15 the column after the time budget has its header, too.
    if (name === undefined && last === 'timeBudget' && candidates.includes('timeBudget')) {
      name = 'budgetType';
    }
    if (name === undefined || found.has(name)) return;
    found.set(name, index);
    last = name;
  });
  return found;
}

/** The customers of a list. Throws `file_workbook_unreadable` if the sheet is no such list. */
export function customersOf(sheet: Sheet, headers: string[]): ListRows<ImportCustomer> {
  return readList(sheet, 'customers', headers, (row) => {
    const currency = parseCurrency(row.text('currency'));
    if (currency === null) throw new ListProblem('currency_invalid', 'currency');
    return { ...row.common(), ...row.optional('number', 'number'), currency, ...row.budgets() };
  });
}

/** The projects of a list. Throws `file_workbook_unreadable` if the sheet is no such list. */
export function projectsOf(sheet: Sheet, headers: string[]): ListRows<ImportProject> {
  return readList(sheet, 'projects', headers, (row) => {
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

function readList<T>(
  sheet: Sheet,
  kind: ListKind,
  headers: string[],
  build: (row: ListRow) => T,
): ListRows<T> {
  if (listKindOf(headers) !== kind) throw new AppError('file_workbook_unreadable');
  const columns = findColumns(kind, headers);
  const result: ListRows<T> = { rows: [], problems: [] };
  for (let i = 1; i < sheet.rows.length; i += 1) {
    const row = new ListRow(i + 1, sheet.rows[i] ?? [], columns, sheet);
    if (row.isEmpty()) continue;
    try {
      result.rows.push(build(row));
    } catch (error) {
      if (!(error instanceof ListProblem)) throw error;
      result.problems.push({
        line: i + 1,
        code: error.code,
        header: headers[columns.get(error.column) ?? -1] ?? '',
        value: row.text(error.column).slice(0, 200),
      });
    }
  }
  return result;
}

class ListRow {
  readonly #line: number;
  readonly #cells: SheetCell[];
  readonly #columns: Map<string, number>;
  readonly #sheet: Sheet;

  constructor(line: number, cells: SheetCell[], columns: Map<string, number>, sheet: Sheet) {
    this.#line = line;
    this.#cells = cells;
    this.#columns = columns;
    this.#sheet = sheet;
  }

  isEmpty(): boolean {
    return [...this.#columns.keys()].every((name) => this.text(name) === '');
  }

  #cell(name: string): SheetCell {
    const index = this.#columns.get(name);
    return index === undefined ? undefined : this.#cells[index];
  }

  /** All texts of these lists carry the prefix `' ` where they could be run. */
  text(name: string): string {
    return undoPrefix(cellAsText(this.#cell(name), 'unknown', this.#sheet)).trim();
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
      ...(this.#columns.has('budgetType') ? { budgetType: this.#budgetType() } : {}),
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
    const cell = this.#cell('timeBudget');
    const days = cell?.t === 'n' && typeof cell.v === 'number' ? cell.v : fractionOf(text);
    if (days === null || !(days >= 0)) throw new ListProblem('duration_invalid', 'timeBudget');
    return Math.round(days * 86_400);
  }

  #budgetType(): 'month' | null {
    const text = this.text('budgetType');
    if (text === '') return null;
    if (text === 'month') return 'month';
    throw new ListProblem('word_invalid', 'budgetType');
  }
}

/** Days of a formula that was never calculated, `=2160000/86400`. */
function fractionOf(text: string): number | null {
  const match = /^=?(\d+)\/86400$/.exec(text);
  return match ? Number(match[1]) / 86_400 : null;
}

/** Ten-thousandths; null if it is no amount, or has something with it that is no currency. */
function amountOf(text: string): number | null {
  const plain = plainE4(codesOf(text), 0, text.length);
  if (!Number.isNaN(plain)) return plain;
  const money = text.length > 80 ? null : parseMoney(text, null);
  return money === null || money.currency === null ? null : money.amountE4;
}
