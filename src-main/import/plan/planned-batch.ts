import type { RowBatch } from '../rows/batch.ts';

/** What becomes of a row. */
export const rowKind = {
  new: 0,
  /** Something changes that pages show. */
  changed: 1,
  unchanged: 2,
  /** Something changes that no page shows, such as the id in Kimai. */
  changedNotShown: 3,
  problem: 4,
  /** Not decided yet. */
  open: 5,
} as const;

export interface PlannedBatch {
  batch: RowBatch;
  /** One of `rowKind` per row. */
  kinds: Uint8Array;
  /** Id of the record that the row is; for a new row its occurrence among equal keys. */
  refs: Int32Array;
}
