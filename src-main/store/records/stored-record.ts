/** One row of `records` as code reads it: named fields over the array that SQLite gives. */

/** Field → column, in the order in which rows are read. */
export const recordColumns = {
  id: 'id',
  kimaiId: 'kimai_id',
  userId: 'user_id',
  projectId: 'project_id',
  activityId: 'activity_id',
  day: 'day',
  beginMin: 'begin_min',
  endMin: 'end_min',
  running: 'running',
  durationS: 'duration_s',
  breakS: 'break_s',
  resolutionS: 'resolution_s',
  rateE4: 'rate_e4',
  hourlyRateE4: 'hourly_rate_e4',
  fixedRateE4: 'fixed_rate_e4',
  billable: 'billable',
  billableImported: 'billable_imported',
  exported: 'exported',
  hidden: 'hidden',
  occurrence: 'occurrence',
  importId: 'import_id',
  description: 'description',
  tags: 'tags',
} as const;

/** The values of `recordColumns`, as SQLite gives and takes them. Flags are 0 or 1. */
export type RecordRow = [
  id: number,
  kimaiId: number | null,
  userId: number,
  projectId: number,
  activityId: number,
  day: number,
  beginMin: number,
  endMin: number | null,
  running: number,
  durationS: number,
  breakS: number | null,
  resolutionS: number,
  rateE4: number | null,
  hourlyRateE4: number | null,
  fixedRateE4: number | null,
  billable: number,
  billableImported: number | null,
  exported: number | null,
  hidden: number,
  occurrence: number,
  importId: number | null,
  description: string,
  tags: string | null,
];

/** The fields of a record. Null: no import has said it. */
export interface RecordFields {
  readonly id: number;
  readonly kimaiId: number | null;
  readonly userId: number;
  readonly projectId: number;
  readonly activityId: number;
  /** `yyyymmdd`. */
  readonly day: number;
  /** Minutes after midnight; -1: no import has said it. */
  readonly beginMin: number;
  readonly endMin: number | null;
  readonly running: boolean;
  readonly durationS: number;
  readonly breakS: number | null;
  /** How exactly the duration is known: 1, 36 or 60 seconds. */
  readonly resolutionS: number;
  /** Ten-thousandths of the currency's unit, as the other rates. */
  readonly rateE4: number | null;
  readonly hourlyRateE4: number | null;
  readonly fixedRateE4: number | null;
  /** What pages use. It differs from `billableImported` once the owner has corrected it. */
  readonly billable: boolean;
  readonly billableImported: boolean | null;
  readonly exported: boolean | null;
  readonly hidden: boolean;
  /** Counts the rows of one file that have equal keys. */
  readonly occurrence: number;
  /** The import that wrote it last; null if it was edited here since. */
  readonly importId: number | null;
  readonly description: string;
  readonly tags: string | null;
}

/** New values for some fields of a record. */
export type RecordPatch = {
  -readonly [Field in keyof Omit<RecordFields, 'id'>]?: RecordFields[Field];
};

const columnNames = Object.values(recordColumns);

const positions = Object.fromEntries(
  Object.keys(recordColumns).map((field, position) => [field, position]),
);

const flagOf = (value: number | null): boolean | null => (value === null ? null : value === 1);

export class StoredRecord implements RecordFields {
  readonly #row: RecordRow;

  constructor(row: RecordRow) {
    this.#row = row;
  }

  get id(): number {
    return this.#row[0];
  }
  get kimaiId(): number | null {
    return this.#row[1];
  }
  get userId(): number {
    return this.#row[2];
  }
  get projectId(): number {
    return this.#row[3];
  }
  get activityId(): number {
    return this.#row[4];
  }
  get day(): number {
    return this.#row[5];
  }
  get beginMin(): number {
    return this.#row[6];
  }
  get endMin(): number | null {
    return this.#row[7];
  }
  get running(): boolean {
    return this.#row[8] === 1;
  }
  get durationS(): number {
    return this.#row[9];
  }
  get breakS(): number | null {
    return this.#row[10];
  }
  get resolutionS(): number {
    return this.#row[11];
  }
  get rateE4(): number | null {
    return this.#row[12];
  }
  get hourlyRateE4(): number | null {
    return this.#row[13];
  }
  get fixedRateE4(): number | null {
    return this.#row[14];
  }
  get billable(): boolean {
    return this.#row[15] === 1;
  }
  get billableImported(): boolean | null {
    return flagOf(this.#row[16]);
  }
  get exported(): boolean | null {
    return flagOf(this.#row[17]);
  }
  get hidden(): boolean {
    return this.#row[18] === 1;
  }
  get occurrence(): number {
    return this.#row[19];
  }
  get importId(): number | null {
    return this.#row[20];
  }
  get description(): string {
    return this.#row[21];
  }
  get tags(): string | null {
    return this.#row[22];
  }

  /** The owner corrected the billable flag, so that an import leaves it. */
  get isBillableEdited(): boolean {
    return this.billable !== (this.billableImported ?? true);
  }

  /** A copy with other values for some fields. */
  changed(patch: RecordPatch): StoredRecord {
    const row: RecordRow = [...this.#row];
    for (const [field, value] of Object.entries(patch)) {
      Reflect.set(row, positions[field]!, typeof value === 'boolean' ? Number(value) : value);
    }
    return new StoredRecord(row);
  }

  /** The values of `recordColumns`: what a statement takes. */
  toRow(): Readonly<RecordRow> {
    return this.#row;
  }

  /** Column name → value. */
  toColumns(): Record<string, string | number | null> {
    return Object.fromEntries(columnNames.map((column, index) => [column, this.#row[index]!]));
  }
}

interface Differences {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** The columns in which two records differ, with the values of each. */
export function differences(before: StoredRecord, after: StoredRecord): Differences {
  const [old, next] = [before.toRow(), after.toRow()];
  const different: Differences = { before: {}, after: {} };
  for (const [index, column] of columnNames.entries()) {
    if (old[index] === next[index]) continue;
    different.before[column] = old[index];
    different.after[column] = next[index];
  }
  return different;
}
