/** In what order the dates of a file stand, by the records that are stored already. */
import type { ReadDb } from '../../store/db.ts';
import { countStored, type WorkedAt } from '../../store/records/records-at.ts';
import { parseClockText } from '../read/cells/clock-text.ts';
import { dayReadings } from '../read/cells/date-text.ts';
import type { DateOrder, FileAnalysis } from '../rows/types.ts';

/** Fewer rows may be stored under another order by chance. */
const minRows = 3;
/** Who works at the same time each day has many records that look alike: nearly all must be there. */
const mostOfThem = 0.8;
const fewOfThem = 0.2;

/**
 * The order under which nearly all of the first rows are stored, and hardly any under the others:
 * the file was imported before in another form. Null: the store tells nothing new.
 */
export function storedOrder(db: ReadDb, analysis: FileAnalysis): DateOrder | null {
  const choice = analysis.choices.find(({ about }) => about === 'dateOrder');
  if (!choice || choice.because === 'chosen' || choice.options.length < 2) return null;
  const orders = choice.options.map(({ value }) => value as DateOrder);
  const rates = orders.map((order) => {
    const rows = rowsUnder(analysis, order, orders);
    return { order, rows, stored: countStored(db, rows) };
  });
  const found = rates.filter(
    ({ rows, stored }) => rows.length >= minRows && stored >= rows.length * mostOfThem,
  );
  const others = rates.filter((rate) => !found.includes(rate));
  const areNew = others.every(({ rows, stored }) => stored <= rows.length * fewOfThem);
  const order = found.length === 1 && areNew ? found[0]!.order : null;
  return order === choice.chosen ? null : order;
}

/**
 * The same file, about whose dates the owner is asked. Hardly anybody writes the day behind the year:
 * records that were stored by chance, of who works at the same time each day, must not decide that.
 */
export function askForOrder(analysis: FileAnalysis): FileAnalysis {
  const choices = analysis.choices.map((choice) =>
    choice.about === 'dateOrder' ? { ...choice, chosen: null, because: 'isoDoubtful' } : choice,
  );
  return { ...analysis, choices, needsMapping: true };
}

/** The rows whose dates mean different days under different orders, as they read under this one. */
function rowsUnder(
  { columns, evidence, rules }: FileAnalysis,
  order: DateOrder,
  orders: readonly DateOrder[],
): WorkedAt[] {
  const at = (name: string): number => columns.find(({ column }) => column === name)?.index ?? -1;
  const [date, begin, end, project] = ['date', 'begin', 'end', 'project'].map(at) as [
    number,
    number,
    number,
    number,
  ];
  return evidence.flatMap((row) => {
    const readings = dayReadings(row[date] ?? '', rules.monthLanguage);
    const day = readings[order];
    const beginMin = parseClockText(row[begin] ?? '');
    const endMin = parseClockText(row[end] ?? '');
    if (day === undefined || beginMin === null || endMin === null) return [];
    if (new Set(orders.map((one) => readings[one])).size < 2) return [];
    return [{ project: (row[project] ?? '').trim(), day, beginMin, endMin }];
  });
}
