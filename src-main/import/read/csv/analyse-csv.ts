/** What a CSV file is, by its first part: encoding, separator, header, columns and rules. */
import { AppError } from '../../../../src-shared/errors.ts';
import type { ColumnMapping } from '../../../../src-shared/contract/import-words.ts';
import type { FileAnalysis, ReadingChoices } from '../../rows/types.ts';
import { describe } from '../analysis/describe.ts';
import type { FileFacts, Remembered } from '../analysis/describe.ts';
import type { Evidence } from '../analysis/evidence.ts';
import { evidenceChars, evidenceRows, headBytes } from '../analysis/limits.ts';
import type { ByteSource } from '../byte-source.ts';
import { describeList, listKindOf } from '../lists/list-columns.ts';
import { feedCsv } from './feed-csv.ts';
import { cellText, CsvRows, isEmptyLine, lineOf, shortCells } from '../cells/csv-rows.ts';
import { createDecoder } from './decoders.ts';
import { findEncoding } from './foreign-parts.ts';
import { findHeader } from './find-header.ts';
import type { CsvHeader } from './find-header.ts';

/** Analyses a CSV file. Throws the `file_…` errors of contents that cannot be read. */
export async function analyseCsv(
  source: ByteSource,
  remembered: Remembered | undefined,
  wanted: ReadingChoices,
  knownNames?: ReadonlySet<string>,
): Promise<FileAnalysis> {
  const head = await source.read(0, headBytes);
  const isWhole = head.length === source.size;
  const { encoding, choice, foreign } = await findEncoding(
    source,
    head,
    wanted.encoding,
    knownNames,
  );
  const text = createDecoder(encoding).decode(head, isWhole);
  if (text.trim() === '') throw new AppError(isWhole ? 'file_empty' : 'file_no_header');
  assertText(text);
  const header = findHeader(text, isWhole);
  const { delimiter, headers, skippedRows } = header;
  const stamp = { size: source.size, changedMs: source.changedMs };
  const facts = {
    format: 'csv',
    encoding,
    delimiter,
    sheet: null,
    skippedRows,
    merged: [],
    stamp,
  } as const;
  const choices = choice ? [choice] : [];
  const listKind = listKindOf(headers);
  if (listKind) return describeList({ ...facts, choices, doubts: [] }, listKind, headers);
  const evidence = readEvidence(text, isWhole, header);
  if (evidence.length === 0 && isWhole) throw new AppError('file_header_only');
  const file = { encoding, delimiter, skippedRows, columns: headers.length };
  const isAllEvidence = isWhole && evidence.length < evidenceRows;
  const allRows: FileFacts['allRows'] = isAllEvidence
    ? null
    : (indexes, onRow, isEnough) =>
        feedCsv(source, file, (row) => onRow(row.isBroken ? [] : shortCells(row, indexes)), {
          isEnough,
        });
  const analysis = await describe(
    { ...facts, choices, doubts: [], allRows },
    headers,
    evidence,
    remembered,
    wanted,
  );
  const shown = analysis.columns.filter(({ column }) => column !== 'ignored');
  for (const option of choice?.options ?? []) {
    const isAll = foreign === head && isWhole;
    option.samples = foreignSamples(foreign, isAll, option.value, header, shown);
  }
  return analysis;
}

/** Control characters that no text has: what a picture or a program decodes to. */
function assertText(text: string): void {
  const zero = text.indexOf('\0');
  if (zero >= 0) throw new AppError('file_binary', { line: lineOf(text, zero) });
  const strange = text.match(/(?![\t\n\r\x7f-\x9f])\p{Cc}/gu)?.length ?? 0;
  if (strange > 8 && strange * 50 > text.length) throw new AppError('file_binary', { line: 1 });
}

/** Rows that are looked at for letters that tell encodings apart, and how many are shown. */
const foreignRows = 3;

/** The cells in which the encoding matters, of some rows, as they read under an encoding. */
function foreignSamples(
  head: Buffer,
  isWhole: boolean,
  encoding: string,
  header: CsvHeader,
  shown: ColumnMapping[],
): string[] {
  let text: string;
  try {
    text = createDecoder(encoding).decode(Buffer.from(head), isWhole);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [];
  }
  const foreignCells = (row: string[]): string[] =>
    shown.map(({ index }) => row[index] ?? '').filter((cell) => /[^\0-\x7f]/.test(cell));
  const isShown = (row: string[]): boolean => foreignCells(row).length > 0;
  return readEvidence(text, isWhole, header, foreignRows, isShown).map((row) =>
    foreignCells(row).join(' · '),
  );
}

function readEvidence(
  text: string,
  isWhole: boolean,
  { delimiter, headers, skippedRows }: CsvHeader,
  most = evidenceRows,
  isWanted: (row: string[]) => boolean = () => true,
): Evidence {
  const evidence: Evidence = [];
  const width = headers.length;
  let rowsSeen = 0;
  const rows = new CsvRows(delimiter, width, (row) => {
    if (isEmptyLine(row)) return true;
    if (rowsSeen > skippedRows && !row.isBroken) {
      const cells = Array.from({ length: width }, (_, index) =>
        index < row.count ? cellText(row, index).slice(0, evidenceChars) : '',
      );
      if (isWanted(cells)) evidence.push(cells);
    }
    rowsSeen += 1;
    return evidence.length < most;
  });
  rows.push(text, isWhole);
  return evidence;
}
