/** What a file is, by its first part: format, encoding, separator, columns and rules. */
import { AppError } from '../../../../src-shared/errors.ts';
import type { ColumnMapping, FileAnalysis } from '../../rows/types.ts';
import type { ByteSource } from '../byte-source.ts';
import { assertComplete, columnIndexes, missingNeed } from './columns.ts';
import { cellText, CsvRows, isEmptyLine } from '../csv/csv-rows.ts';
import { createDecoder, detectEncoding } from '../csv/encoding.ts';
import {
  decideRules,
  dropTwins,
  looksLikeData,
  mayHide,
  missingColumns,
  resolutionOf,
  withoutTotals,
} from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { countKnown, headerKeyOf, recogniseColumns } from './headers.ts';

/** What is read to decide; about 1 200 rows. */
export const HEAD_BYTES = 256 * 1024;
export const MAX_COLUMNS = 2000;
const EVIDENCE_ROWS = 500;
const EVIDENCE_CHARS = 100;
const SAMPLE_ROWS = 5;

/** A mapping by hand for this header, if there was one. */
export type Remembered = (headerKey: string) => ColumnMapping[] | undefined;

type Delimiter = ',' | ';' | '\t';

/** Analyses a CSV file. Throws the `file_…` errors of contents that cannot be read. */
export async function analyseCsv(
  source: ByteSource,
  remembered: Remembered | undefined,
): Promise<FileAnalysis> {
  const head = await source.read(0, HEAD_BYTES);
  const isWhole = head.length === source.size;
  const encoding = detectEncoding(head);
  const text = createDecoder(encoding).decode(head, isWhole);
  if (text.trim() === '') throw new AppError(isWhole ? 'file_empty' : 'file_no_header');
  assertText(text);
  const { delimiter, headers } = findHeader(text, isWhole);
  const evidence = readEvidence(text, isWhole, delimiter, headers.length);
  if (evidence.length === 0 && isWhole) throw new AppError('file_header_only');
  return describe({ source, encoding, delimiter, format: 'csv' }, headers, evidence, remembered);
}

/** Control characters that no text has: what a picture or a program decodes to. */
function assertText(text: string): void {
  let strange = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (char === 0) throw new AppError('file_binary', { line: lineOf(text, i) });
    if (char < 32 && char !== 9 && char !== 10 && char !== 13) strange += 1;
  }
  if (strange > 8 && strange * 50 > text.length) throw new AppError('file_binary', { line: 1 });
}

/** The line of a place in a text, from 1. */
export function lineOf(text: string, position: number, firstLine = 1): number {
  return firstLine + (text.slice(0, position).match(/\r\n|\r|\n/g)?.length ?? 0);
}

/** The separator under which most headers are known, else the most cells; and the header row. */
function findHeader(text: string, isWhole: boolean): { delimiter: Delimiter; headers: string[] } {
  const errors: unknown[] = [];
  let best: { delimiter: Delimiter; headers: string[]; known: number } | null = null;
  for (const delimiter of [',', ';', '\t'] as const) {
    try {
      const headers = firstRow(text, isWhole, delimiter);
      const known = countKnown(headers);
      const isBetter =
        !best ||
        known > best.known ||
        (known === best.known && headers.length > best.headers.length);
      if (isBetter) best = { delimiter, headers, known };
    } catch (error) {
      errors.push(error);
    }
  }
  if (!best) throw errors[0];
  const { delimiter, headers, known } = best;
  // Data whose cells happen to be words that are labels too ("Name", "work") has dates as well.
  const isData = known < 2 && looksLikeData(headers);
  if (isData || (known === 0 && headers.length < 3)) refuseHeader(errors);
  return { delimiter, headers };
}

/** A header that is too wide with its own separator is a single cell with the other ones. */
function refuseHeader(errors: unknown[]): never {
  const tooWide = errors.find(
    (error) => error instanceof AppError && error.code === 'file_too_many_columns',
  );
  throw tooWide ?? new AppError('file_no_header');
}

function firstRow(text: string, isWhole: boolean, delimiter: Delimiter): string[] {
  let headers: string[] | null = null;
  const rows = new CsvRows(delimiter, MAX_COLUMNS, (row) => {
    if (isEmptyLine(row)) return true;
    if (row.count > MAX_COLUMNS) refuseColumns(row.count);
    headers = Array.from({ length: row.count }, (_, index) => cellText(row, index).trim());
    return false;
  });
  rows.push(text, isWhole);
  if (headers) return headers;
  if (rows.cellsOfOpenRow > MAX_COLUMNS) refuseColumns(rows.cellsOfOpenRow);
  throw new AppError('file_no_header');
}

export function refuseColumns(count: number): never {
  throw new AppError('file_too_many_columns', { count, limit: MAX_COLUMNS });
}

function readEvidence(
  text: string,
  isWhole: boolean,
  delimiter: Delimiter,
  width: number,
): Evidence {
  const evidence: Evidence = [];
  let headerSeen = false;
  const rows = new CsvRows(delimiter, width, (row) => {
    if (isEmptyLine(row)) return true;
    if (headerSeen) {
      evidence.push(
        Array.from({ length: width }, (_, index) =>
          index < row.count ? cellText(row, index).slice(0, EVIDENCE_CHARS) : '',
        ),
      );
    }
    headerSeen = true;
    return evidence.length < EVIDENCE_ROWS;
  });
  rows.push(text, isWhole);
  return evidence;
}

export interface FileFacts {
  source: ByteSource;
  encoding: FileAnalysis['encoding'];
  delimiter: FileAnalysis['delimiter'];
  format: FileAnalysis['format'];
}

/** Puts the analysis of a timesheet together; a remembered mapping replaces the recognised one. */
export function describe(
  facts: FileFacts,
  headers: string[],
  evidence: Evidence,
  remembered: Remembered | undefined,
): FileAnalysis {
  const found = recogniseColumns(headers, (index) => evidence.map((row) => row[index] ?? ''));
  const columns = dropTwins(found, withoutTotals(found, evidence));
  // Internal rates, e-mails and the like go no further than this.
  const kept = evidence.map((row) =>
    row.map((cell, index) => (found[index]?.column === 'ignored' ? '' : cell)),
  );
  const headerKey = headerKeyOf(headers);
  const analysis: FileAnalysis = {
    kind: 'timesheet',
    format: facts.format,
    encoding: facts.encoding,
    delimiter: facts.delimiter,
    headerKey,
    evidence: kept,
    stamp: { size: facts.source.size, changedMs: facts.source.changedMs },
    ...conclude(columns, kept),
    needsMapping: missingNeed(columnIndexes(columns)) !== null || mayHide(columns, kept),
  };
  const byHand = remembered?.(headerKey);
  return byHand && fits(byHand, headers) ? applyMapping(analysis, byHand) : analysis;
}

function fits(columns: ColumnMapping[], headers: string[]): boolean {
  return (
    columns.length === headers.length &&
    columns.every(({ index }, position) => index === position) &&
    missingNeed(columnIndexes(columns)) === null
  );
}

/** What follows from a mapping. */
function conclude(
  columns: ColumnMapping[],
  evidence: Evidence,
): Pick<FileAnalysis, 'columns' | 'samples' | 'resolution' | 'missing' | 'rules'> {
  const work = withoutTotals(columns, evidence);
  const rules = decideRules(columns, work);
  const duration = columnIndexes(columns).duration;
  return {
    columns,
    samples: evidence
      .slice(0, SAMPLE_ROWS)
      .map((row) => row.map((cell, index) => (columns[index]?.column === 'ignored' ? '' : cell))),
    resolution: duration < 0 ? 60 : resolutionOf(duration, rules.durationUnit, work),
    missing: missingColumns(columns, work),
    rules,
  };
}

/**
 * The analysis with columns as the owner mapped them: one entry per column of the file, in order.
 * Throws `mapping_incomplete` if rows could not be read with it.
 */
export function applyMapping(analysis: FileAnalysis, columns: ColumnMapping[]): FileAnalysis {
  const mapped = analysis.columns.map((own) => {
    const wanted = columns.find(({ index }) => index === own.index);
    return { ...own, column: wanted?.column ?? 'ignored' };
  });
  assertComplete(mapped);
  return { ...analysis, ...conclude(mapped, analysis.evidence), needsMapping: false };
}
