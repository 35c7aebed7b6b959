/**
 * Writes a SQLite database file with one table, `rows`, whose columns have no type. SQLite copies
 * rows from such a file three times as fast as they could be bound to an INSERT one by one
 * (docs/adr/110). It holds only what the file format requires
 * (https://www.sqlite.org/fileformat2.html): the schema's page, the leaves of one B-tree in order
 * of rowid, and the page above them. A page holds 64 KiB; a longer row does not fit in.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

const pageBytes = 65_536;
/** What a page keeps for itself: 8 bytes of header, and 2 that point to the row. */
const leafHeaderBytes = 8;
const interiorHeaderBytes = 12;
const pointerBytes = 2;
/** Longer rows would have to go on in further pages. */
const maxRowBytes = pageBytes / 2;
/** What the page above the leaves has room for, at most 11 bytes a leaf. */
const maxLeaves = 5900;
/** A varint has at most 9 bytes; ours, numbers below 2^31, 5. */
const maxVarintBytes = 5;

export class RowsFile {
  readonly path: string;
  #file: number;
  #columns: readonly string[];
  #page = new Uint8Array(pageBytes);
  #view = new DataView(this.#page.buffer);
  /** Rows grow down from the end of the page. */
  #top = pageBytes;
  #pageRows = 0;
  #rows = 0;
  /** The last rowid of each leaf that is written. */
  #lastRowIds: number[] = [];
  /** The row at hand: kinds and lengths of its values, then the values. */
  #head: Uint8Array;
  #headEnd = 0;
  #body: Uint8Array;
  #bodyView: DataView;
  #bodyEnd = 0;
  #isTooLong = false;

  /** Creates the file, readable by its owner only. Throws what `fs` throws, also if it exists. */
  constructor(path: string, columns: readonly string[]) {
    this.path = path;
    this.#columns = columns;
    this.#head = new Uint8Array(columns.length * maxVarintBytes);
    this.#body = new Uint8Array(maxRowBytes + columns.length * 8);
    this.#bodyView = new DataView(this.#body.buffer);
    this.#file = openSync(path, 'wx', 0o600);
  }

  /** Rows that were added. */
  get rows(): number {
    return this.#rows;
  }

  /** Bytes that are written, in whole pages. */
  get bytes(): number {
    return this.#lastRowIds.length * pageBytes;
  }

  /** No further row may be added. */
  get isFull(): boolean {
    return this.#lastRowIds.length >= maxLeaves;
  }

  /** The next value of the row: a whole number up to 2^53, or NULL. */
  addNumber(value: number | null): void {
    const at = this.#bodyEnd;
    let kind: number;
    if (value === null) kind = 0;
    else if (value === 0) kind = 8;
    else if (value === 1) kind = 9;
    else if (value >= -0x80 && value < 0x80) {
      kind = 1;
      this.#body[at] = value;
      this.#bodyEnd = at + 1;
    } else if (value >= -0x8000 && value < 0x8000) {
      kind = 2;
      this.#bodyView.setInt16(at, value);
      this.#bodyEnd = at + 2;
    } else if (value >= -0x8000_0000 && value < 0x8000_0000) {
      kind = 4;
      this.#bodyView.setInt32(at, value);
      this.#bodyEnd = at + 4;
    } else {
      kind = 6;
      const high = Math.floor(value / 0x1_0000_0000);
      this.#bodyView.setInt32(at, high);
      this.#bodyView.setUint32(at + 4, value - high * 0x1_0000_0000);
      this.#bodyEnd = at + 8;
    }
    this.#head[this.#headEnd++] = kind;
  }

  /** The next value of the row: a text, the UTF-8 bytes of `source` from `begin` to `end`. */
  addText(source: Uint8Array, begin: number, end: number): void {
    const length = end - begin;
    this.#headEnd = putVarint(this.#head, this.#headEnd, 13 + 2 * length);
    const at = this.#bodyEnd;
    if (at + length > maxRowBytes) {
      this.#isTooLong = true;
      return;
    }
    this.#bodyEnd = at + length;
    for (let i = 0; i < length; i++) this.#body[at + i] = source[begin + i]!;
  }

  /** Ends the row at hand. False: it is too long for this file and was left out. */
  endRow(): boolean {
    const headBytes = this.#headEnd + 1;
    const payload = headBytes + this.#bodyEnd;
    const fits = !this.#isTooLong && payload <= maxRowBytes;
    if (fits) this.#putRow(headBytes, payload);
    this.#isTooLong = false;
    this.#headEnd = 0;
    this.#bodyEnd = 0;
    return fits;
  }

  /** Writes the rest, so that SQLite can read the file. The file must have at least one row. */
  finish(): void {
    if (this.#pageRows > 0) this.#writeLeaf();
    const leaves = this.#lastRowIds.length;
    // SQLite wants no page above a single leaf.
    if (leaves > 1) this.#writeInterior();
    this.#writeSchema(leaves > 1 ? leaves + 2 : 2, leaves > 1 ? leaves + 2 : leaves + 1);
    this.close();
  }

  /** Closes an unfinished file; it stays on the disk. */
  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }

  #putRow(headBytes: number, payload: number): void {
    const rowId = this.#rows + 1;
    const bytes = varintBytes(payload) + varintBytes(rowId) + payload;
    const pointers = leafHeaderBytes + (this.#pageRows + 1) * pointerBytes;
    if (this.#top - bytes < pointers) this.#writeLeaf();
    const page = this.#page;
    this.#top -= bytes;
    this.#view.setUint16(leafHeaderBytes + this.#pageRows * pointerBytes, this.#top);
    let at = putVarint(page, this.#top, payload);
    at = putVarint(page, at, rowId);
    page[at++] = headBytes;
    for (let i = 0; i < headBytes - 1; i++) page[at++] = this.#head[i]!;
    for (let i = 0; i < this.#bodyEnd; i++) page[at++] = this.#body[i]!;
    this.#pageRows++;
    this.#rows = rowId;
  }

  #writeLeaf(): void {
    const tableLeaf = 13;
    this.#lastRowIds.push(this.#rows);
    this.#writePage(this.#lastRowIds.length + 1, 0, tableLeaf, this.#pageRows, this.#top);
    this.#pageRows = 0;
    this.#top = pageBytes;
  }

  /** The page with the highest rowid of each leaf. A field of its own points to the last leaf. */
  #writeInterior(): void {
    const tableInterior = 5;
    const last = this.#lastRowIds.length - 1;
    let top = pageBytes;
    for (let leaf = 0; leaf < last; leaf++) {
      const rowId = this.#lastRowIds[leaf]!;
      top -= 4 + varintBytes(rowId);
      this.#view.setUint32(top, leaf + 2);
      putVarint(this.#page, top + 4, rowId);
      this.#view.setUint16(interiorHeaderBytes + leaf * pointerBytes, top);
    }
    this.#view.setUint32(8, last + 2);
    this.#writePage(this.#lastRowIds.length + 2, 0, tableInterior, last, top);
  }

  /** Page 1: the file's header and the table of tables with its one row. */
  #writeSchema(rootPage: number, pages: number): void {
    const fileHeaderBytes = 100;
    const page = this.#page;
    const view = this.#view;
    page.fill(0);
    new TextEncoder().encodeInto('SQLite format 3\0', page);
    // 1 stands for 65 536 bytes a page; 1 and 1: no write-ahead log; 64, 32, 32 are prescribed.
    view.setUint16(16, 1);
    page.set([1, 1, 0, 64, 32, 32], 18);
    const changes = 1;
    view.setUint32(24, changes);
    view.setUint32(28, pages);
    view.setUint32(40, 1); // the schema's version
    view.setUint32(44, 4); // its format
    view.setUint32(56, 1); // UTF-8
    view.setUint32(92, changes); // the header is as new as the file
    view.setUint32(96, 3_045_000); // as written by SQLite 3.45

    const sql = `CREATE TABLE rows (${this.#columns.join(', ')})`;
    const encoder = new TextEncoder();
    const texts = ['table', 'rows', 'rows'].map((text) => encoder.encode(text));
    const definition = encoder.encode(sql);
    for (const text of texts) this.addText(text, 0, text.length);
    this.addNumber(rootPage);
    this.addText(definition, 0, definition.length);
    const headBytes = this.#headEnd + 1;
    const payload = headBytes + this.#bodyEnd;
    const top = pageBytes - varintBytes(payload) - 1 - payload;
    let at = putVarint(page, top, payload);
    page[at++] = 1; // rowid
    page[at++] = headBytes;
    page.set(this.#head.subarray(0, this.#headEnd), at);
    page.set(this.#body.subarray(0, this.#bodyEnd), at + this.#headEnd);
    view.setUint16(fileHeaderBytes + leafHeaderBytes, top);
    this.#writePage(1, fileHeaderBytes, 13, 1, top);
  }

  #writePage(number: number, headerAt: number, kind: number, entries: number, top: number): void {
    const view = this.#view;
    this.#page[headerAt] = kind;
    view.setUint16(headerAt + 1, 0); // no free blocks
    view.setUint16(headerAt + 3, entries);
    view.setUint16(headerAt + 5, top); // 65 536 is written as 0
    this.#page[headerAt + 7] = 0; // no fragments
    const written = writeSync(this.#file, this.#page, 0, pageBytes, (number - 1) * pageBytes);
    if (written < pageBytes) {
      throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' });
    }
  }
}

/** SQLite's variable-length whole numbers: 7 bits a byte, the highest first. */
function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let next = at;
  for (let shift = 7 * (varintBytes(value) - 1); shift > 0; shift -= 7) {
    bytes[next++] = 0x80 | (value >>> shift);
  }
  bytes[next++] = value & 0x7f;
  return next;
}

function varintBytes(value: number): number {
  if (value < 2 ** 7) return 1;
  if (value < 2 ** 14) return 2;
  if (value < 2 ** 21) return 3;
  return value < 2 ** 28 ? 4 : 5;
}
