import { compareAmount, compareText, type PageContext } from './compare-values.ts';
import { isCustomerPage, isEmptyMonth, type GoldenDetails, type GoldenPage } from './golden.ts';
import { digitsOf, moneyDigits, moneyText, normalise, normaliseBlanks } from './normalise.ts';
import type { PageRow } from './read-page.ts';
import type { Kind } from './holdings.ts';

/** Compares the table of records: columns, rows in order, and the sums under it. */
export function compareDetails(context: PageContext): void {
  const { page, label, answer, moved, tally } = context;
  const actual = answer.values.details;
  if (!page.details) {
    if (page.monthly === null && isEmptyMonth(page)) compareNoSum(context);
    else if (!moved && actual) tally.refuse('column set', label, actual.columns.join(' '));
    return;
  }
  const columns = expectedColumns(page);
  if (columns.length !== page.details.columns.length) {
    throw new Error(`${label}: the file has other columns than its share shows`);
  }
  tally.compare('column set', label, columns.join(' '), actual && actual.columns.join(' '));
  compareRows(context, page.details, actual?.rows ?? []);
  const durationCell = page.details.footer[columns.indexOf('duration')] ?? '';
  compareText(context, 'footer', durationCell, actual?.footer.duration);
  if (page.details.sum !== undefined) {
    compareAmount(context, 'footer', page.details.sum, actual?.footer.total ?? null);
  }
}

/** A month without records has no sum, on either side. */
function compareNoSum({ label, answer, moved, tally }: PageContext): void {
  if (moved) return tally.leaveOut('footer', 4);
  const sum = answer.values.details?.footer.duration ?? null;
  const shown = answer.status === 200 ? (sum ?? 'no sum') : null;
  tally.compare('footer', label, 'no sum', shown);
}

/** Kimai's columns of a share, by our names for them. */
function expectedColumns(page: GoldenPage): string[] {
  return [
    'date',
    ...(page.share.showUser ? ['user'] : []),
    ...(isCustomerPage(page) ? ['project'] : []),
    'description',
    'duration',
    ...(page.share.showRates ? ['rate', 'total'] : []),
  ];
}

function compareRows(context: PageContext, details: GoldenDetails, rows: PageRow[]): void {
  const { page, label, tally } = context;
  if (isCustomerPage(page) && page.share.mergeMode !== 'NONE') {
    for (const kind of rowKinds(page)) tally.leaveOut(kind, 1, details.rows.length);
    return;
  }
  const columns = expectedColumns(page);
  details.rows.forEach((cells, index) => {
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
    const row = rows[index];
    compareDay(context, details.days[index]!, row);
    if (page.share.showUser) compareText(context, 'user', cell('user'), row?.user);
    if (isCustomerPage(page)) compareText(context, 'project', cell('project'), row?.project);
    compareDescription(context, cell('description'), row);
    compareText(context, 'duration', cell('duration'), row?.duration);
    if (details.rates) compareRates(context, details, index, row);
    if (details.totals) compareAmount(context, 'total', details.totals[index]!, row?.total ?? null);
  });
  for (const row of rows.slice(details.rows.length))
    tally.refuse('date', label, `row of ${row.day}`);
}

const rowKinds = (page: GoldenPage): Kind[] => [
  'date',
  ...(page.share.showUser ? (['user'] as const) : []),
  'project',
  'description',
  'duration',
  ...(page.share.showRates ? (['hourly rate', 'total'] as const) : []),
];

/** The day of `<time datetime>`; the visible date must contain that day of the month. */
function compareDay({ label, tally }: PageContext, day: string, row: PageRow | undefined): void {
  const shown = row && (normalise(row.date).match(/\d+/g) ?? []).map(Number);
  const visible = shown?.includes(Number(day.slice(8))) ?? false;
  tally.compare(
    'date',
    label,
    day,
    row ? `${row.day} ${row.date}`.trim() : null,
    row?.day === day && visible,
  );
}

/** Rule 3: of merged records, Kimai shows the last description even if it is empty. */
function compareDescription(
  context: PageContext,
  expected: string,
  row: PageRow | undefined,
): void {
  const lastOnly = context.page.share.mergeMode === 'MERGE_USE_LAST_OF_DAY';
  if (lastOnly && expected === '' && row && normalise(row.description) !== '') {
    context.tally.leaveOut('description', 3);
  } else {
    compareText(context, 'description', expected, row?.description);
  }
}

/**
 * The hourly rates of a row, each with its duration if there are several. Rule 3: the cell of a
 * record with a fixed rate is empty in Kimai and "fixed" here (a record without any time and
 * amount has an empty cell in both).
 */
function compareRates(
  context: PageContext,
  details: GoldenDetails,
  index: number,
  row: PageRow | undefined,
): void {
  const { page, label, tally } = context;
  const expected = details.rates![index]!;
  const fixed = row?.marks.includes('fixed') && row.rates.length === 0;
  if (expected.length === 0 && fixed && details.totals?.[index] !== 0) {
    tally.leaveOut('hourly rate', 3);
    return;
  }
  const wanted = expected.map(
    ([duration, rate]) => `${duration ?? ''} ${moneyText(page.locale, page.currency, rate)}`,
  );
  const shown = row?.rates.map((rate) => `${rate.duration ?? ''} ${rate.amount}`);
  const digits = expected.map(([, rate]) => moneyDigits(page.currency, rate)).join(' ');
  tally.compare(
    'hourly rate',
    label,
    normaliseBlanks(wanted.join('\n')),
    shown ? normaliseBlanks(shown.join('\n')) : null,
    normaliseBlanks(wanted.join('\n')) === normaliseBlanks(shown?.join('\n') ?? '') &&
      digits === row?.rates.map((rate) => digitsOf(rate.amount)).join(' '),
  );
}
