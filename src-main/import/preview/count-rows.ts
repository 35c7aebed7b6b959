import type { DayNumber } from '../../../src-shared/domain/day.ts';
import type { Plan } from '../plan/plan.ts';
import { rowKind } from '../plan/planned-batch.ts';
import { RowReader } from '../rows/row-reader.ts';

const kindCount = Object.keys(rowKind).length;
const maxInt = 2 ** 31 - 1;

export interface ProjectRows {
  /** Index of the project in the plan's dictionary. */
  index: number;
  /** How many rows of each `rowKind`. */
  byKind: readonly number[];
  first: DayNumber;
  last: DayNumber;
}

/**
 * What becomes of the rows of each project, in the order in which the file names them. Projects of
 * which no row can be imported are left out. It counts in flat arrays, since it looks at every row
 * while the owner waits for the preview.
 */
export function countRows({ batches, dictionary }: Plan): ProjectRows[] {
  const size = dictionary.projects.length;
  const counts = new Uint32Array(size * kindCount);
  const first = new Int32Array(size).fill(maxInt);
  const last = new Int32Array(size);
  for (const { batch, kinds } of batches) {
    const reader = new RowReader(batch);
    for (let row = 0; row < batch.rows; row++) {
      const kind = kinds[row]!;
      if (kind === rowKind.problem) continue;
      const { day, projectIndex } = reader.at(row);
      const at = projectIndex * kindCount + kind;
      counts[at] = counts[at]! + 1;
      if (day < first[projectIndex]!) first[projectIndex] = day;
      if (day > last[projectIndex]!) last[projectIndex] = day;
    }
  }
  return dictionary.projects.flatMap((_, index) => {
    if (last[index] === 0) return [];
    const byKind = [...counts.subarray(index * kindCount, (index + 1) * kindCount)];
    return [{ index, byKind, first: first[index]!, last: last[index]! }];
  });
}
