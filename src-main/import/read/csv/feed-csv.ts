/** The rows of a CSV file, in chunks: memory does not grow with the file. */
import { AppError } from '../../../../src-shared/errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { assertNotCancelled } from '../read-options.ts';
import type { ReadOptions } from '../read-options.ts';
import { CsvRows, isEmptyLine, lineOf } from '../cells/csv-rows.ts';
import type { CsvRow } from '../cells/csv-rows.ts';
import { createDecoder } from './decoders.ts';

/** With its code units it fits the processor's cache: 256 KiB take twice as long per row. */
const chunkBytes = 64 * 1024;
/** Cells beyond the header that are looked at: a spreadsheet's empty ones are none. */
const spareCells = 16;

export interface CsvForm {
  encoding: string;
  delimiter: string;
  /** Rows above the header. */
  skippedRows: number;
  /** How many columns the header has. */
  columns: number;
}

/** Calls `onRow` for every row below the header, in order. The row object is used again. */
export async function feedCsv(
  source: ByteSource,
  { encoding, delimiter, skippedRows, columns }: CsvForm,
  onRow: (row: CsvRow) => void,
  options: ReadOptions = {},
): Promise<void> {
  let rowsToSkip = skippedRows + 1;
  const rows = new CsvRows(delimiter, columns + spareCells, (row) => {
    if (isEmptyLine(row)) return true;
    if (rowsToSkip === 0) onRow(row);
    else rowsToSkip -= 1;
    return true;
  });
  const decoder = createDecoder(encoding);
  const next = (from: number): Promise<Buffer> =>
    source.read(from, Math.max(chunkBytes, rows.openChars));
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
    if (options.isEnough?.()) {
      // The caller closes the file: not while it is read.
      await reading.catch(() => undefined);
      break;
    }
  }
  await source.assertUnchanged();
}
