/**
 * Rows on their way from the reading worker to the writing one: numbers in typed arrays, texts
 * joined into one block, names replaced by their index in a dictionary that grows with the file.
 * Posting objects instead costs 588 MB and half the speed at a million rows.
 * A batch stays packed until the import is decided, so that a preview of a million rows fits.
 * `BatchWriter` packs the rows and `RowReader` reads them; README.md describes the layout.
 */
import type { RowProblem } from './types.ts';

/** Who tracked, as the file says it. Both undefined: the file has no such column. */
export interface Person {
  displayName?: string;
  login?: string;
}

/** What was tracked for, as the file says it. */
export interface ProjectRef {
  customer: string;
  customerNumber: string | undefined;
  project: string;
  projectNumber: string | undefined;
  projectKimaiId: number | undefined;
  orderNumber: string | undefined;
  /** ISO 4217. */
  currency: string | undefined;
}

/** Problems of a file that are kept and shown; further ones are only counted. Bounds the memory. */
export const maxKeptProblems = 100_000;

export interface RowBatch {
  rows: number;
  /** `intsPerRow` whole numbers for each row. */
  ints: Int32Array<ArrayBuffer>;
  /** `amountsPerRow` numbers for each row that may be larger than 32 bits. */
  amounts: Float64Array<ArrayBuffer>;
  /** All descriptions and tags in UTF-8, row after row. */
  text: Uint8Array<ArrayBuffer>;
  /** Dictionary entries that are new in this batch. They continue the numbering of the file. */
  people: Person[];
  projects: ProjectRef[];
  activities: string[];
  problems: RowProblem[];
  /** Further unreadable rows of a file that had `maxKeptProblems` of them already. */
  moreProblems: number;
}

/** The buffers that are handed to the other thread instead of copied. */
export const transferList = (batch: RowBatch): ArrayBuffer[] => [
  batch.ints.buffer,
  batch.amounts.buffer,
  batch.text.buffer,
];
