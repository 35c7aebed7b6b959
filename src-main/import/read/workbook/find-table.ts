/** Which sheet of a workbook holds the table, and in which of its rows the header stands. */
import { AppError } from '../../../../src-shared/errors.ts';
import { countKnown } from '../analysis/headers.ts';
import { maxColumns, refuseColumns } from '../analysis/limits.ts';
import { looksLikeData } from '../analysis/missing.ts';
import { listKindOf } from '../lists/list-columns.ts';
import type { SheetRow } from './sheet-rows.ts';
import type { Workbook } from './workbook.ts';
import { cellAsText } from './workbook-rows.ts';

/** Rows in which a header is looked for; titles and notes stand above it. */
export const headerRows = 20;

export interface Table {
  /** Index of the sheet in the workbook. */
  sheet: number;
  headers: string[];
  /** The header's row number in the sheet, from 1. */
  headerRow: number;
}

/**
 * The table of each visible sheet that has one; of the hidden ones only if no visible sheet has.
 * `wanted`: only this sheet. Throws `file_empty`, `file_no_header` and `file_too_many_columns`.
 */
export async function findTables(workbook: Workbook, wanted?: number): Promise<Table[]> {
  const { sheets } = workbook;
  const indexes = wanted === undefined ? [...sheets.keys()] : [wanted];
  let isEmpty = true;
  for (const hidden of [false, true]) {
    const tables: Table[] = [];
    for (const index of indexes) {
      if (sheets[index]?.hidden !== hidden && wanted === undefined) continue;
      const rows = await firstRows(workbook, index, headerRows);
      if (rows.length > 0) isEmpty = false;
      const table = tableOf(workbook, index, rows);
      if (table) tables.push(table);
    }
    if (tables.length > 0) return tables;
  }
  throw new AppError(isEmpty ? 'file_empty' : 'file_no_header');
}

function tableOf(workbook: Workbook, sheet: number, rows: SheetRow[]): Table | null {
  let best: Table | null = null;
  let mostKnown = 0;
  for (const { number, cells } of rows) {
    if (cells.length > maxColumns) refuseColumns(cells.length);
    const headers = Array.from(cells, (cell) =>
      cellAsText(cell, 'unknown', workbook.date1904).trim(),
    );
    if (listKindOf(headers)) return { sheet, headers, headerRow: number };
    const known = countKnown(headers);
    // A row of data may have a word in it that is a label too.
    if (known <= mostKnown || (known < 2 && looksLikeData(headers))) continue;
    mostKnown = known;
    best = { sheet, headers, headerRow: number };
  }
  return best;
}

/** Up to `count` rows that have any cell. */
async function firstRows(workbook: Workbook, sheet: number, count: number): Promise<SheetRow[]> {
  const found: SheetRow[] = [];
  for await (const rows of workbook.rows(sheet)) {
    for (const row of rows) {
      if (row.cells.length > 0) found.push(row);
      if (found.length >= count) return found;
    }
  }
  return found;
}
