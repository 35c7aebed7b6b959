/**
 * What a cell means, remembered: names, tags, words and money strings repeat thousands of times. A
 * hit compares characters and makes no string; the results are flat strings of their own, so that
 * whoever keeps one does not keep the chunk of the file that it was cut from.
 */
import { cellText, DOUBLED_QUOTES } from './csv-rows.ts';
import type { CsvRow } from './csv-rows.ts';

const SLOTS = 1024;

export class CellCache<T> {
  readonly #read: (text: string) => T;
  readonly #keys: (string | undefined)[] = new Array<string | undefined>(SLOTS).fill(undefined);
  readonly #values: (T | undefined)[] = new Array<T | undefined>(SLOTS).fill(undefined);

  constructor(read: (text: string) => T) {
    this.#read = read;
  }

  get(row: CsvRow, index: number): T {
    // Rare, and the same characters mean something else without the quotes.
    if (row.flags[index]! & DOUBLED_QUOTES) return this.#read(flat(cellText(row, index)));
    const { text } = row;
    const start = row.starts[index]!;
    const length = row.ends[index]! - start;
    let hash = length;
    for (let i = 0; i < length && i < 32; i += 1)
      hash = (hash * 31 + text.charCodeAt(start + i)) | 0;
    const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
    const key = this.#keys[slot];
    if (key !== undefined && isCell(key, text, start, length)) return this.#values[slot] as T;
    const value = this.#read(flat(cellText(row, index)));
    // A huge cell would be kept for the whole import.
    if (length < 1000) {
      this.#keys[slot] = flat(text.slice(start, start + length));
      this.#values[slot] = value;
    }
    return value;
  }
}

function isCell(key: string, text: string, start: number, length: number): boolean {
  if (key.length !== length) return false;
  for (let i = 0; i < length; i += 1) {
    if (key.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
  }
  return true;
}

/** A copy that shares no memory with a longer text (V8 cuts strings without copying). */
function flat(text: string): string {
  const bytes = Buffer.from(text, 'utf16le');
  for (let i = 1; i < bytes.length; i += 2) {
    if (bytes[i] !== 0) return bytes.toString('utf16le');
  }
  return Buffer.from(text, 'latin1').toString('latin1');
}
