import { bumpDataVersion } from '../../store/data-version.ts';
import {
  finishImport,
  insertImport,
  type CommittedImport,
  type NewImport,
} from '../../store/changes/imports.ts';
import type { Store } from '../../store/open.ts';
import { commit, rollBack } from '../../store/transactions.ts';
import type { ImportCounts } from '../../../src-shared/contract/imports.ts';
import type { PlannedBatch } from '../plan/planned-batch.ts';
import type { Planner } from '../plan/timesheet-plan.ts';
import { checkCancel, type WriteControl } from '../write/write-control.ts';
import { RecordWriter } from '../write/record-writer.ts';

/**
 * A timesheet that goes into an empty store while it is read. Its records are written as they come
 * in, within one transaction that the caller has begun; it is committed if nothing has to be
 * decided in the end, and rolled back otherwise.
 */
export class DirectWrite {
  readonly #db: Store;
  readonly #importId: number;
  readonly #writer: RecordWriter;
  readonly #control: WriteControl;

  /** `db`: in an immediate transaction. */
  constructor(db: Store, planner: Planner, entry: NewImport, control: WriteControl) {
    this.#db = db;
    this.#importId = insertImport(db, entry);
    this.#writer = new RecordWriter(db, this.#importId, planner, control);
    this.#control = control;
  }

  /** Throws `import_cancelled`, `disk_full`. */
  write(planned: PlannedBatch): void {
    this.#writer.write(planned);
  }

  /** Writes what is left and commits. Throws `import_cancelled`, `disk_full`. */
  commit(counts: ImportCounts): CommittedImport {
    const committed = finishWrite(this.#db, this.#importId, this.#writer, counts, this.#control);
    commit(this.#db);
    this.#writer.close();
    return committed;
  }

  /** Takes back all that was written. */
  giveUp(): void {
    rollBack(this.#db);
    this.#writer.close();
  }
}

/** The last writes of an import within its transaction. Throws `import_cancelled`. */
export function finishWrite(
  db: Store,
  importId: number,
  writer: RecordWriter,
  counts: ImportCounts,
  control: WriteControl,
): CommittedImport {
  finishImport(db, importId, counts, writer.finish());
  bumpDataVersion(db);
  checkCancel(control);
  return { importId, counts };
}
