/** Random records, and what must come back when an export of them is read. */
import fc from 'fast-check';
import type { ImportRecord } from '../../src-main/import/rows/types.ts';
import { endMinutes, statedDuration } from './kimai-writer.ts';
import type { Entry, Layout } from './kimai-writer.ts';

const letters = (layout: Layout): string[] => {
  const latin = [
    'a',
    'B',
    'dde',
    'z',
    '7',
    ' ',
    '"',
    ',',
    ';',
    "'",
    '=',
    '-',
    '+',
    '@',
    'é',
    'ß',
    '\n',
  ];
  return layout.encoding === 'windows-1252'
    ? [...latin, '€']
    : [...latin, '\t', '\r\n', '日本', 'م', '🙂', 'ς', '\u00a0'];
};

/** Records that a layout can say; each stands for one row of a timesheet. */
export function entries(layout: Layout): fc.Arbitrary<Entry> {
  const text = fc.string({ unit: fc.constantFrom(...letters(layout)), maxLength: 30 });
  const name = text
    .map((value) => value.replaceAll(/[\r\n\t]/g, ' ').trim())
    .filter((value) => value !== '');
  const optionalName = fc.oneof(fc.constant(''), name);
  const cents = (min: number, max: number): fc.Arbitrary<number> =>
    fc.integer({ min, max }).map((value) => value * 100);
  return fc
    .record({
      id: fc.integer({ min: 1, max: 2 ** 40 }),
      day: fc
        .tuple(
          fc.integer({ min: 2010, max: 2030 }),
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 1, max: 28 }),
        )
        .map(([y, m, d]) => y * 10_000 + m * 100 + d),
      beginMin: fc.integer({ min: 0, max: 1439 }),
      durationS: fc.oneof(
        fc.integer({ min: 0, max: 50_000 }),
        fc.integer({ min: -20_000, max: 400_000 }),
      ),
      breakS: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 7200 })),
      rateE4: cents(-100_000, 100_000_000),
      hourlyRateE4: cents(0, 1_000_000),
      fixedRateE4: fc.option(cents(1, 10_000_000)),
      currency: fc.constantFrom('EUR', 'USD', 'JPY', 'CHF'),
      displayName: name,
      login: name,
      customer: name,
      customerNumber: optionalName,
      project: name,
      projectNumber: optionalName,
      orderNumber: optionalName,
      activity: name,
      description: text,
      exported: fc.boolean(),
      billable: fc.boolean(),
      tags: fc.uniqueArray(fc.constantFrom('foo', 'bar', 'a b', 'ünï'), { maxLength: 3 }),
      running: fc.boolean(),
    })
    .map((entry) => fit(entry, layout));
}

/** What Kimai itself guarantees, and what the layout can say at all. */
function fit(entry: Entry, layout: Layout): Entry {
  const running = entry.running && entry.durationS % 7 === 0;
  const durationS = running ? 0 : entry.durationS;
  return {
    ...entry,
    running,
    durationS,
    breakS: layout.columns.some(([key]) => key === 'break') ? entry.breakS : 0,
    rateE4: running ? 0 : entry.rateE4,
    currency: layout.money === 'euro' ? 'EUR' : entry.currency,
    description: looksPrefixed(entry.description, layout) ? 'plain' : entry.description,
  };
}

/**
 * A text that was written with `' ` in front cannot be told from one that Kimai put it before:
 * before 1.14.1 it put none, and since then it puts none before an apostrophe.
 */
function looksPrefixed(text: string, { prefix }: Layout): boolean {
  if (!text.startsWith("' ")) return false;
  return !prefix || (/^' [=\-@+\t\n\r]/.test(text) && !/dde/i.test(text));
}

/** What the reader makes of an entry that a layout wrote on this line. */
export function expected(entry: Entry, layout: Layout, line: number): ImportRecord {
  const has = (key: string): boolean => layout.columns.some(([name]) => name === key);
  const users = (['alias', 'username'] as const).filter(has);
  const money = [entry.rateE4, entry.hourlyRateE4, entry.fixedRateE4 ?? 0];
  const namesCurrency =
    has('currency') || layout.money === 'euro' || money.some((amount) => amount !== 0);
  const optional = (key: string, value: string): string | undefined =>
    has(key) && value !== '' ? value : undefined;
  const stated = statedDuration(entry.durationS, layout);
  return {
    line,
    kimaiId: has('id') ? entry.id : undefined,
    day: entry.day,
    beginMin: entry.beginMin,
    endMin: entry.running ? undefined : endMinutes(entry),
    running: entry.running,
    durationS: stated,
    breakS: has('break') ? statedDuration(entry.breakS, layout) : undefined,
    rateE4: entry.rateE4,
    hourlyRateE4: has('hourlyRate') ? entry.hourlyRateE4 : undefined,
    fixedRateE4: has('fixedRate') ? entry.fixedRateE4 : undefined,
    currency: namesCurrency ? entry.currency : undefined,
    displayName: users[0] === 'username' ? entry.login : entry.displayName,
    login: users.length === 2 ? entry.login : undefined,
    customer: entry.customer,
    customerNumber: optional('number', entry.customerNumber),
    project: entry.project,
    projectNumber: optional('project_number', entry.projectNumber),
    orderNumber: optional('orderNumber', entry.orderNumber),
    activity: entry.activity,
    description: entry.description.replaceAll('\r\n', '\n'),
    exported: has('exported') ? entry.exported : undefined,
    billable: has('billable') ? entry.billable : undefined,
    tags: has('tags') ? entry.tags.toSorted().join(', ') : undefined,
  };
}

/** A first record from which every ambiguity of a file can be settled, as in real ones. */
export const telling: Entry = {
  id: 1,
  day: 20200125,
  beginMin: 540,
  durationS: 5436,
  breakS: 0,
  rateE4: 19_479_900,
  hourlyRateE4: 805_000,
  fixedRateE4: null,
  currency: 'EUR',
  displayName: 'Ann Example',
  login: 'ann',
  customer: 'Acme',
  customerNumber: '0001',
  project: 'Web',
  projectNumber: 'P1',
  orderNumber: '',
  activity: 'Design',
  description: 'Added a page',
  exported: false,
  billable: true,
  tags: ['foo'],
  running: false,
};
