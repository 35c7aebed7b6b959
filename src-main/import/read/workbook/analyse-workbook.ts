/** What an XLSX file is: timesheets, or Kimai's list of customers or of projects. */
import { AppError } from '../../../../src-shared/errors.ts';
import type { FileAnalysis, MergedRange, ReadingChoice, ReadingChoices } from '../../rows/types.ts';
import { describe } from '../analysis/describe.ts';
import type { FileFacts, Remembered } from '../analysis/describe.ts';
import type { Evidence } from '../analysis/evidence.ts';
import { countKnown, recogniseColumns } from '../analysis/headers.ts';
import { evidenceChars, evidenceRows } from '../analysis/limits.ts';
import type { ByteSource } from '../byte-source.ts';
import { describeList, listKindOf } from '../lists/list-columns.ts';
import { findTables } from './find-table.ts';
import type { Table } from './find-table.ts';
import { feedWorkbook } from './feed-workbook.ts';
import { isBlank, MergedCells } from './merged-cells.ts';
import { openWorkbook } from './workbook.ts';
import type { Workbook } from './workbook.ts';
import { cellAsText } from './workbook-rows.ts';
import { shortCells } from '../cells/csv-rows.ts';

/** Analyses a workbook. Throws the `file_…` errors of contents that cannot be read. */
export async function analyseWorkbook(
  source: ByteSource,
  remembered: Remembered | undefined,
  wanted: ReadingChoices,
): Promise<FileAnalysis> {
  const workbook = await openWorkbook(source);
  const wantedSheet = workbook.sheets.findIndex(({ name }) => name === wanted.sheet);
  const tables = await findTables(workbook);
  const table = tables.find(({ sheet }) => sheet === wantedSheet) ?? firstTable(tables);
  const { headers, headerRow } = table;
  const stamp = { size: source.size, changedMs: source.changedMs };
  const sheet = workbook.sheets[table.sheet]!.name;
  const facts: Omit<FileFacts, 'allRows'> = {
    format: 'xlsx',
    encoding: null,
    delimiter: null,
    sheet,
    skippedRows: headerRow - 1,
    merged: [],
    stamp,
    choices: sheetChoice(workbook, tables, table, wanted),
    doubts: [],
  };
  let first = await readEvidence(workbook, table, []);
  if (first.rows === 0) throw new AppError('file_header_only');
  const listKind = listKindOf(headers);
  if (listKind) return describeList(facts, listKind, headers);
  if (first.hasGaps) {
    facts.merged = await workbook.merged(table.sheet);
    if (facts.merged.length > 0) first = await readEvidence(workbook, table, facts.merged);
  }
  const { evidence, hasHidden, isWhole } = first;
  // What others in the workbook hold is not imported: somebody should know.
  if (tables.length > 1 && wanted.sheet === undefined) facts.doubts.push('moreSheets');
  if (hasHidden) facts.doubts.push('hiddenRows');
  const allRows: FileFacts['allRows'] = isWhole
    ? null
    : (indexes, onRow) =>
        feedWorkbook(source, { ...facts, columns: recogniseColumns(headers, () => []) }, (row) =>
          onRow(shortCells(row, indexes)),
        );
  return describe({ ...facts, allRows }, headers, evidence, remembered, wanted);
}

/** The first sheet with several known headers, or else with any. */
function firstTable(tables: Table[]): Table {
  return tables.find(({ headers }) => listKindOf(headers) || countKnown(headers) > 1) ?? tables[0]!;
}

function sheetChoice(
  workbook: Workbook,
  tables: Table[],
  chosen: Table,
  wanted: ReadingChoices,
): ReadingChoice[] {
  if (workbook.sheets.length < 2) return [];
  const name = (table: Table): string => workbook.sheets[table.sheet]!.name;
  return [
    {
      about: 'sheet',
      chosen: name(chosen),
      because: wanted.sheet === name(chosen) ? 'chosen' : 'firstSheetWithHeader',
      options: tables.map((table) => ({
        value: name(table),
        samples: [table.headers.slice(0, 8).join(' · ')],
      })),
    },
  ];
}

interface FirstRows {
  evidence: Evidence;
  /** Rows below the header. */
  rows: number;
  /** Some of them are hidden. */
  hasHidden: boolean;
  /** Some row of work lacks what each row must have: it may be joined with the one above. */
  hasGaps: boolean;
  /** There are no others. */
  isWhole: boolean;
}

async function readEvidence(
  workbook: Workbook,
  table: Table,
  merged: readonly MergedRange[],
): Promise<FirstRows> {
  // What a serial number is depends on its column: headers alone tell that well enough here.
  const columns = recogniseColumns(table.headers, () => []);
  const evidence: Evidence = [];
  let count = 0;
  let hasHidden = false;
  let hasGaps = false;
  const joined = new MergedCells(merged, columns);
  const needed = columns.filter(({ column }) => ['date', 'customer', 'project'].includes(column));
  for await (const rows of workbook.rows(table.sheet)) {
    for (const row of rows) {
      const { number, cells, hidden } = row;
      if (number <= table.headerRow) continue;
      joined.fill(row);
      count += 1;
      if (cells.length === 0) continue;
      hasHidden ||= hidden;
      hasGaps ||= needed.some(({ index }) => isBlank(cells[index]));
      if (evidence.length === evidenceRows) {
        return { evidence, rows: count, hasHidden, hasGaps, isWhole: false };
      }
      evidence.push(
        columns.map(({ column, index }) =>
          cellAsText(cells[index], column, workbook.date1904).slice(0, evidenceChars),
        ),
      );
    }
  }
  return { evidence, rows: count, hasHidden, hasGaps, isWhole: true };
}
