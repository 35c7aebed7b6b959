/**
 * CSV rows out of a text that comes in chunks. Our own and not udsv, since a file that a person
 * edited has short rows, long rows, CRLF within cells while rows end in LF, and text after a closing
 * quote: udsv joins a short row with the next one, without a word (docs/adr/080-csv-reading.md).
 *
 * A row is handed out as positions in the text, so that only the cells somebody wants become strings.
 */
import { AppError } from '../../../../src-shared/errors.ts';

/** Bits of `CsvRow.flags`. */
export const doubledQuotes = 1;
export const hasCr = 2;

/** One row: cell `i` is `text` from `starts[i]` to `ends[i]`. The object is used again for the next row. */
export interface CsvRow {
  text: string;
  /** The UTF-16 code units of `text`: reading these is three times as fast as `charCodeAt`. */
  codes: Uint16Array;
  /** Cells in the row; those beyond the length of `starts` are counted but not kept. */
  count: number;
  starts: Int32Array;
  ends: Int32Array;
  flags: Uint8Array;
  /** Line of the file where the row begins, from 1. */
  line: number;
  /** Something stands behind the closing quote of a cell: where its cells end is not certain. */
  isBroken: boolean;
}

/** The longest row that is read, in characters; one with a 10 MB description passes. */
export const maxRowChars = 16 * 1024 * 1024;

const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;

/** The text of cell `index`, doubled quotes undone. */
export function cellText(row: CsvRow, index: number): string {
  const raw = row.text.slice(row.starts[index], row.ends[index]);
  return row.flags[index]! & doubledQuotes ? raw.replaceAll('""', '"') : raw;
}

/** True for a row of one empty cell: an empty line. */
export function isEmptyLine(row: CsvRow): boolean {
  return row.count === 1 && row.starts[0] === row.ends[0];
}

export class CsvRows {
  readonly #delimiter: number;
  /** Returns false to stop. */
  readonly #onRow: (row: CsvRow) => boolean;
  readonly #row: CsvRow;
  #rest = '';
  #stopped = false;
  /** Line breaks seen within the row that is being scanned. */
  #breaks = 0;
  #inQuotes = false;

  /** Keeps up to `maxCells` cells of a row; `firstLine` is the number of the text's first line. */
  constructor(delimiter: string, maxCells: number, onRow: (row: CsvRow) => boolean, firstLine = 1) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#onRow = onRow;
    this.#row = {
      text: '',
      codes: new Uint16Array(0),
      count: 0,
      starts: new Int32Array(maxCells),
      ends: new Int32Array(maxCells),
      flags: new Uint8Array(maxCells),
      line: firstLine,
      isBroken: false,
    };
  }

  /** Cells of the row that was begun but not ended by the text so far. */
  get cellsOfOpenRow(): number {
    return this.#row.count;
  }

  /** Characters of that row so far. */
  get openChars(): number {
    return this.#rest.length;
  }

  /** Line on which that row, or the next one, begins. */
  get line(): number {
    return this.#row.line;
  }

  /**
   * Takes the next part of the file. `last`: nothing follows, an open row is complete.
   * Throws `file_unterminated_quote` and `file_cell_too_large` with the line.
   */
  push(chunk: string, last: boolean): void {
    const text = this.#rest === '' ? chunk : this.#rest + chunk;
    this.#row.text = text;
    this.#row.codes = codesOf(text, this.#row.codes);
    let position = 0;
    while (position < text.length && !this.#stopped) {
      const next = this.#scanRow(text.length, position, last);
      if (next < 0) break;
      if (next - position > maxRowChars) refuseRow(this.#row.line);
      this.#stopped = !this.#onRow(this.#row);
      this.#row.line += this.#breaks + 1;
      position = next;
    }
    this.#rest = position === 0 ? text : text.slice(position);
    if (this.#rest.length > maxRowChars) this.#refuseOpenRow();
  }

  /** Scans one row from `position`; the position after it, or -1 if the text ends within it. */
  #scanRow(length: number, position: number, last: boolean): number {
    const row = this.#row;
    const codes = row.codes;
    const delimiter = this.#delimiter;
    const keep = row.starts.length;
    let at = position;
    let count = 0;
    this.#breaks = 0;
    row.isBroken = false;
    for (;;) {
      let start = at;
      let end: number;
      let flags = 0;
      if (at < length && codes[at] === QUOTE) {
        start = ++at;
        const breaksBefore = this.#breaks;
        const line = row.line + breaksBefore;
        for (; ; at += 1) {
          if (at >= length) return this.#endWithinQuotes(count, line, last);
          const char = codes[at]!;
          if (char > QUOTE) continue;
          if (char === QUOTE) {
            if (codes[at + 1] !== QUOTE) break;
            flags |= doubledQuotes;
            at += 1;
          } else if (char === LF) {
            this.#breaks += 1;
          } else if (char === CR) {
            flags |= hasCr;
            if (codes[at + 1] !== LF) this.#breaks += 1;
          }
        }
        end = at++;
        while (at < length && codes[at] === SPACE) at += 1;
        if (at >= length && !last) return this.#pause(count);
        if (at < length && !isCellEnd(codes[at]!, delimiter)) {
          // Within one line it is a stray quote; over several ones a quote was never closed.
          if (this.#breaks > breaksBefore) throw new AppError('file_unterminated_quote', { line });
          row.isBroken = true;
          while (at < length && !isCellEnd(codes[at]!, delimiter)) at += 1;
          end = at;
        }
      } else {
        while (at < length && !isCellEnd(codes[at]!, delimiter)) at += 1;
        end = at;
      }
      if (count < keep) {
        row.starts[count] = start;
        row.ends[count] = end;
        row.flags[count] = flags;
      }
      count += 1;
      if (at >= length) {
        if (!last) return this.#pause(count);
        row.count = count;
        return length;
      }
      const char = codes[at++]!;
      if (char === delimiter) continue;
      if (char === CR) {
        // Whether an LF belongs to this row end is only known with the next chunk.
        if (at >= length && !last) return this.#pause(count);
        if (codes[at] === LF) at += 1;
      }
      row.count = count;
      return at;
    }
  }

  #pause(count: number): number {
    this.#row.count = count;
    this.#inQuotes = false;
    return -1;
  }

  #endWithinQuotes(count: number, line: number, last: boolean): number {
    if (last) throw new AppError('file_unterminated_quote', { line });
    this.#row.count = count;
    this.#inQuotes = true;
    return -1;
  }

  #refuseOpenRow(): never {
    const line = this.#row.line;
    if (this.#inQuotes) throw new AppError('file_unterminated_quote', { line });
    refuseRow(line);
  }
}

function refuseRow(line: number): never {
  throw new AppError('file_cell_too_large', { line });
}

/** The line of a position in a text, from 1. */
export function lineOf(text: string, position: number, firstLine = 1): number {
  return firstLine + (text.slice(0, position).match(/\r\n|\r|\n/g)?.length ?? 0);
}

/** These cells at their positions; those that are too long for a value are empty. */
export function shortCells(row: CsvRow, indexes: readonly number[]): string[] {
  const cells: string[] = [];
  for (const index of indexes) {
    const isThere = index < row.count && row.ends[index]! - row.starts[index]! <= 80;
    cells[index] = isThere ? cellText(row, index) : '';
  }
  return cells;
}

/** The code units of a text, and a zero after it; in `room` if it is large enough. */
export function codesOf(text: string, room: Uint16Array = new Uint16Array(0)): Uint16Array {
  const { length } = text;
  const codes = room.length > length ? room : new Uint16Array(length + 1);
  if (length < 32) for (let i = 0; i < length; i += 1) codes[i] = text.charCodeAt(i);
  else Buffer.from(codes.buffer, codes.byteOffset, codes.byteLength).write(text, 0, 'utf16le');
  codes[length] = 0;
  return codes;
}

function isCellEnd(char: number, delimiter: number): boolean {
  return char === delimiter || char === LF || char === CR;
}
