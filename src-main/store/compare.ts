/** Whether two flat rows have the same columns with the same values. */
export function isSame(a: object | null, b: object | null): boolean {
  if (a === null || b === null) return a === b;
  const left = Object.entries(a);
  const right = new Map<string, unknown>(Object.entries(b));
  return left.length === right.size && left.every(([key, value]) => right.get(key) === value);
}
