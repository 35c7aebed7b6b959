/** Whether numbers in time columns are fractions of a day or hours and minutes with a point. */
import { tidyValue } from '../cells/tidy.ts';

/**
 * True if all numbers are below 1 and some cannot be minutes: `0.375` is 9:00, and `0.75` 18:00.
 * Where other numbers stand beside them (`9.30`), or none is conclusive, they are read as times.
 */
export function areClockFractions(cells: string[]): boolean {
  const numbers = cells
    .map((cell) => tidyValue(cell).replace(',', '.'))
    .filter((cell) => /^\d{0,2}\.\d+$/.test(cell));
  if (numbers.length === 0 || numbers.some((number) => Number(number) >= 1)) return false;
  return numbers.some((number) => !/^\d{0,2}\.[0-5]\d$/.test(number));
}
