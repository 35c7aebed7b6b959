/**
 * How many values of each kind a golden page holds. Counted from the file alone, apart from the
 * comparison, so that a comparison that looks at less than there is fails.
 */
import { isCustomerPage, isEmptyMonth, type GoldenBar, type GoldenPage } from './golden.ts';

export const kinds = [
  'heading',
  'part',
  'column set',
  'date',
  'user',
  'project',
  'description',
  'duration',
  'hourly rate',
  'total',
  'footer',
  'chart label',
  'chart hours',
  'chart duration',
  'spent',
  'budget',
  'percent',
  'bar',
  'level',
  'project list',
] as const;
export type Kind = (typeof kinds)[number];

/** The parts of a page that are there or not: each is one value of kind `part`. */
export const parts = ['annual', 'monthly', 'statistics', 'details', 'projects'] as const;

export function countHeld(page: GoldenPage): Map<Kind, number> {
  const held = new Map<Kind, number>([
    ['heading', 1],
    ['part', parts.length],
  ]);
  const add = (kind: Kind, count: number): void => {
    if (count > 0) held.set(kind, (held.get(kind) ?? 0) + count);
  };
  for (const chart of [page.annual, page.monthly]) {
    if (!chart) continue;
    add('chart label', chart.labels.length);
    add('chart hours', chart.hours.length);
    add('chart duration', chart.durations.length);
  }
  const bars = allBars(page).length;
  for (const kind of ['spent', 'budget', 'percent', 'bar', 'level'] as const) add(kind, bars);
  if (page.projects) add('project list', 1);
  // An empty month has no sum: that it is left out is a value too.
  if (page.monthly === null && isEmptyMonth(page)) add('footer', 1);
  if (page.details) {
    const rows = page.details.rows.length;
    add('column set', 1);
    for (const kind of ['date', 'description', 'duration'] as const) add(kind, rows);
    if (page.share.showUser) add('user', rows);
    if (isCustomerPage(page)) add('project', rows);
    add('hourly rate', page.details.rates?.length ?? 0);
    add('total', page.details.totals?.length ?? 0);
    add('footer', page.details.sum === undefined ? 1 : 2);
  }
  return held;
}

function allBars(page: GoldenPage): GoldenBar[] {
  return [
    ...(page.statistics?.rows ?? []),
    ...(page.projects?.rows ?? []).flatMap((project) => project.bars),
  ];
}
