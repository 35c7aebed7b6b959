import { describe, expect, it } from 'vitest';
import {
  clockSeconds,
  isoDay,
  plainE4,
} from '../../../../../src-main/import/read/cells/cell-numbers.ts';
import { codesOf } from '../../../../../src-main/import/read/cells/csv-rows.ts';
import {
  decimalCommaOf,
  parseCurrency,
  parseMoney,
} from '../../../../../src-main/import/read/cells/money-text.ts';
import { parseClockText } from '../../../../../src-main/import/read/cells/clock-text.ts';
import { dayReadings, onlyReading } from '../../../../../src-main/import/read/cells/date-text.ts';
import { parseDurationText } from '../../../../../src-main/import/read/cells/duration-text.ts';
import { undoPrefix, unifyTags } from '../../../../../src-main/import/read/cells/text-cells.ts';
import { parseWord } from '../../../../../src-main/import/read/cells/words.ts';
import csvTable from '../../../../../src-main/import/read/tables/kimai-csv-columns.json' with { type: 'json' };

const whole = <T>(read: (codes: Uint16Array, start: number, end: number) => T, text: string): T =>
  read(codesOf(text), 0, text.length);

describe('money', () => {
  it.each([
    ['€1,947.99', 19_479_900, 'EUR'],
    [' EUR 1,947.99 ', 19_479_900, 'EUR'],
    [' EUR -100.92 ', -1_009_200, 'EUR'],
    [' EUR (100.92)', -1_009_200, 'EUR'],
    ['EUR (100.92) ', -1_009_200, 'EUR'],
    [' EUR -   ', 0, 'EUR'],
    ['146,67\u00a0€', 1_466_700, 'EUR'],
    ['1.947,99 €', 19_479_900, 'EUR'],
    ['1\u202f947,99\u00a0€', 19_479_900, 'EUR'],
    ['1’947.99', 19_479_900, undefined],
    ['CHF\u00a01’947.99', 19_479_900, 'CHF'],
    ['-€5.00', -50_000, 'EUR'],
    ['€-5.00', -50_000, 'EUR'],
    ['-5,00 €', -50_000, 'EUR'],
    ['−5,00 €', -50_000, 'EUR'],
    ['5.00-', -50_000, undefined],
    ['$84.00', 840_000, 'USD'],
    ['CA$84.00', 840_000, 'CAD'],
    ['84,00 zł', 840_000, 'PLN'],
    ['84,00 руб.', 840_000, 'RUB'],
    ['¥9,500', 95_000_000, 'JPY'],
    ['9.500 ¥', 95_000_000, 'JPY'],
    ['1,234,567', 12_345_670_000, undefined],
    ['12,34,567.50', 12_345_675_000, undefined],
    ['₹1,20,000', 1_200_000_000, 'INR'],
    ['1,2,000', null, undefined],
    ['123,45,678', null, undefined],
    ['1.20.000,00', null, undefined],
    ['84', 840_000, undefined],
    ['0', 0, undefined],
    ['1947.99', 19_479_900, undefined],
    ['1947,9', 19_479_000, undefined],
    ['0,125', 1250, undefined],
    ['٣٤٢٫٧٥', 3_427_500, undefined],
    ['342.75 EURO', 3_427_500, null],
    ['342.75 XXQ', 3_427_500, null],
  ])('%j', (text, amountE4, currency) => {
    const cell = parseMoney(text, null);
    if (amountE4 === null) expect(cell).toBeNull();
    else expect(cell).toEqual({ amountE4, currency });
  });

  it('never guesses: what is no amount is none, and never 0', () => {
    for (const text of [
      '',
      ' ',
      '-',
      'abc',
      'EUR',
      '1,2,3',
      '1.2.3',
      '12,',
      '(5',
      '5)',
      '--5',
      '-(5)',
      '1e5',
      '=1+1',
      '1 2 3',
      '5 5',
    ]) {
      expect(parseMoney(text, null), text).toBeNull();
    }
    expect(parseMoney('1,947', null)).toBeNull();
  });

  it('reads a single separator as the other amounts of the file have it', () => {
    expect(parseMoney('1,947', true)?.amountE4).toBe(19_470);
    expect(parseMoney('1,947', false)?.amountE4).toBe(19_470_000);
    expect(parseMoney('1.947', true)?.amountE4).toBe(19_470_000);
    expect(parseMoney('1.947', null)?.amountE4).toBe(19_470);
    expect(decimalCommaOf(' EUR 1,947.99 ')).toBe(false);
    expect(decimalCommaOf('1.947,99 €')).toBe(true);
    expect(decimalCommaOf('12,5')).toBe(true);
    expect(decimalCommaOf('1,947')).toBeNull();
  });

  it('knows currencies, not every three letters', () => {
    expect(parseCurrency(' eur ')).toBe('EUR');
    expect(parseCurrency('€')).toBe('EUR');
    expect(parseCurrency('ABC')).toBeNull();
    expect(parseCurrency('toString')).toBeNull();
  });

  it('reads plain numbers without making strings', () => {
    expect(whole(plainE4, '1947.99')).toBe(19_479_900);
    expect(whole(plainE4, '-0.0001')).toBe(-1);
    expect(whole(plainE4, '0')).toBe(0);
    for (const text of ['', '-', '.5.', '1.', '1,5', ' 1', '1.23456', '99999999999999999']) {
      expect(whole(plainE4, text), text).toBeNaN();
    }
  });
});

describe('durations', () => {
  it.each([
    ['0:30', 1800],
    ['100:00', 360_000],
    ['-0:06', -360],
    ['0:06:40', 400],
    ['-0:06:40', -400],
    ['8:00:00', 28_800],
  ])('%s as seconds', (text, seconds) => {
    expect(whole(clockSeconds, text)).toBe(seconds);
  });

  it.each([
    ['01:50 h', 6600],
    ['01 h 50', 6600],
    ['1 h 50', 6600],
    ['01:50 tim', 6600],
    ['-01:50 h', -6600],
    ['18:25 min', 1105],
    ['12:45:00 AM', 2700],
    ['04:00:00 vorm.', 14_400],
    ['1h 30m', 5400],
    ['1,5 h', 5400],
    ['2 Std. 30 Min.', 9000],
    ['45 мин.', 2700],
    ['0 days 00:45:00', 2700],
    ['PT1H30M', 5400],
    ['00:45:00.00', 2700],
  ])('%s of Kimai 0.8 to 1.1, or of a spreadsheet', (text, seconds) => {
    expect(parseDurationText(text)).toBe(seconds);
  });

  it('refuses what is none', () => {
    for (const text of [
      '1:60',
      '0:00:60',
      '1:5',
      ':30',
      '1:',
      'x',
      '1:30:',
      '1:30:0',
      '[00]:00',
      '1:30 foo',
      '1m 2h',
    ]) {
      expect(whole(clockSeconds, text), text).toBeNaN();
      expect(parseDurationText(text), text).toBeNull();
    }
  });
});

describe('days and times', () => {
  it('reads ISO days, and only those that exist', () => {
    expect(whole(isoDay, '2024-02-29')).toBe(20240229);
    expect(whole(isoDay, '2023-02-29')).toBe(0);
    expect(whole(isoDay, '2023-13-01')).toBe(0);
    expect(whole(isoDay, '01.02.2023')).toBeNaN();
  });

  it.each([
    ['16.06.2019', 20190616],
    ['16-06-2019', 20190616],
    ['2019.06.16.', 20190616],
    ['2019. 06. 16.', 20190616],
    ['2019/6/16', 20190616],
    ['16.06.2019 12:00', 20190616],
    ['2019-06-16 00:00:00', 20190616],
    ['2019-06-16T12:00', 20190616],
    ['31.02.2019', null],
    ['2019', null],
    ['16.06.201', null],
    ['16.06', null],
    ['tomorrow', null],
  ])('%s', (text, day) => {
    expect(onlyReading(dayReadings(text))).toBe(day);
  });

  it.each([
    ['03/04/2025', { dmy: 20250403, mdy: 20250304 }],
    ['03-04-2025', { dmy: 20250403, mdy: 20250304 }],
    ['25/04/2025', { dmy: 20250425 }],
    ['25/13/2025', {}],
    ['6.1.2019', { dmy: 20190106, mdy: 20190601 }],
    ['16.06.19', { dmy: 20190616, ymd: 20160619 }],
    ['25-11-28', { dmy: 20281125, ymd: 20251128 }],
    ['2. Nov 26', { dmy: 20261102 }],
    ['25-Nov-28', { dmy: 20281125, ymd: 20251128 }],
    ['45903', { serial: 20250903, serial1904: 20290904 }],
    ['2026-05-01', { dmy: 20260501, mdy: 20260501, ymd: 20260501, ydm: 20260105 }],
    ['2026/13/05', { ydm: 20260513 }],
    // The signs say what the numbers are.
    ['2026年5月1日', { dmy: 20260501, mdy: 20260501, ymd: 20260501 }],
    // A Sunday: the month cannot come first.
    ['Sun, 01/02/2026', { dmy: 20260201 }],
    ['Mi., 03.09.2025', { dmy: 20250903 }],
  ])('%s means a day under each order', (text, readings) => {
    expect(dayReadings(text)).toEqual(readings);
  });

  it.each([
    ['20250903', 20250903],
    ['2026年11月2日', 20261102],
    ['2 de noviembre de 2026', 20261102],
    ['November 2, 2026', 20261102],
    ['mar. 3 mars 2026', 20260303],
    ['١٦/٠٦/٢٠١٩', 20190616],
    ['2026/11/02 上午9:00', 20261102],
    // October in Croatian, November in Polish.
    ['3. listopad 2026', null],
  ])('%s', (text, day) => {
    expect(onlyReading(dayReadings(text))).toBe(day);
  });

  it.each([
    ['9:05', 545],
    ['09:05:59', 545],
    ['9:05 PM', 1265],
    ['12:00 am', 0],
    ['12:30 PM', 750],
    ['16.06.2019 13:50', 830],
    ['24:00', null],
    ['13:00 PM', null],
    ['9:60', null],
    ['noon', null],
    ['09.00', 540],
    ['9h00', 540],
    ['9h', 540],
    ['09:00:00 vorm.', 540],
    ['01:00:00 nachm.', 780],
    ['午前9:05', 545],
    ['오후 1:00', 780],
    ['9:05 p.\u00a0m.', 1265],
    ['09:00 Uhr', 540],
    ['09:00 somewhere', null],
    // A date as much as a time.
    ['16.06.19', null],
  ])('time %s', (text, minutes) => {
    expect(parseClockText(text)).toBe(minutes);
  });
});

describe('texts', () => {
  it('undoes the prefix exactly where Kimai puts it', () => {
    expect(undoPrefix("' =SUM(A1)")).toBe('=SUM(A1)');
    expect(undoPrefix("' -x")).toBe('-x');
    expect(undoPrefix("' +x")).toBe('+x');
    expect(undoPrefix("' @x")).toBe('@x');
    expect(undoPrefix("' \tx")).toBe('\tx');
    expect(undoPrefix("' \nx")).toBe('\nx');
    expect(undoPrefix("' Added a button")).toBe('Added a button');
    expect(undoPrefix("' hiDDEn")).toBe('hiDDEn');
    expect(undoPrefix("' tis the season")).toBe("' tis the season");
    expect(undoPrefix("'=x")).toBe("'=x");
    expect(undoPrefix("'  =x")).toBe("'  =x");
    expect(undoPrefix("' ' =x")).toBe("' ' =x");
  });

  it('sorts tags and drops doubles', () => {
    expect(unifyTags('foo,bar, foo,, b a ')).toBe('b a, bar, foo');
    expect(unifyTags('')).toBe('');
  });

  it('knows yes and no in every language', () => {
    for (const words of Object.values(csvTable.boolean_words.by_locale)) {
      for (const word of [...words.yes, ...words.exported])
        expect(parseWord(word), word).toBe(true);
      for (const word of [...words.no, ...words.not_exported]) {
        expect(parseWord(word), word).toBe(false);
      }
    }
    expect(parseWord('1')).toBe(true);
    expect(parseWord('0')).toBe(false);
    expect(parseWord('perhaps')).toBeNull();
    expect(parseWord('')).toBeNull();
  });
});
