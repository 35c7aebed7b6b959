/**
 * Cells as people's programs write them. What has one meaning is read; what can mean something else
 * is asked about, is a problem or a doubt: nothing is read wrongly without a word.
 */
import { describe, expect, it } from 'vitest';
import type { DoubtCode } from '../../../../../src-shared/contract/import-words.ts';
import { analyseFile, type AnalyseOptions } from '../../../../../src-main/import/read/read-file.ts';
import { csv, HEADER, readAs, readWhole, row } from './support.ts';

type Cells = Parameters<typeof row>[0];
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const file = (...rows: Cells[]): Buffer => csv(HEADER, ...rows.map(row));
const analyse = (rows: Cells[], options?: AnalyseOptions) => analyseFile(file(...rows), options);

async function doubtsOf(rows: Cells[]): Promise<DoubtCode[]> {
  const bytes = file(...rows);
  const doubts: DoubtCode[] = [];
  await readAs(bytes, await analyseFile(bytes), { onDoubts: (found) => doubts.push(...found) });
  return doubts;
}

describe('dates', () => {
  it.each([
    ['2026年01月06日(火)', 20260106],
    ['5-Mrz-2026', 20260305],
    ['5. Jänner 2026', 20260105],
    ["'2026-01-05", 20260105],
    ['2026-01-09T23:30:00+02:00', 20260109],
    ['١٣/٠١/٢٠٢٦', 20260113],
  ])('%s', async (date, day) => {
    const { records, problems } = await readWhole(file({ date }));
    expect(problems).toEqual([]);
    expect(records).toMatchObject([{ day }]);
  });

  it.each([
    // Years of the Buddhist and the Persian calendar.
    '2569-01-05',
    '1404-10-15',
    // The day of the place may be the next one.
    '2026-01-04T23:00:00.000Z',
    '2026-13-01',
    'Tue 5 Jan 2026',
  ])('%s is a problem', async (date) => {
    const { records, problems } = await readWhole(file({ date }, {}));
    expect(records).toHaveLength(1);
    expect(problems).toMatchObject([{ line: 2, code: 'date_invalid' }]);
  });

  const september = ['01', '02', '03', '04', '05', '08', '09'];
  const dated = (...dates: string[]): Cells[] => dates.map((date) => ({ date }));

  it.each<[string, string[], string, string]>([
    ['Kimai in German', september.map((day) => `${day}.09.2025`), 'dmy', 'pointDates'],
    ['LibreOffice in German', september.map((day) => `${day}.09.25`), 'dmy', 'pointDates'],
    [
      'the year stays in front',
      ['05', '08', '09', '10', '11', '12'].map((day) => `25-09-${day}`),
      'ymd',
      'yearStays',
    ],
    ['Excel’s d-mmm-yy', ['05-Jan-26', '06-Jan-26'], 'dmy', 'namedDates'],
    [
      'rows sorted under one order only',
      ['5/1', '7/1', '12/1', '2/2', '4/2', '9/2', '3/3', '5/3'].map((day) => `${day}/2026`),
      'dmy',
      'rowOrder',
    ],
  ])('%s: the order is told', async (_, dates, dateOrder, because) => {
    const { needsMapping, rules, choices } = await analyse(dated(...dates));
    expect({ needsMapping, dateOrder: rules.dateOrder }).toEqual({
      needsMapping: false,
      dateOrder,
    });
    expect(choices).toMatchObject([{ about: 'dateOrder', because }]);
  });

  it.each([
    ['days on end with the month first', september.map((day) => `09.${day}.2025`)],
    [
      'sorted with the month first only',
      ['9.5', '9.8', '9.11', '10.2', '10.6', '11.3', '11.4', '12.2'].map((day) => `${day}.2025`),
    ],
    ['few dates with slashes', ['09/01/2025', '09/02/2025']],
    // As texts they are sorted whatever they mean.
    [
      'sorted as texts',
      ['01/05', '01/07', '01/12', '02/03', '02/04', '03/02', '03/09'].map((day) => `${day}/2026`),
    ],
  ])('%s: the order is asked, once', async (_, dates) => {
    const { needsMapping, choices, headerKey } = await analyse(dated(...dates));
    expect(needsMapping).toBe(true);
    expect(choices).toMatchObject([{ about: 'dateOrder', chosen: null }]);
    const remembered = new Map([[headerKey, { dateOrder: 'mdy' }]]);
    expect(await analyse(dated(...dates), { remembered })).toMatchObject({
      needsMapping: false,
      rules: { dateOrder: 'mdy' },
    });
  });
});

describe('times', () => {
  it.each([
    ['9 AM', '10:30 AM', 540, 630],
    ['9 Uhr', '10:30 Uhr', 540, 630],
    ['午後0:30', '午後2:00', 750, 840],
    ['9:00 SA', '2:30 CH', 540, 870],
    ['9:00 дп', '2:30 пп', 540, 870],
    ['9:00 ч. am', '2:30 ч. pm', 540, 870],
    ['۹:۰۰ ق.ظ.', '۲:۳۰ ب.ظ.', 540, 870],
    ['22:30', '24:00', 1350, 0],
    ['2026-03-31T09:00:00+02:00', '2026-03-31T10:30:00+02:00', 540, 630],
  ])('%s to %s', async (begin, end, beginMin, endMin) => {
    const { records, problems } = await readWhole(file({ begin, end, rate: '0' }));
    expect(problems).toEqual([]);
    expect(records).toMatchObject([{ beginMin, endMin }]);
  });

  it.each(['24:00', '13:30 PM', '9', '25:00', '2026-03-31T09:00:00Z'])(
    '%s is a problem as a begin',
    async (begin) => {
      const { problems } = await readWhole(file({ begin }));
      expect(problems).toMatchObject([{ code: 'time_invalid' }]);
    },
  );
});

describe('times that are numbers', () => {
  it('are fractions of a day where some are no minutes', async () => {
    const { records } = await readWhole(
      file({ begin: '0.375', end: '0.4375' }, { begin: '0.75', end: '0.8125' }),
    );
    expect(records).toMatchObject([
      { beginMin: 540, endMin: 630 },
      { beginMin: 1080, endMin: 1170 },
    ]);
  });

  it('are hours and minutes beside such ones', async () => {
    const { records } = await readWhole(file({ begin: '0.30', end: '2.00' }));
    expect(records).toMatchObject([{ beginMin: 30, endMin: 120 }]);
  });
});

describe('durations without times and amounts', () => {
  const alone = (duration: string): Cells => ({
    ...{ duration, begin: '', end: '', rate: '', hourlyRate: '' },
  });

  it.each([
    ['minutes', ['30', '45', '90']],
    ['seconds', ['1800', '2700']],
    ['parts of a day', ['0.021', '0.031']],
  ])('%s are asked about', async (_, cells) => {
    const { needsMapping, choices } = await analyse(cells.map(alone));
    expect(needsMapping).toBe(true);
    expect(choices).toMatchObject([{ about: 'durationUnit', chosen: null }]);
  });

  it('390 minutes are no 16 days, whose rest is about as long', async () => {
    const cells = { duration: '390', begin: '6:00', end: '12:30', rate: '585', hourlyRate: '90' };
    expect((await readWhole(file(cells))).records).toMatchObject([{ durationS: 23_400 }]);
    const unpaid = { ...cells, rate: '', hourlyRate: '' };
    expect((await readWhole(file(unpaid))).records).toMatchObject([{ durationS: 23_400 }]);
  });

  it('minutes and seconds that read as days are a doubt, hours are none', async () => {
    expect(await doubtsOf(['30:00', '45:00', '90:00'].map(alone))).toEqual(['unusualDurations']);
    expect(await doubtsOf(['8:00', '30:00', '7:30'].map(alone))).toEqual([]);
  });
});

describe('amounts', () => {
  it.each([
    ['120,- €', 1_200_000],
    ['１２０', 1_200_000],
    ['–120', -1_200_000],
    ["'120", 1_200_000],
    ['\u2066120\u2069', 1_200_000],
  ])('%s', async (rate, rateE4) => {
    const { records, problems } = await readWhole(file({ rate: quoted(rate), hourlyRate: '' }));
    expect(problems).toEqual([]);
    expect(records).toMatchObject([{ rateE4 }]);
  });

  it('thousands everywhere agree with each other both ways: asked, and read as chosen', async () => {
    const rows = ['120.000', '60.000'].map((rate, index) => ({
      ...{ rate, hourlyRate: '80.000', duration: index === 0 ? '1:30' : '0:45' },
      ...{ end: index === 0 ? '10:30' : '09:45' },
    }));
    const { needsMapping, choices } = await analyse(rows);
    expect(needsMapping).toBe(true);
    expect(choices).toMatchObject([{ about: 'decimalMark', chosen: null }]);
    for (const [decimalMark, factor] of [
      ['comma', 1000],
      ['point', 1],
    ] as const) {
      const analysis = await analyse(rows, { choices: { decimalMark } });
      const { records } = await readAs(file(...rows), analysis);
      expect(records[0]).toMatchObject({
        rateE4: 1_200_000 * factor,
        hourlyRateE4: 800_000 * factor,
      });
    }
  });

  it('with a tax on top contradict price and duration', async () => {
    const gross = ['142.80', '142.80', '142.80', '142.80'].map((rate) => ({ rate }));
    expect(await doubtsOf(gross)).toEqual(['amountsContradict']);
  });
});

describe('days beside the times', () => {
  const times = (header: string, ...rows: string[]) =>
    readWhole(csv(`${header},Customer,Project`, ...rows.map((one) => `${one},Acme,Web`)));

  it('tell how long a record took that ended on a later day', async () => {
    const { records } = await times('From,To', '2026-03-30 09:00,2026-04-01 10:30');
    expect(records).toMatchObject([
      { day: 20260330, beginMin: 540, endMin: 630, durationS: 178_200 },
    ]);
  });

  it('are a problem if they contradict the date', async () => {
    const { records, problems } = await times(
      'Date,From,To',
      '2026-03-31,2026-03-31 09:00,2026-03-31 10:30',
      '2026-03-31,2026-04-30 09:00,2026-04-30 10:30',
    );
    expect(records).toHaveLength(1);
    expect(problems).toMatchObject([{ line: 3, code: 'date_conflict', value: '2026-03-31' }]);
  });
});

describe('cells that some program spoilt', () => {
  it('a break that is longer than from begin to end is a problem', async () => {
    const { records, problems } = await readWhole(
      csv(
        'Date,From,To,Break,Customer,Project',
        '2026-03-31,09:00,10:30,0:15,Acme,Web',
        '2026-03-31,09:00,10:30,15,Acme,Web',
      ),
    );
    expect(records).toMatchObject([{ durationS: 4500, breakS: 900 }]);
    expect(problems).toMatchObject([{ code: 'duration_invalid', value: '15' }]);
  });

  it.each(['#REF!', '#N/A', '#BEZUG!', '#¡REF!', '=VLOOKUP(A1;B:C;2)'])(
    'the name %s is a problem',
    async (customer) => {
      const { problems } = await readWhole(file({ customer }));
      expect(problems).toMatchObject([{ code: 'formula', value: customer }]);
    },
  );

  it('names that only look like them are names', async () => {
    for (const customer of ['#1 Fitness', '=mc²', '# Acme!', '#Acme']) {
      expect((await readWhole(file({ customer }))).records).toMatchObject([{ customer }]);
    }
  });

  it('an end after midnight less its begin contradicts the times', async () => {
    const rows = { begin: '22:30', end: '00:00', duration: '-22:30' };
    expect(await doubtsOf([rows, {}])).toEqual(['timesContradict']);
    expect(await doubtsOf([{ begin: '10:00', end: '09:54', duration: '-0:06' }])).toEqual([]);
  });

  it('hours and minutes with a point, as the header says', async () => {
    const { records } = await readWhole(
      csv('Date,Duration (hh:mm),Customer,Project', '2026-03-31,1.30,Acme,Web'),
    );
    expect(records).toMatchObject([{ durationS: 5400 }]);
  });
});
