/**
 * Files as spreadsheets of all countries save them: every combination of encoding, separator, form
 * of dates, times and durations, language of the header and empty ends of rows. Each is read rightly
 * or asked about; none is read wrongly without a word. `RE_SAVED=5000` draws so many files.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import csvTable from '../../../../../src-main/import/read/tables/kimai-csv-columns.json' with { type: 'json' };
import { memorySource } from '../../../../../src-main/import/read/byte-source.ts';
import { analyseFile, noticesOf } from '../../../../../src-main/import/read/read-file.ts';
import { addDays } from '../../../../../src-shared/domain/day.ts';
import { encode, legacy, texts } from './legacy-text.ts';
import { csv, HEADER, readAs, row } from './support.ts';

const runs = Number(process.env['RE_SAVED'] ?? 150);

interface Work {
  day: number;
  beginMin: number;
  minutes: number;
  customer: string;
  description: string;
}

const two = (value: number): string => String(value).padStart(2, '0');
const partsOf = (day: number): [string, string, string] => [
  String(Math.floor(day / 10_000)),
  two(Math.floor(day / 100) % 100),
  two(day % 100),
];
const utc = (day: number): number => {
  const [year, month, date] = partsOf(day).map(Number);
  return Date.UTC(year!, month! - 1, date);
};
const named = (locale: string, day: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options }).format(utc(day));

const dates: Record<string, (day: number) => string> = {
  iso: (day) => partsOf(day).join('-'),
  compact: String,
  ...Object.fromEntries(
    ['.', '/', '-'].flatMap((mark) => {
      const of = (day: number) => partsOf(day);
      return [
        [`dmy ${mark}`, (day: number) => of(day).toReversed().join(mark)],
        [`mdy ${mark}`, (day: number) => [of(day)[1], of(day)[2], of(day)[0]].join(mark)],
        [`ymd ${mark}`, (day: number) => of(day).join(mark)],
        [`ydm ${mark}`, (day: number) => [of(day)[0], of(day)[2], of(day)[1]].join(mark)],
        [
          `d.m.yy ${mark}`,
          (day: number) => [of(day)[2], of(day)[1], of(day)[0].slice(2)].join(mark),
        ],
        [
          `yy.m.d ${mark}`,
          (day: number) => [of(day)[0].slice(2), of(day)[1], of(day)[2]].join(mark),
        ],
      ];
    }),
  ),
  serial: (day) => String(utc(day) / 86_400_000 + 25_569),
  'serial since 1904': (day) => String(utc(day) / 86_400_000 + 24_107),
  'German weekday': (day) => `${named('de', day, { weekday: 'short' })}., ${dates['dmy .']!(day)}`,
  'English name': (day) => named('en-GB', day, { day: 'numeric', month: 'short', year: 'numeric' }),
  'French name': (day) => named('fr', day, { day: 'numeric', month: 'long', year: 'numeric' }),
};

/** The day that a date with the month first is if it is read with the day first. */
function monthAndDaySwapped(day: number): number {
  const [year, month, date] = partsOf(day);
  return Number(`${year}${date}${month}`);
}

const clocks: Record<string, (minutes: number) => string> = {
  'hh:mm': (at) => `${two(Math.floor(at / 60))}:${two(at % 60)}`,
  'hh.mm': (at) => `${two(Math.floor(at / 60))}.${two(at % 60)}`,
  '9h00': (at) => `${Math.floor(at / 60)}h${two(at % 60)}`,
  'hh:mm:ss': (at) => `${two(Math.floor(at / 60))}:${two(at % 60)}:00`,
  'AM/PM': (at) => `${Math.floor(at / 60) % 12 || 12}:${two(at % 60)} ${at < 720 ? 'AM' : 'PM'}`,
};

const durations: Record<string, (minutes: number, comma: boolean) => string> = {
  'h:mm': (spent) => `${Math.floor(spent / 60)}:${two(spent % 60)}`,
  'h:mm:ss': (spent) => `${Math.floor(spent / 60)}:${two(spent % 60)}:00`,
  hours: (spent, comma) => withMark((spent / 60).toFixed(2), comma),
  minutes: String,
  seconds: (spent) => String(spent * 60),
  'days as a fraction': (spent, comma) => withMark((spent / 1440).toFixed(10), comma),
  words: (spent) => `${Math.floor(spent / 60)} h ${spent % 60} min`,
};
const withMark = (text: string, comma: boolean): string => (comma ? text.replace('.', ',') : text);

const keys = [
  ...['date', 'begin', 'end', 'duration', 'currency', 'rate', 'hourlyRate', 'alias', 'username'],
  ...['customer', 'project', 'activity', 'description', 'billable', 'tags'],
] as const;
const english =
  'Date,From,To,Duration,Currency,Price,Hourly price,Name,User,Customer,Project,Activity,Description,Billable,Tags';
/** Labels of any language that mean one column only. */
const labels = new Map(
  keys.map((key) => [
    key,
    Object.entries(csvTable.labels as Record<string, string[]>).flatMap(([label, meanings]) =>
      meanings.length === 1 && meanings[0] === key ? [label] : [],
    ),
  ]),
);

const work = (language: keyof typeof texts): fc.Arbitrary<Work> =>
  fc.record({
    day: fc.integer({ min: 0, max: 600 }).map((after) => addDays(20250103, after)),
    beginMin: fc.integer({ min: 0, max: 20 }).map((step) => 360 + step * 15),
    minutes: fc.integer({ min: 1, max: 100 }).map((step) => step * 5),
    customer: fc.constantFrom(...texts[language]),
    description: fc.constantFrom(...texts[language]),
  });

const files = fc
  .record({
    encoding: fc.constantFrom('utf-8', 'utf-8 with a mark', 'utf-16le', ...Object.keys(legacy)),
    any: fc.constantFrom(...(Object.keys(texts) as (keyof typeof texts)[])),
    separator: fc.constantFrom(',', ';', '\t', '|'),
    date: fc.constantFrom(...Object.keys(dates)),
    clock: fc.constantFrom(...Object.keys(clocks)),
    duration: fc.constantFrom(...Object.keys(durations)),
    comma: fc.boolean(),
    header: fc.option(fc.tuple(...keys.map((key) => fc.nat(labels.get(key)!.length - 1)))),
    ends: fc.constantFrom('as they are', 'cut', 'more'),
  })
  .chain((form) =>
    fc.record({
      form: fc.constant(form),
      works: fc.array(work(legacy[form.encoding] ?? form.any), { minLength: 1, maxLength: 12 }),
    }),
  );

type Drawn = typeof files extends fc.Arbitrary<infer File> ? File : never;

/** Null: the encoding lacks a letter of the header. */
function write({ form, works }: Drawn): Buffer | null {
  const header = english.split(',').map((label, index) => {
    if (!form.header) return label;
    const other = labels.get(keys[index]!)![form.header[index]!]!;
    return encode(other, form.encoding) ? other : label;
  });
  const quote = (cell: string): string =>
    cell.includes(form.separator) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = works.map(({ day, beginMin, minutes, customer, description }) => [
    dates[form.date]!(day),
    clocks[form.clock]!(beginMin),
    clocks[form.clock]!(beginMin + minutes),
    durations[form.duration]!(minutes, form.comma),
    'EUR',
    withMark((90 * Number((minutes / 60).toFixed(2))).toFixed(2), form.comma),
    '90',
    ...['Ann', 'ann', customer, 'Web', 'Dev', description, '1', ''],
  ]);
  const text = [header, ...lines]
    .map((cells) => {
      const line = cells.map(quote).join(form.separator);
      if (form.ends === 'more') return line + form.separator.repeat(2);
      return form.ends === 'cut' ? line.replace(new RegExp(`[${form.separator}]+$`), '') : line;
    })
    .join('\r\n');
  return encode(`${text}\r\n`, form.encoding);
}

describe('a file saved in any form', () => {
  it('is read rightly or asked about', { timeout: Math.max(60_000, runs * 100) }, async () => {
    const outcomes = { right: 0, asked: 0 };
    await fc.assert(
      fc.asyncProperty(files, async (drawn) => {
        const bytes = write(drawn);
        fc.pre(bytes !== null);
        const source = { ...memorySource(bytes), changedMs: Date.UTC(2026, 8, 1) };
        const analysis = await analyseFile(source);
        if (analysis.needsMapping || analysis.doubts.length > 0) {
          outcomes.asked++;
          return;
        }
        const { records, problems } = await readAs(source, analysis);
        // Hundredths of an hour are all that such a file says.
        const exact = (seconds: number): number =>
          analysis.resolution === 36 ? Math.round(seconds / 36) : seconds;
        const read = records.map(({ line, day, beginMin, endMin, durationS, ...more }) => {
          const { customer, description, rateE4 } = more;
          return [line, day, beginMin, endMin, exact(durationS), customer, description, rateE4];
        });
        const told = new Set(problems.map(({ line }) => line));
        const right = drawn.works.flatMap((one, index) => {
          const { day, beginMin, minutes, customer, description } = one;
          const rateE4 = Math.round(90 * Number((minutes / 60).toFixed(2)) * 100) * 100;
          const cells = [day, beginMin, beginMin + minutes, exact(minutes * 60)];
          const all = [index + 2, ...cells, customer, description, rateE4];
          // Without evidence dates with points begin with the day, and the month is behind a year.
          const { dateOrder } = analysis.rules;
          const isOddForm =
            (drawn.form.date === 'mdy .' && dateOrder === 'dmy') ||
            (drawn.form.date.startsWith('ydm') && dateOrder !== 'ydm');
          if (isOddForm) all[1] = monthAndDaySwapped(day);
          return told.has(index + 2) ? [] : [all];
        });
        expect(read).toEqual(right);
        outcomes.right++;
      }),
      { numRuns: runs },
    );
    // Asking about everything would be no reading.
    expect(outcomes.right).toBeGreaterThan(outcomes.asked / 2);
  });
});

describe('a column under a header that nobody knows', () => {
  const names = HEADER.replaceAll('"', '').split(',');

  it.each(names)('%s: is asked about, or its loss is said', async (name) => {
    const header = names.map((one) => (one === name ? 'Xyzzy' : one)).join(',');
    const lines = [1, 2, 3].map((day) =>
      row({ date: `2026-03-0${day}`, fixedRate: '5', tags: 'urgent' }),
    );
    const analysis = await analyseFile(csv(header, ...lines));
    const isSaid = noticesOf(analysis).includes('unreadColumns');
    expect(analysis.needsMapping || isSaid).toBe(true);
    // Without these no row is right.
    if (['Date', 'Customer', 'Project', 'Duration'].includes(name)) {
      expect(analysis.needsMapping).toBe(true);
    }
  });
});

describe('words of the languages', () => {
  it.each(csvTable.locales)('%s: months and weekdays in full and short', async (name) => {
    const locale = name.replace('_', '-');
    const lines = Array.from({ length: 12 }, (_, month) => {
      const day = 20260015 + (month + 1) * 100;
      const text = named(locale, day, {
        ...{ calendar: 'gregory', numberingSystem: 'latn' },
        ...{ day: 'numeric', month: month % 2 === 0 ? 'long' : 'short', year: 'numeric' },
      });
      return row({ date: `"${text}"` });
    });
    const bytes = csv(HEADER, ...lines);
    const analysis = await analyseFile(bytes);
    expect(analysis.needsMapping).toBe(false);
    const { records, problems } = await readAs(bytes, analysis);
    expect(problems).toEqual([]);
    expect(records.map(({ day }) => day)).toEqual(
      Array.from({ length: 12 }, (_, month) => 20260015 + (month + 1) * 100),
    );
  });

  // `listopad` is October in Croatian, and November in Polish and Czech; `lip` is June or July.
  describe('that are months of two languages', () => {
    const dated = (...dates: string[]): Buffer =>
      csv(HEADER, ...dates.map((date) => row({ date })));
    const daysOf = async (bytes: Buffer, choices = {}): Promise<number[]> => {
      const analysis = await analyseFile(bytes, { choices });
      const { records, problems } = await readAs(bytes, analysis);
      expect(problems).toEqual([]);
      return records.map(({ day }) => day);
    };

    it.each([
      ['another name is of one language', ['3 lip 2026', '15 lis 2026', '1 sty 2026'], 711],
      ['such a day does not exist in the other', ['3 lip 2026', '31 listopada 2026'], 610],
      ['the weekday fits one of them', ['pet 5 lip 2026', '6 lis 2026'], 610],
    ])('are told where %s', async (_, dates, months) => {
      const days = await daysOf(dated(...dates));
      const [june, october] = [Math.floor(months / 100), months % 100];
      expect(days.slice(0, 2).map((day) => Math.floor(day / 100) % 100)).toEqual([june, october]);
    });

    it('are asked about once where nothing tells, and the answer is remembered', async () => {
      const bytes = dated('15 lis 2026', '16 listopad 2026');
      const { needsMapping, choices, headerKey } = await analyseFile(bytes);
      expect(needsMapping).toBe(true);
      expect(choices).toMatchObject([{ about: 'monthLanguage', chosen: null }]);
      expect(choices[0]!.options).toContainEqual({
        value: 'hr',
        samples: ['15 lis 2026 → 2026-10-15', '16 listopad 2026 → 2026-10-16'],
      });
      expect(await daysOf(bytes, { monthLanguage: 'hr' })).toEqual([20261015, 20261016]);
      expect(await daysOf(bytes, { monthLanguage: 'pl' })).toEqual([20261115, 20261116]);
      const remembered = new Map([[headerKey, { monthLanguage: 'hr' }]]);
      const later = await analyseFile(dated('17 lip 2026'), { remembered });
      expect(later).toMatchObject({ needsMapping: false, rules: { monthLanguage: 'hr' } });
      // What the file itself tells goes before what was answered for another.
      const polish = await analyseFile(dated('17 lip 2026', '1 sty 2026'), { remembered });
      expect(polish).toMatchObject({ needsMapping: false, rules: { monthLanguage: 'pl' } });
    });

    // In the first part of the file, but not in the rows that are evidence; then beyond that part.
    it.each([1000, 6000])('are told by a date below %i rows', async (length) => {
      const many = Array.from({ length }, () => '15 lis 2026');
      expect((await daysOf(dated(...many, '1 sty 2026')))[0]).toBe(20261115);
    });
  });

  it.each([
    ['French', 'VRAI', 'FAUX'],
    ['Polish', 'PRAWDA', 'FAŁSZ'],
    ['Russian', 'ИСТИНА', 'ЛОЖЬ'],
    ['Turkish', 'DOĞRU', 'YANLIŞ'],
    ['Spanish', 'VERDADERO', 'FALSO'],
    ['Dutch', 'WAAR', 'ONWAAR'],
    ['Czech', 'PRAVDA', 'NEPRAVDA'],
    ['Finnish', 'TOSI', 'EPÄTOSI'],
  ])('%s: true is %s, false is %s', async (_, yes, no) => {
    const bytes = csv(HEADER, row({ billable: yes }), row({ billable: no }));
    const { records, problems } = await readAs(bytes, await analyseFile(bytes));
    expect(problems).toEqual([]);
    expect(records.map(({ billable }) => billable)).toEqual([true, false]);
  });
});
