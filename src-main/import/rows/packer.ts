/** Makes batches of the records that the reader finds. */
import { A, F, I, keptProblems, type Job, type Person, type RowBatch } from './batch.ts';
import { Occurrences } from './occurrences.ts';
import type { ImportRecord, RowProblem } from './types.ts';

/** Rows of a full batch. */
const batchRows = 4096;
/** Bytes of descriptions and tags that fill one, too: 4096 of the longest would be gigabytes. */
const batchTextBytes = 4 * 2 ** 20;

/** Packs the rows of one file; it remembers which names the other side already has. */
export class Packer {
  #people = new Map<string, Variant<Person>[]>();
  #peopleCount = 0;
  #jobs = new Map<string, Map<string, Variant<Job>[]>>();
  #jobCount = 0;
  #activities = new Map<string, number>();
  #ints = new Int32Array(0);
  #amounts = new Float64Array(0);
  #text = Buffer.alloc(0);
  #textEnd = 0;
  #rows = 0;
  #fresh = noNames();
  #problems: RowProblem[] = [];
  #moreProblems = 0;
  /** Of the whole file. */
  #allProblems = 0;
  #occurrences = new Occurrences();

  /** True when the batch should be sent. */
  get isFull(): boolean {
    return (
      this.#rows >= batchRows ||
      this.#problems.length >= batchRows ||
      this.#textEnd >= batchTextBytes
    );
  }

  get isEmpty(): boolean {
    return this.#rows === 0 && this.#problems.length === 0 && this.#moreProblems === 0;
  }

  addProblem(problem: RowProblem): void {
    this.#allProblems++;
    if (this.#allProblems <= keptProblems) this.#problems.push(problem);
    else this.#moreProblems++;
  }

  add(record: ImportRecord): void {
    const at = this.#rows * I.width;
    const amountsAt = this.#rows * A.width;
    if (at >= this.#ints.length) this.#grow();
    const ints = this.#ints;
    const person = this.#person(record);
    const job = this.#job(record);
    const activity = this.#activity(record.activity);
    const begin = record.beginMin ?? -1;
    ints[at + I.line] = record.line;
    ints[at + I.person] = person;
    ints[at + I.job] = job;
    ints[at + I.activity] = activity;
    ints[at + I.day] = record.day;
    ints[at + I.begin] = begin;
    ints[at + I.occurrence] = this.#occurrences.next(job, person, activity, record.day, begin);
    ints[at + I.end] = record.endMin ?? -1;
    ints[at + I.duration] = record.durationS;
    ints[at + I.break] = record.breakS ?? -1;
    ints[at + I.flags] = flagsOf(record);
    ints[at + I.descriptionEnd] = this.#addText(record.description);
    ints[at + I.tagsEnd] = this.#addText(record.tags ?? '');
    this.#amounts[amountsAt + A.rate] = record.rateE4 ?? 0;
    this.#amounts[amountsAt + A.hourly] = record.hourlyRateE4 ?? 0;
    this.#amounts[amountsAt + A.fixed] = record.fixedRateE4 ?? 0;
    this.#amounts[amountsAt + A.kimaiId] = record.kimaiId ?? 0;
    this.#rows++;
  }

  /** The rows so far as a batch that can be transferred; begins a new one. */
  take(): RowBatch {
    const batch: RowBatch = {
      rows: this.#rows,
      ints: this.#ints.slice(0, this.#rows * I.width),
      amounts: this.#amounts.slice(0, this.#rows * A.width),
      // A copy of its own: what belongs to Node's pool of buffers cannot be transferred.
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
    const ints = new Int32Array(rows * I.width);
    ints.set(this.#ints);
    this.#ints = ints;
    const amounts = new Float64Array(rows * A.width);
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

  #job(record: ImportRecord): number {
    const known = variantsOf(variantsIn(this.#jobs, record.customer), record.project);
    for (const { index, value } of known) {
      if (
        value.customerNumber === record.customerNumber &&
        value.projectNumber === record.projectNumber &&
        value.orderNumber === record.orderNumber &&
        value.currency === record.currency
      ) {
        return index;
      }
    }
    const { customer, project, customerNumber, projectNumber, orderNumber, currency } = record;
    const value = { customer, project, customerNumber, projectNumber, orderNumber, currency };
    known.push({ index: this.#jobCount, value });
    this.#fresh.jobs.push(value);
    return this.#jobCount++;
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

const noNames = (): { people: Person[]; jobs: Job[]; activities: string[] } => ({
  people: [],
  jobs: [],
  activities: [],
});

function flagsOf(record: ImportRecord): number {
  return (
    (record.running ? F.running : 0) |
    (record.exported === undefined ? 0 : F.exportedKnown) |
    (record.exported ? F.exported : 0) |
    (record.billable === undefined ? 0 : F.billableKnown) |
    (record.billable ? F.billable : 0) |
    (record.tags === undefined ? 0 : F.tagsKnown) |
    (record.rateE4 === undefined ? 0 : F.rateKnown) |
    (record.hourlyRateE4 === undefined ? 0 : F.hourlyKnown) |
    (record.fixedRateE4 === undefined ? 0 : F.fixedKnown)
  );
}
