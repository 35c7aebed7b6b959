/** Whether the dates of a file are sorted as its rows follow each other, under each order of dates. */
import type { DateOrder } from '../../rows/types.ts';
import type { DayReadings } from '../cells/date-text.ts';

/** Fewer steps from one day to another may be sorted by chance. */
const minSteps = 6;
/** As many steps in the other direction are no single entry that was appended. */
const unsortedSteps = 2;

class Steps<T extends number | string> {
  #last: T | null = null;
  up = 0;
  down = 0;

  add(value: T): void {
    if (this.#last !== null && value > this.#last) this.up += 1;
    if (this.#last !== null && value < this.#last) this.down += 1;
    this.#last = value;
  }

  get isSorted(): boolean {
    return Math.min(this.up, this.down) === 0 && this.up + this.down >= minSteps;
  }
}

/** Kimai sorts its exports by begin, either way. */
export class RowOrder {
  readonly #days = new Map<string, Steps<number>>();
  readonly #texts = new Steps<string>();

  add(text: string, readings: DayReadings): void {
    this.#texts.add(text);
    for (const [order, day] of Object.entries(readings)) {
      const steps = this.#days.get(order) ?? new Steps<number>();
      steps.add(day);
      this.#days.set(order, steps);
    }
  }

  /**
   * The one of these orders under which the rows are sorted, where they clearly are not under the
   * others; else null. Rows that somebody sorted by their texts prove nothing.
   */
  sortedUnder(possible: readonly DateOrder[]): DateOrder | null {
    if (this.#texts.isSorted) return null;
    const sorted = possible.filter((order) => this.#days.get(order)?.isSorted);
    const [only] = sorted;
    if (only === undefined || sorted.length > 1) return null;
    const others = possible.filter((order) => order !== only);
    const areUnsorted = others.every((order) => {
      const steps = this.#days.get(order);
      return steps !== undefined && Math.min(steps.up, steps.down) >= unsortedSteps;
    });
    return areUnsorted ? only : null;
  }
}
