/**
 * Several files as one import, in the writing worker: lists of customers first, then those of
 * projects, then timesheets. It does what importing them one after the other would do. Each file
 * needs what the files before it wrote, so that a preview writes as well, and takes all back.
 */
import type { ImportPreview } from '../../../src-shared/contract/imports.ts';
import type { DayNumber } from '../../../src-shared/domain/day.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { bumpDataVersion, dataVersion } from '../../store/data-version.ts';
import {
  finishImport,
  insertImport,
  type CommittedImport,
  type NewImport,
} from '../../store/changes/imports.ts';
import { notePendingTaken } from '../../store/kimai/kimai-imports.ts';
import { maxRowsFiles, type RowsFilesShare } from '../../store/bulk/rows-files.ts';
import { connectForImport, writeBackLog, type Store } from '../../store/open.ts';
import { maxRecordId, RecordReads } from '../../store/records/records.ts';
import type { StoredRecord } from '../../store/records/stored-record.ts';
import { beginWriting, inTransaction, rollBack } from '../../store/transactions.ts';
import { readPending } from '../kimai/pending-import.ts';
import { planList, type ListContent, type ListPlan } from '../plan/list-plan.ts';
import { planBatches } from '../plan/plan-batches.ts';
import { rowKind } from '../plan/planned-batch.ts';
import type { Plan, Replace } from '../plan/plan.ts';
import { mergePreviews } from '../preview/merge-previews.ts';
import {
  listRows,
  previewList,
  previewTimesheet,
  timesheetRows,
  type RowsPage,
} from '../preview/preview.ts';
import type { RowBatch } from '../rows/batch.ts';
import { checkCancel, type WriteControl } from '../write/write-control.ts';
import { RecordWriter } from '../write/record-writer.ts';
import { writeList } from '../write/write-list.ts';
import type { Progress, RowsWanted, Session } from './session.ts';
import type { TimesheetFile } from './timesheet-session.ts';

type Part = { fileName: string } & (
  { content: ListContent } | { file: TimesheetFile; batches: RowBatch[]; gone?: number[] }
);

/** What a file would do after the files before it. */
type PlannedPart = { fileName: string; preview: ImportPreview } & (
  { list: ListPlan } | { plan: Plan; recordOf: (id: number) => StoredRecord | undefined }
);

const neverCancelled: WriteControl = { cancelled: false };
/** At most this many records that earlier files wrote are kept for the rows of a preview. */
const maxRemembered = 100_000;

export class BatchSession implements Session {
  readonly #db: Store;
  readonly #today: DayNumber;
  readonly #parts: Part[] = [];
  /** The connected Kimai whose news are the parts, by its name; null: the parts are files. */
  #kimai: string | null = null;
  #entry: NewImport | null = null;
  #replace: Replace | null = null;
  #planned: PlannedPart[] | null = null;
  #preview: ImportPreview | null = null;
  /** Those of the transaction that is under way. */
  readonly #writers: RecordWriter[] = [];

  constructor(databaseFile: string, today: DayNumber) {
    this.#db = connectForImport(databaseFile);
    this.#today = today;
  }

  /** Files are applied in the order in which they are added. */
  addList(fileName: string, content: ListContent): void {
    this.#parts.push({ fileName, content });
  }

  addTimesheet(fileName: string, file: TimesheetFile, batches: RowBatch[]): void {
    this.#parts.push({ fileName, file, batches });
  }

  /** Takes as parts what a connected Kimai told. They are read anew for each plan. */
  readFromKimai(name: string): void {
    this.#kimai = name;
  }

  /** Call when all files are there. `entry`: how the history would name the import. */
  plan(entry: NewImport): void {
    this.#entry = entry;
    this.refresh();
  }

  get preview(): ImportPreview {
    if (!this.#preview) throw new AppError('import_not_ready');
    return this.#preview;
  }

  rows({ kind, offset, limit }: RowsWanted): RowsPage {
    if (!this.#planned) throw new AppError('import_not_ready');
    let total = 0;
    const rows: RowsPage['rows'] = [];
    for (const part of this.#planned) {
      const wanted = { kind, offset: Math.max(0, offset - total), limit: limit - rows.length };
      const page =
        'list' in part
          ? listRows(part.list, wanted)
          : timesheetRows(this.#db, part.plan, part.preview.counts, wanted, part.recordOf);
      total += page.total;
      const { fileName } = part;
      rows.push(...page.rows.map((row) => ({ ...row, fileName })));
    }
    return { total, rows };
  }

  refresh(): void {
    this.#planned = this.#preview = null;
    beginWriting(this.#db);
    try {
      const { planned } = this.#apply(this.#entry!, neverCancelled, null);
      this.#planned = planned;
      this.#preview = mergePreviews(planned.map(({ preview }) => preview));
    } finally {
      rollBack(this.#db);
      this.#closeWriters();
    }
  }

  setReplace(replace: Replace): void {
    this.#replace = replace;
    this.refresh();
  }

  commit(
    digest: string,
    entry: NewImport,
    control: WriteControl,
    progress: Progress,
  ): CommittedImport {
    try {
      return inTransaction(this.#db, () => {
        const { planned, importId, written } = this.#apply(entry, control, progress);
        const preview = mergePreviews(planned.map((part) => part.preview));
        if (preview.digest !== digest) throw new AppError('import_stale');
        finishImport(this.#db, importId, preview.counts, written);
        if (this.#kimai !== null) notePendingTaken(this.#db, importId);
        bumpDataVersion(this.#db);
        checkCancel(control);
        return { importId, counts: preview.counts };
      });
    } catch (error) {
      this.#planned = this.#preview = null;
      throw error;
    } finally {
      this.#closeWriters();
    }
  }

  close(): void {
    this.#parts.length = 0;
    this.#planned = null;
    rollBack(this.#db);
    writeBackLog(this.#db);
    this.#db.close();
  }

  /** After the transaction: what they attached can be given back only then. */
  #closeWriters(): void {
    for (const writer of this.#writers.splice(0)) writer.close();
  }

  /**
   * Plans and writes file after file, within a transaction of the caller. `progress` null: for a
   * preview, which needs of each file what it wrote for the others, and so nothing of the last one.
   */
  #apply(
    entry: NewImport,
    control: WriteControl,
    progress: Progress | null,
  ): { planned: PlannedPart[]; importId: number; written: number } {
    const firstNewId = maxRecordId(this.#db) + 1;
    const importId = insertImport(this.#db, entry);
    const planned: PlannedPart[] = [];
    let rows = 0;
    let written = 0;
    const parts = this.#kimai === null ? this.#parts : this.#kimaiParts(this.#kimai);
    const shares = shareRowsFiles(parts);
    for (const part of parts) {
      const { fileName } = part;
      const isNeeded = progress !== null || part !== parts.at(-1);
      if ('content' in part) {
        const list = planList(this.#db, part.content, dataVersion(this.#db));
        const preview = previewList(this.#db, list, this.#today);
        if (isNeeded) writeList(this.#db, list, importId);
        planned.push({ fileName, preview, list });
        continue;
      }
      const plan = this.#planTimesheet(part, planned);
      const { notices } = part.file;
      const preview = previewTimesheet(this.#db, plan, notices, false, this.#today);
      const recordOf = this.#remember(plan, firstNewId, importId);
      planned.push({ fileName, preview, plan, recordOf });
      if (!isNeeded) continue;
      const rowsFiles = shares.get(part);
      const options = { plainInserts: !rowsFiles, rowsFiles, firstNewId };
      const writer = new RecordWriter(this.#db, importId, plan, control, options);
      this.#writers.push(writer);
      for (const batch of plan.batches) {
        writer.write(batch);
        progress?.((rows += batch.batch.rows));
      }
      writer.remove(plan.removed);
      written += writer.finish();
    }
    return { planned, importId, written };
  }

  #kimaiParts(fileName: string): Part[] {
    const { customers, projects, file, batches, gone } = readPending(this.#db);
    return [
      { fileName, content: customers },
      { fileName, content: projects },
      { fileName, file: { ...file, notices: [] }, batches, gone },
    ];
  }

  #planTimesheet(part: Extract<Part, { file: unknown }>, before: readonly PlannedPart[]): Plan {
    const plans = before.flatMap((one) => ('plan' in one ? [one.plan] : []));
    const version = dataVersion(this.#db);
    const decisions = { complete: null, replace: this.#replace, gone: part.gone ?? [] };
    // A record that another file of this import has is not missing.
    const isElsewhere = (id: number): boolean => plans.some((plan) => plan.isClaimed(id));
    return planBatches(this.#db, part.batches, part.file, decisions, version, isElsewhere);
  }

  /**
   * Keeps the records that a file refers to and an earlier file wrote: when rows are shown, the
   * store does not have them any more, or has their older values.
   */
  #remember(plan: Plan, firstNewId: number, importId: number) {
    const records = new Map<number, StoredRecord>();
    const reads = new RecordReads(this.#db);
    for (const { kinds, refs } of plan.batches) {
      for (let row = 0; row < kinds.length && records.size < maxRemembered; row++) {
        if (kinds[row] === rowKind.new || kinds[row] === rowKind.problem) continue;
        const record = reads.byId(refs[row]!);
        if (record && (record.id >= firstNewId || record.importId === importId)) {
          records.set(record.id, record);
        }
      }
    }
    for (const { recordId } of plan.corrections) {
      const record = reads.byId(recordId);
      if (record) records.set(recordId, record);
    }
    return (id: number) => records.get(id) ?? (id < firstNewId ? reads.byId(id) : undefined);
  }
}

/**
 * The rows files for the largest timesheets: SQLite attaches few. The rows of the others are bound
 * one by one.
 */
function shareRowsFiles(parts: readonly Part[]): Map<Part, RowsFilesShare> {
  const rowsOf = ({ batches }: { batches: RowBatch[] }): number =>
    batches.reduce((sum, { rows }) => sum + rows, 0);
  const largest = parts
    .filter((part) => 'batches' in part)
    .toSorted((a, b) => rowsOf(b) - rowsOf(a))
    .slice(0, maxRowsFiles);
  const most = Math.floor(maxRowsFiles / Math.max(1, largest.length));
  const letters = 'abcdefghij';
  return new Map(
    largest.map((part, index) => [part, { name: `rows_${letters[index]}`, most }] as const),
  );
}
