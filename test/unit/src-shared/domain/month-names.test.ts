import { expect, it } from 'vitest';
import { phoneMonthNames } from '../../../../src-shared/domain/month-names.ts';

const namesIn = (tag: string, month: 'short' | 'narrow'): string[] => {
  const format = new Intl.DateTimeFormat(tag, { month, timeZone: 'UTC' });
  return [6, 10, 11].map((index) => format.format(Date.UTC(2026, index, 1)));
};

it.each([
  ['de', undefined],
  ['fr', ['J', 'N', 'D']],
  ['ja', ['7', '11', '12']],
  ['ko', ['7', '11', '12']],
  ['zh-TW', ['7', '11', '12']],
])('under the bars of a phone in %s stands what has room there: %j', (tag, names) => {
  expect(phoneMonthNames(namesIn(tag, 'short'), namesIn(tag, 'narrow'))).toEqual(names);
});
