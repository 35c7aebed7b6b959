/** Writes the records that were planned. Runs inside one immediate transaction of the caller. */
import { dirname, join } from 'node:path';
import { bulkInsert, type BulkInsert, type FileLimits } from '../../store/bulk/bulk-insert.ts';
import { RowsFiles, type RowsFilesShare } from '../../store/bulk/rows-files.ts';
import { prepareNote, stepOfImport, type Change } from '../../store/changes/journal.ts';
import { takeOver } from '../../store/changes/imports.ts';
import type { WriteDb } from '../../store/db.ts';
import { newRecordsOf, type NewRecord } from '../../store/records/new-records.ts';
import { RecordReads, RecordWrites } from '../../store/records/records.ts';
import { differences, type StoredRecord } from '../../store/records/stored-record.ts';
import { applyRow, diffRow, type RowIds } from '../plan/diff.ts';
import type { FileTraits } from '../plan/file-traits.ts';
import type { Dictionary } from '../plan/dictionary.ts';
import type { EntityBook } from '../plan/entities.ts';
import { emptyRecord, fillRecord } from '../plan/new-record.ts';
import { rowKind, type PlannedBatch } from '../plan/planned-batch.ts';
import { RowReader } from '../rows/row-reader.ts';
import { checkCancel, type WriteControl } from './write-control.ts';
import { DaySums, sumsFiles } from './day-sums.ts';
import { EntityWriter } from './entity-writer.ts';

/** A batch with fewer new records than this is inserted without a file. */
const minFileRows = 1000;
/**
 * Files are small, so that SQLite copies the first while most rows are yet to be read, and little
 * is left to copy when the last row is there. They get larger once there are more rows than
 * expected.
 */
const minFileBytes = 4 * 2 ** 20;
const evenFiles = 6;
/** Rows take some two thirds of the bytes that they have in an export. */
const fileShare = 1 / 12;

/** `most`: how many files there may be in all. */
function fileLimits(exportBytes: number, most: number): FileLimits {
  const evenBytes = Math.max(minFileBytes, exportBytes * fileShare);
  return {
    minRows: minFileRows,
    // The last files are left for the sums of days and months; the records come first.
    reservedFiles: Math.min(sumsFiles, most - 1),
    maxBytes: (count) => evenBytes * 2 ** Math.max(0, count - evenFiles),
  };
}

export interface RecordWriterOptions {
  /** Bind each row instead of using rows files: slower, and the same result. Default false. */
  plainInserts?: boolean;
  /** Of an import of several files: which rows files are for this one. Default: all. */
  rowsFiles?: RowsFilesShare | undefined;
  /** Of an import of several files: records from this id on were inserted by it. */
  firstNewId?: number;
}

/** Writes records batch by batch: while the file is still read, or all at the end. */
export class RecordWriter {
  #db: WriteDb;
  #importId: number;
  #entities: EntityWriter;
  #dictionary: Dictionary;
  #file: FileTraits;
  #control: WriteControl;
  #sums: DaySums | null;
  #files: RowsFiles | null;
  #reads: RecordReads;
  #writes: RecordWrites;
  #inserts: BulkInsert<NewRecord>;
  #note: (change: Change) => void;
  #takenOver = new Map<number, number>();
  #firstNewId: number | null;
  #written = 0;
  /** The new record at hand. The object is used again for the next one. */
  #record = emptyRecord();

  constructor(
    db: WriteDb,
    importId: number,
    plan: { book: EntityBook; dictionary: Dictionary; file: FileTraits },
    control: WriteControl,
    { plainInserts = false, rowsFiles, firstNewId }: RecordWriterOptions = {},
  ) {
    this.#db = db;
    this.#importId = importId;
    this.#entities = new EntityWriter(db, plan.book, importId);
    this.#dictionary = plan.dictionary;
    this.#file = plan.file;
    this.#control = control;
    this.#sums = control.withoutSums === true ? null : new DaySums();
    this.#firstNewId = firstNewId ?? null;
    this.#reads = new RecordReads(db);
    this.#writes = new RecordWrites(db);
    // Files lie where uploads wait: that folder is cleared when the program starts.
    this.#files = plainInserts
      ? null
      : new RowsFiles(db, join(dirname(db.name), 'uploads'), rowsFiles);
    this.#inserts = bulkInsert(
      db,
      newRecordsOf(importId, plan.file.resolution),
      this.#files,
      fileLimits(plan.file.bytes, this.#files?.free ?? 0),
    );
    this.#note = prepareNote(db, stepOfImport(db, importId));
  }

  /** Throws `import_cancelled`. */
  write(planned: PlannedBatch): void {
    checkCancel(this.#control);
    const { batch, kinds, refs } = planned;
    this.#inserts.expect(kinds.filter((kind) => kind === rowKind.new).length);
    const row = new RowReader(batch);
    for (let index = 0; index < batch.rows; index++) {
      const kind = kinds[index];
      if (kind === rowKind.new) this.#insert(row.at(index), refs[index]!);
      else if (kind === rowKind.changed || kind === rowKind.changedNotShown) {
        this.#update(row.at(index), refs[index]!);
      }
    }
    this.#control.onStep?.('rows written');
  }

  /** Takes away records that a complete file does not have. */
  remove(ids: readonly number[]): void {
    for (const id of ids) {
      const stored = this.#reads.byId(id)!;
      this.#writes.delete(id);
      this.#sums?.add(stored, -1);
      this.#countTakenOver(stored);
      this.#note({ table: 'records', ids: [id], before: stored.toColumns(), after: null });
    }
  }

  /**
   * Writes customers, projects and the roll-up; returns how many records were written. Throws
   * `import_cancelled`.
   */
  finish(): number {
    this.#control.onStep?.('last step');
    checkCancel(this.#control);
    this.#inserts.flush();
    checkCancel(this.#control);
    this.#entities.finish();
    this.#sums?.write(this.#db, this.#files);
    takeOver(this.#db, this.#takenOver);
    this.#control.onStep?.('written whole');
    return this.#written;
  }

  /** Call after the commit or rollback: removes the rows files. */
  close(): void {
    this.#files?.close();
  }

  /** Ids that the row means. What is not stored yet is created. */
  #ids(row: RowReader): RowIds {
    const { people, projects, activities } = this.#dictionary;
    return {
      user: this.#entities.userId(people[row.personIndex]!.slot),
      project: this.#entities.projectId(projects[row.projectIndex]!.slot),
      activity: this.#entities.activityId(activities[row.activityIndex]!),
    };
  }

  #insert(row: RowReader, occurrence: number): void {
    fillRecord(this.#record, row, this.#ids(row), occurrence);
    this.#inserts.add(this.#record);
    this.#sums?.addNew(this.#record);
    this.#written++;
  }

  #update(row: RowReader, id: number): void {
    const stored = this.#reads.byId(id)!;
    const ids = this.#dictionary.ids(row, stored);
    // A record may move to a project, user or activity that this import creates.
    if (ids.project === 0) ids.project = this.#ids(row).project;
    if (ids.user === 0 && this.#file.hasUser) ids.user = this.#ids(row).user;
    if (ids.activity === 0 && this.#file.hasActivity) ids.activity = this.#ids(row).activity;
    const fields = diffRow(stored, row, ids, this.#file);
    const after = applyRow(stored, row, ids, this.#file, fields).changed({
      importId: this.#importId,
    });
    this.#writes.update(after);
    this.#sums?.add(stored, -1);
    this.#sums?.add(after, 1);
    this.#noteUpdate(stored, after);
  }

  #noteUpdate(stored: StoredRecord, after: StoredRecord): void {
    const { id } = stored;
    const isOwn = stored.importId === this.#importId;
    if (!isOwn) {
      this.#countTakenOver(stored);
      this.#written++;
    }
    // A file before inserted it: undo takes it away.
    if (this.#firstNewId !== null && id >= this.#firstNewId) return;
    // A file after may change it again: then the first `before` and the last `after` count.
    const values =
      this.#firstNewId === null
        ? differences(stored, after)
        : { before: stored.toColumns(), after: after.toColumns() };
    this.#note({ table: 'records', ids: [id], ...values });
  }

  #countTakenOver({ importId }: StoredRecord): void {
    if (importId === null) return;
    this.#takenOver.set(importId, (this.#takenOver.get(importId) ?? 0) + 1);
  }
}
