import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOfKey, firstWeekday, weeksOf } from '../../../../src-renderer/input/calendar.ts';
import { parseClockInput } from '../../../../src-renderer/input/clock-input.ts';
import { createDayInput, isWholeDay } from '../../../../src-renderer/input/day-input.ts';
import { clockText } from '../../../../src-shared/domain/clock-text.ts';
import { ownerLanguages, tagOf } from '../../../../src-shared/domain/locales.ts';

const root = join(import.meta.dirname, '../../../../src-renderer');

describe('days as people type them', () => {
  it.each([
    ['en-GB', '24/11/2026'],
    ['en-GB', '24.11.26'],
    ['en-GB', '24112026'],
    ['en-GB', '24/11'],
    ['en-GB', '2411'],
    ['en-GB', ' 24 11 2026 '],
    ['en-GB', '2026-11-24'],
    ['en-US', '11/24/2026'],
    ['en-US', '112426'],
    ['de', '24.11.2026'],
    ['de', '24.11.'],
    ['ja', '2026/11/24'],
    ['ja', '11/24'],
    ['ja', '20261124'],
    ['ar-EG', '٢٤/١١/٢٠٢٦'],
    ['ar', '24‏/11‏/2026'],
  ])('in %s %j is 24 November 2026', (locale, typed) => {
    expect(createDayInput(locale).parse(typed, 2026)).toBe('2026-11-24');
  });

  it.each([
    '',
    'today',
    '31/02/2026',
    '24/13/2026',
    '24/11/026',
    '1',
    '24/11/2026/1',
    '24 Nov 2026',
  ])('%j is no day', (typed) => expect(createDayInput('en-GB').parse(typed, 2026)).toBeNull());

  it.each([
    ['24/11/2026', true],
    ['2026-11-24', true],
    ['24112026', true],
    ['24/11/20', false],
    ['24/11', false],
    ['241120', false],
  ])('%j is whole: %s', (typed, isWhole) => expect(isWholeDay(typed)).toBe(isWhole));

  it('are read back as they are shown, in every language of the app', () => {
    const day = fc
      .date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    for (const locale of [...ownerLanguages.map(tagOf), 'en-US', 'ar-EG', 'fa']) {
      const input = createDayInput(locale);
      fc.assert(
        fc.property(day, (text) => {
          // A year of three digits is shown as such, and nobody types one.
          if (text < '1000') return;
          expect(input.parse(input.show(text), 2026)).toBe(text);
        }),
        { numRuns: 40 },
      );
    }
  });

  it('have a pattern in the order of the language', () => {
    const signs = { day: 'TT', month: 'MM', year: 'JJJJ' };
    expect(createDayInput('de').pattern(signs)).toBe('TT.MM.JJJJ');
    expect(createDayInput('ja').pattern(signs)).toBe('JJJJ/MM/TT');
  });
});

describe('the calendar', () => {
  it('begins its weeks as the country does', () => {
    expect(['en-US', 'en-GB', 'de', 'ar-EG', 'ja'].map(firstWeekday)).toEqual([7, 1, 1, 6, 7]);
  });

  it('has whole weeks', () => {
    const weeks = weeksOf('2026-02-14', 1);
    expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-02-01']);
    expect(weeks.at(-1)).toEqual([...[23, 24, 25, 26, 27, 28].map((d) => `2026-02-${d}`), null]);
    expect(weeksOf('2026-02-14', 7)).toHaveLength(4);
  });

  it.each([
    ['ArrowRight', false, '2026-12-01'],
    ['ArrowLeft', false, '2026-11-29'],
    ['ArrowUp', false, '2026-11-23'],
    ['ArrowDown', false, '2026-12-07'],
    ['Home', false, '2026-11-30'],
    ['End', false, '2026-12-06'],
    ['PageUp', false, '2026-10-30'],
    ['PageUp', true, '2025-11-30'],
    ['PageDown', false, '2026-12-30'],
    ['PageDown', true, '2027-11-30'],
    ['Enter', false, null],
  ])('%s (shift: %s) leads from 30 November 2026 to %s', (key, shiftKey, there) => {
    expect(dayOfKey('2026-11-30', { key, shiftKey }, { first: 1, isRtl: false })).toBe(there);
  });

  it('mirrors the arrows from right to left, and ends where years do', () => {
    const to = (day: string, key: string, isRtl: boolean): string | null =>
      dayOfKey(day, { key, shiftKey: false }, { first: 1, isRtl });
    expect(to('2026-11-30', 'ArrowLeft', true)).toBe('2026-12-01');
    expect(to('2026-03-31', 'PageUp', false)).toBe('2026-02-28');
    expect(to('9999-12-31', 'ArrowRight', false)).toBeNull();
  });
});

describe('times of day as people type them', () => {
  it.each([
    ['8', '08:00'],
    ['8:30', '08:30'],
    ['08.30', '08:30'],
    ['830', '08:30'],
    ['1830', '18:30'],
    ['6 pm', '18:00'],
    ['12:15 a.m.', '00:15'],
    ['٨:٣٠', '08:30'],
  ])('%j is %s', (typed, text) => expect(clockText(parseClockInput(typed)!)).toBe(text));

  it.each(['', '24', '8:60', '13 pm', 'noon', '0 am', '12345'])('%j is none', (typed) =>
    expect(parseClockInput(typed)).toBeNull(),
  );
});

it('no field of the app has the browser’s own format of days and times', () => {
  const files = globSync('**/*.svelte', { cwd: root });
  expect(files.length).toBeGreaterThan(80);
  const own = /type="?(date|datetime-local|month|time|week)\b/;
  expect(files.filter((file) => own.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
});
