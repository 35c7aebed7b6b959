/**
 * Puts new records into the table. Each value that is bound costs 70 ns, a fifth of all the time of
 * an import for columns that most files leave empty: those are written into the statement.
 */
import type { Statement } from 'better-sqlite3';
import type { Store } from '../store/open.ts';
import { insertedColumns, N, prepareInsertRecord, type RawRecord } from '../store/records.ts';
import { A, F, I } from './batch.ts';
import { K, type PlannedBatch } from './plan.ts';

interface Insert {
  statement: Statement;
  /** Places in a new record of the values that are bound. */
  bound: number[];
}

export class RecordInserts {
  readonly #prepare: (empty: ReadonlyMap<number, null | 0>) => Statement;
  /** By the columns that are left empty. */
  readonly #inserts = new Map<string, Insert>();
  #current: Insert | null = null;
  #values: RawRecord = [];

  constructor(db: Store, importId: number, resolutionS: number) {
    this.#prepare = (empty) => prepareInsertRecord(db, importId, resolutionS, empty);
  }

  /** Chooses the statement that fits all new rows of a batch. */
  begin(planned: PlannedBatch): void {
    const empty = emptyColumns(planned);
    const key = [...empty].join();
    let insert = this.#inserts.get(key);
    if (!insert) {
      const bound = insertedColumns.map((_, place) => place).filter((place) => !empty.has(place));
      insert = { statement: this.#prepare(empty), bound };
      this.#inserts.set(key, insert);
    }
    this.#current = insert;
    this.#values.length = insert.bound.length;
  }

  /** `record`: a new row of the batch, the values of `insertedColumns`. */
  insert(record: RawRecord): void {
    const { statement, bound } = this.#current!;
    const values = this.#values;
    for (let i = 0; i < bound.length; i++) values[i] = record[bound[i]!]!;
    // Spread: better-sqlite3 binds arguments a third faster than an array of them.
    statement.run(...values);
  }
}

/** Places of the columns in which all new rows of a batch have NULL, or all zero. */
function emptyColumns({ batch, kinds, refs }: PlannedBatch): Map<number, null | 0> {
  let some = 0;
  let all = -1;
  let hasId = false;
  let hasBreak = false;
  let hasFixedRate = false;
  let hasTwins = false;
  for (let row = 0; row < batch.rows; row++) {
    if (kinds[row] !== K.new) continue;
    const flags = batch.ints[row * I.width + I.flags]!;
    some |= flags;
    all &= flags;
    hasId ||= batch.amounts[row * A.width + A.kimaiId]! > 0;
    hasBreak ||= batch.ints[row * I.width + I.break]! >= 0;
    hasFixedRate ||= batch.amounts[row * A.width + A.fixed] !== 0;
    hasTwins ||= refs[row] !== 0;
  }
  const empty = new Map<number, null | 0>();
  if (!hasId) empty.set(N.kimai_id, null);
  if ((some & F.running) === 0) empty.set(N.running, 0);
  if (!hasBreak) empty.set(N.break_s, null);
  if ((some & F.fixedKnown) === 0) empty.set(N.fixed_rate_e4, null);
  else if ((all & F.fixedKnown) !== 0 && !hasFixedRate) empty.set(N.fixed_rate_e4, 0);
  if ((some & F.exportedKnown) === 0) empty.set(N.exported, null);
  if (!hasTwins) empty.set(N.occurrence, 0);
  return empty;
}
