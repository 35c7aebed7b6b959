/** Collects what a transaction changes in the day roll-up and writes each day once. */
import type { Store } from '../store/open.ts';
import { R, type RawRecord } from '../store/records.ts';
import { dropEmptyDays, prepareAddToDay } from '../store/rollup.ts';
import { NumberIndex } from './number-index.ts';

/** Days (`yyyymmdd`) up to the year 3355 fit below. */
const dayRange = 2 ** 25;

export class DaySums {
  #keys = new NumberIndex(4096);
  #durations: number[] = [];
  #rates: number[] = [];
  #records: number[] = [];

  /** Adds a stored record, or takes it away (`sign` -1). Hidden ones are not in the roll-up. */
  add(record: RawRecord, sign: 1 | -1): void {
    if (record[R.hidden] === 1) return;
    this.addNew(record, sign, 0);
  }

  /** The same for a record whose array starts `shift` columns later: a new one has no id yet. */
  addNew(record: RawRecord, sign: 1 | -1, shift: 0 | 1): void {
    const project = record[R.project_id - shift] as number;
    const billable = record[R.billable - shift] as number;
    const day = record[R.day - shift] as number;
    const index = this.#keys.add((project * 2 + billable) * dayRange + day);
    if (index === this.#records.length) {
      this.#durations.push(0);
      this.#rates.push(0);
      this.#records.push(0);
    }
    this.#records[index]! += sign;
    if (record[R.running - shift] === 1) return;
    this.#durations[index]! += sign * (record[R.duration_s - shift] as number);
    this.#rates[index]! += sign * ((record[R.rate_e4 - shift] as number | null) ?? 0);
  }

  /** In key order: random inserts into a B-tree of many pages cost three times as much. */
  write(db: Store): void {
    const order = Uint32Array.from({ length: this.#keys.size }, (_, index) => index);
    order.sort((a, b) => this.#keys.key(a) - this.#keys.key(b));
    const addToDay = prepareAddToDay(db);
    let emptied = false;
    for (const index of order) {
      const key = this.#keys.key(index);
      const records = this.#records[index]!;
      emptied ||= records < 0;
      addToDay(
        Math.floor(key / dayRange / 2),
        key % dayRange,
        Math.floor(key / dayRange) % 2,
        this.#durations[index]!,
        this.#rates[index]!,
        records,
      );
    }
    if (emptied) dropEmptyDays(db);
  }
}
