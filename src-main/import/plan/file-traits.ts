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

/** Of a source with every column that Kimai has, and durations to the second. */
export const fullTraits: FileTraits = {
  resolution: 1,
  bytes: 0,
  hasUser: true,
  hasActivity: true,
  hasDescription: true,
  hasEnd: true,
  hasDuration: true,
  isDurationDerived: false,
};
