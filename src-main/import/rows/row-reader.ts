import type { RowBatch } from './batch.ts';
import { amountPosition, amountsPerRow, flag, intPosition, intsPerRow } from './layout.ts';

/**
 * Reads the rows of a batch without unpacking them: `at` points it to one row, the getters give
 * the fields of that row. Null: the file does not say it.
 */
export class RowReader {
  readonly #ints: Int32Array;
  readonly #amounts: Float64Array;
  readonly #text: Buffer;
  /** Where the row at hand begins in `#ints` and in `#amounts`. */
  #firstInt = 0;
  #firstAmount = 0;

  constructor(batch: RowBatch) {
    this.#ints = batch.ints;
    this.#amounts = batch.amounts;
    const { buffer, byteOffset, byteLength } = batch.text;
    this.#text = Buffer.from(buffer, byteOffset, byteLength);
  }

  /** Points to a row of the batch, from 0. */
  at(row: number): this {
    this.#firstInt = row * intsPerRow;
    this.#firstAmount = row * amountsPerRow;
    return this;
  }

  /** Of the file, from 1. A file of 4 GiB may have more lines than a signed number can count. */
  get line(): number {
    return this.#ints[this.#firstInt + intPosition.line]! >>> 0;
  }

  /** Index of the person in the file's dictionary. */
  get personIndex(): number {
    return this.#ints[this.#firstInt + intPosition.person]!;
  }

  /** Index of the customer and project in the file's dictionary. */
  get projectIndex(): number {
    return this.#ints[this.#firstInt + intPosition.project]!;
  }

  /** Index of the activity in the file's dictionary. */
  get activityIndex(): number {
    return this.#ints[this.#firstInt + intPosition.activity]!;
  }

  /** `yyyymmdd`. */
  get day(): number {
    return this.#ints[this.#firstInt + intPosition.day]!;
  }

  /** Minutes after midnight; -1 if the file does not say it, as in the table of records. */
  get beginMin(): number {
    return this.#ints[this.#firstInt + intPosition.beginMin]!;
  }

  /** Minutes after midnight. */
  get endMin(): number | null {
    const endMin = this.#ints[this.#firstInt + intPosition.endMin]!;
    return endMin < 0 ? null : endMin;
  }

  get durationS(): number {
    return this.#ints[this.#firstInt + intPosition.durationS]!;
  }

  get breakS(): number | null {
    const breakS = this.#ints[this.#firstInt + intPosition.breakS]!;
    return breakS < 0 ? null : breakS;
  }

  /** How many rows before it have the same dictionary indexes, day and begin. */
  get occurrence(): number {
    return this.#ints[this.#firstInt + intPosition.occurrence]!;
  }

  get running(): boolean {
    return this.#has(flag.running);
  }

  get exported(): boolean | null {
    return this.#has(flag.exportedKnown) ? this.#has(flag.exported) : null;
  }

  get billable(): boolean | null {
    return this.#has(flag.billableKnown) ? this.#has(flag.billable) : null;
  }

  /** Ten-thousandths of the currency's unit, as the other rates. */
  get rateE4(): number | null {
    return this.#has(flag.rateKnown)
      ? this.#amounts[this.#firstAmount + amountPosition.rateE4]!
      : null;
  }

  get hourlyRateE4(): number | null {
    return this.#has(flag.hourlyRateKnown)
      ? this.#amounts[this.#firstAmount + amountPosition.hourlyRateE4]!
      : null;
  }

  /** 0: the file has such a column, and no fixed rate for this row. */
  get fixedRateE4(): number | null {
    return this.#has(flag.fixedRateKnown)
      ? this.#amounts[this.#firstAmount + amountPosition.fixedRateE4]!
      : null;
  }

  /** The id that the record has in Kimai. */
  get kimaiId(): number | null {
    const kimaiId = this.#amounts[this.#firstAmount + amountPosition.kimaiId]!;
    return kimaiId === 0 ? null : kimaiId;
  }

  get description(): string {
    return this.#textOf(this.descriptionBegin, this.descriptionEnd);
  }

  /** Sorted, without duplicates, joined by `, `. */
  get tags(): string | null {
    return this.hasTags ? this.#textOf(this.descriptionEnd, this.tagsEnd) : null;
  }

  get hasTags(): boolean {
    return this.#has(flag.tagsKnown);
  }

  /** The batch's texts in UTF-8. The positions below count its bytes; tags follow the description. */
  get text(): Uint8Array {
    return this.#text;
  }

  get descriptionBegin(): number {
    const firstInt = this.#firstInt;
    return firstInt === 0 ? 0 : this.#ints[firstInt - intsPerRow + intPosition.tagsEnd]!;
  }

  get descriptionEnd(): number {
    return this.#ints[this.#firstInt + intPosition.descriptionEnd]!;
  }

  get tagsEnd(): number {
    return this.#ints[this.#firstInt + intPosition.tagsEnd]!;
  }

  #has(bit: number): boolean {
    return (this.#ints[this.#firstInt + intPosition.flags]! & bit) !== 0;
  }

  #textOf(begin: number, end: number): string {
    return begin === end ? '' : this.#text.toString('utf8', begin, end);
  }
}
