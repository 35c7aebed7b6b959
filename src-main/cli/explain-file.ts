/** How a file is read, and why: for support, and for whoever wonders about an import. */
import type { ImportJob } from '../../src-shared/contract/imports.ts';
import type { Client } from '../program/client.ts';
import { readUpload, uploadFile } from '../program/import-file.ts';
import type { Translate } from '../program/texts.ts';

type Reading = NonNullable<ImportJob['reading']>;

export interface Decision {
  about: string;
  /** Null: nothing tells, the owner is asked. */
  chosen: string | number | null;
  because: string;
  /** Value → cells of the file as they would be read. */
  options?: Record<string, string[]>;
}

/** Reads a file and cancels the import; what was decided comes with its reasons, as JSON. */
export async function explainFile(client: Client, file: string, t: Translate): Promise<object> {
  const job = await readUpload(client, await uploadFile(client, file));
  // A job that failed is over, and only leaves the list.
  await client('imports.cancel', { jobId: job.jobId });
  const { reading, error, preview, state, kind } = job;
  return {
    state: state === 'mapping' ? 'asks' : state,
    kind,
    error: error && { ...error, text: t(`error.${error.code}`, error.params) },
    ...(reading && explainReading(reading, kind === 'timesheet', t)),
    notices: (preview?.notices ?? reading?.doubts ?? []).map((key) => t(`imports.notice.${key}`)),
    counts: preview?.counts ?? null,
  };
}

function explainReading(reading: Reading, isTimesheet: boolean, t: Translate): object {
  const { columns, missing, resolutionS, format } = reading;
  return {
    format,
    columns: columns.map(({ header, column }) => `${header} → ${column}`),
    missing,
    resolutionS,
    decisions: [...originOf(reading, t), ...(isTimesheet ? valuesOf(reading, t) : [])],
  };
}

/** Where the rows are: encoding and separator, or the sheet; then the header. */
function originOf(reading: Reading, t: Translate): Decision[] {
  const { format, encoding, delimiter, sheet, skippedRows, columns } = reading;
  const known = columns.filter(({ column }) => column !== 'unknown').length;
  const counts = { known, all: columns.length };
  const because = (key: string): string => t(`imports.evidence.${key}`, counts);
  const header: Decision[] = [
    { about: 'headerRow', chosen: skippedRows + 1, because: because('firstKnownRow') },
    { about: 'columns', chosen: known, because: because('kimaiHeaders') },
  ];
  if (format === 'xlsx') {
    const only = { about: 'sheet', chosen: sheet, because: because('onlySheet') };
    return [choiceOf(reading, 'sheet', t) ?? only, ...header];
  }
  const unicode = { about: 'encoding', chosen: encoding, because: because('unicode') };
  const separator = { about: 'separator', chosen: delimiter, because: because('separator') };
  return [choiceOf(reading, 'encoding', t) ?? unicode, separator, ...header];
}

/** How the cells are read. */
function valuesOf(reading: Reading, t: Translate): Decision[] {
  const because = (key: string): string => t(`imports.evidence.${key}`);
  const has = (name: string): boolean => reading.columns.some(({ column }) => column === name);
  const year = { about: 'dateOrder', chosen: 'ymd', because: because('isoDates') };
  const clock = { about: 'durationUnit', chosen: 'h:mm', because: because('clockDurations') };
  const spent = { about: 'durationUnit', chosen: null, because: because('noDurations') };
  const others = ['monthLanguage', 'decimalMark'].map((about) => choiceOf(reading, about, t));
  return [
    choiceOf(reading, 'dateOrder', t) ?? year,
    choiceOf(reading, 'durationUnit', t) ?? (has('duration') ? clock : spent),
    ...others.filter((choice) => choice !== null),
  ];
}

function choiceOf({ choices }: Reading, wanted: string, t: Translate): Decision | null {
  const choice = choices.find(({ about }) => about === wanted);
  if (!choice) return null;
  const { about, chosen, because, options } = choice;
  return {
    about,
    chosen,
    because: t(`imports.evidence.${because}`),
    options: Object.fromEntries(options.map(({ value, samples }) => [value, samples])),
  };
}
