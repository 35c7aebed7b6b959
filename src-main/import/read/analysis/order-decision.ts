/** In what order the dates of a file stand, and why. */
import type { DateOrder, ReadingRules } from '../../rows/types.ts';

export interface OrderDecision {
  order: ReadingRules['dateOrder'];
  /** Key under `imports.evidence`. */
  because: string;
  /** Orders that dates allow. More than one and `unknown`: the owner has to say. */
  possible: DateOrder[];
}
