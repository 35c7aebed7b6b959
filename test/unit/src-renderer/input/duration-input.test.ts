import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  durationInputText,
  parseDurationInput,
} from '../../../../src-renderer/input/duration-input.ts';

describe('durations as people type them', () => {
  it.each([
    ['', 0],
    ['0:00', 0],
    ['12', 43_200],
    ['12:30', 45_000],
    ['12:30:15', 45_015],
    ['12.5', 45_000],
    ['12,5', 45_000],
    ['0,01', 36],
    ['12h', 43_200],
    ['12.5 h', 45_000],
    ['1h 30m', 5_400],
    ['90m', 5_400],
    ['90 min', 5_400],
    ['120:00', 432_000],
  ])('%j is %d seconds', (text, seconds) => {
    expect(parseDurationInput(text)).toBe(seconds);
  });

  it.each(['abc', '12:60', '1:2', '12:3x', '-1', '1.23456', '1000001', 'h', '1:00h'])(
    '%j is no duration',
    (text) => {
      expect(parseDurationInput(text)).toBeNull();
    },
  );

  it('reads back what it shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_600_000_000 }), (seconds) => {
        expect(parseDurationInput(durationInputText(seconds))).toBe(seconds);
      }),
    );
  });
});
