import type { DurationResolution } from '../rows/types.ts';

/** What the file as a whole can say; a column that it lacks never clears what is known. */
export interface FileTraits {
  resolution: DurationResolution;
  /** Its size. */
  bytes: number;
  hasUser: boolean;
  hasActivity: boolean;
  hasDescription: boolean;
  hasEnd: boolean;
  hasDuration: boolean;
  /** It has no such column: durations are made from begin and end. */
  isDurationDerived: boolean;
}
