/** What an XLSX file is: timesheets, or Kimai's list of customers or of projects. */
import { AppError } from '../../../../src-shared/errors.ts';
import type { FileAnalysis } from '../../rows/types.ts';
import { describe, MAX_COLUMNS, refuseColumns } from '../analysis/analyse.ts';
import type { Remembered } from '../analysis/analyse.ts';
import type { ByteSource } from '../byte-source.ts';
import { countKnown, headerKeyOf, recogniseColumns } from '../analysis/headers.ts';
import { listKindOf } from '../lists.ts';
import { openWorkbook } from './workbook.ts';
import type { Sheet } from './workbook.ts';
import { cellAsText } from './workbook-rows.ts';

const EVIDENCE_ROWS = 500;
const EVIDENCE_CHARS = 100;

/** Analyses a workbook. Throws the `file_…` errors of contents that cannot be read. */
export async function analyseWorkbook(
  source: ByteSource,
  remembered: Remembered | undefined,
): Promise<FileAnalysis> {
  const sheet = await openWorkbook(source);
  const headers = headersOf(sheet);
  if (headers.every((header) => header === '')) throw new AppError('file_empty');
  const listKind = listKindOf(headers);
  if (!listKind && countKnown(headers) === 0) throw new AppError('file_no_header');
  if (sheet.rows.length < 2) throw new AppError('file_header_only');
  if (listKind) return describeList(source, listKind, headers);
  const evidence = readEvidence(sheet, headers);
  const facts = { source, encoding: null, delimiter: null, format: 'xlsx' } as const;
  return describe(facts, headers, evidence, remembered);
}

/** The texts of the first row. Throws `file_too_many_columns`. */
export function headersOf(sheet: Sheet): string[] {
  const first = sheet.rows[0] ?? [];
  if (first.length > MAX_COLUMNS) refuseColumns(first.length);
  return Array.from(first, (cell) => cellAsText(cell, 'unknown', sheet).trim());
}

function readEvidence(sheet: Sheet, headers: string[]): string[][] {
  const rows = sheet.rows.slice(1, 1 + EVIDENCE_ROWS);
  // What a serial number is depends on its column: headers alone tell that well enough here.
  const columns = recogniseColumns(headers, () => []);
  return rows.map((cells) =>
    columns.map(({ column, index }) =>
      cellAsText(cells?.[index], column, sheet).slice(0, EVIDENCE_CHARS),
    ),
  );
}

function describeList(
  source: ByteSource,
  kind: 'customers' | 'projects',
  headers: string[],
): FileAnalysis {
  return {
    kind,
    format: 'xlsx',
    encoding: null,
    delimiter: null,
    // Addresses and e-mails are in these lists: nothing of them is shown or kept.
    columns: [],
    samples: [],
    resolution: 1,
    missing: [],
    needsMapping: false,
    headerKey: headerKeyOf(headers),
    rules: { slashDates: 'none', decimalComma: null, durationUnit: 'seconds' },
    evidence: [],
    stamp: { size: source.size, changedMs: source.changedMs },
  };
}
