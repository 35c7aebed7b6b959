/**
 * One import from its rows to its commit, on a database connection of its own. Used by the writing
 * worker; plain synchronous code, so that tests drive it directly. Between its calls it holds no
 * lock, apart from the read snapshot while rows still come in.
 */
import type {
  ImportCounts,
  ImportPreview,
  PreviewRow,
} from '../../../src-shared/contract/imports.ts';
import type { DayNumber } from '../../../src-shared/domain/day.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { bumpDataVersion, dataVersion } from '../../store/data-version.ts';
import { finishImport, insertImport, type NewImport } from '../../store/changes/imports.ts';
import { connect, storeError, writeBackLog, type Store } from '../../store/open.ts';
import type { RowBatch } from '../rows/batch.ts';
import { checkCancel, type CancelFlag } from '../write/cancel.ts';
import { EntityWriter } from '../write/entity-writer.ts';
import { RecordWriter } from '../write/record-writer.ts';
import type { FileTraits } from '../plan/diff.ts';
import { planList, type ListContent, type ListPlan } from '../plan/list-plan.ts';
import { planBatches } from '../plan/plan-batches.ts';
import { Planner, type Completeness, type Plan } from '../plan/timesheet-plan.ts';
import {
  listRows,
  previewList,
  previewTimesheet,
  timesheetRows,
  type RowsPage,
} from '../preview/preview.ts';

export interface Committed {
  importId: number;
  counts: ImportCounts;
}

export interface RowsWanted {
  kind: PreviewRow['kind'];
  offset: number;
  limit: number;
}

export interface Session {
  readonly preview: ImportPreview;
  rows(wanted: RowsWanted): RowsPage;
  /** Plans again, against what the store holds now. */
  refresh(): void;
  /** Throws `import_stale` (and has a fresh preview then), `import_cancelled`, `disk_full`. */
  commit(digest: string, entry: NewImport, cancel: CancelFlag, progress: Progress): Committed;
  close(): void;
}

/** Told how many rows are written so far. */
export type Progress = (rows: number) => void;

/** Runs `work` in an immediate transaction: all of it or nothing. Throws as storeError maps. */
export function inTransaction<T>(db: Store, work: () => T): T {
  try {
    db.exec('BEGIN IMMEDIATE');
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back by itself after some errors, such as a full disk.
    if (db.inTransaction) db.exec('ROLLBACK');
    throw storeError(error);
  }
}

/**
 * Foreign keys are not checked row by row: ids of customers, projects, users and activities come
 * from this very transaction, and three look-ups a record cost 10 %. The log is written back into
 * the database after the commit (`close`), when nobody waits for it.
 */
function connectForImport(databaseFile: string): Store {
  const db = connect(databaseFile);
  db.pragma('foreign_keys = OFF');
  db.pragma('wal_autocheckpoint = 0');
  return db;
}

export interface TimesheetFile extends FileTraits {
  /** Keys under `imports.notice`: what the pages will lack. */
  notices: readonly string[];
}

export class TimesheetSession implements Session {
  #db: Store;
  #file: TimesheetFile;
  #today: DayNumber;
  #planner: Planner | null = null;
  #plan: Plan | null = null;
  #preview: ImportPreview | null = null;
  #complete: Completeness | null = null;
  #batches: RowBatch[] = [];
  #straight: { importId: number; writer: RecordWriter; cancel: CancelFlag } | null = null;

  /** `today`: the local day, for shares that have expired. */
  constructor(databaseFile: string, file: TimesheetFile, today: DayNumber) {
    this.#db = connectForImport(databaseFile);
    this.#file = file;
    this.#today = today;
  }

  /** The connection: tests limit its size. */
  get db(): Store {
    return this.#db;
  }

  /**
   * Begins to take rows. With `straight` (for an empty store only) records are written as they
   * come in, in one transaction, which `finish` commits if it turns out that nothing has to be
   * decided; otherwise nothing is written and the preview waits. It holds the write lock.
   */
  begin(straight: { entry: NewImport; cancel: CancelFlag } | null): void {
    this.#db.exec(straight ? 'BEGIN IMMEDIATE' : 'BEGIN');
    const planner = new Planner(this.#db, this.#file);
    this.#planner = planner;
    if (!straight || !planner.fresh) return;
    const importId = insertImport(this.#db, straight.entry);
    const writer = new RecordWriter(this.#db, importId, planner, straight.cancel);
    this.#straight = { importId, writer, cancel: straight.cancel };
  }

  add(batch: RowBatch): void {
    this.#batches.push(batch);
    if (!this.#planner) return;
    const planned = this.#planner.add(batch);
    if (!this.#straight) return;
    if (this.#planner.problemCount > 0) this.#giveUpStraight();
    else this.#straight.writer.write(planned);
  }

  /** All rows are there. Returns what was committed, if it went straight. */
  finish(): Committed | null {
    const plan = this.#planner?.finish(null, dataVersion(this.#db));
    this.#planner = null;
    if (plan && plan.brokenRenames.length === 0) {
      this.#setPlan(plan);
      if (this.#straight) {
        const { importId, writer, cancel } = this.#straight;
        const committed = this.#finishImport(importId, writer.finish(), cancel);
        this.#db.exec('COMMIT');
        writer.close();
        return committed;
      }
      this.#db.exec('ROLLBACK');
      return null;
    }
    this.#giveUpStraight();
    this.refresh();
    return null;
  }

  get preview(): ImportPreview {
    if (!this.#preview) throw new AppError('import_not_ready');
    return this.#preview;
  }

  rows(wanted: RowsWanted): RowsPage {
    if (!this.#plan) throw new AppError('import_not_ready');
    return timesheetRows(this.#db, this.#plan, this.preview.counts, wanted);
  }

  refresh(): void {
    // One snapshot for all that planning reads.
    this.#db.exec('BEGIN');
    try {
      const version = dataVersion(this.#db);
      this.#setPlan(planBatches(this.#db, this.#batches, this.#file, this.#complete, version));
    } finally {
      this.#db.exec('ROLLBACK');
    }
  }

  setComplete(complete: Completeness | null): void {
    this.#complete = complete;
    this.refresh();
  }

  commit(digest: string, entry: NewImport, cancel: CancelFlag, progress: Progress): Committed {
    if (!this.#plan) throw new AppError('import_not_ready');
    if (digest !== this.#plan.digest) throw new AppError('import_stale');
    let plan = this.#plan;
    let writer = null as RecordWriter | null;
    try {
      return inTransaction(this.#db, () => {
        const version = dataVersion(this.#db);
        // An equal version proves an equal plan: whatever changes what pages show bumps it.
        if (version !== plan.version) {
          plan = planBatches(this.#db, this.#batches, this.#file, this.#complete, version);
          if (plan.digest !== digest) throw new AppError('import_stale');
        }
        const importId = insertImport(this.#db, entry);
        writer = new RecordWriter(this.#db, importId, plan, cancel);
        let rows = 0;
        for (const planned of plan.batches) {
          writer.write(planned);
          progress((rows += planned.batch.rows));
        }
        writer.remove(plan.removed);
        return this.#finishImport(importId, writer.finish(), cancel);
      });
    } catch (error) {
      // What the plan noted as created was rolled back with the rest.
      this.refresh();
      throw error;
    } finally {
      writer?.close();
    }
  }

  close(): void {
    this.#batches = [];
    this.#plan = null;
    this.#giveUpStraight();
    writeBackLog(this.#db);
    this.#db.close();
  }

  #setPlan(plan: Plan): void {
    this.#plan = plan;
    this.#preview = previewTimesheet(
      this.#db,
      plan,
      this.#file.notices,
      this.#complete !== null,
      this.#today,
    );
  }

  /** There is something to decide: nothing is written, the rest of the rows is only collected. */
  #giveUpStraight(): void {
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#straight?.writer.close();
    this.#straight = null;
    this.#planner = null;
  }

  #finishImport(importId: number, written: number, cancel: CancelFlag): Committed {
    const { counts } = this.preview;
    finishImport(this.#db, importId, counts, written);
    bumpDataVersion(this.#db);
    checkCancel(cancel);
    return { importId, counts };
  }
}

/** A list of customers or projects: small, so that it is planned again at every step. */
export class ListSession implements Session {
  #db: Store;
  #content: ListContent;
  #today: DayNumber;
  #plan!: ListPlan;
  #preview!: ImportPreview;

  constructor(databaseFile: string, content: ListContent, today: DayNumber) {
    this.#db = connect(databaseFile);
    this.#content = content;
    this.#today = today;
    this.refresh();
  }

  get preview(): ImportPreview {
    return this.#preview;
  }

  rows(wanted: RowsWanted): RowsPage {
    return listRows(this.#plan, wanted);
  }

  refresh(): void {
    this.#plan = planList(this.#db, this.#content, dataVersion(this.#db));
    this.#preview = previewList(this.#db, this.#plan, this.#today);
  }

  commit(digest: string, entry: NewImport, cancel: CancelFlag): Committed {
    try {
      return inTransaction(this.#db, () => {
        this.refresh();
        if (this.#plan.digest !== digest) throw new AppError('import_stale');
        const { counts } = this.#preview;
        const importId = insertImport(this.#db, entry);
        const writer = new EntityWriter(this.#db, this.#plan.book, importId);
        for (const slot of this.#plan.book.customers) if (slot.used) writer.customerId(slot);
        for (const slot of this.#plan.book.projects) if (slot.used) writer.projectId(slot);
        writer.finish();
        finishImport(this.#db, importId, counts, 0);
        bumpDataVersion(this.#db);
        checkCancel(cancel);
        return { importId, counts };
      });
    } catch (error) {
      this.refresh();
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }
}
