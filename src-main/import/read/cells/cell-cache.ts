/**
 * What a cell means, remembered: names, tags, words and money strings repeat thousands of times. A
 * hit compares characters and makes no string; the results are flat strings of their own, so that
 * whoever keeps one does not keep the chunk of the file that it was cut from.
 */
import { cellText, doubledQuotes } from './csv-rows.ts';
import type { CsvRow } from './csv-rows.ts';

/** Powers of two. A cache grows with what it sees: most files have few names, and few rows. */
const firstSlots = 64;
const maxSlots = 16_384;

export class CellCache<T> {
  readonly #read: (text: string) => T;
  #slots = firstSlots;
  #misses = 0;
  #keys = emptySlots<string>(firstSlots);
  #values = emptySlots<T>(firstSlots);

  constructor(read: (text: string) => T) {
    this.#read = read;
  }

  get(row: CsvRow, index: number): T {
    // Rare, and the same characters mean something else without the quotes.
    if (row.flags[index]! & doubledQuotes) return this.#read(flat(cellText(row, index)));
    const { codes } = row;
    const start = row.starts[index]!;
    const end = row.ends[index]!;
    let hash = end - start;
    const hashed = Math.min(end, start + 40);
    for (let i = start; i < hashed; i += 1) hash = (Math.imul(hash, 31) + codes[i]!) | 0;
    const slot = (hash ^ (hash >>> 14)) & (this.#slots - 1);
    const key = this.#keys[slot];
    if (key !== undefined && isCell(key, codes, start, end)) return this.#values[slot] as T;
    return this.#remember(slot, flat(cellText(row, index)));
  }

  #remember(slot: number, text: string): T {
    const value = this.#read(text);
    // A huge cell would be kept for the whole import.
    if (text.length < 1000) {
      this.#keys[slot] = text;
      this.#values[slot] = value;
    }
    this.#misses += 1;
    if (this.#misses > this.#slots && this.#slots < maxSlots) this.#grow();
    return value;
  }

  /** Begins afresh with more room: what is needed comes again. */
  #grow(): void {
    this.#slots *= 4;
    this.#misses = 0;
    this.#keys = emptySlots(this.#slots);
    this.#values = emptySlots(this.#slots);
  }
}

function emptySlots<T>(count: number): (T | undefined)[] {
  return new Array<T | undefined>(count).fill(undefined);
}

function isCell(key: string, codes: Uint16Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let i = 0; i < key.length; i += 1) {
    if (key.charCodeAt(i) !== codes[start + i]) return false;
  }
  return true;
}

/** A copy that shares no memory with a longer text. V8 copies below 13 characters anyway. */
export function flat(text: string): string {
  if (text.length < 13) return text;
  const bytes = Buffer.from(text, 'utf16le');
  for (let i = 1; i < bytes.length; i += 2) {
    if (bytes[i] !== 0) return bytes.toString('utf16le');
  }
  return Buffer.from(text, 'latin1').toString('latin1');
}
