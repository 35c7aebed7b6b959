import { describe, expect, it } from 'vitest';
import {
  dateStyles,
  durationUnits,
  unitWordsOfIntl,
  type DateStyle,
} from '../../../../src-shared/domain/locale-data/date-styles.ts';
import {
  ownDateFormat,
  ownLocaleOf,
  ownNumberFormat,
  ownPlural,
} from '../../../../src-shared/domain/locale-data/own-locales.ts';

/** Node has the whole locale data; where the program is Electron, these tables stand in for it. */
describe.each(['eo', 'eu', 'fo', 'mk', 'pa'])(
  'the table of %s says what Node’s Intl says',
  (tag) => {
    const own = ownLocaleOf(tag)!;

    it.each(Object.keys(dateStyles) as DateStyle[])('of dates as %s', (style) => {
      const intl = new Intl.DateTimeFormat(tag, {
        ...dateStyles[style],
        timeZone: 'UTC',
        calendar: 'gregory',
      });
      const format = ownDateFormat(own, style, 'UTC');
      for (let hour = 0; hour < 24 * 366; hour += 5) {
        const date = new Date(Date.UTC(2026, 0, 1, hour, hour % 60));
        expect(format.format(date)).toBe(intl.format(date));
      }
    });

    it('of numbers and money', () => {
      for (const value of [0, -0.5, 1, 999, 1234, -12_345.678, 1_234_567.125, 98_765_432_109]) {
        expect(ownNumberFormat(own).format(value)).toBe(new Intl.NumberFormat(tag).format(value));
        for (const currency of Intl.supportedValuesOf('currency')) {
          const options = { style: 'currency', currency } as const;
          const intl = new Intl.NumberFormat(tag, options);
          expect(ownNumberFormat(own, options).format(value)).toBe(intl.format(value));
        }
      }
    });

    it('of plurals, names and units', () => {
      const rules = new Intl.PluralRules(tag);
      for (let count = 0; count < 250; count++)
        expect(ownPlural(tag, count)).toBe(rules.select(count));
      expect(own.language).toBe(new Intl.DisplayNames(tag, { type: 'language' }).of(tag));
      for (const unit of durationUnits) {
        expect(new Set(own.units[unit])).toEqual(new Set(unitWordsOfIntl(tag, unit)));
      }
    });

    it('of time zones, but always by their offset', () => {
      const date = Date.UTC(2026, 6, 1, 12);
      expect(ownDateFormat(own, 'moment', 'Asia/Kathmandu').format(date)).toBe(
        new Intl.DateTimeFormat(tag, { ...dateStyles.moment, timeZone: 'Asia/Kathmandu' }).format(
          date,
        ),
      );
      expect(ownDateFormat(own, 'moment', 'Europe/Berlin').format(date)).toMatch(/(GMT|UTC)\+2/);
    });
  },
);

it('regions have the table of their language, another script has none', () => {
  expect(ownLocaleOf('pa-IN')).toBe(ownLocaleOf('pa'));
  expect(ownLocaleOf('pa-Guru-IN')).toBe(ownLocaleOf('pa'));
  expect(ownLocaleOf('pa-Arab')).toBeNull();
  expect(ownLocaleOf('de')).toBeNull();
  expect(ownLocaleOf('constructor')).toBeNull();
});
