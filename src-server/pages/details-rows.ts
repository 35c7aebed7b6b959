/**
 * The rows of the details table as HTML. They are most of a page: a template by hand takes a tenth
 * of the time of components. The same rows as components are in test/support/oracle; a test
 * compares the two.
 */
import { dayText, type DayNumber } from '../../src-shared/domain/day.ts';
import { formatDuration } from '../../src-shared/domain/duration.ts';
import type { Column } from '../../src-shared/domain/visibility.ts';
import { colorStyle } from '../view-model/colors.ts';
import type { RowModel, TableModel } from '../view-model/model.ts';
import type { Ui } from '../view-model/ui.ts';
import { isNumeric } from './columns.ts';
import { escapeText } from './escape.ts';

/**
 * Everything that is not our own is escaped here: descriptions, names, tags, words of a locale.
 * `encode` is applied to every text with letters beyond ASCII.
 */
export function detailsRows(
  table: TableModel,
  currency: string | null,
  ui: Ui,
  encode: (text: string) => string = unchanged,
): string {
  const parts = commonPartsOf(table, encode);
  const own = ownCellsOf(currency, ui, encode);
  const columns = table.columns.filter(isOwn);
  // Joined at once: a text that grows bit by bit is copied again and again.
  const joined: string[] = [];
  let next = 0;
  for (const row of table.rows) {
    for (const column of columns) {
      joined.push(parts[next++]!, own[column](row));
    }
  }
  joined.push(parts[next]!);
  return joined.join('');
}

const unchanged = (text: string): string => text;

/** Columns whose cells are others in each language; in the one of descriptions it is the marks. */
type OwnColumn = 'date' | 'times' | 'description' | 'rate' | 'total';
const ownColumns: readonly Column[] = ['date', 'times', 'description', 'rate', 'total'];
const isOwn = (column: Column): column is OwnColumn => ownColumns.includes(column);

/** What is the same in each language, of models that pages are made of again and again. */
const keptParts = new WeakMap<
  TableModel,
  { encode: (text: string) => string; parts: readonly string[] }
>();

/** The rows without the cells of `ownColumns`: what stands between these, before and after. */
function commonPartsOf(table: TableModel, encode: (text: string) => string): readonly string[] {
  const kept = keptParts.get(table);
  if (kept?.encode === encode) return kept.parts;
  const cells = commonCellsOf((text) => encode(escapeText(text)));
  const starts = table.columns.map((column) => ({
    column,
    start: `<td data-column="${column}"${isNumeric(column) ? ' class="num"' : ''}>`,
    isOwn: isOwn(column),
  }));
  const parts: string[] = [];
  let part: string[] = [];
  let day: DayNumber | null = null;
  for (const row of table.rows) {
    part.push(row.day === day ? '<tr data-row="" class="same">' : '<tr data-row="">');
    day = row.day;
    for (const { column, start, isOwn: endsPart } of starts) {
      part.push(start, cells[column](row));
      if (endsPart) {
        parts.push(part.join(''));
        part = [];
      }
      part.push('</td>');
    }
    part.push('</tr>');
  }
  parts.push(part.join(''));
  keptParts.set(table, { encode, parts });
  return parts;
}

/** What stands in the cell of each column, in every language. */
function commonCellsOf(
  escape: (text: string) => string,
): Record<Column, (row: RowModel) => string> {
  const nothing = (): string => '';
  return {
    date: nothing,
    user: ({ user = '' }) => `<bdi>${escape(user)}</bdi>`,
    project: ({ project }) =>
      project === undefined
        ? ''
        : `<bdi class="project" style="${colorStyle(project.color, project.id)}">${escape(project.name)}</bdi>`,
    activity: ({ activities = [] }) =>
      activities.length === 0 ? '' : `<bdi>${escape(activities.join(', '))}</bdi>`,
    tags: ({ tags = [] }) => tags.map((tag) => `<bdi class="tag">${escape(tag)}</bdi>`).join(''),
    times: nothing,
    description: ({ description }) => `<bdi data-description="">${escape(description)}</bdi> `,
    // The script that adds up and exports rows needs the seconds that the text does not show.
    duration: ({ durationS }) =>
      durationS % 60 === 0
        ? formatDuration(durationS)
        : `<data value="${durationS}">${formatDuration(durationS)}</data>`,
    rate: nothing,
    total: nothing,
  };
}

/** What stands in the cells of a language, after what is in them in each. */
function ownCellsOf(
  currency: string | null,
  { f, t }: Ui,
  encode: (text: string) => string,
): Record<OwnColumn, (row: RowModel) => string> {
  const escape = (text: string): string => encode(escapeText(text));
  const [dash, multiplied] = [encode('–'), encode('×')];
  const text = once((word: string) => escape(t(`portal.details.${word}`)));
  const date = once(
    (day: DayNumber) => `<time datetime="${dayText(day)}">${escape(f.day(day))}</time>`,
  );
  const money = once((amountE4: number) => escape(f.money(amountE4, currency)));
  const time = once((minutes: number) => escape(f.time(minutes)));
  const timeOrNothing = (minutes: number | null) => (minutes === null ? '' : time(minutes));
  // It may stand below its times: in one line it makes the table wider than a page in some languages.
  const later = (days: number | undefined) =>
    days === undefined
      ? ''
      : ` <bdi class="nowrap" data-days-later="">${escape(t('portal.details.daysLater', { days: f.integer(days) }))}</bdi>`;
  const mark = (name: string, look: string, word: string) =>
    `<span class="tag${look}" data-mark="${name}">${text(word)}</span>`;
  return {
    date: ({ day }) => date(day),
    times: ({ times }) =>
      times === undefined || (times.beginMin === null && times.endMin === null)
        ? ''
        : `<bdi class="nowrap">${timeOrNothing(times.beginMin)} ${dash} ${timeOrNothing(times.endMin)}</bdi>${later(times.daysLater)}`,
    description: ({ nonBillable, running }) => {
      const word = nonBillable === 'all' ? 'nonBillable' : 'partlyNonBillable';
      const billing = nonBillable === 'none' ? '' : mark('non-billable', '', word);
      const live = running ? mark('running', ' live', 'running') : '';
      return `${billing} ${live}`;
    },
    rate: ({ rates }) => {
      if (rates === undefined) return '';
      const { hourly, fixed } = rates;
      const all = hourly.map(({ rateE4, durationS }) => {
        const duration = `<span data-rate-duration="">${formatDuration(durationS)}</span> ${multiplied}`;
        return `<span data-rate="" data-duration-s="${durationS}">${hourly.length > 1 ? duration : ''} <bdi data-rate-amount="${rateE4}">${money(rateE4)}</bdi></span>`;
      });
      return `${all.join('')} ${fixed ? `<span data-mark="fixed">${text('fixed')}</span>` : ''}`;
    },
    total: ({ rates }) =>
      rates === undefined || rates.rateE4 === null
        ? ''
        : `<bdi data-amount="${rates.rateE4}">${money(rates.rateE4)}</bdi>`,
  };
}

/** Makes the text of a value once for each page: rows repeat days, rates and marks. */
function once<Key>(make: (key: Key) => string): (key: Key) => string {
  const made = new Map<Key, string>();
  return (key) => {
    let text = made.get(key);
    if (text === undefined) {
      text = make(key);
      made.set(key, text);
    }
    return text;
  };
}
