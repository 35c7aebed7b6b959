import type { ReadDb } from '../../store/db.ts';
import type { RowBatch } from '../rows/batch.ts';
import type { FileTraits } from './file-traits.ts';
import { Planner, type Completeness, type Plan } from './timesheet-plan.ts';

/**
 * Plans all batches again, against what the store holds now: for a commit on a store that changed,
 * and when the owner says that the file is complete.
 */
export function planBatches(
  db: ReadDb,
  batches: readonly RowBatch[],
  file: FileTraits,
  complete: Completeness | null,
  version: number,
): Plan {
  const keepNames = new Set<string>();
  for (;;) {
    const planner = new Planner(db, file, keepNames);
    for (const batch of batches) planner.add(batch);
    const plan = planner.finish(complete, version);
    if (plan.brokenRenames.length === 0) return plan;
    for (const name of plan.brokenRenames) keepNames.add(name);
  }
}
