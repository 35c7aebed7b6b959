/**
 * Rows of a timesheet workbook, written as the cells of Kimai's CSV would be: then one normaliser
 * reads both. Durations keep their seconds, which is what makes workbooks free of loss.
 */
import { clockText } from '../../../../src-shared/domain/clock-text.ts';
import { dayText } from '../../../../src-shared/domain/day.ts';
import type { ColumnMapping } from '../../rows/types.ts';
import { codesOf } from '../csv/csv-rows.ts';
import type { CsvRow } from '../csv/csv-rows.ts';
import type { Sheet, SheetCell } from './workbook.ts';

type Column = ColumnMapping['column'];

const DAY_S = 86_400;
/** Serial numbers have about nine digits after the point: half a second is far above their noise. */
const HALF_SECOND = 0.5 / DAY_S;
/** What a spreadsheet shows for its errors, by their numbers in a file (ECMA-376, BErr). */
const errors: Record<number, string> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
};

/** The rows below the header; the row object is used again. `line` is the sheet's row number. */
export function* workbookRows(sheet: Sheet, columns: ColumnMapping[]): Generator<CsvRow> {
  const row: CsvRow = {
    text: '',
    codes: new Uint16Array(0),
    count: columns.length,
    starts: new Int32Array(columns.length),
    ends: new Int32Array(columns.length),
    flags: new Uint8Array(columns.length),
    line: 0,
  };
  for (let i = 1; i < sheet.rows.length; i += 1) {
    const cells = sheet.rows[i] ?? [];
    const texts = columns.map(({ column, index }) => cellAsText(cells[index], column, sheet));
    let at = 0;
    texts.forEach((text, index) => {
      row.starts[index] = at;
      at += text.length;
      row.ends[index] = at;
    });
    row.text = texts.join('');
    row.codes = codesOf(row.text, row.codes);
    row.line = i + 1;
    yield row;
  }
}

/** A cell as Kimai's CSV would have it, by what its column is read as. */
export function cellAsText(cell: SheetCell, column: Column, sheet: Sheet): string {
  if (!cell) return '';
  const isDuration = column === 'duration' || column === 'break';
  const value = cell.v ?? (isDuration ? fractionOf(cell.f) : undefined);
  // A formula without a result is read as an error without a number.
  const isError = cell.t === 'e' && cell.v !== undefined;
  if (isError || value === undefined || value === null) {
    // An error, or a formula that was never calculated: shown as what it is, which no reader takes.
    return cell.f === undefined ? (errors[Number(value)] ?? '#') : `=${cell.f}`;
  }
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value !== 'number') return plainText(String(value));
  if (column === 'date') return dateText(value, sheet.date1904);
  if (column === 'begin' || column === 'end') return clockOf(value);
  if (isDuration) return durationText(value, cell);
  if (column === 'rate' || column === 'hourlyRate' || column === 'fixedRate') {
    return currencyOf(cell) + decimal(value);
  }
  return decimal(value);
}

/** Bare carriage returns would be taken for what the CSV reader flags. */
function plainText(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}

/** The value of Kimai's `=2700/86400` where a writer left no result behind. */
function fractionOf(formula: string | undefined): number | undefined {
  const match = /^(-?\d+)\/86400$/.exec(formula ?? '');
  return match ? Number(match[1]) / DAY_S : undefined;
}

/** The day of a serial number, which may have the begin's time in it. Local, in no time zone. */
function dateText(serial: number, date1904: boolean): string {
  const days = Math.floor(serial + HALF_SECOND) + (date1904 ? 1462 : 0);
  if (days < 61 || days > 2_958_465) return decimal(serial);
  const date = new Date(Date.UTC(1899, 11, 30 + days));
  return dayText(
    date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate(),
  );
}

const two = (part: number): string => String(part).padStart(2, '0');

function clockOf(serial: number): string {
  if (serial < 0) return decimal(serial);
  const minutes = Math.floor(((serial + HALF_SECOND) % 1) * 1440);
  return clockText(minutes);
}

/**
 * Fractions of a day as `h:mm:ss`: a plain number might be taken for hours. A number in another
 * format is left for the reader to judge.
 */
function durationText(value: number, cell: CellObjectWithFormat): string {
  const isClock = /h\]?:mm/i.test(String(cell.z ?? '')) || cell.f?.endsWith('/86400') === true;
  if (!isClock) return decimal(value);
  const seconds = Math.round(Math.abs(value) * DAY_S);
  const sign = value < 0 ? '-' : '';
  return `${sign}${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

type CellObjectWithFormat = Exclude<SheetCell, null | undefined>;

/** Up to 2.26 the currency is only in the number format: `_("EUR"* #,##0.00_)…`. */
function currencyOf(cell: CellObjectWithFormat): string {
  const match = /"([A-Z]{3})"/.exec(String(cell.z ?? ''));
  return match ? `${match[1]} ` : '';
}

/** A number without exponent and without the noise of binary fractions. */
function decimal(value: number): string {
  const text = String(value);
  if (!text.includes('e') && text.length <= 16) return text;
  return value.toFixed(6).replace(/\.?(?<!0)0+$/, '');
}
