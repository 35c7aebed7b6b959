/** Amounts such as `9.500`, nine and a half or nine thousand, and what settles them. */
import { parseMoney } from './money-text.ts';

const openPattern = /(?<![\d.,])[1-9]\d{0,2}([.,])\d{3}(?![\d.,])/;

export const isOpenAmount = (text: string): boolean => openPattern.test(text);

/** Both amounts that an open one can be, the smaller one first; null if it is not open. */
export function openReadings(text: string): [number, number] | null {
  const mark = text.match(openPattern)?.[1];
  if (mark === undefined) return null;
  const asDecimal = parseMoney(text, mark === ',');
  const asThousands = parseMoney(text, mark !== ',');
  if (!asDecimal || !asThousands || asDecimal.amountE4 === asThousands.amountE4) return null;
  return [asDecimal.amountE4, asThousands.amountE4];
}

/**
 * The pairs of what a row may pay and of what it may cost per hour that agree; `hours`: 1 where the
 * whole price is fixed.
 */
export function fittingPairs(
  rates: readonly number[],
  prices: readonly number[],
  hours: number,
): [rate: number, price: number][] {
  if (hours <= 0) return [];
  return prices.flatMap((price) =>
    rates
      .filter((rate) => rate !== 0 && isNear(rate, price * hours, hours))
      .map((rate): [number, number] => [rate, price]),
  );
}

/** Equal up to cents, seconds and one percent. */
function isNear(a: number, b: number, hours: number): boolean {
  const ofSeconds = (Math.abs(b) / Math.max(hours, 1 / 3600)) * (60 / 3600);
  return (
    Math.abs(a - b) <= Math.max(Math.abs(b) * 0.01, 100, Math.min(ofSeconds, Math.abs(b) * 0.1))
  );
}
