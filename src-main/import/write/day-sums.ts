/** Collects what a transaction changes in the day roll-up and writes each day once. */
import { bulkInsert } from '../../store/bulk/bulk-insert.ts';
import type { RowsFiles } from '../../store/bulk/rows-files.ts';
import type { WriteDb } from '../../store/db.ts';
import type { NewRecord } from '../../store/records/new-records.ts';
import { dayChangesOf, dropEmptyDays, type DayChange } from '../../store/records/rollup.ts';
import type { StoredRecord } from '../../store/records/stored-record.ts';
import { NumberIndex } from '../rows/number-index.ts';

/** Days (`yyyymmdd`) up to the year 3355 fit below. */
const dayRange = 2 ** 25;
/** From this many days on, a file is worth its 2 ms. */
const minFileDays = 5000;

type SummedFields = Pick<
  NewRecord,
  'projectId' | 'day' | 'billable' | 'running' | 'durationS' | 'rateE4'
>;

export class DaySums {
  #keys = new NumberIndex(4096);
  #durations: number[] = [];
  #rates: number[] = [];
  #records: number[] = [];

  /** Adds a stored record, or takes it away (`sign` -1). Hidden ones are not in the roll-up. */
  add(record: StoredRecord, sign: 1 | -1): void {
    if (!record.hidden) this.#add(record, sign);
  }

  addNew(record: NewRecord): void {
    this.#add(record, 1);
  }

  #add(record: Readonly<SummedFields>, sign: 1 | -1): void {
    const billable = record.billable ? 1 : 0;
    const index = this.#keys.add((record.projectId * 2 + billable) * dayRange + record.day);
    if (index === this.#records.length) {
      this.#durations.push(0);
      this.#rates.push(0);
      this.#records.push(0);
    }
    this.#records[index]! += sign;
    if (record.running) return;
    this.#durations[index]! += sign * record.durationS;
    this.#rates[index]! += sign * (record.rateE4 ?? 0);
  }

  /**
   * Writes the days in the order of their keys: random inserts into a B-tree of many pages cost
   * three times as much. `files` null: without rows files.
   */
  write(db: WriteDb, files: RowsFiles | null): void {
    const keys = this.#keys.sortedKeys();
    const insert = bulkInsert(db, dayChangesOf(db), files, {
      minRows: minFileDays,
      reservedFiles: 0,
      maxBytes: () => Infinity,
    });
    insert.expect(keys.length);
    for (const key of keys) insert.add(this.#change(key));
    insert.flush();
    // Only a day from which records went can be empty now.
    if (this.#records.some((records) => records < 0)) dropEmptyDays(db);
  }

  #change(key: number): DayChange {
    const index = this.#keys.find(key);
    return {
      projectId: Math.floor(key / dayRange / 2),
      day: key % dayRange,
      billable: Math.floor(key / dayRange) % 2 === 1,
      durationS: this.#durations[index]!,
      rateE4: this.#rates[index]!,
      records: this.#records[index]!,
    };
  }
}
