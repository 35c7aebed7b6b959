/**
 * What a client can do with the details of a month where scripts run: sort and search them, copy
 * them, and take them along as a file; and turn to the months beside this one by the arrow keys.
 * The page is complete without it. The texts are in the page. Built into one script for browsers.
 */
import { formatDuration } from '../../src-shared/domain/duration.ts';
import {
  toDelimited,
  toHtml,
  toXlsx,
  type CellKind,
  type CellValue,
  type FileTable,
} from './table-files.ts';

/** What a row shows in each column: values to sort by and to write into a file. */
interface Row {
  element: HTMLTableRowElement;
  day: string;
  words: string;
  values: CellValue[];
}

const textOf = (element: Element | null | undefined): string =>
  element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';

/** Without case and accents, so that `Muller` finds `Müller`. */
const searchable = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

const kinds: Record<string, CellKind> = {
  date: 'day',
  duration: 'duration',
  rate: 'amount',
  total: 'amount',
};

/** Seconds. */
function durationOf(cell: Element): number {
  const exact = cell.querySelector('data');
  if (exact) return Number(exact.value);
  const [hours = '0', minutes = '0'] = textOf(cell).split(':');
  const seconds = (Math.abs(Number(hours)) * 60 + Number(minutes)) * 60;
  return hours.startsWith('-') ? -seconds : seconds;
}

function valueOf(cell: HTMLTableCellElement, column: string): CellValue {
  const text = textOf(cell);
  if (column === 'duration') return durationOf(cell);
  if (text === '') return null;
  switch (column) {
    case 'date':
      return cell.querySelector('time')?.dateTime ?? null;
    case 'tags':
      return [...cell.children].map(textOf).join(', ');
    case 'description': {
      const own = cell.querySelector('[data-description]')?.textContent?.trim() ?? '';
      const marks = [...cell.querySelectorAll('[data-mark]')].map(textOf);
      return [own, ...marks.map((mark) => `[${mark}]`)].filter(Boolean).join(' ');
    }
    case 'rate': {
      const [first, ...more] = cell.querySelectorAll('[data-rate-amount]');
      const isPlain = first && more.length === 0 && !cell.querySelector('[data-mark]');
      return isPlain ? Number(first.getAttribute('data-rate-amount')) : text;
    }
    case 'total':
      return Number(cell.querySelector('[data-amount]')?.getAttribute('data-amount'));
    default:
      return text;
  }
}

function createTableTools(bar: HTMLElement, table: HTMLTableElement): void {
  const language = document.documentElement.lang;
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const body = table.tBodies[0];
  const status = bar.querySelector('[role="status"]');
  const search = bar.querySelector('input');
  if (!body || !status || !search) return;
  const columns = heads.map(({ dataset: { column = '' } }) => ({
    name: column,
    kind: kinds[column] ?? 'text',
  }));
  const titles = heads.map(textOf);
  let order: { index: number; isDescending: boolean } | null = null;
  let rows: Row[] | null = null;
  let shown: Row[] = [];

  /** Reading hundreds of rows would keep a phone busy, so they are read when they are needed. */
  function readRows(): Row[] {
    if (rows !== null) return rows;
    rows = [...body!.rows].map((element) => {
      const values = columns.map(({ name }, index) => {
        const cell = element.cells[index];
        return cell ? valueOf(cell, name) : null;
      });
      return {
        element,
        day: element.querySelector('time')?.dateTime ?? '',
        words: searchable(textOf(element)),
        values,
      };
    });
    shown = rows;
    return rows;
  }

  const compareTexts = new Intl.Collator(language, { numeric: true }).compare;
  /** What is not known comes last in both directions. */
  function compare(a: Row, b: Row): number {
    if (order === null) return 0;
    const [left, right] = [a.values[order.index] ?? null, b.values[order.index] ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    const result =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : compareTexts(String(left), String(right));
    return order.isDescending ? -result : result;
  }

  function show(): void {
    const words = searchable(search?.value ?? '')
      .split(/\s+/)
      .filter(Boolean);
    const all = readRows();
    shown = all.filter((row) => words.every((word) => row.words.includes(word))).sort(compare);
    const kept = new Set(shown);
    for (const row of all) row.element.hidden = !kept.has(row);
    body?.append(...shown.map(({ element }) => element));
    let day = '';
    for (const row of shown) {
      row.element.classList.toggle('same', row.day === day);
      day = row.day;
    }
    heads.forEach((head, index) => {
      if (order?.index === index) head.ariaSort = order.isDescending ? 'descending' : 'ascending';
      else head.ariaSort = null;
    });
    bar.classList.toggle('none', shown.length === 0);
    say(words.length === 0 ? '' : found());
  }

  function say(text: string): void {
    if (status) status.textContent = text;
  }

  /** How many entries were found, and how long they took. */
  function found(): string {
    if (shown.length === 0) return bar.dataset.none ?? '';
    const place = columns.findIndex(({ name }) => name === 'duration');
    const seconds = shown.reduce((sum, { values }) => sum + Number(values[place]), 0);
    const counts = [shown.length, readRows().length].map((count) => count.toLocaleString(language));
    return `${counts.join(' / ')} · ${formatDuration(seconds)}`;
  }

  /** What is shown, in its order. */
  function fileTable(): FileTable {
    readRows();
    const { currency = '', decimals } = bar.dataset;
    return {
      columns: columns.map(({ kind }, index) => ({
        kind,
        title:
          kind === 'amount' && currency ? `${titles[index]} (${currency})` : (titles[index] ?? ''),
      })),
      rows: shown.map(({ values }) => values),
      decimals: Number(decimals),
    };
  }

  /** The clipboard's own interface is there on secure pages only, and few networks at home are. */
  function copy(): void {
    const table = fileTable();
    let isCopied = false;
    document.addEventListener(
      'copy',
      (event) => {
        event.clipboardData?.setData('text/plain', toDelimited(table, language, '\t'));
        event.clipboardData?.setData('text/html', toHtml(table, language));
        event.preventDefault();
        isCopied = true;
      },
      { once: true },
    );
    document.execCommand('copy');
    if (isCopied) say(bar.dataset.copied ?? '');
  }

  function download(kind: string): void {
    const { month = '' } = bar.dataset;
    const table = fileTable();
    const isRightToLeft = document.documentElement.dir === 'rtl';
    // The mark at the beginning tells spreadsheets that the text is UTF-8.
    const blob =
      kind === 'csv'
        ? new Blob([`\ufeff${toDelimited(table, language)}`], { type: 'text/csv' })
        : new Blob([toXlsx(table, { sheet: month, isRightToLeft })], {
            type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          });
    const name = textOf(document.querySelector('h1'))
      .replace(/[\s\p{C}\\/:*?"<>|.]+/gu, ' ')
      .trim();
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${name} ${month}.${kind}`;
    link.click();
    // Browsers have taken it over by then; until then it has to be there.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  heads.forEach((head, index) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    button.addEventListener('click', () => {
      const isSame = order?.index === index;
      if (isSame && order?.isDescending) order = null;
      else order = { index, isDescending: isSame };
      show();
    });
    head.append(button);
  });
  search.addEventListener('input', show);
  bar.querySelector('[data-copy]')?.addEventListener('click', copy);
  for (const button of bar.querySelectorAll('[data-download]')) {
    button.addEventListener('click', () => download(button.getAttribute('data-download') ?? ''));
  }
  bar.hidden = false;
}

/** The arrow keys turn to the months beside this one, in the direction in which the page reads. */
function turnMonth(event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  const target = event.target as Element;
  // There the keys move a cursor, or what is too wide.
  if (target.closest('input, textarea, select, [contenteditable], .scroll')) return;
  const isForward = (event.key === 'ArrowRight') === (document.documentElement.dir !== 'rtl');
  const link = document.querySelector(`[data-period] a[rel="${isForward ? 'next' : 'prev'}"]`);
  if (link instanceof HTMLElement) link.click();
}

for (const bar of document.querySelectorAll('[data-table-tools]')) {
  const table = document.querySelector('[data-table="details"]');
  if (bar instanceof HTMLElement && table instanceof HTMLTableElement) createTableTools(bar, table);
}
// A page that is always on runs this again for each month that it shows.
document.onkeydown = turnMonth;
