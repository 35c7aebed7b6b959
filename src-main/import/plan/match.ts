/** Which rows of a file are which stored records of the same project and day. Pure. */
import type { StoredRecord } from '../../store/records/stored-record.ts';
import type { RowReader } from '../rows/row-reader.ts';
import { diffRow, fieldBit, shownBits } from './diff.ts';
import type { FileTraits } from './file-traits.ts';
import { durationsAgree } from './durations.ts';
import { timesAreNear } from './lost-minute.ts';

export interface OpenRow {
  reader: RowReader;
  /** Several if the file has only a display name that several users share. */
  users: number[];
  activity: number;
}

/** Ids of the user and activity that stand for "the file did not say"; 0: there is none. */
interface Unknowns {
  unknownUser: number;
  unknownActivity: number;
}

/** An export never has thousands of equal rows; above this many pairs, match in file order. */
const maxScoredPairs = 10_000;
/** A row is compared with at most this many records of equal duration and description. */
const maxAlike = 1000;
/** A row with an incomplete key is then compared with this many others of its user and activity. */
const maxNear = 50;

/**
 * Pairs of row index and record, each at most once: first by the natural key (user, activity,
 * begin); then those where the file or the store does not know a part of the key, if the rest
 * agrees. Rows that would change nothing come first, so that no other row takes their record;
 * after them those that agree most. A row with an id of its own never takes a record that has
 * another one.
 */
export function matchGroup(
  rows: readonly OpenRow[],
  stored: readonly StoredRecord[],
  file: FileTraits,
  unknowns: Unknowns,
): [number, StoredRecord][] {
  if (stored.length === 0) return [];
  const matching = new Matching(rows, stored, file, unknowns);
  if (file.hasUser && file.hasActivity) matching.byKey();
  matching.byKnownParts();
  return matching.pairs;
}

class Matching {
  readonly pairs: [number, StoredRecord][] = [];
  #rows: readonly OpenRow[];
  #file: FileTraits;
  #unknowns: Unknowns;
  /** Not matched yet, in the order of the file and of the store. */
  #open: Set<number>;
  #free: Set<StoredRecord>;

  constructor(
    rows: readonly OpenRow[],
    stored: readonly StoredRecord[],
    file: FileTraits,
    unknowns: Unknowns,
  ) {
    this.#rows = rows;
    this.#file = file;
    this.#unknowns = unknowns;
    this.#open = new Set(rows.keys());
    // Records that already have an id of Kimai's come last.
    this.#free = new Set([
      ...stored.filter((record) => record.kimaiId === null),
      ...stored.filter((record) => record.kimaiId !== null),
    ]);
  }

  byKey(): void {
    const keyOf = (user: unknown, activity: unknown, begin: unknown): string =>
      `${user} ${activity} ${begin}`;
    const recordsOf = Map.groupBy(this.#free, (record) =>
      keyOf(record.userId, record.activityId, record.beginMin),
    );
    const timed = [...this.#open].filter((index) => this.#rows[index]!.reader.beginMin >= 0);
    const rowsOf = Map.groupBy(timed, (index) => {
      const { users, activity, reader } = this.#rows[index]!;
      return keyOf(users, activity, reader.beginMin);
    });
    for (const indexes of rowsOf.values()) {
      const { users, activity, reader } = this.#rows[indexes[0]!]!;
      const records = users.flatMap(
        (user) => recordsOf.get(keyOf(user, activity, reader.beginMin)) ?? [],
      );
      if (indexes.length * records.length <= maxScoredPairs) {
        this.#takeBest(indexes, records, () => true);
      } else {
        this.#takeAlike(indexes, records, (row, record) => idsFit(row, record));
        this.#takeInOrder(indexes, records);
      }
    }
  }

  byKnownParts(): void {
    const agrees = (row: OpenRow, record: StoredRecord): boolean =>
      idsFit(row, record) &&
      partsFit(row, record, this.#file, this.#unknowns) &&
      (statedKeysEqual(row, record) || agreement(row.reader, record, this.#file) >= enough);
    if (this.#open.size * this.#free.size <= maxScoredPairs) {
      this.#takeBest([...this.#open], [...this.#free], agrees);
      return;
    }
    this.#takeAlike([...this.#open], [...this.#free], agrees);
    this.#takeNear(agrees);
  }

  /** Row by row the best of a few records of the same user and activity, in their order. */
  #takeNear(admits: (row: OpenRow, record: StoredRecord) => boolean): void {
    const { hasUser, hasActivity } = this.#file;
    const { unknownUser, unknownActivity } = this.#unknowns;
    const keyOf = (user: unknown, activity: unknown): string =>
      `${hasUser ? user : ''} ${hasActivity ? activity : ''}`;
    const near = new Map<string, Set<StoredRecord>>();
    for (const record of this.#free) {
      const key = keyOf(record.userId, record.activityId);
      const records = near.get(key);
      if (records) records.add(record);
      else near.set(key, new Set([record]));
    }
    for (const index of this.#open) {
      const row = this.#rows[index]!;
      const keys = [...row.users, unknownUser].flatMap((user) => [
        keyOf(user, row.activity),
        keyOf(user, unknownActivity),
      ]);
      const records = [...new Set(keys)].flatMap((key) => firstOf(near.get(key), maxNear));
      this.#takeBest([index], records, admits);
      if (this.#open.has(index)) continue;
      const [, taken] = this.pairs.at(-1)!;
      near.get(keyOf(taken.userId, taken.activityId))!.delete(taken);
    }
  }

  /** Pair by pair, the best ones first; equal ones in the order of the file. */
  #takeBest(
    indexes: readonly number[],
    records: readonly StoredRecord[],
    admits: (row: OpenRow, record: StoredRecord) => boolean,
  ): void {
    const pairs = indexes.flatMap((index) => {
      const row = this.#rows[index]!;
      return records
        .filter((record) => this.#free.has(record) && idsFit(row, record) && admits(row, record))
        .map((record) => ({ index, record, rank: this.#rank(row, record) }));
    });
    for (const { index, record } of pairs.sort((a, b) => b.rank - a.rank)) {
      if (this.#open.has(index) && this.#free.has(record)) this.#take(index, record);
    }
  }

  /** Those with the same duration and description, looked up instead of compared. */
  #takeAlike(
    indexes: readonly number[],
    records: readonly StoredRecord[],
    admits: (row: OpenRow, record: StoredRecord) => boolean,
  ): void {
    const alike = Map.groupBy(records, (r) => `${r.durationS} ${r.description}`);
    for (const index of indexes) {
      const row = this.#rows[index]!;
      const list = alike.get(`${row.reader.durationS} ${row.reader.description}`) ?? [];
      const at = list.slice(0, maxAlike).findIndex((record) => admits(row, record));
      if (at >= 0) this.#take(index, list.splice(at, 1)[0]!);
    }
  }

  #takeInOrder(indexes: readonly number[], records: readonly StoredRecord[]): void {
    // The list is reversed, since taking the last entry of an array is cheap and the first one is not.
    const left = records.filter((record) => this.#free.has(record)).toReversed();
    for (const index of indexes) {
      const next = left.at(-1);
      if (!next) return;
      if (!this.#open.has(index) || !idsFit(this.#rows[index]!, next)) continue;
      this.#take(index, left.pop()!);
    }
  }

  #take(index: number, record: StoredRecord): void {
    this.pairs.push([index, record]);
    this.#open.delete(index);
    this.#free.delete(record);
  }

  #rank(row: OpenRow, record: StoredRecord): number {
    const user = record.userId;
    const ids = {
      user: row.users.includes(user) ? user : (row.users[0] ?? 0),
      project: record.projectId,
      activity: row.activity,
    };
    const changes = (diffRow(record, row.reader, ids, this.#file) & shownBits) !== 0;
    const agreed = agreement(row.reader, record, this.#file);
    return (changes ? 0 : 1000) + 2 * agreed + (statedKeysEqual(row, record) ? 1 : 0);
  }
}

const idsFit = (row: OpenRow, record: StoredRecord): boolean =>
  row.reader.kimaiId === null || record.kimaiId === null;

function firstOf(records: ReadonlySet<StoredRecord> | undefined, count: number): StoredRecord[] {
  const first: StoredRecord[] = [];
  for (const record of records ?? []) {
    if (first.length === count) break;
    first.push(record);
  }
  return first;
}

/** Every part of the key is equal, or unknown to the file or to the store; or a minute was lost. */
function partsFit(
  row: OpenRow,
  record: StoredRecord,
  file: FileTraits,
  unknowns: Unknowns,
): boolean {
  const begin = row.reader.beginMin;
  return (
    (!file.hasUser ||
      record.userId === unknowns.unknownUser ||
      row.users.includes(record.userId)) &&
    (!file.hasActivity ||
      record.activityId === unknowns.unknownActivity ||
      record.activityId === row.activity) &&
    (begin < 0 ||
      record.beginMin === -1 ||
      record.beginMin === begin ||
      differsByAMinute(row, record, file))
  );
}

/** Shorter entries of one kind may follow one another. */
const minNearS = 120;

/** Begin or end are a minute off, and all else that the file states is equal. */
function differsByAMinute(row: OpenRow, record: StoredRecord, file: FileTraits): boolean {
  const { reader, activity } = row;
  if (!file.hasDuration || reader.durationS < minNearS || !timesAreNear(record, reader)) {
    return false;
  }
  const ids = { user: record.userId, project: record.projectId, activity };
  const others = shownBits & ~(fieldBit.begin | fieldBit.end);
  return (diffRow(record, reader, ids, file) & others) === 0;
}

/** The same parts are known to the file and to the store, and are equal. */
const statedKeysEqual = (row: OpenRow, record: StoredRecord): boolean =>
  row.users.includes(record.userId) &&
  record.activityId === row.activity &&
  record.beginMin === row.reader.beginMin;

/** A duration or a description must agree before an incomplete key counts as the same record. */
const enough = 4;

function agreement(row: RowReader, record: StoredRecord, file: FileTraits): number {
  const description = row.description;
  let score = 0;
  const duration = record.durationS;
  const resolution = record.resolutionS;
  if (file.hasDuration && durationsAgree(duration, resolution, row.durationS, file.resolution)) {
    score += 8;
  }
  if (description !== '' && record.description === description) score += 4;
  if (row.endMin !== null && record.endMin === row.endMin) score += 2;
  if (row.rateE4 !== null && record.rateE4 === row.rateE4) score += 2;
  if (row.tags !== null && (record.tags ?? '') === row.tags) score += 1;
  return score;
}
