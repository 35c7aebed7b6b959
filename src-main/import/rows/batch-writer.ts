/** Makes batches of the records that the reader finds. */
import { maxKeptProblems, type Person, type ProjectRef, type RowBatch } from './batch.ts';
import { amountPosition, amountsPerRow, flag, intPosition, intsPerRow } from './layout.ts';
import { Occurrences } from './occurrences.ts';
import type { ImportRecord, RowProblem } from './types.ts';

/** A batch with this many rows or problems is full. */
const maxBatchRows = 4096;
/** So is one with this many bytes of text: 4096 of the longest descriptions would be gigabytes. */
const maxBatchTextBytes = 4 * 2 ** 20;

/** Packs the rows of one file; it remembers which names the other side already has. */
export class BatchWriter {
  #people = new Map<string, Variant<Person>[]>();
  #peopleCount = 0;
  #projects = new Map<string, Map<string, Variant<ProjectRef>[]>>();
  #projectCount = 0;
  #activities = new Map<string, number>();
  #ints = new Int32Array(0);
  #amounts = new Float64Array(0);
  #text = Buffer.alloc(0);
  #textEnd = 0;
  #rows = 0;
  #fresh = noNames();
  #problems: RowProblem[] = [];
  #moreProblems = 0;
  /** Problems of the whole file. */
  #allProblems = 0;
  #occurrences = new Occurrences();

  /** True when the batch should be sent. */
  get isFull(): boolean {
    return (
      this.#rows >= maxBatchRows ||
      this.#problems.length >= maxBatchRows ||
      this.#textEnd >= maxBatchTextBytes
    );
  }

  get isEmpty(): boolean {
    return this.#rows === 0 && this.#problems.length === 0 && this.#moreProblems === 0;
  }

  addProblem(problem: RowProblem): void {
    this.#allProblems++;
    if (this.#allProblems <= maxKeptProblems) this.#problems.push(problem);
    else this.#moreProblems++;
  }

  add(record: ImportRecord): void {
    const at = this.#rows * intsPerRow;
    const amountsAt = this.#rows * amountsPerRow;
    if (at >= this.#ints.length) this.#grow();
    const ints = this.#ints;
    const person = this.#person(record);
    const project = this.#project(record);
    const activity = this.#activity(record.activity);
    const begin = record.beginMin ?? -1;
    ints[at + intPosition.line] = record.line;
    ints[at + intPosition.person] = person;
    ints[at + intPosition.project] = project;
    ints[at + intPosition.activity] = activity;
    ints[at + intPosition.day] = record.day;
    ints[at + intPosition.beginMin] = begin;
    ints[at + intPosition.occurrence] = this.#occurrences.next(
      project,
      person,
      activity,
      record.day,
      begin,
    );
    ints[at + intPosition.endMin] = record.endMin ?? -1;
    ints[at + intPosition.durationS] = record.durationS;
    ints[at + intPosition.breakS] = record.breakS ?? -1;
    ints[at + intPosition.flags] = flagsOf(record);
    ints[at + intPosition.descriptionEnd] = this.#addText(record.description);
    ints[at + intPosition.tagsEnd] = this.#addText(record.tags ?? '');
    this.#amounts[amountsAt + amountPosition.rateE4] = record.rateE4 ?? 0;
    this.#amounts[amountsAt + amountPosition.hourlyRateE4] = record.hourlyRateE4 ?? 0;
    this.#amounts[amountsAt + amountPosition.fixedRateE4] = record.fixedRateE4 ?? 0;
    this.#amounts[amountsAt + amountPosition.kimaiId] = record.kimaiId ?? 0;
    this.#rows++;
  }

  /** The rows so far as a batch that can be transferred; begins a new one. */
  take(): RowBatch {
    const batch: RowBatch = {
      rows: this.#rows,
      ints: this.#ints.slice(0, this.#rows * intsPerRow),
      amounts: this.#amounts.slice(0, this.#rows * amountsPerRow),
      // A copy, since memory of Node's buffer pool cannot be transferred.
      text: new Uint8Array(this.#text.subarray(0, this.#textEnd)),
      ...this.#fresh,
      problems: this.#problems,
      moreProblems: this.#moreProblems,
    };
    this.#rows = 0;
    this.#textEnd = 0;
    this.#fresh = noNames();
    this.#problems = [];
    this.#moreProblems = 0;
    return batch;
  }

  #grow(): void {
    const rows = Math.max(64, this.#rows * 2);
    const ints = new Int32Array(rows * intsPerRow);
    ints.set(this.#ints);
    this.#ints = ints;
    const amounts = new Float64Array(rows * amountsPerRow);
    amounts.set(this.#amounts);
    this.#amounts = amounts;
  }

  #addText(text: string): number {
    if (text === '') return this.#textEnd;
    // A UTF-16 unit takes at most three bytes.
    const needed = this.#textEnd + text.length * 3;
    if (needed > this.#text.length) {
      const grown = Buffer.alloc(Math.max(needed, this.#text.length * 2));
      grown.set(this.#text);
      this.#text = grown;
    }
    this.#textEnd += this.#text.write(text, this.#textEnd);
    return this.#textEnd;
  }

  #activity(name: string): number {
    let index = this.#activities.get(name);
    if (index === undefined) {
      index = this.#activities.size;
      this.#activities.set(name, index);
      this.#fresh.activities.push(name);
    }
    return index;
  }

  #person({ displayName, login }: ImportRecord): number {
    const known = variantsOf(this.#people, login ?? '');
    for (const { index, value } of known) {
      if (value.displayName === displayName && value.login === login) return index;
    }
    const value: Person = {};
    if (displayName !== undefined) value.displayName = displayName;
    if (login !== undefined) value.login = login;
    known.push({ index: this.#peopleCount, value });
    this.#fresh.people.push(value);
    return this.#peopleCount++;
  }

  #project(record: ImportRecord): number {
    const known = variantsOf(variantsIn(this.#projects, record.customer), record.project);
    for (const { index, value } of known) {
      if (
        value.customerNumber === record.customerNumber &&
        value.projectNumber === record.projectNumber &&
        value.projectKimaiId === record.projectKimaiId &&
        value.orderNumber === record.orderNumber &&
        value.currency === record.currency
      ) {
        return index;
      }
    }
    const { customer, project, customerNumber, projectNumber, orderNumber, currency } = record;
    const numbers = { customerNumber, projectNumber, projectKimaiId: record.projectKimaiId };
    const value = { customer, project, ...numbers, orderNumber, currency };
    known.push({ index: this.#projectCount, value });
    this.#fresh.projects.push(value);
    return this.#projectCount++;
  }
}

interface Variant<T> {
  index: number;
  value: T;
}

/** Looking up two short names is quicker than joining six of them to one key. */
function variantsOf<T>(map: Map<string, Variant<T>[]>, key: string): Variant<T>[] {
  let list = map.get(key);
  if (!list) map.set(key, (list = []));
  return list;
}

function variantsIn<T>(
  map: Map<string, Map<string, Variant<T>[]>>,
  key: string,
): Map<string, Variant<T>[]> {
  let inner = map.get(key);
  if (!inner) map.set(key, (inner = new Map()));
  return inner;
}

const noNames = (): { people: Person[]; projects: ProjectRef[]; activities: string[] } => ({
  people: [],
  projects: [],
  activities: [],
});

function flagsOf(record: ImportRecord): number {
  return (
    (record.running ? flag.running : 0) |
    (record.exported === undefined ? 0 : flag.exportedKnown) |
    (record.exported ? flag.exported : 0) |
    (record.billable === undefined ? 0 : flag.billableKnown) |
    (record.billable ? flag.billable : 0) |
    (record.tags === undefined ? 0 : flag.tagsKnown) |
    (record.rateE4 === undefined ? 0 : flag.rateKnown) |
    (record.hourlyRateE4 === undefined ? 0 : flag.hourlyRateKnown) |
    (record.fixedRateE4 === undefined ? 0 : flag.fixedRateKnown)
  );
}
