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
  encode: (text: string) => string = (text) => text,
): string {
  const cells = cellsOf(currency, ui, (text) => encode(escapeText(text)), encode);
  const starts = table.columns.map((column) => ({
    column,
    start: `<td data-column="${column}"${isNumeric(column) ? ' class="num"' : ''}>`,
  }));
  // Joined at once: a text that grows bit by bit is copied again and again.
  const parts: string[] = [];
  let day: DayNumber | null = null;
  for (const row of table.rows) {
    parts.push(row.day === day ? '<tr data-row="" class="same">' : '<tr data-row="">');
    day = row.day;
    for (const { column, start } of starts) parts.push(start, cells[column](row), '</td>');
    parts.push('</tr>');
  }
  return parts.join('');
}

/** What stands in the cell of each column. */
function cellsOf(
  currency: string | null,
  { f, t }: Ui,
  escape: (text: string) => string,
  encode: (text: string) => string,
): Record<Column, (row: RowModel) => string> {
  const [dash, multiplied] = [encode('–'), encode('×')];
  const text = once((word: string) => escape(t(`portal.details.${word}`)));
  const date = once(
    (day: DayNumber) => `<time datetime="${dayText(day)}">${escape(f.day(day))}</time>`,
  );
  const money = once((amountE4: number) => escape(f.money(amountE4, currency)));
  const time = (minutes: number | null) => (minutes === null ? '' : escape(f.time(minutes)));
  const mark = (name: string, look: string, word: string) =>
    `<span class="tag${look}" data-mark="${name}">${text(word)}</span>`;
  return {
    date: ({ day }) => date(day),
    user: ({ user = '' }) => `<bdi>${escape(user)}</bdi>`,
    project: ({ project }) =>
      project === undefined
        ? ''
        : `<bdi class="project" style="${colorStyle(project.color, project.id)}">${escape(project.name)}</bdi>`,
    activity: ({ activities = [] }) =>
      activities.length === 0 ? '' : `<bdi>${escape(activities.join(', '))}</bdi>`,
    tags: ({ tags = [] }) => tags.map((tag) => `<bdi class="tag">${escape(tag)}</bdi>`).join(''),
    times: ({ times }) =>
      times === undefined || (times.beginMin === null && times.endMin === null)
        ? ''
        : `<bdi class="nowrap">${time(times.beginMin)} ${dash} ${time(times.endMin)}</bdi>`,
    description: ({ description, nonBillable, running }) => {
      const word = nonBillable === 'all' ? 'nonBillable' : 'partlyNonBillable';
      const billing = nonBillable === 'none' ? '' : mark('non-billable', '', word);
      const live = running ? mark('running', ' live', 'running') : '';
      return `<bdi data-description="">${escape(description)}</bdi> ${billing} ${live}`;
    },
    duration: ({ durationS }) => formatDuration(durationS),
    rate: ({ rates }) => {
      if (rates === undefined) return '';
      const { hourly, fixed } = rates;
      const all = hourly.map(({ rateE4, durationS }) => {
        const duration = `<span data-rate-duration="">${formatDuration(durationS)}</span> ${multiplied}`;
        return `<span data-rate="" data-duration-s="${durationS}">${hourly.length > 1 ? duration : ''} <bdi data-rate-amount="">${money(rateE4)}</bdi></span>`;
      });
      return `${all.join('')} ${fixed ? `<span data-mark="fixed">${text('fixed')}</span>` : ''}`;
    },
    total: ({ rates }) =>
      rates === undefined || rates.rateE4 === null
        ? ''
        : `<bdi data-amount="">${money(rates.rateE4)}</bdi>`,
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
