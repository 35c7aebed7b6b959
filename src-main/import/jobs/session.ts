/** What the writing worker keeps for each import until it is committed or dropped. */
import type { ImportPreview, PreviewRow } from '../../../src-shared/contract/imports.ts';
import type { CommittedImport, NewImport } from '../../store/changes/imports.ts';
import type { RowsPage } from '../preview/preview.ts';
import type { WriteControl } from '../write/write-control.ts';

export interface RowsWanted {
  kind: PreviewRow['kind'];
  offset: number;
  limit: number;
}

/** Called with the number of rows that are written so far. */
export type Progress = (rows: number) => void;

/**
 * One import from its rows to its commit, on a database connection of its own. Plain synchronous
 * code, so that tests drive it directly. Between its calls it holds no lock, apart from the read
 * snapshot while rows still come in.
 */
export interface Session {
  /** Throws `import_not_ready` if there is no plan. */
  readonly preview: ImportPreview;
  rows(wanted: RowsWanted): RowsPage;
  /** Plans again, against what the store holds now. */
  refresh(): void;
  /**
   * All of it or nothing. Throws `import_stale`, `import_cancelled`, `disk_full`; after an error
   * nothing can be asked for before `refresh`.
   */
  commit(
    digest: string,
    entry: NewImport,
    control: WriteControl,
    progress: Progress,
  ): CommittedImport;
  close(): void;
}
