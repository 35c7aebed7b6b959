/**
 * Writes XLSX exports as Kimai does: timesheets (docs/kimai-files.md), and the lists of customers
 * and projects, with the number formats and formulas of its versions.
 */
import { utils, write, type CellObject } from '@e965/xlsx';
import { endMinutes, prefixed, SECRET } from './kimai-writer.ts';
import type { ColumnKey, Entry, Layout } from './kimai-writer.ts';

export type Cell = CellObject | null;

/** The file of one sheet. */
export function writeWorkbook(rows: Cell[][]): Buffer {
  const sheet = utils.aoa_to_sheet(rows as unknown[][]);
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, 'Worksheet');
  return write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
}

export const text = (value: string): Cell => (value === '' ? null : { t: 's', v: value });
export const number = (value: number): Cell => ({ t: 'n', v: value });
export const yesNo = (value: boolean): Cell => ({ t: 'b', v: value });

/** Seconds as a fraction of a day, as a formula with its result (all lists, timesheets ≤ 2.26). */
export const dayFraction = (seconds: number, isFormula: boolean): Cell => ({
  t: 'n',
  v: seconds / 86_400,
  z: '[hh]:mm',
  ...(isFormula ? { f: `${seconds}/86400` } : {}),
});

/** Days since 1899-12-30, with the minutes as a fraction. */
export function serialOf(day: number, minutes: number): number {
  const date = Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100);
  return (date - Date.UTC(1899, 11, 30)) / 86_400_000 + minutes / 1440;
}

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

/**
 * A timesheet workbook. `isOld` (up to 2.26): times as serials, durations as formulas, the currency
 * in the number format only, words for yes and no. Ends with Kimai's row of SUBTOTAL formulas.
 */
export function writeTimesheetWorkbook(entries: Entry[], layout: Layout, isOld: boolean): Buffer {
  const header = layout.columns.map(([, label]) => text(label));
  const rows = entries.map((entry) =>
    layout.columns.map(([key]) => timesheetCell(key, entry, layout, isOld)),
  );
  const last = entries.length + 1;
  const totals = layout.columns.map(([key], index): Cell => {
    if (key !== 'duration' && key !== 'rate') return null;
    const column = utils.encode_col(index);
    return { t: 'n', f: `SUBTOTAL(9,${column}2:${column}${last})` };
  });
  return writeWorkbook([header, ...rows, totals]);
}

function timesheetCell(key: ColumnKey, entry: Entry, layout: Layout, isOld: boolean): Cell {
  const money = (amountE4: number | null): Cell => ({
    t: 'n',
    v: (amountE4 ?? 0) / 10_000,
    ...(isOld ? { z: `_("${entry.currency}"* #,##0.00_);_("${entry.currency}"* (#,##0.00)` } : {}),
  });
  const time = (minutes: number): Cell =>
    isOld ? { t: 'n', v: serialOf(entry.day, minutes), z: 'hh:mm' } : text(clock(minutes));
  const word = (value: boolean): Cell =>
    isOld ? text(value ? layout.words.yes : layout.words.no) : yesNo(value);
  switch (key) {
    case 'id':
      return number(entry.id);
    case 'date':
      return { t: 'n', v: serialOf(entry.day, entry.beginMin), z: 'yyyy-mm-dd' };
    case 'begin':
      return time(entry.beginMin);
    case 'end':
      return entry.running ? null : time(endMinutes(entry));
    case 'duration':
      return dayFraction(entry.durationS, isOld);
    case 'break':
      return dayFraction(entry.breakS, isOld);
    case 'currency':
      return text(entry.currency);
    case 'rate':
      return money(entry.rateE4);
    case 'hourlyRate':
      return money(entry.hourlyRateE4);
    case 'fixedRate':
      return money(entry.fixedRateE4);
    case 'exported':
      return word(entry.exported);
    case 'billable':
      return word(entry.billable);
    case 'tags':
      return text(entry.tags.join(layout.tagSeparator));
    case 'description':
      return text(prefixed(entry.description));
    case 'type':
      return text('timesheet');
    case 'category':
      return text('work');
    case 'internalRate':
    case 'email':
    case 'account_number':
    case 'vat_id':
      return text(SECRET);
    case 'alias':
      return text(entry.displayName);
    case 'username':
      return text(entry.login);
    case 'number':
      return text(entry.customerNumber);
    case 'project_number':
      return text(entry.projectNumber);
    case 'customer':
    case 'project':
    case 'activity':
    case 'orderNumber':
      return text(entry[key]);
    case 'custom':
      return text('Berlin');
  }
}
