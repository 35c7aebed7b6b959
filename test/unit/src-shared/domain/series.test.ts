import { describe, expect, it } from 'vitest';
import { addPoints, monthSeries, yearSeries } from '../../../../src-shared/domain/series.ts';
import { decimalHours, formatDuration } from '../../../../src-shared/domain/duration.ts';
import { formatMoney, roundHalfEven } from '../../../../src-shared/domain/money.ts';

describe('chart series', () => {
  it('has twelve months, with 0 where nothing was tracked', () => {
    const series = yearSeries(2026, [{ month: 3, durationS: 60, rateE4: 5 }]);
    expect(series.map((point) => point.durationS)).toEqual([0, 0, 60, ...Array(9).fill(0)]);
    expect(series[2]).toEqual({ month: 202603, durationS: 60, rateE4: 5 });
  });

  it('has every day of the month', () => {
    const series = monthSeries(202802, [{ day: 20280229, durationS: 60, rateE4: 0 }]);
    expect(series).toHaveLength(29);
    expect(addPoints(series)).toEqual({ durationS: 60, rateE4: 0 });
  });
});

describe('numbers as Kimai has them', () => {
  it('cuts durations to the minute and rounds decimal hours', () => {
    expect(formatDuration(73_476)).toBe('20:24');
    expect(decimalHours(73_476)).toBe(20.41);
    // 8.165 hours: not exact in floating point, and still half way.
    expect(decimalHours(29_394)).toBe(8.17);
    expect(decimalHours(-29_394)).toBe(-8.17);
    expect(formatDuration(372_900)).toBe('103:35');
    expect(formatDuration(-400)).toBe('-0:06');
  });

  it('rounds amounts half to even, in numbers as in texts', () => {
    for (const amountE4 of [
      1_250, 1_350, -1_250, 124_999, 125_000, 135_000, -125_000, 19_479_900,
    ]) {
      for (const [currency, decimals] of [
        ['EUR', 2],
        ['JPY', 0],
      ] as const) {
        const shown = formatMoney('en', currency, amountE4).replace(/[^\d-]/g, '');
        expect(roundHalfEven(amountE4, decimals)).toBe(0 + Number(shown));
      }
    }
  });
});
