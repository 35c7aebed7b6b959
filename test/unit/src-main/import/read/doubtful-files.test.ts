/**
 * Files that could be read without a complaint, and wrongly: dates in an order that only the whole
 * file shows, amounts whose currency stands in the header, totals that look like work.
 */
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../../src-main/import/read/byte-source.ts';
import { analyseFile } from '../../../../../src-main/import/read/read-file.ts';
import type { ReadingChoices } from '../../../../../src-main/import/rows/types.ts';
import type { DoubtCode } from '../../../../../src-shared/contract/import-words.ts';
import { csv, HEADER, readAs, readWhole, row } from './support.ts';

type Cells = Parameters<typeof row>[0];
const june = Date.UTC(2026, 5, 20);

/** Rows of a file that was last changed then. */
async function read(rows: Cells[], changedMs = june, choices: ReadingChoices = {}) {
  const source = { ...memorySource(csv(HEADER, ...rows.map(row))), changedMs };
  const analysis = await analyseFile(source, { choices });
  if (analysis.needsMapping) return { analysis, records: null, problems: null };
  return readAs(source, analysis);
}
const dated = (...dates: string[]): Cells[] => dates.map((date) => ({ date }));

describe('dates that begin with the year', () => {
  it.each<[string, string[], string, number[]]>([
    [
      'no month 13 and 14',
      ['2026-05-01', '2026-13-01', '2026-14-01'],
      'ydm',
      [20260105, 20260113, 20260114],
    ],
    [
      'with slashes',
      ['2026/05/01', '2026/13/01', '2026/14/01'],
      'ydm',
      [20260105, 20260113, 20260114],
    ],
    [
      'a name beside them',
      ['2026-13-01', '2026-14-01', '"3 May 2026"'],
      'ydm',
      [20260113, 20260114, 20260503],
    ],
    ['a day 13', ['2026-05-01', '2026-05-13'], 'none', [20260501, 20260513]],
    [
      'nothing tells: as Kimai and ISO 8601',
      ['2026-05-01', '2026-05-02'],
      'ymd',
      [20260501, 20260502],
    ],
    // The days of a rare planner: one is no evidence.
    ['one day that is yet to come', ['2026-05-01', '2026-12-02'], 'ymd', [20260501, 20261202]],
    [
      'all days are yet to come: a plan',
      ['2026-07-05', '2026-08-05', '2026-09-05'],
      'ymd',
      [20260705, 20260805, 20260905],
    ],
    ['the same day under each order', ['2026-05-05', '2026-06-06'], 'none', [20260505, 20260606]],
  ])('%s', async (_, dates, dateOrder, days) => {
    const { analysis, records, problems } = await read(dated(...dates));
    expect(analysis).toMatchObject({ needsMapping: false, rules: { dateOrder } });
    expect(problems).toEqual([]);
    expect(records!.map(({ day }) => day)).toEqual(days);
  });

  it.each<[string, string[]]>([
    ['one month 13 may be a slip', ['2026-05-01', '2026-13-01', '2026-06-01']],
    ['many days are yet to come', ['2026-06-05', '2026-07-05', '2026-08-05', '2026-09-05']],
    [
      'rows are sorted with the day in the middle only',
      ['01-05', '04-05', '11-05', '02-06', '05-06', '09-06', '03-07', '08-07'].map(
        (day) => `2026-${day}`,
      ),
    ],
  ])('%s: asked, and read as chosen', async (_, dates) => {
    const { analysis } = await read(dated(...dates));
    expect(analysis.needsMapping).toBe(true);
    expect(analysis.choices).toMatchObject([
      {
        about: 'dateOrder',
        chosen: null,
        because: 'isoDoubtful',
        options: [{ value: 'ymd' }, { value: 'ydm' }],
      },
    ]);
    const chosen = await read(dated(...dates), june, { dateOrder: 'ydm' });
    const [year, date, month] = dates[0]!.split('-');
    expect(chosen.records![0]!.day).toBe(Number(`${year}${month}${date}`));
  });

  it('the owner sees the other order, and can choose it', async () => {
    const rows = dated('2026-05-01', '2026-05-02');
    const { analysis } = await read(rows);
    expect(analysis.choices[0]!.options[1]).toEqual({
      value: 'ydm',
      samples: ['2026-05-01 → 2026-01-05', '2026-05-02 → 2026-02-05'],
    });
    const { records } = await read(rows, june, { dateOrder: 'ydm' });
    expect(records!.map(({ day }) => day)).toEqual([20260105, 20260205]);
  });

  it('no locale of ICU writes the day behind the year in numbers', () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz'];
    const locales = Intl.DateTimeFormat.supportedLocalesOf(
      letters.flatMap((a) => letters.map((b) => a + b)),
    );
    expect(locales.length).toBeGreaterThan(100);
    for (const locale of locales) {
      const format = new Intl.DateTimeFormat(locale, { dateStyle: 'short', calendar: 'gregory' });
      const order = format.formatToParts(june).map(({ type }) => type);
      const [year, day, month] = ['year', 'day', 'month'].map((part) =>
        order.indexOf(part as never),
      );
      expect(year! < day! && day! < month!, locale).toBe(false);
    }
  });
});

describe('days as numbers', () => {
  // 20 May 2026 since 1900, and the same day since 1904.
  const [since1900, since1904] = [46_162, 44_700];

  it('are counted from 1900 where 1904 would be years ahead', async () => {
    const { analysis, records } = await read(dated(String(since1900)));
    expect(analysis.choices).toMatchObject([{ chosen: 'serial', because: 'serialDates' }]);
    expect(records).toMatchObject([{ day: 20260520 }]);
  });

  it('are asked about where they could be years old, and read as chosen', async () => {
    const rows = dated(String(since1904), `${since1904 + 1}.375`);
    const { analysis } = await read(rows);
    expect(analysis.needsMapping).toBe(true);
    expect(analysis.choices).toMatchObject([
      {
        ...{ about: 'dateOrder', chosen: null, because: 'serialsOpen' },
        options: [
          { value: 'serial', samples: ['44700 → 2022-05-19', '44701.375 → 2022-05-20'] },
          { value: 'serial1904', samples: ['44700 → 2026-05-20', '44701.375 → 2026-05-21'] },
        ],
      },
    ]);
    const { records } = await read(rows, june, { dateOrder: 'serial1904' });
    expect(records!.map(({ day }) => day)).toEqual([20260520, 20260521]);
  });
});

describe('a currency in the header of an amount', () => {
  const named = (price: string, ...cells: Cells[]) =>
    readWhole(
      csv(
        HEADER.replace('Currency,', '').replace('Price', price),
        ...cells.map((one) => row({ currency: '@', ...one }).replace('@,', '')),
      ),
    );

  it.each([
    ['Price (USD)', 'USD'],
    ['Price [€]', 'EUR'],
    ['Price (net in CHF)', 'CHF'],
    ['Price (GBP/h)', 'GBP'],
    ['Price (net)', undefined],
    ['Price (all)', undefined],
  ])('%s', async (header, currency) => {
    const { analysis, records } = await named(header, {});
    expect(records).toMatchObject([{ currency, rateE4: 1_200_000 }]);
    expect(analysis.missing.includes('currency')).toBe(currency === undefined);
  });

  it('is that of a column that the owner names, too', async () => {
    for (const [header, currency] of [
      ['Betrag EUR', 'EUR'],
      ['Fee $', 'USD'],
      ['PRICE ALL', undefined],
    ] as const) {
      const bytes = csv(`Date,Duration,Customer,Project,${header}`, '2026-03-31,1:30,Acme,Web,120');
      const { columns } = await analyseFile(bytes);
      const mapped = columns.map((one) => ({
        ...one,
        column: one.header === header ? ('rate' as const) : one.column,
      }));
      const analysis = await analyseFile(bytes, { choices: { columns: mapped } });
      expect((await readAs(bytes, analysis)).records).toMatchObject([{ currency }]);
    }
  });

  it('is never mixed with another one that the row names', async () => {
    const { problems } = await named('Price (USD)', { rate: '120 €' });
    expect(problems).toMatchObject([{ code: 'currency_conflict' }]);
    const column = csv(HEADER.replace('Price', 'Price (USD)'), row(), row({ currency: 'USD' }));
    const read = await readWhole(column);
    expect(read.problems).toMatchObject([{ line: 2, code: 'currency_conflict' }]);
    expect(read.records).toMatchObject([{ line: 3, currency: 'USD' }]);
  });
});

describe('rows that are sums of those above', () => {
  const bare: Cells = {
    ...{ begin: '', end: '', hourlyRate: '', activity: '' },
    description: 'Total',
  };
  const doubtsOf = async (rows: Cells[]): Promise<DoubtCode[]> => {
    const bytes = csv(HEADER, ...rows.map(row));
    const doubts: DoubtCode[] = [];
    await readAs(bytes, await analyseFile(bytes), { onDoubts: (found) => doubts.push(...found) });
    return doubts;
  };

  it('with a date are problems: of a part, and of the whole file', async () => {
    const short: Cells = { end: '09:45', duration: '0:45', rate: '60' };
    const { records, problems } = await read([
      {},
      short,
      { ...bare, duration: '2:15', rate: '180' },
      { customer: 'Other' },
      { customer: 'Other' },
      { ...bare, customer: 'Other', duration: '3:00', rate: '240' },
      { ...bare, customer: 'All', duration: '5:15', rate: '420' },
    ]);
    expect(records!.map(({ line }) => line)).toEqual([2, 3, 5, 6]);
    expect(problems!.map(({ line, code, customer }) => [line, code, customer])).toEqual([
      [4, 'total', 'Acme'],
      [7, 'total', 'Other'],
      [8, 'total', 'All'],
    ]);
  });

  it('also where each row lost its seconds', async () => {
    const lost: Cells = { duration: '1:29', rate: '120' };
    const { problems } = await read([lost, lost, { ...bare, duration: '3:00', rate: '240' }]);
    expect(problems).toMatchObject([{ line: 4, code: 'total' }]);
  });

  it('are work if they say what was done, or are another sum', async () => {
    const work: Cells[] = [
      { end: '12:00', duration: '3:00', rate: '240' },
      { ...bare, duration: '3:00', rate: '241' },
      { ...bare, duration: '2:59', rate: '' },
      { ...bare, duration: '0:00', rate: '0' },
    ];
    for (const last of work) {
      const { records, problems } = await read([{}, {}, last]);
      expect(problems).toEqual([]);
      expect(records).toHaveLength(3);
    }
  });

  it('are a doubt in the last row, where nothing but the sum tells', async () => {
    const sum: Cells = { end: '13:30', duration: '4:30', rate: '360' };
    expect(await doubtsOf([{}, {}, {}, sum])).toEqual(['lastIsSum']);
    expect(await doubtsOf([{}, {}, sum, {}])).toEqual([]);
    expect(await doubtsOf([{}, {}, { end: '12:00', duration: '3:00', rate: '240' }])).toEqual([]);
  });
});

it('a first line names the separator where the header could be read with another one, too', async () => {
  const header = 'Date;Duration;Customer;Project;Note, tags, activity, user, rate';
  const entry = '2026-05-13;1:30;Acme;Web;';
  const { records } = await readWhole(csv('sep=;', header, entry));
  expect(records).toMatchObject([{ customer: 'Acme', project: 'Web', durationS: 5400 }]);
  const { delimiter } = await analyseFile(csv(header, entry));
  expect(delimiter).toBe(',');
});

it('reads a large file twice only as far as a day tells that the month is in the middle', async () => {
  const rate = '120.50';
  const early = Array.from({ length: 3000 }, (_, n) =>
    row({ date: `2026-05-0${1 + (n % 9)}`, rate }),
  );
  const late = Array<string>(20_000).fill(row({ date: '2026-05-13', rate }));
  const bytes = csv(HEADER, ...early, ...late);
  const source = memorySource(bytes);
  let read = 0;
  const counted = {
    ...source,
    read: (offset: number, length: number) => {
      // Letters that are not ASCII are looked for in larger parts, which costs next to nothing.
      if (length <= 2 ** 16) read += length;
      return source.read(offset, length);
    },
  };
  const analysis = await analyseFile(counted);
  expect(analysis.rules.dateOrder).toBe('none');
  expect(read).toBeLessThan(bytes.length / 2);
});
