import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '../../../../src-main/sync/backoff.ts';
import { modifiedAfter } from '../../../../src-main/sync/cursor.ts';
import { monthsBetween, windowOf, windowText } from '../../../../src-main/sync/months.ts';
import { momentOf } from '../../../../src-main/sync/zoned-time.ts';
import { AppError, type ErrorCode } from '../../../../src-shared/errors.ts';

describe('the cursor', () => {
  const noon = Date.UTC(2026, 5, 1, 12);

  it('is UTC since 2.45, two minutes early', () => {
    expect(modifiedAfter(noon, 24_500, 'America/Los_Angeles')).toBe('2026-06-01T11:58:00');
  });

  it('is the clock of the token’s user before', () => {
    expect(modifiedAfter(noon, 24_499, 'America/Los_Angeles')).toBe('2026-06-01T04:58:00');
    expect(modifiedAfter(noon, 23_000, 'Europe/Berlin')).toBe('2026-06-01T13:58:00');
  });

  it('goes back a day and more where the zone is unknown', () => {
    expect(modifiedAfter(noon, 23_000, '')).toBe('2026-05-31T09:58:00');
    expect(modifiedAfter(noon, 23_000, 'Mars/Olympus')).toBe('2026-05-31T09:58:00');
  });

  it('goes back an hour more where the clock changes', () => {
    // In Berlin 03:00 became 02:00 at 01:00 UTC.
    const change = Date.UTC(2026, 9, 25, 1, 30);
    expect(modifiedAfter(change, 23_000, 'Europe/Berlin')).toBe('2026-10-25T02:28:00');
    expect(modifiedAfter(change, 24_500, 'Europe/Berlin')).toBe('2026-10-25T01:28:00');
  });
});

describe('months', () => {
  it('are those of the token’s zone', () => {
    const lateInMay = Date.UTC(2026, 5, 1, 3) / 1000;
    expect(monthsBetween(lateInMay, lateInMay, 'America/Los_Angeles')).toEqual([
      { year: 2026, month: 5 },
    ]);
    expect(monthsBetween(lateInMay, lateInMay, 'Asia/Tokyo')).toEqual([{ year: 2026, month: 6 }]);
    expect(monthsBetween(Date.UTC(2025, 10, 15) / 1000, lateInMay, 'UTC')).toHaveLength(8);
  });

  it('begin and end where Kimai’s do', () => {
    const october = { year: 2026, month: 10 };
    expect(windowText(october)).toBe('begin=2026-10-01T00:00:00&end=2026-10-31T23:59:59');
    // Summer time at the begin, none at the end.
    expect(windowOf(october, 'Europe/Berlin')).toEqual({
      first: Date.UTC(2026, 8, 30, 22) / 1000,
      end: Date.UTC(2026, 9, 31, 23) / 1000,
    });
    expect(momentOf('Asia/Kathmandu', 2026, 1)).toBe(Date.UTC(2025, 11, 31, 18, 15));
  });
});

describe('a poll that failed', () => {
  const delay = (code: ErrorCode, failures: number, random = 0.5, params = {}): number | null =>
    retryDelayMs(new AppError(code, params), failures, random);

  it('is tried again after 30 seconds, then after twice as long, up to an hour', () => {
    const delays = [1, 2, 3, 4, 8, 9, 100].map((failures) => delay('kimai_unreachable', failures));
    expect(delays).toEqual([30, 60, 120, 240, 3600, 3600, 3600].map((seconds) => seconds * 1000));
  });

  it('is not tried again by all programs at once', () => {
    expect(delay('kimai_down', 1, 0)).toBe(22_500);
    expect(delay('kimai_down', 1, 0.999)).toBeGreaterThan(37_000);
  });

  it('waits as long as the server asks for', () => {
    expect(delay('kimai_busy', 1, 0.5, { seconds: 7200 })).toBe(7_200_000);
    expect(delay('kimai_busy', 5, 0.5, { seconds: 1 })).toBe(480_000);
  });

  it('has three quick tries of an error inside the server', () => {
    expect(delay('kimai_failed', 2)).toBe(60_000);
    expect(delay('kimai_failed', 3)).toBe(3_600_000);
  });

  it.each(['kimai_token', 'kimai_token_missing', 'kimai_forbidden', 'kimai_refused'] as const)(
    'waits for the owner after %s',
    (code) => {
      expect(delay(code, 1)).toBeNull();
    },
  );
});
