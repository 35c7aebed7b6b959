import { describe, expect, it } from 'vitest';
import { createFormat } from '../../../src-renderer/format.ts';

describe('formats', () => {
  it('never move a day by a time zone', () => {
    for (const locale of ['en-GB', 'de', 'en-US']) {
      expect(createFormat(locale).day('2026-03-01')).toMatch(/^(1 Mar|01\.03\.|Mar 1,)/);
    }
  });

  it('show amounts without a currency as plain numbers', () => {
    expect(createFormat('de').money(12_345_000, null)).toBe('1.234,50');
    expect(createFormat('en').money(12_345_000, 'JPY')).toBe('¥1,234');
  });
});
