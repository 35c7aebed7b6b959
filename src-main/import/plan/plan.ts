/** What an import of a timesheet would do: the result of a `Planner`. */
import type { RowProblem } from '../rows/types.ts';
import type { Dictionary } from './dictionary.ts';
import type { EntityBook } from './entities.ts';
import type { FileTraits } from './file-traits.ts';
import type { PlannedBatch } from './planned-batch.ts';

/** The owner says that the file has everything of these days (`yyyymmdd`) and projects. */
export interface Completeness {
  firstDay: number;
  lastDay: number;
  projectIds: number[];
}

/** Which of the offered corrections the owner wants: all of them or none, but for these records. */
export interface Replace {
  all: boolean;
  except: number[];
}

/** What the owner decided on a preview; null: nothing yet. */
export interface Decisions {
  complete: Completeness | null;
  replace: Replace | null;
  /** Stored records of which Kimai itself says that they are gone. */
  gone?: readonly number[];
}

export const undecided: Decisions = { complete: null, replace: null };

/** A stored record that the file no longer has, and the new row that it seems to have become. */
export interface Correction {
  planned: PlannedBatch;
  row: number;
  recordId: number;
  /** The row is a change of that record; false: both count. */
  isReplaced: boolean;
}

export interface Plan {
  book: EntityBook;
  file: FileTraits;
  batches: PlannedBatch[];
  dictionary: Dictionary;
  removed: number[];
  /** Rows that seem to be corrected entries, and which of them the owner said are. */
  corrections: Correction[];
  replace: Replace | null;
  /** Projects that lose a record to another one. */
  movedFrom: ReadonlySet<number>;
  /** At most `maxKeptProblems` of them; `problemCount` counts all. */
  problems: RowProblem[];
  problemCount: number;
  /** The file has this record. */
  isClaimed: (recordId: number) => boolean;
  digest: string;
  /** The store's data version that it was planned against. */
  version: number;
  /** Not empty: plan again, keeping these names (entities.ts). */
  brokenRenames: string[];
}
