import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRow, mergeRecords, type MergeRecord } from '../../../../src-shared/domain/merge.ts';

let nextId = 1;
const record = (facts: Partial<MergeRecord>): MergeRecord => ({
  id: nextId++,
  day: 20261001,
  projectId: 1,
  userIdentity: 'susan',
  userName: 'Susan',
  activity: 'Work',
  tags: '',
  beginMin: 540,
  endMin: 600,
  running: false,
  durationS: 3600,
  rateE4: 950_000,
  hourlyRateE4: 950_000,
  fixedRateE4: null,
  billable: true,
  description: '',
  ...facts,
});

describe('order of rows', () => {
  it('is by day, user name as in a dictionary, begin', () => {
    const rows = mergeRecords(
      [
        record({ day: 20261002, userName: 'Anna' }),
        record({ userName: 'tom', beginMin: 60, description: '4' }),
        record({ userName: 'Zoë', beginMin: 60, description: '5' }),
        record({ userName: 'Émile', beginMin: 900, description: '3' }),
        record({ userName: 'Émile', beginMin: null, description: '1' }),
        record({ userName: 'Émile', beginMin: 480, description: '2' }),
      ],
      'none',
    );
    expect(rows.map((row) => row.description)).toEqual(['1', '2', '3', '4', '5', '']);
  });
});

describe('merging', () => {
  it('makes one row per day, user and project', () => {
    const rows = mergeRecords(
      [
        record({}),
        record({ beginMin: 800 }),
        record({ projectId: 2 }),
        record({ day: 20261002 }),
        record({ userIdentity: 'tom', userName: 'Tom' }),
      ],
      'merge',
    );
    expect(rows.map((row) => row.durationS)).toEqual([7200, 3600, 3600, 3600]);
  });

  it('tells people apart by identity, never by a folded or a display name', () => {
    const names = [
      record({ userIdentity: 'Мария', userName: 'Мария' }),
      record({ userIdentity: 'Иван', userName: 'Иван' }),
      record({ userIdentity: 'alex1', userName: 'Alex' }),
      record({ userIdentity: 'alex2', userName: 'Alex' }),
    ];
    expect(mergeRecords(names, 'merge')).toHaveLength(4);
  });

  const day = [
    record({ beginMin: 800, description: 'third' }),
    record({ beginMin: 900, description: ' \n' }),
    record({ beginMin: 480, description: '' }),
    record({ beginMin: 540, description: 'first\nof two lines' }),
  ];
  it.each([
    ['merge', 'first\nof two lines\nthird'],
    ['merge_first', 'first\nof two lines'],
    ['merge_last', 'third'],
  ] as const)('%s takes the non-empty descriptions in order of begin', (mode, description) => {
    expect(mergeRecords(day, mode).map((row) => row.description)).toEqual([description]);
  });

  it('sums, and lists each hourly rate with its own duration in order of begin', () => {
    const [row] = mergeRecords(
      [
        record({ beginMin: 900, durationS: 5400, hourlyRateE4: 1_100_000, rateE4: 1_650_000 }),
        record({ beginMin: 480, durationS: 1800, rateE4: 475_000 }),
        record({ beginMin: 700, durationS: 3600, rateE4: 950_000 }),
        record({ beginMin: 950, durationS: 0, hourlyRateE4: 700_000, rateE4: 0 }),
        // Nothing was worked at this rate yet, so that it does not come first.
        record({ beginMin: 420, durationS: 0, hourlyRateE4: 1_100_000, rateE4: 0 }),
        record({ beginMin: 990, fixedRateE4: 1_000_000, hourlyRateE4: 0, rateE4: 1_000_000 }),
      ],
      'merge',
    );
    expect(row).toMatchObject({
      durationS: 14_400,
      rateE4: 4_075_000,
      fixed: true,
      hourlyRates: [
        { rateE4: 950_000, durationS: 5400 },
        { rateE4: 1_100_000, durationS: 5400 },
      ],
    });
  });

  it('shows the earliest begin and the latest end, past midnight too', () => {
    const [row] = mergeRecords(
      [
        record({ beginMin: 1380, endMin: 60 }),
        record({ beginMin: 540, endMin: 1020 }),
        record({ beginMin: null, endMin: null }),
      ],
      'merge',
    );
    expect(row).toMatchObject({ beginMin: 540, endMin: 60 });
  });

  it.each([
    ['as long as a day', { beginMin: 540, endMin: 540, durationS: 86_400 }, 540],
    ['longer than a day', { beginMin: 480, endMin: 840, durationS: 30 * 3600 }, 840],
    ['over midnight, with a break', { beginMin: 1380, endMin: 60, durationS: 1800 }, 60],
    ['over midnight, mostly a break', { beginMin: 1080, endMin: 480, durationS: 3600 }, 480],
    // None of these ends on another day: the other record is the last.
    ['rounded up', { beginMin: 480, endMin: 530, durationS: 3600 }, 1080],
    ['without any time', { beginMin: 540, endMin: 540, durationS: 0 }, 1080],
    ['negative', { beginMin: 540, endMin: 600, durationS: -90_000 }, 1080],
    ['without a begin', { beginMin: null, endMin: 600, durationS: 86_400 }, 1080],
  ])('finds the latest end beside a record that is %s', (_, facts, endMin) => {
    const [row] = mergeRecords([record(facts), record({ beginMin: 1020, endMin: 1080 })], 'merge');
    expect(row?.endMin).toBe(endMin);
  });

  it.each([
    ['11:30 to 13:11 with 73:41', { beginMin: 690, endMin: 791, durationS: 265_260 }, 3],
    ['a whole day', { beginMin: 540, endMin: 540, durationS: 86_400 }, 1],
    ['over midnight alone', { beginMin: 1380, endMin: 60, durationS: 7200 }, 0],
    ['while it runs', { beginMin: 690, endMin: 791, durationS: 265_260, running: true }, 0],
  ])('says how many days later it ends: %s', (_, facts, daysLater) => {
    expect(mergeRecords([record(facts)], 'none')).toMatchObject([{ daysLater }]);
    const other = record({ beginMin: 800, endMin: 820, durationS: 1200 });
    expect(mergeRecords([record(facts), other], 'merge')).toMatchObject([{ daysLater }]);
  });

  it('counts running records as 0 and says so', () => {
    const [row] = mergeRecords(
      [record({}), record({ running: true, endMin: 1300, durationS: 999, rateE4: 999 })],
      'merge',
    );
    expect(row).toMatchObject({
      running: true,
      endMin: 600,
      durationS: 3600,
      rateE4: 950_000,
      hourlyRates: [{ rateE4: 950_000, durationS: 3600 }],
    });
  });

  it('takes negative durations away, and leaves out a rate at which no time remains', () => {
    const [row] = mergeRecords(
      [
        record({ beginMin: 480, durationS: 3600 }),
        record({ beginMin: 540, durationS: -3600, rateE4: -950_000 }),
        record({ beginMin: 600, durationS: 7200, hourlyRateE4: 600_000, rateE4: 1_200_000 }),
        record({ beginMin: 720, durationS: -1800, hourlyRateE4: 600_000, rateE4: -300_000 }),
      ],
      'merge',
    );
    expect(row).toMatchObject({
      durationS: 5400,
      rateE4: 900_000,
      hourlyRates: [{ rateE4: 600_000, durationS: 5400 }],
    });
  });

  it('says whether none, some or all of it is billable', () => {
    const billing = (...billable: boolean[]) =>
      mergeRecords(
        billable.map((value) => record({ billable: value })),
        'merge',
      )[0]?.nonBillable;
    expect([billing(true, true), billing(true, false), billing(false, false)]).toEqual([
      'none',
      'some',
      'all',
    ]);
  });

  it('has no total if no record came with a rate', () => {
    expect(mergeRecords([record({ rateE4: null })], 'none')[0]?.rateE4).toBeNull();
    expect(mergeRecords([record({ rateE4: null }), record({})], 'merge')[0]?.rateE4).toBe(950_000);
  });

  it('lists different activities and tags once', () => {
    const [row] = mergeRecords(
      [record({ activity: 'A', tags: 'x, y' }), record({ activity: 'A', tags: 'y,z' })],
      'merge',
    );
    expect(row).toMatchObject({ activities: ['A'], tags: ['x', 'y', 'z'] });
  });
});

describe('a row of one record', () => {
  it('is the same, whether it is made in the short way or in the way of merged rows', () => {
    const number = fc.constantFrom(null, 0, 1, 950_000, -5);
    const minutes = fc.option(fc.integer({ min: 0, max: 1439 }));
    const facts = fc.record({
      ...{ running: fc.boolean(), billable: fc.boolean(), beginMin: minutes, endMin: minutes },
      durationS: fc.constantFrom(0, 60, 90_000, -60),
      ...{ rateE4: number, hourlyRateE4: number, fixedRateE4: number },
      ...{ activity: fc.constantFrom('', 'Work'), tags: fc.constantFrom('', 'b, a,b', ' ,a') },
      description: fc.constantFrom('', ' text ', 'a\nb'),
    });
    fc.assert(
      fc.property(facts, (some) => {
        const one = record(some);
        expect(mergeRecords([one], 'none')).toStrictEqual([makeRow([one], 'none')]);
      }),
    );
  });
});
