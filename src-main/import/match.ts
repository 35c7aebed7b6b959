/** Which rows of a file are which stored records of the same project and day. Pure. */
import { R, type RawRecord } from '../store/records.ts';
import { A, F, I, type RowReader } from './batch.ts';
import { durationsAgree, type FileTraits } from './diff.ts';

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

/** Above this many pairs rows are matched in order: equal rows by the thousand are no export. */
const scoredPairs = 10_000;
/** Records that a row with an incomplete key is compared with, in their order. */
const mostCompared = 1000;

/**
 * Pairs of row index and record, each at most once: first by the natural key (user, activity,
 * begin), among equal ones those that agree most; then those where the file or the store does not
 * know a part of the key, if the rest agrees. A row with an id of its own never takes a record
 * that has another one.
 */
export function matchGroup(
  rows: readonly OpenRow[],
  stored: readonly RawRecord[],
  file: FileTraits,
  unknowns: Unknowns,
): [number, RawRecord][] {
  if (stored.length === 0) return [];
  const matches: [number, RawRecord][] = [];
  const free = new Set(stored);
  const matched = new Set<number>();
  const take = (row: number, record: RawRecord): void => {
    matches.push([row, record]);
    matched.add(row);
    free.delete(record);
  };

  const byKey = Map.groupBy(
    stored,
    (record) => `${record[R.user_id]} ${record[R.activity_id]} ${record[R.begin_min]}`,
  );
  /** For each user that the row may mean. */
  const equalKeys = (row: OpenRow): RawRecord[][] =>
    row.users.flatMap((user) => {
      const list = byKey.get(`${user} ${row.activity} ${row.reader.int(I.begin)}`);
      return list ? [list] : [];
    });
  const agrees = (row: OpenRow, record: RawRecord): number => {
    if (!idsFit(row, record) || !partsFit(row, record, file, unknowns)) return 0;
    const score = agreement(row.reader, record, file);
    return score >= enough ? score : 0;
  };

  if (rows.length * stored.length <= scoredPairs) {
    const pairs = rows.flatMap((row, index) =>
      equalKeys(row)
        .flat()
        .filter((record) => idsFit(row, record))
        .map((record) => ({ index, record, score: agreement(row.reader, record, file) })),
    );
    // A stable sort: equal scores stay in the order of the file.
    for (const { index, record } of pairs.sort((a, b) => b.score - a.score)) {
      if (!matched.has(index) && free.has(record)) take(index, record);
    }
  } else {
    // Taken from the end, where it costs nothing; those with an id of Kimai's come last.
    for (const list of byKey.values()) {
      list.reverse();
      list.sort((a, b) => Number(b[R.kimai_id] !== null) - Number(a[R.kimai_id] !== null));
    }
    for (const [index, row] of rows.entries()) {
      const list = equalKeys(row).find((one) => one.length > 0 && idsFit(row, one.at(-1)!));
      if (list) take(index, list.pop()!);
    }
    const alike = Map.groupBy(free, (r) => `${r[R.duration_s]} ${r[R.description]}`);
    for (const [index, row] of rows.entries()) {
      if (matched.has(index)) continue;
      const list = alike.get(`${row.reader.int(I.duration)} ${row.reader.description}`) ?? [];
      const at = list.slice(0, mostCompared).findIndex((record) => agrees(row, record) > 0);
      if (at >= 0) take(index, list.splice(at, 1)[0]!);
    }
  }

  for (const [index, row] of rows.entries()) {
    if (matched.has(index)) continue;
    let best: RawRecord | undefined;
    let bestScore = 0;
    let compared = 0;
    for (const record of free) {
      if (++compared > mostCompared) break;
      const score = agrees(row, record);
      if (score > bestScore) [best, bestScore] = [record, score];
    }
    if (best) take(index, best);
  }
  return matches;
}

const idsFit = (row: OpenRow, record: RawRecord): boolean =>
  row.reader.kimaiId === 0 || record[R.kimai_id] === null;

/** Every part of the key is equal, or unknown to the file or to the store. */
function partsFit(row: OpenRow, record: RawRecord, file: FileTraits, unknowns: Unknowns): boolean {
  const begin = row.reader.int(I.begin);
  return (
    (!file.hasUser ||
      record[R.user_id] === unknowns.unknownUser ||
      row.users.includes(record[R.user_id] as number)) &&
    (!file.hasActivity ||
      record[R.activity_id] === unknowns.unknownActivity ||
      record[R.activity_id] === row.activity) &&
    (begin < 0 || record[R.begin_min] === -1 || record[R.begin_min] === begin)
  );
}

/** A duration or a description must agree before an incomplete key counts as the same record. */
const enough = 4;

function agreement(row: RowReader, record: RawRecord, file: FileTraits): number {
  const description = row.description;
  let score = 0;
  const duration = record[R.duration_s] as number;
  const resolution = record[R.resolution_s] as number;
  if (
    file.hasDuration &&
    durationsAgree(duration, resolution, row.int(I.duration), file.resolution)
  ) {
    score += 8;
  }
  if (description !== '' && record[R.description] === description) score += 4;
  if (row.int(I.end) >= 0 && record[R.end_min] === row.int(I.end)) score += 2;
  if (row.has(F.rateKnown) && record[R.rate_e4] === row.amount(A.rate)) score += 2;
  if (row.has(F.tagsKnown) && (record[R.tags] ?? '') === row.tags) score += 1;
  return score;
}
