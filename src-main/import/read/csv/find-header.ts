/** The separator of a CSV text, and which of its first rows is the header. */
import { AppError } from '../../../../src-shared/errors.ts';
import type { FileAnalysis } from '../../rows/types.ts';
import { countKnown } from '../analysis/headers.ts';
import { maxColumns, refuseColumns } from '../analysis/limits.ts';
import { looksLikeData } from '../analysis/missing.ts';
import { listKindOf } from '../lists/list-columns.ts';
import { cellText, CsvRows, isEmptyLine } from '../cells/csv-rows.ts';

export type Delimiter = NonNullable<FileAnalysis['delimiter']>;
const delimiters: readonly Delimiter[] = [',', ';', '\t', '|'];

/** Rows in which a header is looked for; titles and notes stand above it. */
const headerRows = 20;

export interface CsvHeader {
  delimiter: Delimiter;
  headers: string[];
  /** Rows above the header; empty lines do not count. */
  skippedRows: number;
}

/**
 * The row in which most headers are known, under the separator under which they are; else the first
 * row under the separator with most cells. Throws `file_no_header` and `file_too_many_columns`.
 */
export function findHeader(text: string, isWhole: boolean): CsvHeader {
  const named = separatorLine(text);
  const errors: unknown[] = [];
  let best: (CsvHeader & { known: number }) | null = null;
  for (const delimiter of named === null ? delimiters : [named]) {
    try {
      const found = headerUnder(delimiter, text, isWhole, named === null ? 0 : 1);
      const isBetter =
        !best ||
        found.known > best.known ||
        (found.known === best.known && found.headers.length > best.headers.length);
      if (isBetter) best = found;
    } catch (error) {
      errors.push(error);
    }
  }
  if (!best) throw errors[0];
  const { known, ...header } = best;
  // Data whose cells happen to be words that are labels too ("Name", "work") has dates as well.
  const isData = known < 2 && looksLikeData(header.headers);
  if (isData || (known === 0 && header.headers.length < 3)) refuseHeader(errors);
  return header;
}

/** The separator that Excel was told in a first line `sep=;`. */
function separatorLine(text: string): Delimiter | null {
  const mark = /^\ufeff?"?sep=([,;\t|])"?[ ,;\t|]*(?:\r|\n|$)/i.exec(text)?.[1];
  return delimiters.find((delimiter) => delimiter === mark) ?? null;
}

/** A header that is too wide with its own separator is a single cell with the other ones. */
function refuseHeader(errors: unknown[]): never {
  const tooWide = errors.find(
    (error) => error instanceof AppError && error.code === 'file_too_many_columns',
  );
  throw tooWide ?? new AppError('file_no_header');
}

function headerUnder(
  delimiter: Delimiter,
  text: string,
  isWhole: boolean,
  skip: number,
): CsvHeader & { known: number } {
  let best: (CsvHeader & { known: number }) | null = null;
  let rowsSeen = 0;
  const rows = new CsvRows(delimiter, maxColumns, (row) => {
    if (isEmptyLine(row)) return true;
    const position = rowsSeen;
    rowsSeen += 1;
    if (position < skip) return true;
    if (row.count > maxColumns) {
      // Below the header that is a problem of the row.
      if (best) return true;
      refuseColumns(row.count);
    }
    const headers = Array.from({ length: row.count }, (_, index) => cellText(row, index).trim());
    const isList = listKindOf(headers) !== null;
    const known = isList ? maxColumns : countKnown(headers);
    if (!best || known > Math.max(best.known, 1)) {
      best = { delimiter, headers, skippedRows: position, known };
    }
    // What stands below a header that is known is looked at only to read it.
    return best.known < 4 && rowsSeen < headerRows + skip;
  });
  pushHead(rows, text, isWhole, () => best !== null);
  // The callback sets it, which the type checker does not see.
  const found = best as (CsvHeader & { known: number }) | null;
  if (found) return found;
  if (rows.cellsOfOpenRow > maxColumns) refuseColumns(rows.cellsOfOpenRow);
  throw new AppError('file_no_header');
}

/** Rows below a header that was found may be broken: that is told when they are read. */
function pushHead(rows: CsvRows, text: string, isWhole: boolean, hasHeader: () => boolean): void {
  try {
    rows.push(text, isWhole);
  } catch (error) {
    if (!hasHeader()) throw error;
  }
}
