import type { ReadDb } from '../../store/db.ts';
import type { RowBatch } from '../rows/batch.ts';
import type { FileTraits } from './file-traits.ts';
import type { Decisions, Plan } from './plan.ts';
import { Planner } from './timesheet-plan.ts';

/**
 * Plans all batches again, against what the store holds now: for a commit on a store that changed,
 * and when the owner decides something about it.
 */
export function planBatches(
  db: ReadDb,
  batches: readonly RowBatch[],
  file: FileTraits,
  decisions: Decisions,
  version: number,
  isElsewhere?: (recordId: number) => boolean,
): Plan {
  const keepNames = new Set<string>();
  for (;;) {
    const planner = new Planner(db, file, keepNames);
    for (const batch of batches) planner.add(batch);
    const plan = planner.finish(decisions, version, isElsewhere);
    if (plan.brokenRenames.length === 0) return plan;
    for (const name of plan.brokenRenames) keepNames.add(name);
  }
}
