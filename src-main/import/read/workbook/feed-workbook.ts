/** The rows of a workbook's sheet, as they are unpacked. */
import { AppError } from '../../../../src-shared/errors.ts';
import type { FileAnalysis } from '../../rows/types.ts';
import type { ByteSource } from '../byte-source.ts';
import type { CsvRow } from '../cells/csv-rows.ts';
import { assertNotCancelled } from '../read-options.ts';
import type { ReadOptions } from '../read-options.ts';
import { MergedCells } from './merged-cells.ts';
import { openWorkbook } from './workbook.ts';
import type { Workbook } from './workbook.ts';
import { WorkbookRowWriter } from './workbook-rows.ts';

/** Rows between two pauses. */
const batchRows = 1000;

/** Calls `onRow` for every row below the header, in order. The row object is used again. */
export async function feedWorkbook(
  source: ByteSource,
  {
    sheet,
    skippedRows,
    columns,
    merged,
  }: Pick<FileAnalysis, 'sheet' | 'skippedRows' | 'columns' | 'merged'>,
  onRow: (row: CsvRow) => void,
  options: ReadOptions = {},
): Promise<void> {
  const workbook = await openWorkbook(source);
  const writer = new WorkbookRowWriter(columns, workbook.date1904);
  const cells = new MergedCells(merged, columns);
  let fed = 0;
  for await (const rows of workbook.rows(sheetNamed(workbook, sheet))) {
    for (const row of rows) {
      if (row.number <= skippedRows + 1) continue;
      cells.fill(row);
      if (row.hidden && row.cells.length > 0) options.onHidden?.();
      onRow(writer.write(row));
      fed += 1;
      if (fed % batchRows === 0) await options.afterChunk?.();
    }
    assertNotCancelled(options.signal);
    options.onBytes?.(workbook.bytesRead());
  }
  assertNotCancelled(options.signal);
  options.onBytes?.(source.size);
  await options.afterChunk?.();
  await source.assertUnchanged();
}

/** Index of a sheet. Throws `file_changed` if there is none of that name. */
export function sheetNamed(workbook: Workbook, name: string | null): number {
  const index = workbook.sheets.findIndex((sheet) => sheet.name === name);
  if (index < 0) throw new AppError('file_changed');
  return index;
}
