/** In what order the numbers of a file's dates stand, and what its months mean, by all its dates. */
import type { DateOrder, FileAnalysis } from '../../rows/types.ts';
import type { DayNumber } from '../../../../src-shared/domain/day.ts';
import { dayReadings, monthsNamedIn } from '../cells/date-text.ts';
import type { DayReadings } from '../cells/date-text.ts';
import { DateSpread } from './date-spread.ts';
import { MonthLanguages } from './month-languages.ts';
import type { OrderDecision } from './order-decision.ts';
import { RowOrder } from './row-order.ts';
import { YearFirst } from './year-first.ts';

/** Orders of numbers of which no one is known to be the year. */
const shortOrders: readonly DateOrder[] = ['dmy', 'mdy', 'ymd'];
const serialOrders: readonly DateOrder[] = ['serial', 'serial1904'];

/** Kimai records what was done: a date further ahead than this was read in the wrong order. */
const futureDays = 366;
const dayMs = 86_400_000;

/** Collects the dates of a file; each different text is read once. */
export class DateOrders {
  readonly #read = new Map<string, DayReadings>();
  readonly #samples: string[] = [];
  readonly months = new MonthLanguages();
  readonly #rows = new RowOrder();
  readonly #spread = new DateSpread();
  readonly #yearFirst: YearFirst;
  /** When the file was last changed; 0 if that is not known. */
  readonly #changedMs: number;
  #possible = new Set<DateOrder>(shortOrders);
  /** Orders under which some date is in the future. */
  readonly #future = new Set<DateOrder>();
  #serials = 0;
  readonly #serialSamples = new Set<string>();
  #total = 0;
  #needsOrder = false;
  #onlyPoints = true;
  #onlyNames = true;

  constructor({ stamp, format }: Pick<FileAnalysis, 'stamp' | 'format'>) {
    this.#changedMs = stamp.changedMs;
    this.#yearFirst = new YearFirst((day) => this.#isAhead(day, 1), format === 'xlsx');
  }

  add(cell: string): void {
    if (cell.trim() === '' || cell.length > 80) return;
    this.#total += 1;
    if (this.#yearFirst.isTold && /^\d{4}-\d{2}-\d{2}$/.test(cell)) return;
    const readings = this.#read.get(cell) ?? this.#addNew(cell);
    if (isSerial(readings)) this.#serials += 1;
    else if (isYearFirst(cell, readings)) this.#yearFirst.add(cell, readings);
    else this.#rows.add(cell, readings);
  }

  #addNew(cell: string): DayReadings {
    this.months.add(cell);
    const readings = dayReadings(cell, this.months.likeliest);
    // Texts that are no dates could be different in every row.
    if (this.#read.size < 20_000) this.#read.set(cell, readings);
    const orders = Object.keys(readings) as DateOrder[];
    if (isSerial(readings)) {
      this.#noteFuture(readings);
      if (this.#serialSamples.size < 5) this.#serialSamples.add(cell);
      // A serial number among dates is no date; it must not make the others doubtful.
      return readings;
    }
    if (orders.length === 0 || isYearFirst(cell, readings) || isNeutral(readings)) return readings;
    this.#needsOrder = true;
    if (!/^\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}/.test(cell.trim())) this.#onlyPoints = false;
    if (monthsNamedIn(cell).size === 0) this.#onlyNames = false;
    this.#noteFuture(readings);
    this.#spread.add(cell, readings);
    this.#possible = new Set(orders.filter((order) => this.#possible.has(order)));
    if (new Set(Object.values(readings)).size > 1 && this.#samples.length < 5) {
      this.#samples.push(cell);
    }
    return readings;
  }

  /** Some texts that mean different days, for the owner to see. */
  get samples(): readonly string[] {
    if (this.#areSerials) return [...this.#serialSamples];
    return this.#needsOrder ? this.#samples : this.#yearFirst.samples;
  }

  /** Rows below may tell what these do not. */
  get isOpen(): boolean {
    const { order, possible } = this.decide();
    return this.#areSerials ? order === 'unknown' : possible.length > 1;
  }

  /** All dates begin with a year of four digits. */
  get haveYearFirst(): boolean {
    return !this.#areSerials && !this.#needsOrder;
  }

  get #areSerials(): boolean {
    return this.#serials * 2 > this.#total;
  }

  decide(): OrderDecision {
    if (this.#areSerials) return this.#decideSerial();
    if (!this.#needsOrder) return this.#yearFirst.decide();
    const possible = [...this.#possible];
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

  /** Since 1904 the same number is four years later: that nearly always is the future. */
  #decideSerial(): OrderDecision {
    const possible = [...serialOrders];
    const [past, ...others] = serialOrders.filter((order) => !this.#future.has(order));
    return past === undefined || others.length > 0
      ? { order: 'unknown', because: 'serialsOpen', possible }
      : { order: past, because: 'serialDates', possible };
  }

  #noteFuture(readings: DayReadings): void {
    for (const [order, day] of Object.entries(readings)) {
      if (this.#isAhead(day, futureDays)) this.#future.add(order as DateOrder);
    }
  }

  /** True if the day is more than so many days after the file was last changed. */
  #isAhead(day: DayNumber, days: number): boolean {
    if (this.#changedMs === 0) return false;
    const at = Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100);
    return at > this.#changedMs + days * dayMs;
  }
}

const isSerial = ({ serial, serial1904 }: DayReadings): boolean =>
  serial !== undefined || serial1904 !== undefined;

/** A year of four digits and two numbers behind it. */
const isYearFirst = (cell: string, { ydm }: DayReadings): boolean =>
  ydm !== undefined || /^\s*\d{4}[-./]\s?\d{1,2}[-./]\s?\d{1,2}/.test(cell);

/** The same day under every order. */
function isNeutral(readings: DayReadings): boolean {
  const { dmy, mdy, ymd } = readings;
  return dmy !== undefined && dmy === mdy && (ymd === undefined || ymd === dmy);
}
