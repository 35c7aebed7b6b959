/** What a CSV file is, by its first part: encoding, separator, header, columns and rules. */
import { isAscii } from 'node:buffer';
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
import { cellText, CsvRows, isEmptyLine, lineOf } from '../cells/csv-rows.ts';
import { createDecoder } from './decoders.ts';
import { decideEncoding } from './encoding.ts';
import { findHeader } from './find-header.ts';
import type { CsvHeader } from './find-header.ts';

const lineFeed = 10;
const maxLineBytes = 16 * 2 ** 20;
/** So far a foreign letter is looked for before the file is read: a million entries. */
const maxAsciiBytes = 256 * 2 ** 20;

/** Analyses a CSV file. Throws the `file_…` errors of contents that cannot be read. */
export async function analyseCsv(
  source: ByteSource,
  remembered: Remembered | undefined,
  wanted: ReadingChoices,
  knownNames?: ReadonlySet<string>,
): Promise<FileAnalysis> {
  const head = await source.read(0, headBytes);
  const isWhole = head.length === source.size;
  const foreign = await firstForeignPart(source, head);
  const { encoding, choice } = decideEncoding(foreign, wanted.encoding, knownNames);
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
    stamp,
  } as const;
  const choices = choice ? [choice] : [];
  const listKind = listKindOf(headers);
  if (listKind) return describeList({ ...facts, choices, doubts: [] }, listKind, headers);
  const evidence = readEvidence(text, isWhole, header);
  if (evidence.length === 0 && isWhole) throw new AppError('file_header_only');
  const file = { encoding, delimiter, skippedRows, columns: headers.length };
  const isAllEvidence = isWhole && evidence.length < evidenceRows;
  const restOf: FileFacts['restOf'] = isAllEvidence
    ? null
    : (index, onCell) =>
        feedCsv(source, file, (row) => {
          const isThere = index < row.count && row.ends[index]! - row.starts[index]! <= 80;
          if (isThere) onCell(cellText(row, index));
        });
  const analysis = await describe(
    { ...facts, choices, doubts: [], restOf },
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

/**
 * The part of the file that tells its encoding: the first one, or where that has ASCII only the lines
 * around the first foreign letter. It may come after megabytes.
 */
async function firstForeignPart(source: ByteSource, head: Buffer): Promise<Buffer> {
  if (!isAscii(head)) return head;
  let lineEnd = head.length;
  const end = Math.min(source.size, maxAsciiBytes);
  for (let at = head.length; at < end; at += headBytes) {
    // A line without an end is refused when it is read.
    if (at - lineEnd > maxLineBytes) return head;
    const part = await source.read(at, headBytes);
    if (part.includes(lineFeed)) lineEnd = at;
    const foreign = isAscii(part) ? -1 : part.findIndex((byte) => byte > 127);
    if (foreign < 0) continue;
    const around = await source.read(at + foreign - headBytes / 2, headBytes);
    const line = around.lastIndexOf(lineFeed, headBytes / 2);
    // The line before stands for the header.
    return around.subarray(line > 0 ? around.lastIndexOf(lineFeed, line - 1) + 1 : 0);
  }
  return head;
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
  return readEvidence(text, isWhole, header)
    .map((row) =>
      shown.map(({ index }) => row[index] ?? '').filter((cell) => /[^\0-\x7f]/.test(cell)),
    )
    .filter((cells) => cells.length > 0)
    .slice(0, foreignRows)
    .map((cells) => cells.join(' · '));
}

function readEvidence(
  text: string,
  isWhole: boolean,
  { delimiter, headers, skippedRows }: CsvHeader,
): Evidence {
  const evidence: Evidence = [];
  const width = headers.length;
  let rowsSeen = 0;
  const rows = new CsvRows(delimiter, width, (row) => {
    if (isEmptyLine(row)) return true;
    if (rowsSeen > skippedRows && !row.isBroken) {
      evidence.push(
        Array.from({ length: width }, (_, index) =>
          index < row.count ? cellText(row, index).slice(0, evidenceChars) : '',
        ),
      );
    }
    rowsSeen += 1;
    return evidence.length < evidenceRows;
  });
  rows.push(text, isWhole);
  return evidence;
}
