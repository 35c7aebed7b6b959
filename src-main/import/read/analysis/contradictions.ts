/**
 * Where the rows of a file contradict themselves, by all of its rows: the first ones, by which was
 * decided how it is read, may be of another kind than what somebody pasted below them.
 */
import type { DoubtCode } from '../../../../src-shared/contract/import-words.ts';
import type { FileAnalysis, ImportRecord } from '../../rows/types.ts';
import { contradictsPaid } from './amounts.ts';
import { contradictsSpan } from './durations.ts';

const dayS = 86_400;
/** Rows that are judged together: the others of a long file do not outvote them. */
const blockRows = 500;
/** So many rows may say anything. */
const fewRows = 3;

/** How many rows tell something, and how many of them tell against it. */
class Count {
  told = 0;
  against = 0;

  /** More than a few rows, and more than this share of those that tell. */
  exceeds(share: number): boolean {
    return this.against > fewRows && this.against > this.told * share;
  }

  /** The same of a file that has a few rows only. */
  isMost(): boolean {
    return this.against > 0 && this.against * 2 >= this.told;
  }
}

/** A formula took the begin from an end after midnight: `-22:30` beside 22:30–00:00. */
const isTakenOff = (seconds: number): boolean => seconds < dayS / -2;

/** True of durations that hardly any record has, unless a unit was misread. */
function isUnusual(seconds: number): boolean {
  return seconds > dayS || seconds < 60;
}

export class Contradictions {
  readonly #hasUnit: boolean;
  readonly #hasDuration: boolean;
  readonly #doubts = new Set<DoubtCode>();
  #isFirst = true;
  #rows = 0;
  #times = new Count();
  #amounts = new Count();
  #lengths = new Count();

  constructor({ choices, columns }: FileAnalysis) {
    // Who said what the numbers count has seen them.
    this.#hasUnit = choices.some(
      ({ about, because }) => about === 'durationUnit' && because === 'chosen',
    );
    this.#hasDuration = columns.some(({ column }) => column === 'duration');
  }

  add(record: ImportRecord): void {
    const { durationS: seconds } = record;
    if (seconds === 0) return;
    const { beginMin, endMin, breakS = 0, rateE4, hourlyRateE4, fixedRateE4 } = record;
    let isConfirmed = false;
    // Taken from times: the break is longer than from begin to end.
    if (!this.#hasDuration) {
      this.#times.told += 1;
      if (seconds < -60) this.#times.against += 1;
    }
    if (this.#hasDuration && !this.#hasUnit) {
      if (beginMin !== undefined && endMin !== undefined && beginMin !== endMin) {
        const spent = ((endMin - beginMin + 1440) % 1440) * 60 - breakS;
        this.#times.told += 1;
        if (seconds < 0 ? isTakenOff(seconds) : contradictsSpan(seconds, spent))
          this.#times.against += 1;
        else isConfirmed = true;
      }
      this.#lengths.told += 1;
      if (!isConfirmed && isUnusual(Math.abs(seconds))) this.#lengths.against += 1;
    }
    if (seconds > 0 && rateE4 && hourlyRateE4 && !fixedRateE4) {
      this.#amounts.told += 1;
      if (contradictsPaid(seconds, (rateE4 / hourlyRateE4) * 3600)) this.#amounts.against += 1;
    }
    this.#rows += 1;
    if (this.#rows === blockRows) this.#endBlock();
  }

  /** What the owner must have seen, after all rows. */
  doubts(): DoubtCode[] {
    this.#endBlock();
    return [...this.#doubts];
  }

  #endBlock(): void {
    const isMost = (count: Count): boolean =>
      this.#isFirst && count.against <= fewRows && count.isMost();
    if (this.#times.exceeds(0.05) || isMost(this.#times)) this.#doubts.add('timesContradict');
    if (this.#amounts.exceeds(0.5)) this.#doubts.add('amountsContradict');
    if (this.#lengths.exceeds(0.5) || isMost(this.#lengths)) this.#doubts.add('unusualDurations');
    this.#rows = 0;
    this.#isFirst = false;
    this.#times = new Count();
    this.#amounts = new Count();
    this.#lengths = new Count();
  }
}
