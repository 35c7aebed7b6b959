/**
 * Dates that begin with a year of four digits. Kimai and ISO 8601 put the month behind it, and no
 * locale of ICU writes the day there in numbers; a format typed by hand, `yyyy-dd-mm`, does. That is
 * believed only where the file shows it, and asked where something speaks against ISO's order.
 */
import type { DayNumber } from '../../../../src-shared/domain/day.ts';
import type { DateOrder } from '../../rows/types.ts';
import type { DayReadings } from '../cells/date-text.ts';
import type { OrderDecision } from './order-decision.ts';
import { RowOrder } from './row-order.ts';

const both: readonly DateOrder[] = ['ymd', 'ydm'];
/** One month above 12 may be a slip of the pen. */
const minProofs = 2;
/** So many different days are no single entry that was planned ahead. */
const minFuture = 3;

export class YearFirst {
  /** Some of the texts that mean two days, for the owner to see. */
  readonly samples: string[] = [];
  readonly #rows = new RowOrder();
  readonly #isFuture: (day: DayNumber) => boolean;
  /** Texts that are days with the day in the middle only, and days that are yet to come. */
  readonly #proofs = new Set<string>();
  readonly #ahead = { ymd: new Set<number>(), ydm: new Set<number>() };
  readonly #isTyped: boolean;
  #isIso = false;
  #isDoubtful = false;
  #hasPast = false;

  /** `isTyped`: cells of a workbook, most of which are days and no texts: their meaning is sure. */
  constructor(isFuture: (day: DayNumber) => boolean, isTyped: boolean) {
    this.#isFuture = isFuture;
    this.#isTyped = isTyped;
  }

  /** Some date has a month in the middle only: that tells what the others are. */
  get isTold(): boolean {
    return this.#isIso;
  }

  get isOpen(): boolean {
    if (this.#isTyped) return !this.#isIso && this.#proofs.size >= minProofs;
    return !this.#isIso && (this.#isDoubtful || this.#proofs.size > 0);
  }

  add(text: string, readings: DayReadings): void {
    const { ymd, ydm } = readings;
    if (this.#isIso || (ymd === undefined && ydm === undefined)) return;
    if (ydm === undefined) {
      this.#isIso = true;
      return;
    }
    if (ymd === undefined) {
      if (this.#proofs.size < minProofs) this.#proofs.add(text);
      return;
    }
    this.#rows.add(text, { ymd, ydm });
    if (ymd === ydm) return;
    this.#isDoubtful = true;
    this.#hasPast ||= !this.#isFuture(ymd);
    this.#noteFuture(this.#ahead.ymd, ymd);
    this.#noteFuture(this.#ahead.ydm, ydm);
    if (this.samples.length < 5 && !this.samples.includes(text)) this.samples.push(text);
  }

  decide(): OrderDecision {
    if (!this.isOpen) return { order: 'none', because: 'isoDates', possible: [] };
    const possible = [...both];
    if (this.#proofs.size >= minProofs && !this.#isTyped)
      return { order: 'ydm', because: 'wholeFile', possible };
    const isAgainst =
      this.#proofs.size > 0 ||
      this.#rows.sortedUnder(both) === 'ydm' ||
      // A file of days that are all to come is a plan.
      (this.#hasPast && this.#ahead.ymd.size >= minFuture && this.#ahead.ydm.size === 0);
    if (isAgainst) return { order: 'unknown', because: 'isoDoubtful', possible };
    return { order: 'ymd', because: 'isoDates', possible };
  }

  #noteFuture(ahead: Set<number>, day: DayNumber): void {
    if (ahead.size < minFuture && this.#isFuture(day)) ahead.add(day);
  }
}
