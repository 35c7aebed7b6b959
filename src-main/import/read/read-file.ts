/**
 * Reading Kimai's exports: what a file is, and its rows as records. Pure: no store, nothing written.
 * The rules are those of docs/kimai-files.md; every function throws `AppError` with a `file_…` code
 * for files that cannot be read, with the line where there is one.
 */
import { AppError } from '../../../src-shared/errors.ts';
import { analyseCsv } from './analysis/analyse.ts';
import type { Remembered } from './analysis/analyse.ts';
import { analyseWorkbook, headersOf } from './workbook/analyse-workbook.ts';
import { memorySource, openFile } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { columnIndexes } from './analysis/columns.ts';
import { cellText } from './csv/csv-rows.ts';
import { customersOf, projectsOf } from './lists.ts';
import type { ListRows } from './lists.ts';
import { Normaliser } from './normalise.ts';
import { feedRows } from './rows.ts';
import type { ReadOptions } from './rows.ts';
import { slashOrderOf } from './cells/text-cells.ts';
import { isZip, openWorkbook } from './workbook/workbook.ts';
import type {
  FileAnalysis,
  ImportCustomer,
  ImportProject,
  ImportRecord,
  RowProblem,
} from '../rows/types.ts';

export { applyMapping } from './analysis/analyse.ts';
export type { Remembered } from './analysis/analyse.ts';
export type { ListRows } from './lists.ts';
export type { ReadOptions } from './rows.ts';

export interface AnalyseOptions {
  /** The mapping by hand that was kept for files with the same header. */
  remembered?: Remembered | undefined;
}

/** Where records and unreadable rows go, in the file's order. */
export interface RecordSink {
  onRecord(record: ImportRecord): void;
  onProblem(problem: RowProblem): void;
}

/** A path, the bytes themselves, or where to get them. */
export type FileInput = string | Uint8Array | ByteSource;

/** What a file is and how it will be read. Reads its first part only (all of it if XLSX). */
export function analyseFile(
  file: FileInput,
  { remembered }: AnalyseOptions = {},
): Promise<FileAnalysis> {
  return withSource(file, async (source) => {
    if (source.size === 0) throw new AppError('file_empty');
    return isZip(await source.read(0, 4))
      ? analyseWorkbook(source, remembered)
      : analyseCsv(source, remembered);
  });
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
    const rules = await settleSlashDates(source, analysis, options);
    const normaliser = new Normaliser({ ...analysis, rules }, (problem) => sink.onProblem(problem));
    await feedRows(
      source,
      analysis,
      (row) => {
        const record = normaliser.read(row);
        if (record) sink.onRecord(record);
      },
      options,
    );
  });
}

/** Kimai's XLSX list of customers; `analyseFile` says `customers`. */
export function readCustomers(file: FileInput): Promise<ListRows<ImportCustomer>> {
  return withSource(file, async (source) => {
    const sheet = await openWorkbook(source);
    const list = customersOf(sheet, headersOf(sheet));
    await source.assertUnchanged();
    return list;
  });
}

/** Kimai's XLSX list of projects; `analyseFile` says `projects`. */
export function readProjects(file: FileInput): Promise<ListRows<ImportProject>> {
  return withSource(file, async (source) => {
    const sheet = await openWorkbook(source);
    const list = projectsOf(sheet, headersOf(sheet));
    await source.assertUnchanged();
    return list;
  });
}

/**
 * What the owner should be told about a file, as keys under `imports.notice`: what the pages will
 * lack, and how to export without loss.
 */
export function noticesOf(analysis: FileAnalysis): string[] {
  if (analysis.kind !== 'timesheet') return [];
  const notices: string[] = [];
  const { missing, columns, resolution } = analysis;
  if (missing.includes('rate')) notices.push('noRates');
  if (missing.includes('currency')) notices.push('noCurrency');
  if (missing.includes('begin')) notices.push('noBegin');
  if (missing.includes('end')) notices.push('noEnd');
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
  return notices;
}

/**
 * Dates such as `03/04/2025` mean what the other dates of the file say; a file in which both orders
 * occur (a spreadsheet that turned only some of them) leaves the doubtful ones unread.
 */
async function settleSlashDates(
  source: ByteSource,
  analysis: FileAnalysis,
  { signal }: ReadOptions,
): Promise<FileAnalysis['rules']> {
  if (analysis.rules.slashDates !== 'unknown') return analysis.rules;
  const at = columnIndexes(analysis.columns);
  const index = at.date >= 0 ? at.date : at.begin;
  const orders = new Set<'dmy' | 'mdy'>();
  await feedRows(
    source,
    analysis,
    (row) => {
      if (orders.size > 1 || index >= row.count) return;
      if (row.ends[index]! - row.starts[index]! > 40) return;
      const order = slashOrderOf(cellText(row, index));
      if (order) orders.add(order);
    },
    { signal },
  );
  const [only] = orders;
  return { ...analysis.rules, slashDates: orders.size === 1 && only ? only : 'unknown' };
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
