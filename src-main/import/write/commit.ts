/** Writes what was planned. Runs inside one immediate transaction of the caller. */
import { dirname, join } from 'node:path';
import { AppError } from '../../../src-shared/errors.ts';
import type { Store } from '../../store/open.ts';
import { insertRow, readRow, updateRow } from '../../store/catalog/entity-rows.ts';
import { prepareInsertChange, takeOver } from '../../store/imports.ts';
import {
  insertedColumns,
  prepareUpdateRecord,
  R,
  recordReads,
  type RawRecord,
} from '../../store/records/records.ts';
import { RowsFiles } from '../../store/bulk/rows-files.ts';
import { I, RowReader } from '../rows/batch.ts';
import { DaySums } from './day-sums.ts';
import { applyRow, diffRow, newRecord, type FileTraits, type RowIds } from '../plan/diff.ts';
import type { EntityBook } from '../plan/entities.ts';
import type { ActivitySlot, CustomerSlot, ProjectSlot, UserSlot } from '../plan/entity-slots.ts';
import type { Names } from '../plan/names.ts';
import { K, type PlannedBatch } from '../plan/timesheet-plan.ts';
import { RecordInserts } from './record-inserts.ts';

/** Set from another thread: the owner cancelled. Looked at between steps, the commit included. */
export interface CancelFlag {
  readonly cancelled: boolean;
}

/** Throws `import_cancelled`. */
export function checkCancel(cancel: CancelFlag): void {
  if (cancel.cancelled) throw new AppError('import_cancelled');
}

type AnySlot = CustomerSlot | ProjectSlot | UserSlot | ActivitySlot;

/** Creates and updates the customers, projects, users and activities that an import needs. */
export class EntityWriter {
  #db: Store;
  #book: EntityBook;
  #change;
  /** Created rows that are already listed among the changes. */
  #noted = new Set<AnySlot>();

  constructor(db: Store, book: EntityBook, importId: number) {
    this.#db = db;
    this.#book = book;
    const insert = prepareInsertChange(db);
    this.#change = (entity: string, id: number, before: unknown, after: unknown): void =>
      insert(importId, entity, id, before, after);
  }

  customerId(slot: CustomerSlot): number {
    return slot.id ?? this.#create('customers', slot, {});
  }

  projectId(slot: ProjectSlot): number {
    return (
      slot.id ?? this.#create('projects', slot, { customer_id: this.customerId(slot.customer) })
    );
  }

  userId(slot: UserSlot): number {
    if (slot.id !== null) return slot.id;
    // A stored user who gets a login by this import frees the display name as an identity.
    this.#finish('users', this.#book.users);
    return this.#create('users', slot, {});
  }

  activityId(slot: ActivitySlot): number {
    return slot.id ?? this.#create('activities', slot, {});
  }

  /** Writes what the file says anew about rows that exist, and notes all that happened. */
  finish(): void {
    for (const slot of this.#book.projects) {
      // A project list may have moved it to another customer.
      if (slot.used && slot.id !== null && !slot.isNew) {
        const customerId = this.customerId(slot.customer);
        if (slot.row.customer_id !== customerId) slot.patch.customer_id = customerId;
      }
    }
    this.#finish('customers', this.#book.customers);
    this.#finish('projects', this.#book.projects);
    this.#finish('users', this.#book.users);
    this.#finish('activities', this.#book.activities);
    for (const { slot, name, number } of this.#book.aliases) {
      if (!slot.used || slot.isNew || slot.id === null) continue;
      const isProject = 'customer' in slot;
      const table = isProject ? 'project_aliases' : 'customer_aliases';
      const alias = isProject
        ? { customer_id: this.customerId(slot.customer), name, number, project_id: slot.id }
        : { name, number, customer_id: slot.id };
      const known = isProject
        ? this.#db
            .prepare(
              'SELECT 1 FROM project_aliases WHERE customer_id = ? AND name = ? AND number = ?',
            )
            .get(this.customerId(slot.customer), name, number)
        : this.#db
            .prepare('SELECT 1 FROM customer_aliases WHERE name = ? AND number = ?')
            .get(name, number);
      if (known) continue;
      insertRow(this.#db, table, alias);
      this.#change(table, slot.id, null, alias);
    }
  }

  #create(table: string, slot: AnySlot, more: object): number {
    slot.row = { ...slot.row, ...slot.patch, ...more } as never;
    slot.patch = {};
    slot.id = insertRow(this.#db, table, slot.row);
    return slot.id;
  }

  #finish(table: 'customers' | 'projects' | 'users' | 'activities', slots: AnySlot[]): void {
    for (const slot of slots) {
      if (slot.id === null || !(slot.used || slot.isNew)) continue;
      const hasNews = Object.keys(slot.patch).length > 0;
      if (!hasNews && (!slot.isNew || this.#noted.has(slot))) continue;
      const before = slot.isNew ? null : readRow(this.#db, table, slot.id);
      updateRow(this.#db, table, slot.id, slot.patch);
      slot.row = { ...slot.row, ...slot.patch } as never;
      slot.patch = {};
      this.#noted.add(slot);
      this.#change(table, slot.id, before, readRow(this.#db, table, slot.id));
    }
  }
}

/** Writes records batch by batch: while the file is still read, or all at the end. */
export class RecordWriter {
  #db: Store;
  #importId: number;
  #entities: EntityWriter;
  #names: Names;
  #file: FileTraits;
  #cancel: CancelFlag;
  #days = new DaySums();
  #files: RowsFiles;
  #reads;
  #inserts;
  #update;
  #change;
  #takenOver = new Map<number, number>();
  #written = 0;
  /** The new record at hand; the array is used again for the next one. */
  #record: RawRecord = new Array<null>(insertedColumns.length).fill(null);

  constructor(
    db: Store,
    importId: number,
    plan: { book: EntityBook; names: Names; file: FileTraits },
    cancel: CancelFlag,
  ) {
    this.#db = db;
    this.#importId = importId;
    this.#entities = new EntityWriter(db, plan.book, importId);
    this.#names = plan.names;
    this.#file = plan.file;
    this.#cancel = cancel;
    this.#reads = recordReads(db);
    // Where uploads wait: it is cleared when the program starts.
    this.#files = new RowsFiles(db, join(dirname(db.name), 'uploads'));
    this.#inserts = new RecordInserts(db, importId, plan.file, this.#files);
    this.#update = prepareUpdateRecord(db);
    this.#change = prepareInsertChange(db);
  }

  /** Throws `import_cancelled`. */
  write(planned: PlannedBatch): void {
    checkCancel(this.#cancel);
    const { batch, kinds, refs } = planned;
    this.#inserts.begin(batch, kinds.filter((kind) => kind === K.new).length);
    const reader = new RowReader(batch);
    for (let row = 0; row < batch.rows; row++) {
      const kind = kinds[row];
      if (kind === K.new) this.#insertRow(reader.at(row), refs[row]!);
      else if (kind === K.changed || kind === K.quiet) this.#updateRow(reader.at(row), refs[row]!);
    }
  }

  /** Takes away records that a complete file does not have. */
  remove(ids: readonly number[]): void {
    const statement = this.#db.prepare('DELETE FROM records WHERE id = ?');
    for (const id of ids) {
      const stored = this.#reads.byId.get(id) as RawRecord;
      statement.run(id);
      this.#days.add(stored, -1);
      this.#countTakenOver(stored);
      this.#change(this.#importId, 'records', id, stored, null);
    }
  }

  /**
   * Writes customers, projects and the roll-up; returns how many records were written. Throws
   * `import_cancelled`.
   */
  finish(): number {
    checkCancel(this.#cancel);
    this.#inserts.flush();
    checkCancel(this.#cancel);
    this.#entities.finish();
    this.#days.write(this.#db, this.#files);
    takeOver(this.#db, this.#takenOver);
    return this.#written;
  }

  /** After the commit or rollback: removes what was needed on the way. */
  close(): void {
    this.#files.close();
  }

  #ids(row: RowReader): RowIds {
    return {
      user: this.#entities.userId(this.#names.people[row.int(I.person)]!.slot),
      project: this.#entities.projectId(this.#names.jobs[row.int(I.job)]!.project),
      activity: this.#entities.activityId(this.#names.activities[row.int(I.activity)]!),
    };
  }

  #insertRow(row: RowReader, occurrence: number): void {
    const record = newRecord(row, this.#ids(row), occurrence, this.#record);
    this.#inserts.insert(record, row);
    this.#days.addNew(record);
    this.#written++;
  }

  #updateRow(row: RowReader, id: number): void {
    const stored = this.#reads.byId.get(id) as RawRecord;
    const ids = this.#names.ids(row, stored);
    // A record may move to a project, user or activity that this import creates.
    if (ids.project === 0) ids.project = this.#ids(row).project;
    if (ids.user === 0 && this.#file.hasUser) ids.user = this.#ids(row).user;
    if (ids.activity === 0 && this.#file.hasActivity) ids.activity = this.#ids(row).activity;
    const bits = diffRow(stored, row, ids, this.#file);
    const after = applyRow(stored, row, ids, this.#file, bits);
    after[R.import_id] = this.#importId;
    this.#update.run(...after.slice(1), id);
    this.#days.add(stored, -1);
    this.#days.add(after, 1);
    this.#countTakenOver(stored);
    this.#change(this.#importId, 'records', id, stored, after);
    this.#written++;
  }

  #countTakenOver(stored: RawRecord): void {
    const from = stored[R.import_id] as number | null;
    if (from !== null) this.#takenOver.set(from, (this.#takenOver.get(from) ?? 0) + 1);
  }
}
