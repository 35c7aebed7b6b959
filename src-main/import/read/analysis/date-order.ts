/** In what order the numbers of a file's dates stand, and what its months mean, by all its dates. */
import type { DateOrder, ReadingRules } from '../../rows/types.ts';
import { dayReadings } from '../cells/date-text.ts';
import type { DayReadings } from '../cells/date-text.ts';
import { MonthLanguages } from './month-languages.ts';

export const dateOrders: readonly DateOrder[] = ['dmy', 'mdy', 'ymd', 'serial'];

/** Kimai records what was done: a date further ahead than this was read in the wrong order. */
const futureDays = 366;
const dayMs = 86_400_000;

export interface OrderDecision {
  order: ReadingRules['dateOrder'];
  /** Key under `imports.evidence`. */
  because: string;
  /** Orders that all dates allow. More than one and `unknown`: the owner has to say. */
  possible: DateOrder[];
}

/** Collects the dates of a file; each different text is read once. */
export class DateOrders {
  readonly #seen = new Set<string>();
  /** Some texts that mean different days, for the owner to see. */
  readonly samples: string[] = [];
  readonly months = new MonthLanguages();
  readonly #changedMs: number;
  #possible = new Set<DateOrder>(dateOrders);
  /** Orders under which some date is in the future. */
  readonly #future = new Set<DateOrder>();
  #serials = 0;
  #total = 0;
  #needsOrder = false;
  #onlyPoints = true;

  /** `changedMs`: when the file was last changed; 0 if that is not known. */
  constructor(changedMs: number) {
    this.#changedMs = changedMs;
  }

  add(cell: string): void {
    if (cell.trim() === '' || cell.length > 80) return;
    this.#total += 1;
    const isIso = /^\d{4}-\d{2}-\d{2}$/.test(cell);
    if (!isIso && /^\s*\d{5}([.,]\d+)?\s*$/.test(cell)) this.#serials += 1;
    if (isIso || this.#seen.has(cell)) return;
    // Texts that are no dates could be different in every row.
    if (this.#seen.size < 20_000) this.#seen.add(cell);
    this.months.add(cell);
    const readings = dayReadings(cell, this.months.likeliest);
    const orders = Object.keys(readings) as DateOrder[];
    if (orders.length === 0 || isNeutral(readings)) return;
    // A serial number among dates is no date; it must not make the others doubtful.
    if (orders.length === 1 && orders[0] === 'serial') return;
    this.#needsOrder = true;
    if (!/^\d{1,2}\.\s?\d{1,2}\.\s?\d{4}/.test(cell.trim())) this.#onlyPoints = false;
    this.#noteFuture(readings);
    this.#possible = new Set(orders.filter((order) => this.#possible.has(order)));
    if (new Set(Object.values(readings)).size > 1 && this.samples.length < 5) {
      this.samples.push(cell);
    }
  }

  decide(): OrderDecision {
    if (this.#serials * 2 > this.#total) {
      return { order: 'serial', because: 'serialDates', possible: ['serial'] };
    }
    if (!this.#needsOrder) return { order: 'none', because: 'isoDates', possible: [] };
    const possible = [...this.#possible].filter((order) => order !== 'serial');
    const [first, second] = possible;
    // Both orders occur, as where a spreadsheet turned only some of the dates.
    if (first === undefined) return { order: 'unknown', because: 'bothOrders', possible };
    if (second === undefined) return { order: first, because: 'wholeFile', possible };
    // No country writes the month first with points, and the year in full behind.
    if (this.#onlyPoints && possible.includes('dmy')) {
      return { order: 'dmy', because: 'pointDates', possible };
    }
    const past = possible.filter((order) => !this.#future.has(order));
    const [only] = past;
    if (past.length === 1 && only) return { order: only, because: 'otherOrderInFuture', possible };
    return { order: 'unknown', because: 'datesOpen', possible };
  }

  #noteFuture(readings: DayReadings): void {
    if (this.#changedMs === 0) return;
    for (const [order, day] of Object.entries(readings)) {
      const at = Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100);
      if (at > this.#changedMs + futureDays * dayMs) this.#future.add(order as DateOrder);
    }
  }
}

/** The same day under every order. */
function isNeutral(readings: DayReadings): boolean {
  const { dmy, mdy, ymd } = readings;
  return dmy !== undefined && dmy === mdy && (ymd === undefined || ymd === dmy);
}
