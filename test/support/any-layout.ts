/**
 * Layouts at random: the default export of each version in the table, with or without rates and
 * custom fields, as it is or saved again by a spreadsheet; and templates with any columns in any
 * order, in any languages.
 */
import fc from 'fast-check';
import type { ImportRecord } from '../../src-main/import/rows/types.ts';
import csvTable from '../../src-main/import/read/tables/kimai-csv-columns.json' with { type: 'json' };
import { dayText } from '../../src-shared/domain/day.ts';
import { expected } from './kimai-entries.ts';
import { dmy, kimai1, kimai2, statedDuration } from './kimai-writer.ts';
import type { ColumnKey, Entry, Layout } from './kimai-writer.ts';

type Formats = Pick<
  Layout,
  'quoteAll' | 'duration' | 'money' | 'words' | 'tagSeparator' | 'prefix' | 'totals' | 'encoding'
>;

/** `2.5` as 2005, `1.14.1` as 1014. */
const versionNumber = (text: string): number => {
  const [major, minor] = text.split('.').map(Number);
  return major! * 1000 + minor!;
};

/** How a version writes its cells (docs/kimai-files.md, sections 2 and 5). */
function formatsOf(version: number): Formats {
  const old = { ...kimai1, totals: version <= 1014, prefix: version >= 1014 };
  const cleared = { yes: 'Yes', no: 'No', exported: 'Cleared', open: 'Open' };
  if (version < 1002) return { ...old, duration: 'hh:mm h', money: 'euro', words: cleared };
  if (version < 1014) return { ...old, words: cleared };
  if (version < 2027) return { ...old, words: { yes: 'Yes', no: 'No' } };
  if (version < 2028) return { ...kimai2, duration: 'hours', encoding: 'utf-8-bom' };
  if (version < 2031) return { ...kimai2, duration: 'hours' };
  if (version >= 2033 && version < 2036) return { ...kimai2, duration: 'h:mm:ss' };
  return { ...kimai2, duration: 'h:mm' };
}

/** How a spreadsheet saves what it opened; dates with slashes are settled by the first record. */
const savedAgain = fc.record({
  delimiter: fc.constantFrom<Layout['delimiter'][]>(',', ';', '\t'),
  encoding: fc.constantFrom<Layout['encoding'][]>(
    'utf-8',
    'utf-8-bom',
    'utf-16le',
    'utf-16be',
    'windows-1252',
  ),
  quoteAll: fc.boolean(),
  rowEnd: fc.constantFrom<Layout['rowEnd'][]>('\n', '\r\n'),
  date: fc.constantFrom(dayText, dmy('.'), dmy('-'), dmy('/')),
  comma: fc.boolean(),
});

const rateColumns = ['currency', 'rate', 'internalRate', 'hourlyRate', 'fixedRate'];

/** The English default export of any version. */
export const defaultLayouts: fc.Arbitrary<Layout> = fc
  .record({
    table: fc.constantFrom(...csvTable.english_headers),
    rates: fc.boolean(),
    again: fc.option(savedAgain),
  })
  .map(({ table, rates, again }) => {
    const version = versionNumber(table.first);
    const hasDate = table.columns.includes('date');
    const withRates = rates || version < 1006;
    const isComplete = withRates && table.columns.includes('billable');
    const columns = table.columns.flatMap((key, index): Layout['columns'] => {
      // Beside a usual column that is missing an unknown one may be it: the owner is asked then.
      if (key.startsWith('@')) return isComplete ? [['custom', 'Location']] : [];
      if (!withRates && rateColumns.includes(key)) return [];
      return [[key as ColumnKey, table.english_header[index]!]];
    });
    const layout: Layout = {
      ...kimai2,
      ...formatsOf(version),
      name: `${table.first}–${table.last}`,
      date: hasDate ? dayText : dmy('.'),
      columns,
    };
    if (!again) return layout;
    const { comma, date, ...dialect } = again;
    const money = comma && layout.money === 'plain' ? 'comma' : layout.money;
    return { ...layout, ...dialect, money, date: hasDate ? date : layout.date };
  });

/** Labels of any language that mean one column only. */
const labelsOf = (key: string): string[] =>
  Object.entries(csvTable.labels as Record<string, string[]>).flatMap(([label, meanings]) =>
    meanings.length === 1 && meanings[0] === key ? [label] : [],
  );

const needed: ColumnKey[] = ['date', 'customer', 'project'];
const optional: ColumnKey[] = [
  'id',
  'begin',
  'end',
  'break',
  ...(rateColumns as ColumnKey[]),
  'alias',
  'username',
  'email',
  'account_number',
  'activity',
  'description',
  'exported',
  'billable',
  'tags',
  'type',
  'number',
  'project_number',
  'vat_id',
  'orderNumber',
];

/** Templates of 2.41 and later: any subset and order of columns that says how long something took. */
export const templates: fc.Arbitrary<Layout> = fc
  .tuple(
    fc.shuffledSubarray(optional),
    fc.boolean(),
    fc.constantFrom<Layout['duration'][]>('h:mm', 'h:mm:ss', 'hours'),
  )
  .chain(([some, hasDuration, duration]) => {
    const times: ColumnKey[] = hasDuration ? ['duration'] : ['begin', 'end'];
    const keys = [...new Set([...needed, ...times, ...some])];
    return fc.record({
      columns: fc
        .shuffledSubarray(keys, { minLength: keys.length })
        .chain((order) =>
          fc.tuple(
            ...order.map((key) =>
              fc.constantFrom(...labelsOf(key)).map((label): [ColumnKey, string] => [key, label]),
            ),
          ),
        ),
      // A break in hundredths alone could not be told from seconds.
      duration: fc.constant(hasDuration || duration !== 'hours' ? duration : 'h:mm:ss'),
      delimiter: fc.constantFrom<Layout['delimiter'][]>(',', ';'),
      encoding: fc.constantFrom<Layout['encoding'][]>('utf-8', 'utf-8-bom', 'utf-16le'),
    });
  })
  .map((drawn) => ({ ...kimai2, name: 'template', ...drawn }));

/** What the reader makes of an entry, of which a layout says only a part. */
export function expectedOf(entry: Entry, layout: Layout, line: number): ImportRecord {
  const keys = layout.columns.map(([key]) => key);
  const has = (key: ColumnKey): boolean => keys.includes(key);
  const whole = expected(entry, layout, line);
  const users = keys.filter((key) => key === 'alias' || key === 'username');
  const money = [
    has('rate') ? entry.rateE4 : 0,
    has('hourlyRate') ? entry.hourlyRateE4 : 0,
    has('fixedRate') ? (entry.fixedRateE4 ?? 0) : 0,
  ];
  const inMoney = layout.money === 'euro' || (layout.money === 'coded' && money.some(Boolean));
  const breakS = has('break') ? statedDuration(entry.breakS, layout) : 0;
  const spent = ((whole.endMin ?? 0) - entry.beginMin + 1440) % 1440;
  const fromTimes = entry.running ? 0 : spent * 60 - breakS;
  return {
    ...whole,
    beginMin: has('begin') ? whole.beginMin : undefined,
    endMin: has('end') ? whole.endMin : undefined,
    running: has('begin') && has('end') && entry.running,
    durationS: has('duration') ? whole.durationS : fromTimes,
    rateE4: has('rate') ? whole.rateE4 : undefined,
    currency: has('currency') || inMoney ? entry.currency : undefined,
    displayName:
      users.length === 1 && users[0] === 'username'
        ? entry.login
        : users.length > 0
          ? entry.displayName
          : undefined,
    login: users.length === 2 ? entry.login : undefined,
    activity: has('activity') ? whole.activity : '',
    description: has('description') ? whole.description : '',
  };
}
