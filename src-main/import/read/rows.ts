/** All rows of a timesheet, CSV or XLSX, in the one form that the normaliser reads. */
import { AppError } from '../../../src-shared/errors.ts';
import type { FileAnalysis } from '../rows/types.ts';
import { lineOf } from './analysis/analyse.ts';
import type { ByteSource } from './byte-source.ts';
import { CsvRows, isEmptyLine } from './csv/csv-rows.ts';
import type { CsvRow } from './csv/csv-rows.ts';
import { createDecoder } from './csv/encoding.ts';
import { openWorkbook } from './workbook/workbook.ts';
import { workbookRows } from './workbook/workbook-rows.ts';

/** With its code units it fits the processor's cache: 256 KiB take twice as long per row. */
const CHUNK_BYTES = 64 * 1024;
/** Rows of a workbook between two pauses. */
const BATCH_ROWS = 1000;
/** Cells beyond the header that are looked at: a spreadsheet's empty ones are none. */
const SPARE_CELLS = 16;

export interface ReadOptions {
  /** Aborting makes reading throw `import_cancelled`. */
  signal?: AbortSignal | undefined;
  /** Called with the bytes read so far. */
  onBytes?: ((bytes: number) => void) | undefined;
  /** Called after each chunk and waited for: what holds the reader back. */
  afterChunk?: (() => void | Promise<void>) | undefined;
}

/** Calls `onRow` for every row below the header, in the file's order. The row object is used again. */
export async function feedRows(
  source: ByteSource,
  analysis: FileAnalysis,
  onRow: (row: CsvRow) => void,
  options: ReadOptions,
): Promise<void> {
  if (analysis.format === 'xlsx') await feedWorkbook(source, analysis, onRow, options);
  else await feedCsv(source, analysis, onRow, options);
}

async function feedCsv(
  source: ByteSource,
  analysis: FileAnalysis,
  onRow: (row: CsvRow) => void,
  options: ReadOptions,
): Promise<void> {
  let headerSeen = false;
  const rows = new CsvRows(analysis.delimiter!, analysis.columns.length + SPARE_CELLS, (row) => {
    if (isEmptyLine(row)) return true;
    if (headerSeen) onRow(row);
    headerSeen = true;
    return true;
  });
  const decoder = createDecoder(analysis.encoding!);
  const next = (from: number): Promise<Buffer> =>
    source.read(from, Math.max(CHUNK_BYTES, rows.openChars));
  let offset = 0;
  // Read ahead: the disk works while rows are parsed.
  let reading = next(0);
  while (offset < source.size) {
    const bytes = await reading;
    offset += bytes.length;
    const last = offset >= source.size;
    reading = last ? Promise.resolve(Buffer.alloc(0)) : next(offset);
    // A failure is thrown when its turn comes, not as an unhandled rejection.
    reading.catch(() => undefined);
    assertNotCancelled(options.signal);
    const text = decoder.decode(bytes, last);
    const zero = text.indexOf('\0');
    if (zero >= 0) throw new AppError('file_binary', { line: lineOf(text, zero, rows.line) });
    rows.push(text, last);
    options.onBytes?.(offset);
    await options.afterChunk?.();
  }
  await source.assertUnchanged();
}

async function feedWorkbook(
  source: ByteSource,
  analysis: FileAnalysis,
  onRow: (row: CsvRow) => void,
  options: ReadOptions,
): Promise<void> {
  const sheet = await openWorkbook(source);
  let fed = 0;
  for (const row of workbookRows(sheet, analysis.columns)) {
    onRow(row);
    fed += 1;
    if (fed % BATCH_ROWS > 0) continue;
    assertNotCancelled(options.signal);
    options.onBytes?.(Math.floor((source.size * row.line) / sheet.rows.length));
    await options.afterChunk?.();
  }
  assertNotCancelled(options.signal);
  options.onBytes?.(source.size);
  await options.afterChunk?.();
  await source.assertUnchanged();
}

function assertNotCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('import_cancelled');
}
