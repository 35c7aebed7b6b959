/** A timesheet from its rows to its commit, in the writing worker. */
import type { DoubtCode, NoticeCode } from '../../../src-shared/contract/import-words.ts';
import type { ImportPreview } from '../../../src-shared/contract/imports.ts';
import type { DayNumber } from '../../../src-shared/domain/day.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { dataVersion } from '../../store/data-version.ts';
import { insertImport, type CommittedImport, type NewImport } from '../../store/changes/imports.ts';
import { connectForImport, writeBackLog, type Store } from '../../store/open.ts';
import {
  beginSnapshot,
  beginWriting,
  inSnapshot,
  inTransaction,
  rollBack,
} from '../../store/transactions.ts';
import type { FileTraits } from '../plan/file-traits.ts';
import { planBatches } from '../plan/plan-batches.ts';
import {
  undecided,
  type Completeness,
  type Decisions,
  type Plan,
  type Replace,
} from '../plan/plan.ts';
import { Planner } from '../plan/timesheet-plan.ts';
import { previewTimesheet, timesheetRows, type RowsPage } from '../preview/preview.ts';
import type { RowBatch } from '../rows/batch.ts';
import type { WriteControl } from '../write/write-control.ts';
import { RecordWriter } from '../write/record-writer.ts';
import { DirectWrite, finishWrite } from './direct-write.ts';
import type { Progress, RowsWanted, Session } from './session.ts';

export interface TimesheetFile extends FileTraits {
  notices: readonly NoticeCode[];
}

export class TimesheetSession implements Session {
  readonly #db: Store;
  #file: TimesheetFile;
  readonly #today: DayNumber;
  /** While rows come in and are planned at once. */
  #planner: Planner | null = null;
  #directWrite: DirectWrite | null = null;
  #batches: RowBatch[] = [];
  #decisions = undecided;
  #plan: Plan | null = null;
  #preview: ImportPreview | null = null;

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
   * Begins to take rows. With `direct`, they are written as they come in if the store is empty
   * (`DirectWrite`). It then holds the write lock until `finish`.
   */
  begin(direct: { entry: NewImport; control: WriteControl } | null): void {
    if (direct) beginWriting(this.#db);
    else beginSnapshot(this.#db);
    this.#planner = new Planner(this.#db, this.#file);
    if (!direct || !this.#planner.fresh) return;
    this.#directWrite = new DirectWrite(this.#db, this.#planner, direct.entry, direct.control);
  }

  add(batch: RowBatch): void {
    this.#batches.push(batch);
    if (!this.#planner) return;
    const planned = this.#planner.add(batch);
    if (!this.#directWrite) return;
    // There is something to decide: the rest of the rows is only collected.
    if (this.#planner.problemCount > 0) this.#endTaking();
    else this.#directWrite.write(planned);
  }

  /**
   * All rows are there; `doubts`: what only all of them told. Returns what was committed if it was
   * written directly.
   */
  finish(doubts: readonly DoubtCode[] = []): CommittedImport | null {
    const { notices } = this.#file;
    const late = doubts.filter((code) => !notices.includes(code));
    if (late.length > 0) this.#file = { ...this.#file, notices: [...late, ...notices] };
    const plan = this.#planner?.finish(undecided, dataVersion(this.#db));
    if (!plan || plan.brokenRenames.length > 0 || late.length > 0) {
      this.#endTaking();
      this.refresh();
      return null;
    }
    this.#setPlan(plan);
    const committed = this.#directWrite?.commit(this.preview.counts) ?? null;
    if (committed) this.#directWrite = null;
    this.#endTaking();
    return committed;
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
    this.#plan = this.#preview = null;
    inSnapshot(this.#db, () => this.#setPlan(this.#planNow(dataVersion(this.#db))));
  }

  /** The owner says that the file has everything of a period and projects; null: it has not. */
  setComplete(complete: Completeness | null): void {
    this.#decide({ complete });
  }

  /** The owner says which corrected entries replace the record that they look like. */
  setReplace(replace: Replace): void {
    this.#decide({ replace });
  }

  commit(
    digest: string,
    entry: NewImport,
    control: WriteControl,
    progress: Progress,
  ): CommittedImport {
    if (!this.#plan) throw new AppError('import_not_ready');
    if (digest !== this.#plan.digest) throw new AppError('import_stale');
    let plan = this.#plan;
    let writer = null as RecordWriter | null;
    try {
      return inTransaction(this.#db, () => {
        const version = dataVersion(this.#db);
        // An equal version proves an equal plan: whatever changes what pages show bumps it.
        if (version !== plan.version) {
          plan = this.#planNow(version);
          if (plan.digest !== digest) throw new AppError('import_stale');
        }
        const importId = insertImport(this.#db, entry);
        writer = new RecordWriter(this.#db, importId, plan, control);
        let rows = 0;
        for (const planned of plan.batches) {
          writer.write(planned);
          progress((rows += planned.batch.rows));
        }
        writer.remove(plan.removed);
        return finishWrite(this.#db, importId, writer, this.preview.counts, control);
      });
    } catch (error) {
      // What the plan noted as created was rolled back with the rest: it is of no use any more.
      this.#plan = this.#preview = null;
      throw error;
    } finally {
      writer?.close();
    }
  }

  close(): void {
    this.#batches = [];
    this.#plan = null;
    this.#endTaking();
    writeBackLog(this.#db);
    this.#db.close();
  }

  #decide(decision: Partial<Decisions>): void {
    this.#decisions = { ...this.#decisions, ...decision };
    this.refresh();
  }

  #planNow(version: number): Plan {
    return planBatches(this.#db, this.#batches, this.#file, this.#decisions, version);
  }

  #setPlan(plan: Plan): void {
    this.#plan = plan;
    this.#preview = previewTimesheet(
      this.#db,
      plan,
      this.#file.notices,
      this.#decisions.complete !== null,
      this.#today,
    );
  }

  /** Ends the transaction in which rows were taken; what is not committed is taken back. */
  #endTaking(): void {
    this.#directWrite?.giveUp();
    this.#directWrite = null;
    this.#planner = null;
    rollBack(this.#db);
  }
}
