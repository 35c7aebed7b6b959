/**
 * When a table says that its rows do not add up to its sum: exactly if what a client reads in
 * them does not (docs/adr/070-rounding.md). The pages themselves are in portal-matrix.
 */
import { describe, expect, it } from 'vitest';
import { shareOptions } from '../../../src-shared/contract/shares.ts';
import { formatsOf } from '../../../src-server/formats.ts';
import type { PortalRecord } from '../../../src-server/source.ts';
import { buildTable } from '../../../src-server/view-model/details.ts';

const record = (facts: Partial<PortalRecord>, index: number): PortalRecord => ({
  id: index + 1,
  projectId: 1,
  userId: 1,
  userIdentity: 'susan',
  userName: 'Susan',
  activity: 'Work',
  day: 20261001,
  beginMin: 480 + index,
  endMin: 600,
  running: false,
  durationS: 3600,
  rateE4: 0,
  hourlyRateE4: null,
  fixedRateE4: null,
  billable: true,
  description: '',
  tags: '',
  ...facts,
});

const isRounded = (
  currency: string | null,
  records: Partial<PortalRecord>[],
  options: { showRates?: boolean; showMonthTotal?: boolean } = { showRates: true },
): boolean =>
  buildTable({
    records: records.map(record),
    projects: [],
    options: shareOptions.parse(options),
    onProject: true,
    currency,
  }).rounded;

const amounts = (...values: number[]) => values.map((rateE4) => ({ rateE4 }));
const durations = (...values: number[]) => values.map((durationS) => ({ durationS }));

describe('a table whose rows as shown', () => {
  it.each([
    // Halves go to the even neighbour in the rows as in the sum: 2 and 0 under 2.
    ['add up with halves', 'JPY', amounts(15_000, 5_000), false],
    ['do not add up with halves: 0 and 0 under 1', 'JPY', amounts(5_000, 5_000), true],
    ['add up with negative amounts: -2 and 3 under 1', 'JPY', amounts(-15_000, 26_000), false],
    ['add up with three decimals', 'TND', amounts(10, 10), false],
    ['do not add up with three decimals', 'TND', amounts(4, 4), true],
    ['add up with two decimals, for want of a currency', null, amounts(104_000, 104_000), false],
    ['do not add up with two, for want of a currency', null, amounts(40, 40), true],
    ['add up where no rate is known', 'EUR', [{ rateE4: null }, { rateE4: null }], false],
    // Cut towards zero, as they are shown: -0:01 and 0:02 under 0:01.
    ['add up with negative durations', 'EUR', durations(-90, 150), false],
    ['do not add up with negative durations', 'EUR', durations(-90, -90), true],
  ])('%s', (_, currency, records, rounded) => {
    expect(isRounded(currency, records)).toBe(rounded);
  });

  it('hold no amounts says nothing of them, though it shows their total', () => {
    const rounded = isRounded('JPY', amounts(104_000, 104_000), { showMonthTotal: true });
    expect(rounded).toBe(false);
  });
});

describe('an amount without a currency', () => {
  it('has two decimals, rounded half to even', () => {
    const { money } = formatsOf('en');
    expect([12_250, 12_350, 120_000, -12_250].map((amount) => money(amount, null))).toEqual([
      '1.22',
      '1.24',
      '12.00',
      '-1.22',
    ]);
  });
});
