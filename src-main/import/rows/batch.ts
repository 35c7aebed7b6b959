/**
 * Rows on their way from the reading worker to the writing one: numbers in typed arrays, texts
 * joined into one block, names replaced by their index in a dictionary that grows with the file.
 * Posting objects instead costs 588 MB and half the speed at a million rows (spec/measured.md).
 * A batch stays packed until the import is decided, so that a preview of a million rows fits.
 */
import type { RowProblem } from './types.ts';

/** Who tracked, as the file says it. Both undefined: it has no such column. */
export interface Person {
  displayName?: string;
  login?: string;
}

/** What was tracked for, as the file says it. */
export interface Job {
  customer: string;
  customerNumber: string | undefined;
  project: string;
  projectNumber: string | undefined;
  orderNumber: string | undefined;
  currency: string | undefined;
}

/** Positions of the whole numbers of a row. Absent times are -1. */
export const I = {
  line: 0,
  person: 1,
  job: 2,
  activity: 3,
  day: 4,
  begin: 5,
  end: 6,
  duration: 7,
  break: 8,
  flags: 9,
  descriptionEnd: 10,
  tagsEnd: 11,
  /** How many rows before it have the same dictionary numbers, day and begin. */
  occurrence: 12,
  width: 13,
} as const;

/** Positions of the numbers that may be large: amounts in ten-thousandths, Kimai's id or 0. */
export const A = { rate: 0, hourly: 1, fixed: 2, kimaiId: 3, width: 4 } as const;

export const F = {
  running: 1,
  exportedKnown: 2,
  exported: 4,
  billableKnown: 8,
  billable: 16,
  tagsKnown: 32,
  rateKnown: 64,
  hourlyKnown: 128,
  fixedKnown: 256,
} as const;

/** A preview shows no more unreadable rows than anybody would look at; memory stays bounded. */
export const keptProblems = 100_000;

export interface RowBatch {
  rows: number;
  ints: Int32Array<ArrayBuffer>;
  amounts: Float64Array<ArrayBuffer>;
  /** All descriptions and tags in UTF-8; the `…End` positions count its bytes. */
  text: Uint8Array<ArrayBuffer>;
  /** Dictionary entries that are new in this batch, continuing the numbering. */
  people: Person[];
  jobs: Job[];
  activities: string[];
  problems: RowProblem[];
  /** Further unreadable rows, which are only counted: the file has had `keptProblems` of them. */
  moreProblems: number;
}

export const transferList = (batch: RowBatch): ArrayBuffer[] => [
  batch.ints.buffer,
  batch.amounts.buffer,
  batch.text.buffer,
];

/** Reads the rows of a batch without unpacking them all: `at` points it to one. */
export class RowReader {
  #batch: RowBatch;
  #text: Buffer;
  #row = 0;
  #ints = 0;

  constructor(batch: RowBatch) {
    this.#batch = batch;
    const { buffer, byteOffset, byteLength } = batch.text;
    this.#text = Buffer.from(buffer, byteOffset, byteLength);
  }

  at(row: number): this {
    this.#row = row;
    this.#ints = row * I.width;
    return this;
  }

  int(field: number): number {
    return this.#batch.ints[this.#ints + field]!;
  }

  amount(field: number): number {
    return this.#batch.amounts[this.#row * A.width + field]!;
  }

  /** Of the file, from 1. One of 4 GiB may have more lines than a signed number can count. */
  get line(): number {
    return this.int(I.line) >>> 0;
  }

  has(flag: number): boolean {
    return (this.int(I.flags) & flag) !== 0;
  }

  /** 0: the file has none. */
  get kimaiId(): number {
    return this.amount(A.kimaiId);
  }

  get description(): string {
    return this.#textOf(this.descriptionBegin, this.int(I.descriptionEnd));
  }

  get tags(): string {
    return this.#textOf(this.int(I.descriptionEnd), this.int(I.tagsEnd));
  }

  /** Where the description begins in the batch's text; tags follow it. */
  get descriptionBegin(): number {
    return this.#row === 0 ? 0 : this.#batch.ints[this.#ints - I.width + I.tagsEnd]!;
  }

  #textOf(begin: number, end: number): string {
    return begin === end ? '' : this.#text.toString('utf8', begin, end);
  }
}
