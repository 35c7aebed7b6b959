/**
 * What an import of a timesheet would do, row by row, against a snapshot of the store. It writes
 * nothing: the preview and the commit use this same code. Rows come in batches, while the file is
 * still being read; those that no single look-up can decide wait for `finish`.
 */
import { createHash } from 'node:crypto';
import type { Store } from '../../store/open.ts';
import {
  idsInScope,
  maxRecordId,
  R,
  recordReads,
  type RawRecord,
} from '../../store/records/records.ts';
import { F, I, keptProblems, RowReader, type RowBatch } from '../rows/batch.ts';
import { D, diffRow, shownBits, type FileTraits } from './diff.ts';
import { EntityBook } from './entities.ts';
import { nameOf } from './entity-slots.ts';
import { IdSet } from './id-set.ts';
import { matchGroup, type OpenRow } from './match.ts';
import { Names } from './names.ts';
import { NumberIndex } from '../rows/number-index.ts';
import { Occurrences } from '../rows/occurrences.ts';
import { StoredLookup } from './stored-lookup.ts';
import type { ProblemCode, RowProblem } from '../rows/types.ts';

/** What becomes of a row. `quiet`: nothing that a page shows changes, but something is learnt. */
export const K = { new: 0, changed: 1, unchanged: 2, quiet: 3, problem: 4, open: 5 } as const;

/** The owner says that the file has everything of these days (`yyyymmdd`) and projects. */
export interface Completeness {
  firstDay: number;
  lastDay: number;
  projectIds: number[];
}

export interface PlannedBatch {
  batch: RowBatch;
  /** One of `K` per row. */
  kinds: Uint8Array;
  /** Id of the record that the row is; for a new row its occurrence among equal keys. */
  refs: Int32Array;
}

export interface Plan {
  book: EntityBook;
  file: FileTraits;
  batches: PlannedBatch[];
  names: Names;
  removed: number[];
  /** Projects that lose a record to another one. */
  movedFrom: ReadonlySet<number>;
  /** At most `keptProblems` of them; `problemCount` counts all. */
  problems: RowProblem[];
  problemCount: number;
  digest: string;
  /** The store's data version that it was planned against. */
  version: number;
  /** Not empty: plan again, keeping these names (entities.ts). */
  brokenRenames: string[];
}

export class Planner {
  readonly book: EntityBook;
  readonly names = new Names();
  readonly batches: PlannedBatch[] = [];
  readonly file: FileTraits;
  /** No record is stored: every row is new, and nothing needs to be looked up. */
  readonly fresh: boolean;
  problemCount = 0;
  #problems: RowProblem[] = [];
  #ofProjectDay;
  #stored: StoredLookup;
  #claimed: IdSet;
  #movedFrom = new Set<number>();
  #open: { planned: PlannedBatch; row: number; key: number }[] = [];
  #kimaiIds = new NumberIndex();
  /** Set once two names in the file turn out to mean one person or project. */
  #occurrences: Occurrences | null = null;
  #hash = createHash('sha256');
  #db: Pick<Store, 'prepare'>;

  constructor(db: Pick<Store, 'prepare'>, file: FileTraits, keepNames?: ReadonlySet<string>) {
    this.#db = db;
    this.file = file;
    this.book = new EntityBook(db, keepNames);
    this.#ofProjectDay = recordReads(db).ofProjectDay;
    this.#stored = new StoredLookup(db);
    const max = maxRecordId(db);
    this.fresh = max === 0;
    this.#claimed = new IdSet(max);
  }

  add(batch: RowBatch): PlannedBatch {
    this.names.add(this.book, batch);
    if (!this.names.areDistinct && !this.#occurrences) this.#countAgain();
    const planned: PlannedBatch = {
      batch,
      kinds: new Uint8Array(batch.rows),
      refs: new Int32Array(batch.rows),
    };
    this.batches.push(planned);
    for (const problem of batch.problems) this.#note(problem);
    this.problemCount += batch.moreProblems;
    const reader = new RowReader(batch);
    for (let row = 0; row < batch.rows; row++) this.#decide(planned, row, reader.at(row));
    return planned;
  }

  finish(complete: Completeness | null, version: number): Plan {
    this.#matchOpenRows();
    const removed =
      complete === null
        ? []
        : idsInScope(this.#db, complete.projectIds, complete.firstDay, complete.lastDay).filter(
            (id) => !this.#claimed.has(id),
          );
    this.#markUsed();
    return {
      book: this.book,
      file: this.file,
      batches: this.batches,
      names: this.names,
      removed,
      movedFrom: this.#movedFrom,
      problems: this.#problems,
      problemCount: this.problemCount,
      digest: this.#digest(removed),
      version,
      brokenRenames: this.book.brokenRenames(),
    };
  }

  #decide(planned: PlannedBatch, row: number, reader: RowReader): void {
    const { project, conflict } = this.names.jobs[reader.int(I.job)]!;
    if (conflict !== null) {
      this.#refuse(planned, row, reader, 'currency_conflict', conflict);
      return;
    }
    const kimaiId = reader.kimaiId;
    if (kimaiId > 0) {
      const known = this.#kimaiIds.size;
      if (this.#kimaiIds.add(kimaiId) < known) {
        this.#refuse(planned, row, reader, 'id_duplicate', String(kimaiId));
        return;
      }
    }
    const occurrence = this.#occurrence(reader);
    planned.refs[row] = occurrence;
    planned.kinds[row] = K.new;
    if (this.fresh) return;
    if (kimaiId > 0) {
      const stored = this.#stored.byKimaiId(kimaiId);
      if (stored && this.#claim(planned, row, reader, stored, true)) return;
    }
    // Of a project that is yet to be created nothing can be stored.
    if (project.id === null) return;
    const day = reader.int(I.day);
    const ids = this.names.ids(reader, null);
    const begin = reader.int(I.begin);
    const certain =
      kimaiId === 0 &&
      begin >= 0 &&
      ids.user > 0 &&
      ids.activity > 0 &&
      this.file.hasUser &&
      this.file.hasActivity &&
      this.names.people[reader.int(I.person)]!.candidates.length === 1;
    if (certain) {
      const { user, activity } = ids;
      const stored = this.#stored.byKey(project.id, day, user, activity, begin, occurrence);
      if (stored && this.#claim(planned, row, reader, stored, false)) return;
    }
    planned.kinds[row] = K.open;
    this.#open.push({ planned, row, key: project.id * 2 ** 25 + day });
  }

  /** How many rows with the same natural key came before. */
  #occurrence(reader: RowReader): number {
    if (!this.#occurrences) return reader.int(I.occurrence);
    const { people, jobs, activities } = this.names;
    return this.#occurrences.next(
      jobs[reader.int(I.job)]!.project.index,
      people[reader.int(I.person)]!.slot.index,
      activities[reader.int(I.activity)]!.index,
      reader.int(I.day),
      reader.int(I.begin),
    );
  }

  /** The reader counted by names, of which two mean the same; up to now that made no difference. */
  #countAgain(): void {
    this.#occurrences = new Occurrences();
    for (const { batch } of this.batches) {
      const reader = new RowReader(batch);
      for (let row = 0; row < batch.rows; row++) this.#occurrence(reader.at(row));
    }
  }

  /** Settles that a row is this stored record; `always`: even if it then changes on pages. */
  #claim(
    planned: PlannedBatch,
    row: number,
    reader: RowReader,
    stored: RawRecord,
    always: boolean,
  ): boolean {
    const id = stored[R.id] as number;
    if (this.#claimed.has(id)) return false;
    const bits = diffRow(stored, reader, this.names.ids(reader, stored), this.file);
    const changed = (bits & shownBits) !== 0;
    if (changed && !always) return false;
    // Of records with equal keys it rather is one that runs still: all of the day will tell.
    if (!always && reader.has(F.running) && stored[R.running] === 0) return false;
    this.#claimed.add(id);
    if (bits & D.project) this.#movedFrom.add(stored[R.project_id] as number);
    planned.refs[row] = id;
    planned.kinds[row] = changed ? K.changed : bits === 0 ? K.unchanged : K.quiet;
    if (changed) this.#hash.update(JSON.stringify(stored));
    return true;
  }

  /** Rows that changed or may be new: together with all others of their project and day. */
  #matchOpenRows(): void {
    this.#open.sort((a, b) => a.key - b.key);
    const unknownUser = this.book.users.find((slot) => slot.row.identity === '')?.id ?? 0;
    const unknownActivity = this.book.activities.find((slot) => slot.row.name === '')?.id ?? 0;
    for (let first = 0; first < this.#open.length;) {
      const key = this.#open[first]!.key;
      let last = first;
      while (this.#open[last]?.key === key) last++;
      const group: OpenRow[] = this.#open.slice(first, last).map(({ planned, row }) => {
        planned.kinds[row] = K.new;
        const reader = new RowReader(planned.batch).at(row);
        return {
          reader,
          users: this.names.people[reader.int(I.person)]!.candidates.map((slot) => slot.id ?? 0),
          activity: this.names.activities[reader.int(I.activity)]!.id ?? 0,
        };
      });
      const stored = (
        this.#ofProjectDay.all(Math.floor(key / 2 ** 25), key % 2 ** 25) as RawRecord[]
      ).filter((record) => !this.#claimed.has(record[R.id] as number));
      const matches = matchGroup(group, stored, this.file, { unknownUser, unknownActivity });
      for (const [index, record] of matches) {
        const { planned, row } = this.#open[first + index]!;
        this.#claim(planned, row, group[index]!.reader, record, true);
      }
      first = last;
    }
    this.#open = [];
  }

  #markUsed(): void {
    for (const { batch, kinds } of this.batches) {
      for (let row = 0; row < batch.rows; row++) {
        if (kinds[row] === K.problem) continue;
        const at = row * I.width;
        const { project } = this.names.jobs[batch.ints[at + I.job]!]!;
        project.used = true;
        project.customer.used = true;
        if (this.file.hasUser || kinds[row] === K.new) {
          this.names.people[batch.ints[at + I.person]!]!.slot.used = true;
        }
        if (this.file.hasActivity || kinds[row] === K.new) {
          this.names.activities[batch.ints[at + I.activity]!]!.used = true;
        }
      }
    }
  }

  #refuse(planned: PlannedBatch, row: number, reader: RowReader, code: ProblemCode, value: string) {
    planned.kinds[row] = K.problem;
    const { project } = this.names.jobs[reader.int(I.job)]!;
    const names = { customer: nameOf(project.customer), project: nameOf(project) };
    this.#note({ line: reader.line, code, header: '', value, ...names });
  }

  #note(problem: RowProblem): void {
    this.problemCount++;
    if (this.#problems.length < keptProblems) this.#problems.push(problem);
  }

  /** Equal digests mean that the same rows get the same values: what a commit has to prove. */
  #digest(removed: number[]): string {
    const { customers, projects, users, activities } = this.book;
    const entities = [customers, projects, users, activities].map((slots) =>
      slots.filter((slot) => slot.used).map(({ id, row, patch }) => [id ?? row, patch]),
    );
    this.#hash.update(JSON.stringify([entities, removed, this.problemCount]));
    for (const { kinds, refs } of this.batches) {
      this.#hash.update(kinds);
      this.#hash.update(new Uint8Array(refs.buffer, refs.byteOffset, refs.byteLength));
    }
    return this.#hash.digest('hex');
  }
}
