/**
 * Finds the stored records that rows of a file may be. An export that is imported again has its rows
 * in the order in which they were stored, so the record after the last one found is looked at before
 * any search: a third of the time.
 */
import type { Store } from '../../store/open.ts';
import { R, recordReads, type RawRecord } from '../../store/records/records.ts';

/** Records that are read ahead: few at first, more while they turn out to be the right ones. */
const firstAhead = 8;
const mostAhead = 512;

export class StoredLookup {
  #reads;
  /** Read ahead, in order of id; `#next` is the position of the one that is expected. */
  #ahead: RawRecord[] = [];
  #next = 0;
  #lastFound = 0;
  /** Ids of equal keys that a file has more than once: reading all of them for each would not end. */
  #equal = new Map<string, number[]>();

  constructor(db: Pick<Store, 'prepare'>) {
    this.#reads = recordReads(db);
  }

  /** The record that has this id in Kimai. */
  byKimaiId(kimaiId: number): RawRecord | undefined {
    const expected = this.#expected();
    if (expected && expected[R.kimai_id] === kimaiId) return this.#take(expected);
    return this.#found(this.#reads.byKimaiId.get(kimaiId));
  }

  /** A record with this natural key; `occurrence` tells which of several. */
  byKey(
    project: number,
    day: number,
    user: number,
    activity: number,
    begin: number,
    occurrence: number,
  ): RawRecord | undefined {
    const expected = this.#expected();
    if (
      expected &&
      expected[R.project_id] === project &&
      expected[R.day] === day &&
      expected[R.user_id] === user &&
      expected[R.activity_id] === activity &&
      expected[R.begin_min] === begin
    ) {
      return this.#take(expected);
    }
    const { byKey, byId, idsByKey } = this.#reads;
    if (occurrence === 0) return this.#found(byKey.get(project, day, user, activity, begin));
    const key = [project, day, user, activity, begin];
    const name = key.join(' ');
    let ids = this.#equal.get(name);
    if (!ids) this.#equal.set(name, (ids = idsByKey.all(...key) as number[]));
    const id = ids[occurrence];
    return id === undefined ? undefined : this.#found(byId.get(id));
  }

  #expected(): RawRecord | undefined {
    if (this.#next === this.#ahead.length && this.#next > 0) {
      this.#readAhead(Math.min(mostAhead, this.#ahead.length * 4));
    }
    return this.#ahead[this.#next];
  }

  #take(record: RawRecord): RawRecord {
    this.#next++;
    this.#lastFound = record[R.id] as number;
    return record;
  }

  /** After a search: goes on behind the record, if it is near the last one. */
  #found(result: unknown): RawRecord | undefined {
    if (result === undefined) return undefined;
    const record = result as RawRecord;
    const id = record[R.id] as number;
    const at = this.#ahead.findIndex((one) => one[R.id] === id);
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
    this.#ahead = this.#reads.after.all(this.#lastFound, count) as RawRecord[];
    this.#next = 0;
  }
}
