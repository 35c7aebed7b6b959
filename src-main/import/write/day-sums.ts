/** Collects what a transaction changes in the day roll-up and writes each day once. */
import type { Store } from '../../store/open.ts';
import { N, R, type RawRecord } from '../../store/records/records.ts';
import {
  addDaysOf,
  dayColumns,
  dropEmptyDays,
  prepareAddToDay,
} from '../../store/records/rollup.ts';
import type { RowsFiles } from '../../store/bulk/rows-files.ts';
import { NumberIndex } from '../rows/number-index.ts';

/** Days (`yyyymmdd`) up to the year 3355 fit below. */
const dayRange = 2 ** 25;
/** From that many on, a file is worth its 2 ms. */
const manyDays = 5000;

export class DaySums {
  #keys = new NumberIndex(4096);
  #durations: number[] = [];
  #rates: number[] = [];
  #records: number[] = [];

  /** Adds a stored record, or takes it away (`sign` -1). Hidden ones are not in the roll-up. */
  add(record: RawRecord, sign: 1 | -1): void {
    if (record[R.hidden] === 1) return;
    this.#add(record, R, sign);
  }

  /** Adds a new record: the values of `insertedColumns`. */
  addNew(record: RawRecord): void {
    this.#add(record, N, 1);
  }

  #add(record: RawRecord, at: typeof N, sign: 1 | -1): void {
    const project = record[at.project_id] as number;
    const billable = record[at.billable] as number;
    const day = record[at.day] as number;
    const index = this.#keys.add((project * 2 + billable) * dayRange + day);
    if (index === this.#records.length) {
      this.#durations.push(0);
      this.#rates.push(0);
      this.#records.push(0);
    }
    this.#records[index]! += sign;
    if (record[at.running] === 1) return;
    this.#durations[index]! += sign * (record[at.duration_s] as number);
    this.#rates[index]! += sign * ((record[at.rate_e4] as number | null) ?? 0);
  }

  /** In key order: random inserts into a B-tree of many pages cost three times as much. */
  write(db: Store, files: RowsFiles): void {
    const keys = this.#keys.sortedKeys();
    if (keys.length >= manyDays) this.#writeFile(db, files, keys);
    else this.#writeRows(prepareAddToDay(db), keys);
    // Only a day from which records went can be empty now.
    if (this.#records.some((records) => records < 0)) dropEmptyDays(db);
  }

  #writeRows(addToDay: (...values: number[]) => void, keys: Float64Array): void {
    for (const key of keys) addToDay(...this.#row(key));
  }

  /** A third of the time, as for records (docs/adr/110). */
  #writeFile(db: Store, files: RowsFiles, keys: Float64Array): void {
    const file = files.create(dayColumns);
    for (const key of keys) {
      for (const value of this.#row(key)) file.addNumber(value);
      file.endRow();
    }
    addDaysOf(db, files.attach(file));
  }

  /** The values of `dayColumns`. */
  #row(key: number): number[] {
    const index = this.#keys.find(key);
    return [
      Math.floor(key / dayRange / 2),
      key % dayRange,
      Math.floor(key / dayRange) % 2,
      this.#durations[index]!,
      this.#rates[index]!,
      this.#records[index]!,
    ];
  }
}
