/** The rows of one sheet, as its XML comes. Rows and cells that a sheet leaves out are not there. */
import { AppError } from '../../../../src-shared/errors.ts';
import { constantOf } from './formula.ts';
import type { NumberFormat } from './number-format.ts';
import { generalFormat } from './number-format.ts';
import { plainString, StringText } from './shared-strings.ts';
import { isOn, parseXml } from './xml.ts';
import type { Attributes } from './xml.ts';

export interface SheetCell {
  /** Null: a formula that was never calculated, and is no constant. */
  value: string | number | boolean | null;
  /** The value is what a spreadsheet shows for an error, `#REF!`. */
  isError: boolean;
  /** Without `=`; empty for a cell that shares the formula of another one. */
  formula: string | null;
  format: NumberFormat;
}

export interface SheetRow {
  /** The row's number in the sheet, from 1. */
  number: number;
  /** Not shown by the spreadsheet: filtered out, or hidden by hand. */
  hidden: boolean;
  /** By column, from 0; sparse. */
  cells: (SheetCell | undefined)[];
}

/** The largest sheet that a spreadsheet can have (Excel's limits). */
const maxRow = 1_048_576;
const maxColumn = 16_384;

export interface SheetContext {
  strings: readonly string[];
  /** By the number that a cell names as its style. */
  formats: readonly NumberFormat[];
}

/** Reads a sheet row by row, in order. */
export async function* sheetRows(
  chunks: AsyncIterable<Buffer>,
  context: SheetContext,
): AsyncGenerator<SheetRow[]> {
  const collector = new RowCollector(context);
  for await (const _ of parseXml(chunks, collector)) {
    const rows = collector.take();
    if (rows.length > 0) yield rows;
  }
}

class RowCollector {
  readonly #context: SheetContext;
  #done: SheetRow[] = [];
  #row: SheetRow | null = null;
  #lastRow = 0;
  #lastColumn = -1;
  #column = 0;
  #cell: Attributes | null = null;
  #formula: string | null = null;
  #value: string | null = null;
  #inlineText: StringText | null = null;
  /** The element whose text is being collected: `v` or `f`. */
  #reading: 'v' | 'f' | null = null;
  #inData = false;

  constructor(context: SheetContext) {
    this.#context = context;
  }

  take(): SheetRow[] {
    const rows = this.#done;
    this.#done = [];
    return rows;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'sheetData') this.#inData = true;
    if (!this.#inData) return;
    if (name === 'row') this.#openRow(attributes);
    else if (name === 'c' && this.#row) this.#openCell(attributes);
    else if (!this.#cell) return;
    else if (name === 'v' || name === 'f') {
      this.#reading = name;
      if (name === 'v') this.#value = '';
      else this.#formula = '';
    } else if (name === 'is') this.#inlineText = new StringText();
    else this.#inlineText?.open(name);
  }

  text(text: string): void {
    if (this.#reading === 'v') this.#value += text;
    else if (this.#reading === 'f') this.#formula += text;
    else this.#inlineText?.text(text);
  }

  close(name: string): void {
    if (name === 'sheetData') this.#inData = false;
    if (name === 'v' || name === 'f') this.#reading = null;
    else if (name === 'c' && this.#cell && this.#row) this.#closeCell(this.#row, this.#cell);
    else if (name === 'row' && this.#row) {
      this.#done.push(this.#row);
      this.#row = null;
    } else this.#inlineText?.close(name);
  }

  #openRow(attributes: Attributes): void {
    const number = attributes.r === undefined ? this.#lastRow + 1 : Number(attributes.r);
    // Rows in another order would be read into the wrong places of a list.
    if (!(number > this.#lastRow && number <= maxRow)) refuse(`row ${attributes.r}`);
    this.#lastRow = number;
    this.#lastColumn = -1;
    this.#row = { number, hidden: isOn(attributes.hidden), cells: [] };
  }

  #openCell(attributes: Attributes): void {
    this.#column = attributes.r === undefined ? this.#lastColumn + 1 : columnOf(attributes.r);
    if (!(this.#column >= 0 && this.#column < maxColumn)) refuse(`cell ${attributes.r}`);
    this.#lastColumn = this.#column;
    this.#cell = attributes;
    this.#formula = null;
    this.#value = null;
    this.#inlineText = null;
  }

  #closeCell(row: SheetRow, { t: type, s: style }: Attributes): void {
    this.#cell = null;
    const value = this.#valueOf(type ?? 'n');
    if (value === null && this.#formula === null) return;
    row.cells[this.#column] = {
      value,
      isError: type === 'e' && value !== null,
      formula: this.#formula,
      format: this.#context.formats[Number(style ?? 0)] ?? generalFormat,
    };
  }

  #valueOf(type: string): SheetCell['value'] {
    if (type === 'inlineStr') return this.#inlineText?.take() ?? null;
    const raw = this.#value;
    const isMissing = raw === null || (raw === '' && type !== 'str');
    if (isMissing) return this.#formula ? constantOf(this.#formula) : null;
    if (type === 's') {
      const text = this.#context.strings[Number(raw)];
      if (text === undefined) refuse(`string ${raw}`);
      return text;
    }
    if (type === 'str') return plainString(raw);
    // Days as texts (`2026-11-02`) and errors (`#REF!`) stay as they are.
    if (type === 'd' || type === 'e') return raw;
    if (type === 'b') return isOn(raw.trim());
    const number = Number(raw);
    if (raw.trim() === '' || !Number.isFinite(number)) refuse(`number ${raw}`);
    return number;
  }
}

/** The column of a cell's name, `C7` → 2; -1 if it has none. */
function columnOf(name: string): number {
  let column = 0;
  for (let i = 0; i < 4; i += 1) {
    const letter = name.charCodeAt(i) & ~0x20;
    if (!(letter >= 65 && letter <= 90)) break;
    column = column * 26 + letter - 64;
  }
  return column - 1;
}

function refuse(cause: string): never {
  throw new AppError('file_workbook_unreadable', {}, { cause: cause.slice(0, 100) });
}
