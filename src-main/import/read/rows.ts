/** All rows of a timesheet, CSV or XLSX, in the one form that the normaliser reads. */
import type { FileAnalysis } from '../rows/types.ts';
import type { ByteSource } from './byte-source.ts';
import type { CsvRow } from './cells/csv-rows.ts';
import { feedCsv } from './csv/feed-csv.ts';
import type { ReadOptions } from './read-options.ts';
import { feedWorkbook } from './workbook/feed-workbook.ts';

/** Calls `onRow` for every row below the header, in the file's order. The row object is used again. */
export async function feedRows(
  source: ByteSource,
  analysis: FileAnalysis,
  onRow: (row: CsvRow) => void,
  options: ReadOptions,
): Promise<void> {
  if (analysis.format === 'xlsx') return feedWorkbook(source, analysis, onRow, options);
  const { encoding, delimiter, skippedRows, columns } = analysis;
  const form = { encoding: encoding!, delimiter: delimiter!, skippedRows, columns: columns.length };
  return feedCsv(source, form, onRow, options);
}
