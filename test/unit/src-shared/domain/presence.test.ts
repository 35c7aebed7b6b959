import { describe, expect, it } from 'vitest';
import {
  alwaysOn,
  nextAt,
  pauseAt,
  type Presence,
} from '../../../../src-shared/domain/presence.ts';

/** 2026-11-23 is a Monday. */
const at = (day: number, hour: number, minute = 0): Date => new Date(2026, 10, day, hour, minute);
const paused = (presence: Partial<Presence>, now: Date) =>
  pauseAt({ ...alwaysOn, ...presence }, now);
const working = { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1080 };

describe('when the portal is on', () => {
  it('a time of day is the next one that comes', () => {
    expect(nextAt(18 * 60, at(23, 17))).toBe(at(23, 18).getTime());
    expect(nextAt(18 * 60, at(23, 18))).toBe(at(24, 18).getTime());
  });

  it('always, if nothing else was chosen', () => {
    expect(paused({}, at(22, 3))).toBeNull();
  });

  it('until six, and then until the owner comes back', () => {
    const until = at(23, 18).getTime();
    expect(paused({ until }, at(23, 17, 59))).toBeNull();
    expect(paused({ until }, at(23, 18))).toEqual({ backAt: null });
  });

  it('on days and hours; it tells when it is back', () => {
    expect(paused({ hours: working }, at(23, 8))).toBeNull();
    expect(paused({ hours: working }, at(23, 7, 59))).toEqual({ backAt: at(23, 8) });
    expect(paused({ hours: working }, at(23, 18))).toEqual({ backAt: at(24, 8) });
    // From Friday evening over the weekend.
    expect(paused({ hours: working }, at(27, 18))).toEqual({ backAt: at(30, 8) });
  });

  it('over midnight, by the day on which it began', () => {
    const hours = { days: [1], fromMinute: 1320, toMinute: 120 };
    expect(paused({ hours }, at(23, 23))).toBeNull();
    expect(paused({ hours }, at(24, 1))).toBeNull();
    expect(paused({ hours }, at(24, 2))).toEqual({ backAt: at(30, 22) });
    expect(paused({ hours }, at(24, 23))).toEqual({ backAt: at(30, 22) });
  });

  it('not while it is paused by hand, which ends by itself if a time was set', () => {
    const backAt = at(23, 14).getTime();
    expect(paused({ paused: true }, at(23, 12))).toEqual({ backAt: null });
    expect(paused({ paused: true, backAt }, at(23, 12))).toEqual({ backAt: at(23, 14) });
    expect(paused({ paused: true, backAt }, at(23, 14))).toBeNull();
  });
});
