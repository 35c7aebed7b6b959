/** In what order the numbers of a file's dates stand, and what its months mean, by all its dates. */
import type { DateOrder, ReadingRules } from '../../rows/types.ts';
import { dayReadings, monthsNamedIn } from '../cells/date-text.ts';
import type { DayReadings } from '../cells/date-text.ts';
import { DateSpread } from './date-spread.ts';
import { MonthLanguages } from './month-languages.ts';
import { RowOrder } from './row-order.ts';

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
  readonly #read = new Map<string, DayReadings>();
  /** Some texts that mean different days, for the owner to see. */
  readonly samples: string[] = [];
  readonly months = new MonthLanguages();
  readonly #rows = new RowOrder();
  readonly #spread = new DateSpread();
  readonly #changedMs: number;
  #possible = new Set<DateOrder>(dateOrders);
  /** Orders under which some date is in the future. */
  readonly #future = new Set<DateOrder>();
  #serials = 0;
  #total = 0;
  #needsOrder = false;
  #onlyPoints = true;
  #onlyNames = true;

  /** `changedMs`: when the file was last changed; 0 if that is not known. */
  constructor(changedMs: number) {
    this.#changedMs = changedMs;
  }

  add(cell: string): void {
    if (cell.trim() === '' || cell.length > 80) return;
    this.#total += 1;
    const isIso = /^\d{4}-\d{2}-\d{2}$/.test(cell);
    if (!isIso && /^\s*\d{5}([.,]\d+)?\s*$/.test(cell)) this.#serials += 1;
    if (isIso) return;
    this.#rows.add(cell, this.#read.get(cell) ?? this.#addNew(cell));
  }

  #addNew(cell: string): DayReadings {
    this.months.add(cell);
    const readings = dayReadings(cell, this.months.likeliest);
    // Texts that are no dates could be different in every row.
    if (this.#read.size < 20_000) this.#read.set(cell, readings);
    const orders = Object.keys(readings) as DateOrder[];
    if (orders.length === 0 || isNeutral(readings)) return readings;
    // A serial number among dates is no date; it must not make the others doubtful.
    if (orders.length === 1 && orders[0] === 'serial') return readings;
    this.#needsOrder = true;
    if (!/^\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}/.test(cell.trim())) this.#onlyPoints = false;
    if (monthsNamedIn(cell).size === 0) this.#onlyNames = false;
    this.#noteFuture(readings);
    this.#spread.add(cell, readings);
    this.#possible = new Set(orders.filter((order) => this.#possible.has(order)));
    if (new Set(Object.values(readings)).size > 1 && this.samples.length < 5) {
      this.samples.push(cell);
    }
    return readings;
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
    return { ...this.#decideAmong(possible), possible };
  }

  /** All of these orders make days of all dates: what else tells? */
  #decideAmong(possible: DateOrder[]): Omit<OrderDecision, 'possible'> {
    const open = { order: 'unknown', because: 'datesOpen' } as const;
    const past = possible.filter((order) => !this.#future.has(order));
    const inPast = past.length === 1 ? past[0]! : null;
    const sorted = this.#rows.sortedUnder(possible);
    let left = possible;
    if (this.#onlyPoints) {
      const isAgainst =
        inPast === 'mdy' || sorted === 'mdy' || this.#spread.isOddUnder('dmy', possible);
      if (isAgainst) return open;
      // No language and no spreadsheet writes the month first with points (docs/kimai-files.md).
      left = left.filter((order) => order !== 'mdy');
      if (left.length === 1) return { order: left[0]!, because: 'pointDates' };
    }
    left = this.#spread.withYears(left);
    if (left.length === 1) return { order: left[0]!, because: 'yearStays' };
    // `05-Jan-26`: Excel and Oracle write so, and nobody the year first.
    if (this.#onlyNames && left.includes('dmy')) return { order: 'dmy', because: 'namedDates' };
    if (inPast !== null) return { order: inPast, because: 'otherOrderInFuture' };
    return sorted === null ? open : { order: sorted, because: 'rowOrder' };
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
