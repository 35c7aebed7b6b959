/**
 * What an import of a timesheet would do, row by row, against a snapshot of the store. It writes
 * nothing: the preview and the commit use this same code. Rows come in batches, while the file is
 * still being read; those that no single look-up can decide wait for `finish`.
 */
import { createHash } from 'node:crypto';
import type { ReadDb } from '../../store/db.ts';
import { idsInScope, maxRecordId, RecordReads } from '../../store/records/records.ts';
import type { StoredRecord } from '../../store/records/stored-record.ts';
import { maxKeptProblems, type RowBatch } from '../rows/batch.ts';
import { NumberIndex } from '../rows/number-index.ts';
import { Occurrences } from '../rows/occurrences.ts';
import { RowReader } from '../rows/row-reader.ts';
import { findCorrections } from './corrections.ts';
import { Dictionary } from './dictionary.ts';
import { diffRow, fieldBit, shownBits } from './diff.ts';
import type { FileTraits } from './file-traits.ts';
import { EntityBook } from './entities.ts';
import { nameOf } from './entity-slots.ts';
import { IdSet } from './id-set.ts';
import { OpenRows } from './open-rows.ts';
import { rowKind, type PlannedBatch } from './planned-batch.ts';
import { StoredLookup } from './stored-lookup.ts';
import type { Correction, Decisions, Plan, Replace } from './plan.ts';
import type { ProblemCode } from '../../../src-shared/contract/import-words.ts';
import type { RowProblem } from '../rows/types.ts';

export class Planner {
  readonly book: EntityBook;
  readonly dictionary = new Dictionary();
  readonly batches: PlannedBatch[] = [];
  readonly file: FileTraits;
  /** No record is stored: every row is new, and nothing needs to be looked up. */
  readonly fresh: boolean;
  problemCount = 0;
  #problems: RowProblem[] = [];
  #reads: RecordReads;
  #stored: StoredLookup;
  #claimed: IdSet;
  #movedFrom = new Set<number>();
  /** By id of the project: files of months that follow each other need no look-up of their rows. */
  #daysOf = new Map<number, { first: number; last: number } | null>();
  #open = new OpenRows();
  #kimaiIds = new NumberIndex();
  /** Set once two names in the file turn out to mean one person or project. */
  #occurrences: Occurrences | null = null;
  #hash = createHash('sha256');
  #db: ReadDb;

  constructor(db: ReadDb, file: FileTraits, keepNames?: ReadonlySet<string>) {
    this.#db = db;
    this.file = file;
    this.book = new EntityBook(db, keepNames);
    this.#reads = new RecordReads(db);
    this.#stored = new StoredLookup(db);
    const max = maxRecordId(db);
    this.fresh = max === 0;
    this.#claimed = new IdSet(max);
  }

  add(batch: RowBatch): PlannedBatch {
    this.dictionary.add(this.book, batch);
    if (!this.dictionary.areDistinct && !this.#occurrences) this.#countAgain();
    const planned: PlannedBatch = {
      batch,
      kinds: new Uint8Array(batch.rows),
      refs: new Int32Array(batch.rows),
    };
    this.batches.push(planned);
    for (const problem of batch.problems) this.#note(problem);
    this.problemCount += batch.moreProblems;
    const reader = new RowReader(batch);
    for (let row = 0; row < batch.rows; row++) {
      this.#decide(planned, row, reader.at(row));
      this.#markUsed(planned, row, reader);
    }
    return planned;
  }

  /** `isElsewhere`: a record is in another file of the same import. */
  finish(
    { complete, replace, gone = [] }: Decisions,
    version: number,
    isElsewhere: (recordId: number) => boolean = () => false,
  ): Plan {
    const { book, dictionary, file } = this;
    for (const match of this.#open.match(this.#reads, this.#claimed, book, dictionary, file)) {
      this.#claim(match.planned, match.row, match.reader, match.record, true);
    }
    const corrections = this.#correct(replace, isElsewhere);
    const missing =
      complete === null
        ? gone
        : idsInScope(this.#db, complete.projectIds, complete.firstDay, complete.lastDay);
    const removed = missing.filter((id) => !this.#claimed.has(id));
    // A row that turned out to be new uses every name that it has, also names that the file lacks.
    if (!file.hasUser || !file.hasActivity) {
      for (const planned of this.batches) {
        const reader = new RowReader(planned.batch);
        for (let row = 0; row < planned.batch.rows; row++) {
          this.#markUsed(planned, row, reader.at(row));
        }
      }
    }
    return {
      book,
      file,
      batches: this.batches,
      dictionary,
      removed,
      corrections,
      replace,
      movedFrom: this.#movedFrom,
      problems: this.#problems,
      problemCount: this.problemCount,
      isClaimed: (id) => this.#claimed.has(id),
      digest: this.#digest(removed, corrections),
      version,
      brokenRenames: book.brokenRenames(),
    };
  }

  /** Entries that seem to be corrected ones; those that the owner chose become changes. */
  #correct(replace: Replace | null, isElsewhere: (recordId: number) => boolean): Correction[] {
    if (this.fresh) return [];
    const found = findCorrections({
      db: this.#db,
      file: this.file,
      dictionary: this.dictionary,
      batches: this.batches,
      isClaimed: (id) => this.#claimed.has(id) || isElsewhere(id),
    });
    return found.map(({ planned, row, record }) => {
      const { id: recordId } = record;
      const isReplaced = replace !== null && replace.all !== replace.except.includes(recordId);
      if (isReplaced) this.#claim(planned, row, new RowReader(planned.batch).at(row), record, true);
      return { planned, row, recordId, isReplaced };
    });
  }

  #decide(planned: PlannedBatch, row: number, reader: RowReader): void {
    const { slot: project, conflict } = this.dictionary.projects[reader.projectIndex]!;
    if (conflict !== null) {
      this.#refuse(planned, row, reader, 'currency_conflict', conflict);
      return;
    }
    const kimaiId = reader.kimaiId;
    if (kimaiId !== null) {
      const known = this.#kimaiIds.size;
      if (this.#kimaiIds.add(kimaiId) < known) {
        this.#refuse(planned, row, reader, 'id_duplicate', String(kimaiId));
        return;
      }
    }
    const occurrence = this.#occurrence(reader);
    planned.refs[row] = occurrence;
    planned.kinds[row] = rowKind.new;
    if (this.fresh) return;
    if (kimaiId !== null) {
      const stored = this.#stored.byKimaiId(kimaiId);
      if (stored && this.#claim(planned, row, reader, stored, true)) return;
    }
    const { day, beginMin } = reader;
    // A project that the import will create has no stored records.
    if (project.id === null || !this.#reaches(project.id, day)) return;
    const ids = this.dictionary.ids(reader, null);
    const certain =
      kimaiId === null &&
      beginMin >= 0 &&
      ids.user > 0 &&
      ids.activity > 0 &&
      this.file.hasUser &&
      this.file.hasActivity &&
      this.dictionary.people[reader.personIndex]!.candidates.length === 1;
    if (certain) {
      const { user, activity } = ids;
      const stored = this.#stored.byKey(project.id, day, user, activity, beginMin, occurrence);
      if (stored && this.#claim(planned, row, reader, stored, false)) return;
    }
    this.#open.add(planned, row, project.id, day);
  }

  /** True if the day is one of those from the project's first stored record to its last one. */
  #reaches(projectId: number, day: number): boolean {
    let days = this.#daysOf.get(projectId);
    if (days === undefined) {
      days = this.#reads.daysOfProject(projectId);
      this.#daysOf.set(projectId, days);
    }
    return days !== null && day >= days.first && day <= days.last;
  }

  /** How many rows with the same natural key came before. */
  #occurrence(reader: RowReader): number {
    if (!this.#occurrences) return reader.occurrence;
    const { people, projects, activities } = this.dictionary;
    return this.#occurrences.next(
      projects[reader.projectIndex]!.slot.index,
      people[reader.personIndex]!.slot.index,
      activities[reader.activityIndex]!.index,
      reader.day,
      reader.beginMin,
    );
  }

  /** The reader counted by names. Two of them mean the same, so that all rows are counted again. */
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
    stored: StoredRecord,
    always: boolean,
  ): boolean {
    const { id } = stored;
    if (this.#claimed.has(id)) return false;
    const bits = diffRow(stored, reader, this.dictionary.ids(reader, stored), this.file);
    const changed = (bits & shownBits) !== 0;
    if (changed && !always) return false;
    // Another record with an equal key may still run, and then fits better: decide with the whole day.
    if (!always && reader.running && !stored.running) return false;
    this.#claimed.add(id);
    if (bits & fieldBit.project) this.#movedFrom.add(stored.projectId);
    planned.refs[row] = id;
    planned.kinds[row] = changed
      ? rowKind.changed
      : bits === 0
        ? rowKind.unchanged
        : rowKind.changedNotShown;
    if (changed) this.#hash.update(JSON.stringify(stored.toRow()));
    return true;
  }

  /** What a file does not say is not used, except by a new row, which has to be of somebody. */
  #markUsed({ kinds }: PlannedBatch, row: number, reader: RowReader): void {
    const kind = kinds[row];
    if (kind === rowKind.problem) return;
    const { people, projects, activities } = this.dictionary;
    const project = projects[reader.projectIndex]!.slot;
    project.used = true;
    project.customer.used = true;
    if (this.file.hasUser || kind === rowKind.new) people[reader.personIndex]!.slot.used = true;
    if (this.file.hasActivity || kind === rowKind.new) {
      activities[reader.activityIndex]!.used = true;
    }
  }

  #refuse(planned: PlannedBatch, row: number, reader: RowReader, code: ProblemCode, value: string) {
    planned.kinds[row] = rowKind.problem;
    const project = this.dictionary.projects[reader.projectIndex]!.slot;
    const names = { customer: nameOf(project.customer), project: nameOf(project) };
    this.#note({ line: reader.line, code, header: '', value, ...names });
  }

  #note(problem: RowProblem): void {
    this.problemCount++;
    if (this.#problems.length < maxKeptProblems) this.#problems.push(problem);
  }

  /** Equal digests mean that the same rows get the same values: what a commit has to prove. */
  #digest(removed: number[], corrections: Correction[]): string {
    const { customers, projects, users, activities } = this.book;
    const entities = [customers, projects, users, activities].map((slots) =>
      slots.filter((slot) => slot.used).map(({ id, row, patch }) => [id ?? row, patch]),
    );
    const offered = corrections.map(({ recordId }) => recordId);
    this.#hash.update(JSON.stringify([entities, removed, offered, this.problemCount]));
    for (const { kinds, refs } of this.batches) {
      this.#hash.update(kinds);
      this.#hash.update(new Uint8Array(refs.buffer, refs.byteOffset, refs.byteLength));
    }
    return this.#hash.digest('hex');
  }
}
