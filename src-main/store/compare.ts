/** Whether two flat rows have the same columns with the same values. */
export function isSame(a: object | null, b: object | null): boolean {
  if (a === null || b === null) return a === b;
  const left = Object.entries(a);
  return (
    left.length === Object.keys(b).length &&
    left.every(([key, value]) => (b as Record<string, unknown>)[key] === value)
  );
}
