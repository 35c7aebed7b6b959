import type { Customer } from '../../../src-shared/contract/catalog.ts';
import type { Format } from '../../format.ts';

type Text = (key: string, options: { values: Record<string, string | number> }) => string;

/** What the program holds by now: "5 customers, 12 projects, 616 records, 1 032 hours". */
export function totalsText(
  customers: readonly Pick<Customer, 'projects' | 'records' | 'durationS'>[],
  t: Text,
  format: Pick<Format, 'count' | 'list'>,
): string {
  const sum = (key: 'projects' | 'records' | 'durationS'): number =>
    customers.reduce((total, customer) => total + customer[key], 0);
  const counts = {
    customers: customers.length,
    projects: sum('projects'),
    records: sum('records'),
    hours: Math.round(sum('durationS') / 3600),
  };
  const parts = Object.entries(counts).map(([key, count]) =>
    t(`imports.result.totals.${key}`, { values: { count, shown: format.count(count) } }),
  );
  return format.list(parts);
}
