import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moneyInputText, parseMoneyInput } from '../../../../src-renderer/input/money-input.ts';

describe('amounts as people type them', () => {
  it.each([
    ['', 0],
    ['   ', 0],
    ['0', 0],
    ['12', 120_000],
    ['12.5', 125_000],
    ['12,5', 125_000],
    ['12,50', 125_000],
    ['.5', 5_000],
    ['1.234,50', 12_345_000],
    ['1,234.50', 12_345_000],
    ['1 234,5', 12_345_000],
    ['1\u202f234,5', 12_345_000],
    ["1'234.50", 12_345_000],
    ['1.234.567', 12_345_670_000],
    ['1,234', 12_340_000],
    ['1.234', 12_340_000],
    ['0,1234', 1_234],
    ['€ 12', 120_000],
    ['12 EUR', 120_000],
    ['-3.25', -32_500],
  ])('%j is %d ten-thousandths', (text, amountE4) => {
    expect(parseMoneyInput(text)).toBe(amountE4);
  });

  it.each(['abc', '1.2.3', '1,23,45', '12..5', '--1', '1.23456', '1.2,3.4', '€', '123456789012'])(
    '%j is no amount',
    (text) => {
      expect(parseMoneyInput(text)).toBeNull();
    },
  );

  it('reads back what it shows, in every locale', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 14), max: 10 ** 14 }).filter((amount) => amount % 10 !== 0),
        fc.constantFrom('en', 'de', 'fr', 'de-CH', 'ja', 'pl'),
        (amountE4, locale) => {
          expect(parseMoneyInput(moneyInputText(amountE4, locale))).toBe(amountE4);
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 11), max: 10 ** 11 }),
        fc.constantFrom('en', 'de'),
        (cents, locale) => {
          const amountE4 = cents * 100;
          expect(parseMoneyInput(moneyInputText(amountE4, locale))).toBe(amountE4);
        },
      ),
    );
  });

  it('shows no decimals where there are none, and at least two where there are', () => {
    expect(moneyInputText(250_000_000, 'en')).toBe('25000');
    expect(moneyInputText(12_345_000, 'de')).toBe('1234,50');
    expect(moneyInputText(1_234, 'en')).toBe('0.1234');
    expect(moneyInputText(0, 'en')).toBe('');
  });
});
