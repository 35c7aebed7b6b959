import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addMonths,
  allDays,
  choosePeriod,
  daysOfMonth,
  intersect,
  listDays,
  readWantedPeriod,
  visibleDays,
} from '../../../../src-shared/domain/period.ts';

const today = 20261124;

describe('addMonths', () => {
  it('rolls over years, both ways', () => {
    expect(addMonths(202612, 1)).toBe(202701);
    expect(addMonths(202601, -1)).toBe(202512);
    expect(addMonths(202611, -23)).toBe(202412);
  });

  it('is undone by its opposite', () => {
    const month = fc.tuple(fc.integer({ min: 1000, max: 9000 }), fc.integer({ min: 1, max: 12 }));
    fc.assert(
      fc.property(month, fc.integer({ min: -5000, max: 5000 }), ([year, inYear], count) => {
        const start = year * 100 + inYear;
        expect(addMonths(addMonths(start, count), -count)).toBe(start);
      }),
    );
  });
});

describe('days of a month', () => {
  it('knows the length of each', () => {
    expect(daysOfMonth(202802)).toEqual({ firstDay: 20280201, lastDay: 20280229 });
    expect(listDays(202602)).toHaveLength(28);
    // Not every fourth year has a leap day.
    expect(listDays(200002)).toHaveLength(29);
    expect(listDays(210002)).toHaveLength(28);
    expect(listDays(202612).at(-1)).toBe(20261231);
  });
});

describe('visibleDays', () => {
  it('moves with today if it rolls', () => {
    const span = (span: 'last_month' | 'last_3_months' | 'this_year', day = today) =>
      visibleDays({ kind: 'rolling', span }, day);
    expect(span('last_month')).toEqual({ firstDay: 20261001, lastDay: 20261130 });
    expect(span('last_3_months')).toEqual({ firstDay: 20260901, lastDay: 20261130 });
    expect(span('this_year')).toEqual({ firstDay: 20260101, lastDay: 20261231 });
    expect(span('last_3_months', 20260115)).toEqual({ firstDay: 20251101, lastDay: 20260131 });
  });

  it('is open where a fixed range has no end', () => {
    expect(visibleDays({ kind: 'all' }, today)).toEqual(allDays);
    expect(visibleDays({ kind: 'fixed', firstDay: '2026-02-03', lastDay: null }, today)).toEqual({
      firstDay: 20260203,
      lastDay: allDays.lastDay,
    });
  });

  it('cuts a month that is partly visible', () => {
    const visible = visibleDays({ kind: 'fixed', firstDay: null, lastDay: '2026-10-10' }, today);
    expect(intersect(visible, daysOfMonth(202610))).toEqual({
      firstDay: 20261001,
      lastDay: 20261010,
    });
  });
});

describe('choosePeriod', () => {
  const months = [202411, 202601, 202610, 202701];

  it('shows the newest month with records that is not in the future', () => {
    expect(choosePeriod(months, null, today)).toEqual({
      month: 202610,
      previous: 202609,
      next: 202611,
      first: 202411,
      last: 202701,
    });
    expect(choosePeriod([202701, 202702], null, today).month).toBe(202701);
  });

  it('ends at the first and the last month with records', () => {
    expect(choosePeriod(months, 202411, today).previous).toBeNull();
    expect(choosePeriod(months, 202701, today).next).toBeNull();
    expect(choosePeriod(months, 202412, today)).toMatchObject({ previous: 202411, next: 202501 });
  });

  it('moves what is wanted outside to the nearest', () => {
    expect(choosePeriod(months, 190001, today).month).toBe(202411);
    expect(choosePeriod(months, 999912, today).month).toBe(202701);
    // Between them a month without records is a page of its own.
    expect(choosePeriod(months, 202505, today).month).toBe(202505);
  });

  it('stays in this month, or the nearest visible one, without any records', () => {
    expect(choosePeriod([], 202001, today)).toEqual({
      month: 202611,
      previous: null,
      next: null,
      first: 202611,
      last: 202611,
    });
    const past = { firstDay: 20250101, lastDay: 20250331 };
    expect(choosePeriod([], null, today, past).month).toBe(202503);
  });
});

describe('readWantedPeriod', () => {
  const read = (year: string | null, month: string | null) => readWantedPeriod(year, month, 202610);

  it.each([
    [null, null, null, true],
    ['2025', '3', 202503, true],
    ['2025', '12', 202512, true],
    ['2025', '13', 202512, false],
    ['2025', '0', 202501, false],
    ['2025', '-4', 202501, false],
    ['2025', 'abc', 202510, false],
    ['2025', null, 202510, false],
    [null, '3', 202603, false],
    ['', '', 202610, false],
    ['abc', '3', 202603, false],
    ['99999999', '3', 999903, false],
    ['2025', '03', 202503, false],
    ['2025', '3.5', 202510, false],
    ['2025', '99999999999999', 202510, false],
  ])('reads year %j and month %j as %j', (year, month, wanted, exact) => {
    expect(read(year, month)).toEqual({ month: wanted, exact });
  });

  it('never fails, whatever an address holds', () => {
    fc.assert(
      fc.property(fc.option(fc.string()), fc.option(fc.string()), (year, month) => {
        const wanted = read(year, month).month;
        if (wanted === null) return;
        expect(wanted % 100).toBeGreaterThanOrEqual(1);
        expect(wanted % 100).toBeLessThanOrEqual(12);
      }),
    );
  });
});
