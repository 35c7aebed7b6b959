/**
 * Rows on their way from the reading worker to the writing one: numbers in typed arrays, texts
 * joined into one block, names replaced by their index in a dictionary that grows with the file.
 * Posting objects instead costs 588 MB and half the speed at a million rows (spec/measured.md).
 * A batch stays packed until the import is decided, so that a preview of a million rows fits.
 */
import type { ImportRecord, RowProblem } from './types.ts';

/** Who tracked, as the file says it. Both undefined: it has no such column. */
export interface Person {
  displayName?: string;
  login?: string;
}

/** What was tracked for, as the file says it. */
export interface Job {
  customer: string;
  customerNumber?: string;
  project: string;
  projectNumber?: string;
  orderNumber?: string;
  currency?: string;
}

/** Positions of the whole numbers of a row. Absent times are -1. */
export const I = {
  line: 0,
  person: 1,
  job: 2,
  activity: 3,
  day: 4,
  begin: 5,
  end: 6,
  duration: 7,
  break: 8,
  flags: 9,
  descriptionEnd: 10,
  tagsEnd: 11,
  width: 12,
} as const;

/** Positions of the numbers that may be large: amounts in ten-thousandths, Kimai's id or 0. */
export const A = { rate: 0, hourly: 1, fixed: 2, kimaiId: 3, width: 4 } as const;

export const F = {
  running: 1,
  exportedKnown: 2,
  exported: 4,
  billableKnown: 8,
  billable: 16,
  tagsKnown: 32,
  rateKnown: 64,
  hourlyKnown: 128,
  fixedKnown: 256,
} as const;

export interface RowBatch {
  rows: number;
  ints: Int32Array<ArrayBuffer>;
  amounts: Float64Array<ArrayBuffer>;
  /** UTF-8 of all descriptions and tags; the `…End` positions count UTF-16 units of it. */
  text: Uint8Array<ArrayBuffer>;
  /** Dictionary entries that are new in this batch, continuing the numbering. */
  people: Person[];
  jobs: Job[];
  activities: string[];
  problems: RowProblem[];
}

export const transferList = (batch: RowBatch): ArrayBuffer[] => [
  batch.ints.buffer,
  batch.amounts.buffer,
  batch.text.buffer,
];

const encoder = new TextEncoder();

/** Packs the rows of one file; it remembers which names the other side already has. */
export class Packer {
  #people = new Map<string, number>();
  #jobs = new Map<string, number>();
  #activities = new Map<string, number>();

  pack(records: readonly ImportRecord[], problems: RowProblem[]): RowBatch {
    const ints = new Int32Array(records.length * I.width);
    const amounts = new Float64Array(records.length * A.width);
    const fresh = { people: [] as Person[], jobs: [] as Job[], activities: [] as string[] };
    const texts: string[] = [];
    let length = 0;
    for (const [row, record] of records.entries()) {
      const at = row * I.width;
      ints[at + I.line] = record.line;
      ints[at + I.person] = this.#person(record, fresh.people);
      ints[at + I.job] = this.#job(record, fresh.jobs);
      ints[at + I.activity] = intern(this.#activities, record.activity, () =>
        fresh.activities.push(record.activity),
      );
      ints[at + I.day] = record.day;
      ints[at + I.begin] = record.beginMin ?? -1;
      ints[at + I.end] = record.endMin ?? -1;
      ints[at + I.duration] = record.durationS;
      ints[at + I.break] = record.breakS ?? -1;
      ints[at + I.flags] = flagsOf(record);
      length += record.description.length;
      ints[at + I.descriptionEnd] = length;
      texts.push(record.description);
      if (record.tags) {
        length += record.tags.length;
        texts.push(record.tags);
      }
      ints[at + I.tagsEnd] = length;
      const amountsAt = row * A.width;
      amounts[amountsAt + A.rate] = record.rateE4 ?? 0;
      amounts[amountsAt + A.hourly] = record.hourlyRateE4 ?? 0;
      amounts[amountsAt + A.fixed] = record.fixedRateE4 ?? 0;
      amounts[amountsAt + A.kimaiId] = record.kimaiId ?? 0;
    }
    return {
      rows: records.length,
      ints,
      amounts,
      text: encoder.encode(texts.join('')) as Uint8Array<ArrayBuffer>,
      ...fresh,
      problems,
    };
  }

  #person({ displayName, login }: ImportRecord, fresh: Person[]): number {
    const key = `${login ?? '\u0001'}\u0000${displayName ?? '\u0001'}`;
    return intern(this.#people, key, () =>
      fresh.push({
        ...(displayName === undefined ? {} : { displayName }),
        ...(login === undefined ? {} : { login }),
      }),
    );
  }

  #job(record: ImportRecord, fresh: Job[]): number {
    const { customer, project, customerNumber, projectNumber, orderNumber, currency } = record;
    const key = `${customer}\u0000${project}\u0000${customerNumber ?? ''}\u0000${projectNumber ?? ''}\u0000${orderNumber ?? ''}\u0000${currency ?? ''}`;
    return intern(this.#jobs, key, () =>
      fresh.push({
        customer,
        project,
        ...(customerNumber ? { customerNumber } : {}),
        ...(projectNumber ? { projectNumber } : {}),
        ...(orderNumber ? { orderNumber } : {}),
        ...(currency ? { currency } : {}),
      }),
    );
  }
}

function intern(known: Map<string, number>, key: string, add: () => void): number {
  let index = known.get(key);
  if (index === undefined) {
    index = known.size;
    known.set(key, index);
    add();
  }
  return index;
}

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

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads the rows of a batch without unpacking them all: `at` points it to one. */
export class RowReader {
  #batch: RowBatch;
  #text: string | null = null;
  #row = 0;
  #ints = 0;

  constructor(batch: RowBatch) {
    this.#batch = batch;
  }

  at(row: number): this {
    this.#row = row;
    this.#ints = row * I.width;
    return this;
  }

  int(field: number): number {
    return this.#batch.ints[this.#ints + field]!;
  }

  amount(field: number): number {
    return this.#batch.amounts[this.#row * A.width + field]!;
  }

  has(flag: number): boolean {
    return (this.int(I.flags) & flag) !== 0;
  }

  /** 0: the file has none. */
  get kimaiId(): number {
    return this.amount(A.kimaiId);
  }

  get description(): string {
    const begin = this.#row === 0 ? 0 : this.#batch.ints[this.#ints - I.width + I.tagsEnd]!;
    return this.#allText().slice(begin, this.int(I.descriptionEnd));
  }

  get tags(): string {
    return this.#allText().slice(this.int(I.descriptionEnd), this.int(I.tagsEnd));
  }

  #allText(): string {
    this.#text ??= decoder.decode(this.#batch.text);
    return this.#text;
  }
}
