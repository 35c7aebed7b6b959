import { describe, expect, it } from 'vitest';
import { createFormat } from '../../../../../src-renderer/format.ts';
import { fieldText } from '../../../../../src-renderer/pages/imports/preview-fields.ts';

describe('values of a preview', () => {
  const words = { yes: 'yes', no: 'no', empty: 'empty', monthly: 'monthly', lifetime: 'lifetime' };
  const german = createFormat('de');

  it.each([
    ['day', '2026-11-02', '02.11.2026'],
    ['rate', '1234.5', '1.234,50'],
    ['hourlyRate', '0.1234', '0,1234'],
    ['duration', '0:45:30', '0:45:30'],
    ['billable', 'yes', 'yes'],
    ['visible', '0', 'no'],
    ['budget_e4', '250000000', '25.000,00'],
    ['time_budget_s', '36000', '10:00'],
    ['budget_type', '', 'lifetime'],
    ['budget_type', 'month', 'monthly'],
    ['description', '', 'empty'],
    ['description', 'yes', 'yes'],
  ])('%s %j is shown as %j', (field, value, shown) => {
    expect(fieldText(field, value, german, words)).toBe(shown);
  });
});
