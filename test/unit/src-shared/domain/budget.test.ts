import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureBudget } from '../../../../src-shared/domain/budget.ts';

describe('measureBudget', () => {
  it('is none without a budget', () => {
    expect(measureBudget(0, 5)).toBeNull();
  });

  it('says what is left and what is over', () => {
    expect(measureBudget(1000, 805)).toMatchObject({ open: 195, overspent: 0, percent: '80.5' });
    expect(measureBudget(1000, 1120)).toMatchObject({ open: 0, overspent: 120, percent: '112.0' });
  });

  it.each([
    [0, '0.0', '0.0', 'ok'],
    [7000, '70.0', '70.0', 'ok'],
    [7001, '70.0', '70.0', 'warn'],
    [9000, '90.0', '90.0', 'warn'],
    [9001, '90.0', '90.0', 'over'],
    [9996, '100.0', '100.0', 'over'],
    [10_000, '100.0', '100', 'over'],
    [22_022, '220.2', '100', 'over'],
    [8045, '80.5', '80.5', 'warn'],
    [-500, '-5.0', '0.0', 'ok'],
    [-1, '0.0', '0.0', 'ok'],
  ])('%i of 10 000 is %s %%, a bar of %s, %s', (spent, percent, bar, level) => {
    expect(measureBudget(10_000, spent)).toMatchObject({ percent, bar, level });
  });

  it('never gives away more than there is', () => {
    const amount = fc.integer({ min: 0, max: 9e13 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9e13 }), amount, (budget, spent) => {
        const use = measureBudget(budget, spent)!;
        expect(use.open - use.overspent).toBe(budget - spent);
        expect(Number(use.bar)).toBeLessThanOrEqual(100);
        expect(Math.abs(Number(use.percent) - (spent / budget) * 100)).toBeLessThanOrEqual(
          0.05 + spent / budget / 1e9,
        );
      }),
    );
  });
});
