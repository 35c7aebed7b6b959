/** Collects what a transaction changes in the roll-ups and writes each day and month once. */
import { bulkInsert, type FileLimits } from '../../store/bulk/bulk-insert.ts';
import type { RowsFiles } from '../../store/bulk/rows-files.ts';
import type { WriteDb } from '../../store/db.ts';
import type { NewRecord } from '../../store/records/new-records.ts';
import { dropEmptySums, sumsChangesOf, type SumsChange } from '../../store/records/rollup.ts';
import type { StoredRecord } from '../../store/records/stored-record.ts';
import { NumberIndex } from '../rows/number-index.ts';

/** Days (`yyyymmdd`) up to the year 3355 fit below. */
const dayRange = 2 ** 25;
/** How many rows files the sums may need: one for the days, one for the months. */
export const sumsFiles = 2;
const sumsLimits: FileLimits = {
  // For fewer days or months a file is not worth its 2 ms.
  minRows: 5000,
  reservedFiles: 0,
  maxBytes: () => Infinity,
};

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
    const days = bulkInsert(db, sumsChangesOf(db, 'project_days'), files, {
      ...sumsLimits,
      // One is left for the months, which are fewer.
      reservedFiles: files !== null && files.free > 1 ? 1 : 0,
    });
    days.expect(keys.length);
    // Keys ascend by day: those of one month follow each other.
    const months: SumsChange[] = [];
    for (const key of keys) {
      const change = this.#change(key);
      days.add(change);
      addToMonth(months, change);
    }
    days.flush();
    const monthly = bulkInsert(db, sumsChangesOf(db, 'project_months'), files, sumsLimits);
    monthly.expect(months.length);
    for (const change of months) monthly.add(change);
    monthly.flush();
    // Only a day from which records went can be empty now.
    if (this.#records.some((records) => records < 0)) dropEmptySums(db);
  }

  #change(key: number): SumsChange {
    const index = this.#keys.find(key);
    return {
      projectId: Math.floor(key / dayRange / 2),
      period: key % dayRange,
      billable: Math.floor(key / dayRange) % 2 === 1,
      durationS: this.#durations[index]!,
      rateE4: this.#rates[index]!,
      records: this.#records[index]!,
    };
  }
}

function addToMonth(months: SumsChange[], change: SumsChange): void {
  const period = Math.floor(change.period / 100);
  const last = months.at(-1);
  const { projectId, billable } = change;
  if (last?.period !== period || last.projectId !== projectId || last.billable !== billable) {
    months.push({ ...change, period });
    return;
  }
  last.durationS += change.durationS;
  last.rateE4 += change.rateE4;
  last.records += change.records;
}
