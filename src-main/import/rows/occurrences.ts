/**
 * Counts rows that are equal in their natural key: who, project, activity, day and begin, each a
 * small number. Every day has a table of its own: exports are in order of time, and a table for a
 * few hundred rows stays in the processor's cache, where one for a million does not.
 */
import { NumberIndex } from './number-index.ts';

/** Keys of a day, and how often those came again that did. */
interface DayKeys {
  known: NumberIndex;
  repeats: Map<number, number>;
}

export class Occurrences {
  #days = new Map<number, DayKeys>();
  #day = -1;
  #keys: DayKeys = newDay();

  /**
   * How many rows with the same key came before. `day` is `yyyymmdd`, `begin` minutes or -1.
   *
   * Of person and activity 12 bits count, of the project 17, so that a key is below 2^53. Beyond
   * that two keys may meet: their rows then are matched as a group, as those of equal keys are.
   */
  next(project: number, person: number, activity: number, day: number, begin: number): number {
    if (day !== this.#day) this.#turnTo(day);
    const { known, repeats } = this.#keys;
    const who = (project & 0x1_ffff) * 2 ** 24 + ((person & 0xfff) << 12) + (activity & 0xfff);
    const key = who * 2 ** 11 + begin + 1;
    const size = known.size;
    if (known.add(key) === size) return 0;
    const count = (repeats.get(key) ?? 0) + 1;
    repeats.set(key, count);
    return count;
  }

  #turnTo(day: number): void {
    this.#day = day;
    const keys = this.#days.get(day);
    this.#keys = keys ?? newDay();
    if (!keys) this.#days.set(day, this.#keys);
  }
}

const newDay = (): DayKeys => ({ known: new NumberIndex(16), repeats: new Map() });
