/** Counts of a comparison, per kind of value, and what differed. */
import { kinds, type Kind } from './holdings.ts';

/** The four intended differences of the golden data's README. */
export type Rule = 1 | 2 | 3 | 4;

export interface Difference {
  kind: Kind;
  page: string;
  expected: string;
  /** Null: our page has no such value. */
  actual: string | null;
}

export interface Count {
  /** Values that the golden pages hold. */
  held: number;
  compared: number;
  equal: number;
  different: number;
  leftOut: Record<Rule, number>;
}

export class Tally {
  readonly counts = new Map<Kind, Count>();
  readonly differences: Difference[] = [];

  constructor() {
    for (const kind of kinds) {
      const leftOut = { 1: 0, 2: 0, 3: 0, 4: 0 };
      this.counts.set(kind, { held: 0, compared: 0, equal: 0, different: 0, leftOut });
    }
  }

  hold(kind: Kind, values: number): void {
    this.counts.get(kind)!.held += values;
  }

  /** One value of both sides. A missing one differs, and does not count as compared. */
  compare(
    kind: Kind,
    page: string,
    expected: string,
    actual: string | null,
    equal = expected === actual,
  ): void {
    const count = this.counts.get(kind)!;
    if (actual !== null) count.compared++;
    if (equal && actual !== null) {
      count.equal++;
    } else {
      count.different++;
      this.differences.push({ kind, page, expected, actual });
    }
  }

  /** Something that our page has and Kimai's has not: differs, and is no value of the file. */
  refuse(kind: Kind, page: string, actual: string): void {
    this.counts.get(kind)!.different++;
    this.differences.push({ kind, page, expected: '(nothing)', actual });
  }

  leaveOut(kind: Kind, rule: Rule, values = 1): void {
    this.counts.get(kind)!.leftOut[rule] += values;
  }

  /** Kinds of which fewer values were compared than are held less those left out by rule. */
  tooFew(): Kind[] {
    return kinds.filter((kind) => {
      const { held, compared, leftOut } = this.counts.get(kind)!;
      return compared + leftOut[1] + leftOut[2] + leftOut[3] + leftOut[4] < held;
    });
  }

  get compared(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count.compared, 0);
  }

  get passed(): boolean {
    return this.differences.length === 0 && this.tooFew().length === 0 && this.compared > 0;
  }
}
