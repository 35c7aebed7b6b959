/**
 * The details table as text for a file or the clipboard, and as a workbook. Both are made in the
 * browser, of what the page shows: there is nothing to ask the portal for, and a page that is always
 * on offers the same.
 */
import { formatDuration } from '../../src-shared/domain/duration.ts';
import { decimalText } from '../../src-shared/domain/money.ts';
import { escapeMarkup } from '../pages/escape.ts';
import { zip } from './zip.ts';

/**
 * `day`: `2026-10-03`. `duration`: seconds. `amount`: ten-thousandths of the currency's unit, or a
 * text where a row has several.
 */
export type CellKind = 'text' | 'day' | 'duration' | 'amount';

/** Null: nothing is known. */
export type CellValue = string | number | null;

export interface FileTable {
  columns: { title: string; kind: CellKind }[];
  rows: CellValue[][];
  /** Of the currency. */
  decimals: number;
}

/** How a spreadsheet of the page's language writes numbers. */
function numberFormOf(language: string): { point: string; separator: string } {
  const hasComma = (1.5).toLocaleString(language).includes(',');
  return { point: hasComma ? ',' : '.', separator: hasComma ? ';' : ',' };
}

/** `1:30`, and `1:30:15` where there are seconds. */
function durationText(seconds: number): string {
  const all = Math.abs(seconds);
  if (all % 60 === 0) return formatDuration(seconds);
  // A text in minutes has no sign where there is less than one.
  return `${seconds < 0 ? '-' : ''}${formatDuration(all)}:${String(all % 60).padStart(2, '0')}`;
}

/** All digits that the amount has, at least those of the currency. */
function amountText(amountE4: number, decimals: number, point: string): string {
  const [whole = '', fraction = ''] = decimalText(amountE4).split('.');
  const digits = fraction.padEnd(decimals, '0');
  return digits === '' ? whole : `${whole}${point}${digits}`;
}

/** A spreadsheet runs a text that begins like a formula; after an apostrophe it does not. */
const withoutFormula = (text: string): string =>
  /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;

function textsOf({ columns, rows, decimals }: FileTable, point: string): string[][] {
  const textOf = (value: CellValue, kind: CellKind): string => {
    if (value === null) return '';
    if (typeof value === 'string') return kind === 'day' ? value : withoutFormula(value);
    return kind === 'duration' ? durationText(value) : amountText(value, decimals, point);
  };
  return [
    columns.map(({ title }) => withoutFormula(title)),
    ...rows.map((row) => row.map((value, index) => textOf(value, columns[index]!.kind))),
  ];
}

/** Lines of cells. `separator`: null is the one that spreadsheets of the language expect. */
export function toDelimited(
  table: FileTable,
  language: string,
  separator: string | null = null,
): string {
  const form = numberFormOf(language);
  const between = separator ?? form.separator;
  const cell = (text: string): string =>
    text.includes(between) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return textsOf(table, form.point)
    .map((row) => `${row.map(cell).join(between)}\r\n`)
    .join('');
}

/** XML 1.0 has no place for other control characters, not even escaped. */
const escapeXml = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- these are the ones
  escapeMarkup(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ''));

/** For the clipboard: a mail or a text document takes it over as a table. */
export function toHtml(table: FileTable, language: string): string {
  const [head = [], ...rows] = textsOf(table, numberFormOf(language).point);
  const cell = (text: string, tag: string): string =>
    `<${tag}>${escapeXml(text).replace(/\r?\n/g, '<br>')}</${tag}>`;
  const line = (row: string[], tag: string): string =>
    `<tr>${row.map((text) => cell(text, tag)).join('')}</tr>`;
  const body = rows.map((row) => line(row, 'td')).join('');
  return `<table><thead>${line(head, 'th')}</thead><tbody>${body}</tbody></table>`;
}

const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const start = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

const widths: Record<CellKind, number> = { text: 24, day: 12, duration: 10, amount: 14 };

/** Places in the list of `stylesXml`. */
const styles: Record<CellKind | 'head', number> = {
  ...{ text: 1, day: 2, duration: 3, amount: 4 },
  head: 5,
};
const sumStyles = { duration: 6, amount: 7 };

/** A workbook of one sheet with a fixed head, typed cells and a line of sums at the end. */
export function toXlsx(
  table: FileTable,
  { sheet, isRightToLeft }: { sheet: string; isRightToLeft: boolean },
): Uint8Array<ArrayBuffer> {
  const relationship = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const relationships = (all: string): string =>
    `${start}<Relationships xmlns="${packages}/relationships">${all}</Relationships>`;
  const part = (name: string, type: string): string =>
    `<Override PartName="/xl/${name}.xml" ContentType="${types}.${type}+xml"/>`;
  return zip({
    '[Content_Types].xml':
      `${start}<Types xmlns="${packages}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      part('workbook', 'sheet.main') +
      part('worksheets/sheet1', 'worksheet') +
      `${part('styles', 'styles')}</Types>`,
    '_rels/.rels': relationships(relationship('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml':
      `${start}<workbook xmlns="${main}" xmlns:r="${office}">` +
      `<sheets><sheet name="${escapeXml(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(
      relationship('rId1', 'worksheet', 'worksheets/sheet1.xml') +
        relationship('rId2', 'styles', 'styles.xml'),
    ),
    'xl/worksheets/sheet1.xml': sheetXml(table, isRightToLeft),
    'xl/styles.xml': stylesXml(table.decimals),
  });
}

function sheetXml({ columns, rows }: FileTable, isRightToLeft: boolean): string {
  const head = columns.map(({ title }, index) =>
    textCell(`${letters(index)}1`, styles.head, title),
  );
  const body = rows.map((row, at) => {
    const cells = row.map((value, index) =>
      valueCell(`${letters(index)}${at + 2}`, value, columns[index]!.kind),
    );
    return line(at + 2, cells);
  });
  const last = rows.length + 2;
  const sums = columns.map(({ kind }, index) => {
    // An hourly price has no sum: the amount comes last.
    const isSummed = kind === 'duration' || (kind === 'amount' && index === columns.length - 1);
    if (!isSummed) return '';
    const sum = rows.reduce((total, row) => total + Number(row[index] ?? 0), 0);
    return numberCell(`${letters(index)}${last}`, sumStyles[kind], inSheet(sum, kind));
  });
  const cols = columns.map(
    ({ kind }, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${widths[kind]}" customWidth="1"/>`,
  );
  return (
    `${start}<worksheet xmlns="${main}">` +
    `<sheetViews><sheetView${isRightToLeft ? ' rightToLeft="1"' : ''} workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${cols.join('')}</cols>` +
    `<sheetData>${line(1, head)}${body.join('')}${line(last, sums)}</sheetData></worksheet>`
  );
}

const line = (row: number, cells: string[]): string => `<row r="${row}">${cells.join('')}</row>`;

/** `A`: a page has at most ten columns. */
const letters = (index: number): string => String.fromCharCode(65 + index);

const textCell = (place: string, style: number, text: string): string =>
  `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;

const numberCell = (place: string, style: number, value: number): string =>
  `<c r="${place}" s="${style}"><v>${value}</v></c>`;

function valueCell(place: string, value: CellValue, kind: CellKind): string {
  if (value === null) return '';
  if (typeof value === 'number') return numberCell(place, styles[kind], inSheet(value, kind));
  if (kind === 'day') return numberCell(place, styles.day, serialOf(value));
  return textCell(place, styles.text, value);
}

/** A duration is a part of a day. */
const inSheet = (value: number, kind: CellKind): number =>
  kind === 'duration' ? value / 86_400 : value / 10_000;

/** Days are counted from the 30th of December 1899. */
const serialOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569;

function stylesXml(decimals: number): string {
  const money = `#,##0${decimals > 0 ? `.${'0'.repeat(decimals)}` : ''}`;
  const format = (id: number, font: number, rest = ''): string =>
    `<xf numFmtId="${id}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment vertical="top"${rest}/></xf>`;
  const [day, duration, amount, text] = [164, 165, 166, 49];
  const font = '<sz val="11"/><name val="Calibri"/>';
  return (
    `${start}<styleSheet xmlns="${main}">` +
    `<numFmts count="3"><numFmt numFmtId="${day}" formatCode="yyyy\\-mm\\-dd"/>` +
    `<numFmt numFmtId="${duration}" formatCode="[h]:mm"/>` +
    `<numFmt numFmtId="${amount}" formatCode="${money}"/></numFmts>` +
    `<fonts count="2"><font>${font}</font><font><b/>${font}</font></fonts>` +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="8">${format(0, 0)}${format(text, 0, ' wrapText="1"')}` +
    `${format(day, 0)}${format(duration, 0)}${format(amount, 0)}` +
    `${format(text, 1)}${format(duration, 1)}${format(amount, 1)}</cellXfs></styleSheet>`
  );
}
