/** One figure of a bench, as it stands in the table and in the file of `--json`. */
export interface Line {
  name: string;
  value: number;
  /** `×`: a ratio of two measures of the same run. */
  unit: string;
  /** Such as `≥ 1000`; null: no target, stated for comparison. */
  target: string | null;
  /** True where there is no target. */
  ok: boolean;
}

export const stated = (name: string, value: number, unit: string): Line => ({
  ...{ name, value: round(value), unit },
  target: null,
  ok: true,
});

export const atLeast = (name: string, value: number, unit: string, least: number): Line => ({
  ...{ name, value: round(value), unit },
  target: `≥ ${least}`,
  ok: value >= least,
});

export const atMost = (name: string, value: number, unit: string, most: number): Line => ({
  ...{ name, value: round(value), unit },
  target: `≤ ${most}`,
  ok: value <= most,
});

/** Three digits that count. */
const round = (value: number): number => Number(value.toPrecision(3));

export function formatLine({ name, value, unit, target, ok }: Line): string {
  const judged = target === null ? '' : `  ${ok ? 'ok    ' : 'MISSED'} ${target}`;
  return `${name.padEnd(58)} ${String(value).padStart(8)} ${unit.padEnd(10)}${judged}`.trimEnd();
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
export const median = (values: readonly number[]): number => percentile(values, 0.5);
