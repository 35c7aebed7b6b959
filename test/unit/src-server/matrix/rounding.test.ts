/**
 * Amounts are summed exactly and rounded for display only; where rows as shown do not add up to
 * the sum as shown, the page says so, once (docs/adr/070-rounding.md).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPortal, type Portal } from './portal.ts';
import { entry } from './world.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.stop());

let customers = 0;

/** A page of entries with these amounts and durations, one a row. */
async function show(currency: string, rates: string[], durations: number[], showRates = true) {
  const entries = rates.map((rate, index) =>
    entry({
      begin: `${String(8 + index).padStart(2, '0')}:00`,
      rate,
      durationS: durations[index % durations.length]!,
    }),
  );
  const { customerId } = await portal.importEntries(`Customer ${++customers}`, entries, currency);
  const share = await portal.share(customerId, null, { showRates });
  const { values } = await portal.show(share, '2026-02');
  return {
    totals: values.details!.rows.map((row) => row.total),
    sum: values.details!.footer.total,
    duration: values.details!.footer.duration,
    notes: values.roundingNotes,
  };
}

describe('sums of amounts', () => {
  it('are exact where floating point would not be', async () => {
    const ten = Array.from({ length: 10 }, () => '0.1');
    expect(await show('EUR', ten, [3600])).toMatchObject({ sum: '€1.00', notes: 0 });
    expect((await show('EUR', ['99999999.99', '0.01', '0.02'], [3600])).sum).toBe(
      '€100,000,000.02',
    );
  });

  it('of amounts finer than the currency are not sums of rounded ones', async () => {
    expect(await show('JPY', ['10.4', '10.4'], [3600])).toEqual({
      totals: ['¥10', '¥10'],
      sum: '¥21',
      duration: '2:00',
      notes: 1,
    });
    expect(await show('EUR', ['0.004', '0.004'], [3600])).toMatchObject({ sum: '€0.01', notes: 1 });
  });

  it('are rounded half to even, as in Kimai', async () => {
    expect((await show('JPY', ['0.5', '1.5', '2.5'], [3600])).totals).toEqual(['¥0', '¥2', '¥2']);
    expect((await show('EUR', ['2.3450', '2.3550'], [3600])).totals).toEqual(['€2.34', '€2.36']);
  });
});

describe('the sentence on rounding', () => {
  it.each([
    ['nothing is rounded', 'EUR', ['1.10', '2.20'], [3600], 0],
    ['roundings cancel out', 'JPY', ['10.4', '10.6'], [3600], 0],
    ['amounts do not add up', 'JPY', ['10.4', '10.4'], [3600], 1],
    ['seconds do not add up', 'EUR', ['1', '1'], [90], 1],
    ['both do not add up', 'JPY', ['10.4', '10.4'], [90], 1],
    ['seconds do add up', 'EUR', ['1', '1'], [65], 0],
  ] as const)('%s', async (_, currency, rates, durations, notes) => {
    expect((await show(currency, [...rates], [...durations])).notes).toBe(notes);
  });

  it('does not speak of amounts that are hidden', async () => {
    expect((await show('JPY', ['10.4', '10.4'], [3600], false)).notes).toBe(0);
  });
});
