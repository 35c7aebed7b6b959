/**
 * Finds the stored records that rows of a file may be. An export that is imported again has its rows
 * in the order in which they were stored, so the record after the last one found is looked at before
 * any search. That takes a third of the time.
 */
import type { ReadDb } from '../../store/db.ts';
import { RecordReads } from '../../store/records/records.ts';
import type { StoredRecord } from '../../store/records/stored-record.ts';

/** Records that are read ahead: few at first, more while they turn out to be the right ones. */
const firstAhead = 8;
const maxAhead = 512;

export class StoredLookup {
  #reads: RecordReads;
  /** Read ahead, in order of id; `#next` is the position of the one that is expected. */
  #ahead: StoredRecord[] = [];
  #next = 0;
  #lastFound = 0;
  /** Ids of equal keys that a file has more than once: reading all of them for each row would take too long. */
  #equal = new Map<string, number[]>();

  constructor(db: ReadDb) {
    this.#reads = new RecordReads(db);
  }

  /** The record that has this id in Kimai. */
  byKimaiId(kimaiId: number): StoredRecord | undefined {
    const expected = this.#expected();
    if (expected && expected.kimaiId === kimaiId) return this.#take(expected);
    return this.#found(this.#reads.byKimaiId(kimaiId));
  }

  /** A record with this natural key; `occurrence` tells which of several. */
  byKey(
    project: number,
    day: number,
    user: number,
    activity: number,
    begin: number,
    occurrence: number,
  ): StoredRecord | undefined {
    const expected = this.#expected();
    if (
      expected &&
      expected.projectId === project &&
      expected.day === day &&
      expected.userId === user &&
      expected.activityId === activity &&
      expected.beginMin === begin
    ) {
      return this.#take(expected);
    }
    const reads = this.#reads;
    if (occurrence === 0) return this.#found(reads.byKey(project, day, user, activity, begin));
    const name = `${project} ${day} ${user} ${activity} ${begin}`;
    let ids = this.#equal.get(name);
    if (!ids) {
      ids = reads.idsByKey(project, day, user, activity, begin);
      this.#equal.set(name, ids);
    }
    const id = ids[occurrence];
    return id === undefined ? undefined : this.#found(reads.byId(id));
  }

  #expected(): StoredRecord | undefined {
    if (this.#next === this.#ahead.length && this.#next > 0) {
      this.#readAhead(Math.min(maxAhead, this.#ahead.length * 4));
    }
    return this.#ahead[this.#next];
  }

  #take(record: StoredRecord): StoredRecord {
    this.#next++;
    this.#lastFound = record.id;
    return record;
  }

  /** After a search: goes on behind the record, if it is near the last one. */
  #found(record: StoredRecord | undefined): StoredRecord | undefined {
    if (!record) return undefined;
    const { id } = record;
    const at = this.#ahead.findIndex((one) => one.id === id);
    const follows = id === this.#lastFound + 1;
    this.#lastFound = id;
    if (at >= 0) this.#next = at + 1;
    else if (follows) this.#readAhead(firstAhead);
    else {
      this.#ahead = [];
      this.#next = 0;
    }
    return record;
  }

  #readAhead(count: number): void {
    this.#ahead = this.#reads.after(this.#lastFound, count);
    this.#next = 0;
  }
}
