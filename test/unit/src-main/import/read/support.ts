/** Reading a file, or bytes, from start to end. */
import { join } from 'node:path';
import { analyseFile, readTimesheet } from '../../../../../src-main/import/read/read-file.ts';
import type {
  FileInput,
  ReadOptions,
  Remembered,
} from '../../../../../src-main/import/read/read-file.ts';
import type {
  FileAnalysis,
  ImportRecord,
  RowProblem,
} from '../../../../../src-main/import/rows/types.ts';
import { AppError } from '../../../../../src-shared/errors.ts';

export const fixture = (path: string): string =>
  join(import.meta.dirname, '../../../../fixtures', path);

export interface ReadFile {
  analysis: FileAnalysis;
  records: ImportRecord[];
  problems: RowProblem[];
}

export async function readAs(
  file: FileInput,
  analysis: FileAnalysis,
  options: ReadOptions = {},
): Promise<ReadFile> {
  const records: ImportRecord[] = [];
  const problems: RowProblem[] = [];
  await readTimesheet(
    file,
    analysis,
    { onRecord: (record) => records.push(record), onProblem: (problem) => problems.push(problem) },
    options,
  );
  return { analysis, records, problems };
}

export async function readWhole(file: FileInput, remembered?: Remembered): Promise<ReadFile> {
  return readAs(file, await analyseFile(file, { remembered }));
}

export const csv = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);

export const HEADER =
  'Date,From,To,Duration,Currency,Price,"Hourly price","Fixed price",Name,User,Customer,Project,Activity,Description,Billable,Tags';

/** A row below `HEADER`; `cells` replaces some of its cells, as they stand in the file. */
export function row(cells: Partial<Record<(typeof rowKeys)[number], string>> = {}): string {
  return rowKeys.map((key) => cells[key] ?? usual[key]).join(',');
}

const rowKeys = [
  'date',
  'begin',
  'end',
  'duration',
  'currency',
  'rate',
  'hourlyRate',
  'fixedRate',
  'name',
  'user',
  'customer',
  'project',
  'activity',
  'description',
  'billable',
  'tags',
] as const;

const usual: Record<(typeof rowKeys)[number], string> = {
  date: '2026-03-31',
  begin: '09:00',
  end: '10:30',
  duration: '1:30',
  currency: 'EUR',
  rate: '120',
  hourlyRate: '80',
  fixedRate: '0',
  name: 'Ann',
  user: 'ann',
  customer: 'Acme',
  project: 'Web',
  activity: 'Design',
  description: 'text',
  billable: '1',
  tags: '',
};

/** The code and parameters that a promise is rejected with; fails if it is not an `AppError`. */
export async function failure(promise: Promise<unknown>): Promise<[string, object]> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error('expected an AppError', { cause: error });
  return [error.code, error.params];
}
