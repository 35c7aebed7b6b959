/** A list of customers or projects in the writing worker. */
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
import { connect, type Store } from '../../store/open.ts';
import { inTransaction } from '../../store/transactions.ts';
import { planList, type ListContent, type ListPlan } from '../plan/list-plan.ts';
import { listRows, previewList, type RowsPage } from '../preview/preview.ts';
import { checkCancel, type WriteControl } from '../write/write-control.ts';
import { writeList } from '../write/write-list.ts';
import type { RowsWanted, Session } from './session.ts';

/** Lists are small, so that the plan is made again at every step. */
export class ListSession implements Session {
  readonly #db: Store;
  readonly #content: ListContent;
  readonly #today: DayNumber;
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

  commit(digest: string, entry: NewImport, control: WriteControl): CommittedImport {
    return inTransaction(this.#db, () => {
      this.refresh();
      if (this.#plan.digest !== digest) throw new AppError('import_stale');
      const { counts } = this.#preview;
      const importId = insertImport(this.#db, entry);
      writeList(this.#db, this.#plan, importId);
      finishImport(this.#db, importId, counts, 0);
      bumpDataVersion(this.#db);
      checkCancel(control);
      return { importId, counts };
    });
  }

  close(): void {
    this.#db.close();
  }
}
