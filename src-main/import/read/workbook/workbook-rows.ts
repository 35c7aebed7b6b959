/**
 * Rows of a timesheet workbook, written as the cells of Kimai's CSV would be: then one normaliser
 * reads both. Durations keep their seconds, which is what makes workbooks free of loss.
 */
import type { ColumnMapping } from '../../../../src-shared/contract/import-words.ts';
import { codesOf } from '../cells/csv-rows.ts';
import type { CsvRow } from '../cells/csv-rows.ts';
import { decimal, elapsedText, serialClock, serialDay, shownText } from './number-format.ts';
import type { SheetCell, SheetRow } from './sheet-rows.ts';

type Column = ColumnMapping['column'];

/** Writes sheet rows into one `CsvRow`, which is used again for each row. */
export class WorkbookRowWriter {
  readonly #columns: ColumnMapping[];
  readonly #date1904: boolean;
  readonly #row: CsvRow;

  constructor(columns: ColumnMapping[], date1904: boolean) {
    this.#columns = columns;
    this.#date1904 = date1904;
    this.#row = {
      text: '',
      codes: new Uint16Array(0),
      count: columns.length,
      starts: new Int32Array(columns.length),
      ends: new Int32Array(columns.length),
      flags: new Uint8Array(columns.length),
      line: 0,
      isBroken: false,
    };
  }

  /** The row as CSV; `line` is its number in the sheet. */
  write({ cells, number }: SheetRow): CsvRow {
    const row = this.#row;
    const texts = this.#columns.map(({ column, index }) =>
      cellAsText(cells[index], column, this.#date1904),
    );
    let at = 0;
    texts.forEach((text, index) => {
      row.starts[index] = at;
      at += text.length;
      row.ends[index] = at;
    });
    row.text = texts.join('');
    row.codes = codesOf(row.text, row.codes);
    row.line = number;
    return row;
  }
}

/** A cell as Kimai's CSV would have it, by what its column is read as. */
export function cellAsText(cell: SheetCell | undefined, column: Column, date1904: boolean): string {
  if (!cell) return '';
  const { value } = cell;
  // A formula that was never calculated is shown as what it is, which no reader takes.
  if (value === null) return `=${cell.formula ?? ''}`;
  // Where a number should be, true is none.
  if (typeof value === 'boolean') {
    if (['billable', 'exported', 'ignored'].includes(column)) return value ? '1' : '0';
    return value ? 'TRUE' : 'FALSE';
  }
  if (typeof value === 'string') return plainText(value);
  return numberAsText(value, cell, column, date1904);
}

function numberAsText(value: number, cell: SheetCell, column: Column, date1904: boolean): string {
  const { format } = cell;
  const isTime = ['day', 'time', 'dayTime', 'elapsed'].includes(format.kind);
  if (column === 'date') return serialDay(value, date1904) ?? decimal(value);
  if (column === 'begin' || column === 'end') return clockText(value, isTime, date1904);
  if (column === 'duration' || column === 'break') {
    // A plain number may count hours, minutes or days: the file as a whole tells.
    return isTime || cell.formula?.endsWith('/86400') ? elapsedText(value) : decimal(value);
  }
  if (column === 'rate' || column === 'hourlyRate' || column === 'fixedRate') {
    // An amount that a spreadsheet took for a day is shown as that day, which is no amount.
    if (isTime || format.kind === 'percent') return shownText(value, format, date1904);
    return `${format.currency === null ? '' : `${format.currency} `}${decimal(value)}`;
  }
  const isPlain = ['id', 'billable', 'exported', 'ignored'].includes(column);
  return isPlain ? decimal(value) : shownText(value, format, date1904);
}

/**
 * The time of a serial number. With a day in it the day is kept: a file without a date column has
 * it there. Whole numbers are no times of day.
 */
function clockText(serial: number, isTime: boolean, date1904: boolean): string {
  if (serial < 0 || (serial >= 1 && Number.isInteger(serial) && !isTime)) return decimal(serial);
  const day = serial >= 1 ? serialDay(serial, date1904) : null;
  return day === null ? serialClock(serial) : `${day} ${serialClock(serial)}`;
}

/** Bare carriage returns would be taken for what the CSV reader flags. */
function plainText(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}
