/**
 * Reading Kimai's exports: what a file is, and its rows as records. Pure: no store, nothing written.
 * The rules are those of docs/kimai-files.md; every function throws `AppError` with a `file_…` code
 * for files that cannot be read, with the line where there is one.
 */
import type { NoticeCode } from '../../../src-shared/contract/import-words.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { Remembered } from './analysis/describe.ts';
import { analyseCsv } from './csv/analyse-csv.ts';
import { refuseOtherKinds } from './other-kinds.ts';
import { analyseWorkbook } from './workbook/analyse-workbook.ts';
import { memorySource, openFile } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { columnIndexes } from './analysis/columns.ts';
import { Contradictions } from './analysis/contradictions.ts';
import { unreadColumns } from './analysis/missing.ts';
import { Totals } from './analysis/totals.ts';
import { readCustomerRows, readProjectRows } from './lists/read-list.ts';
import type { ListRows } from './lists/read-list.ts';
import { Normaliser } from './normalise.ts';
import { feedRows } from './rows.ts';
import type { ReadOptions } from './read-options.ts';
import { isZip } from './workbook/archive.ts';
import type {
  FileAnalysis,
  ImportCustomer,
  ImportProject,
  ImportRecord,
  ReadingChoices,
  RowProblem,
} from '../rows/types.ts';

export { applyMapping } from './analysis/describe.ts';
export type { Remembered } from './analysis/describe.ts';
export type { ListRows } from './lists/read-list.ts';
export type { ReadOptions } from './read-options.ts';

export interface AnalyseOptions {
  /** What was chosen by hand for files with the same header. */
  remembered?: Remembered | undefined;
  /** What the owner chooses for this file; goes before what is remembered. */
  choices?: ReadingChoices | undefined;
  /** Stored names of customers, projects and users, lower case: they tell encodings apart. */
  knownNames?: ReadonlySet<string> | undefined;
}

/** Where records and unreadable rows go, in the file's order. */
export interface RecordSink {
  onRecord(record: ImportRecord): void;
  onProblem(problem: RowProblem): void;
}

/** A path, the bytes themselves, or where to get them. */
export type FileInput = string | Uint8Array | ByteSource;

/** What a file is and how it will be read. Reads its first part only (all of it if XLSX). */
export function analyseFile(file: FileInput, options: AnalyseOptions = {}): Promise<FileAnalysis> {
  return withSource(file, (source) => analyse(source, options));
}

async function analyse(
  source: ByteSource,
  { remembered, choices = {}, knownNames }: AnalyseOptions,
): Promise<FileAnalysis> {
  if (source.size === 0) throw new AppError('file_empty');
  const head = await source.read(0, 8);
  refuseOtherKinds(head);
  return isZip(head)
    ? analyseWorkbook(source, remembered, choices)
    : analyseCsv(source, remembered, choices, knownNames);
}

/**
 * Reads the rows of a timesheet as the analysis says, in chunks of 64 KiB: memory does not grow
 * with the file (workbooks are in memory, and limited). `options.afterChunk` is awaited, so that
 * the caller can hold the reader back. Throws `file_changed` if the file is no longer the one that
 * was analysed, also if it changes while it is read, and `mapping_incomplete` if columns are to be
 * mapped first.
 */
export function readTimesheet(
  file: FileInput,
  analysis: FileAnalysis,
  sink: RecordSink,
  options: ReadOptions = {},
): Promise<void> {
  if (analysis.needsMapping) throw new AppError('mapping_incomplete', { reason: 'open' });
  return withSource(file, async (source) => {
    assertSame(source, analysis);
    const normaliser = new Normaliser(analysis, (problem) => sink.onProblem(problem));
    const contradictions = new Contradictions(analysis);
    const totals = new Totals(analysis);
    await feedRows(
      source,
      analysis,
      (row) => {
        const record = normaliser.read(row);
        if (!record) return;
        if (totals.isTotal(record)) {
          const { line, customer, project } = record;
          sink.onProblem({ line, code: 'total', header: '', value: '', customer, project });
          return;
        }
        contradictions.add(record);
        sink.onRecord(record);
      },
      options,
    );
    const doubts = contradictions.doubts();
    options.onDoubts?.(totals.isLastSum ? [...doubts, 'lastIsSum'] : doubts);
  });
}

/** Kimai's list of customers; `analyseFile` says `customers`. */
export function readCustomers(file: FileInput): Promise<ListRows<ImportCustomer>> {
  return withSource(file, async (source) => {
    const analysis = await analyse(source, {});
    return readCustomerRows(analysis, (onRow) => feedRows(source, analysis, onRow, {}));
  });
}

/** Kimai's list of projects; `analyseFile` says `projects`. */
export function readProjects(file: FileInput): Promise<ListRows<ImportProject>> {
  return withSource(file, async (source) => {
    const analysis = await analyse(source, {});
    return readProjectRows(analysis, (onRow) => feedRows(source, analysis, onRow, {}));
  });
}

/** What the owner should be told about a file. */
export function noticesOf(analysis: FileAnalysis): NoticeCode[] {
  if (analysis.kind !== 'timesheet') return [];
  const notices: NoticeCode[] = [];
  const { missing, columns, resolution } = analysis;
  if (missing.includes('rate')) notices.push('noRates');
  if (missing.includes('currency')) notices.push('noCurrency');
  if (missing.includes('begin')) notices.push('noBegin');
  if (missing.includes('end')) notices.push('noEnd');
  if (missing.includes('duration')) notices.push('noDuration');
  if (missing.includes('alias')) notices.push('noUser');
  if (missing.includes('activity')) notices.push('noActivity');
  if (missing.includes('description')) notices.push('noDescription');
  if (missing.includes('billable')) notices.push('noBillable');
  if (resolution === 60) notices.push('noSeconds');
  if (resolution === 36) notices.push('decimalHours');
  // Both of those say how to make an export that has ids, too.
  if (resolution === 1 && columnIndexes(columns).id < 0 && analysis.format === 'csv') {
    notices.push('noId');
  }
  if (unreadColumns(columns, analysis.evidence).length > 0) notices.push('unreadColumns');
  return [...analysis.doubts, ...notices];
}

function assertSame(source: ByteSource, { stamp }: FileAnalysis): void {
  if (source.size !== stamp.size || source.changedMs !== stamp.changedMs) {
    throw new AppError('file_changed');
  }
}

async function withSource<T>(file: FileInput, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const source =
    typeof file === 'string'
      ? await openFile(file)
      : file instanceof Uint8Array
        ? memorySource(file)
        : file;
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
