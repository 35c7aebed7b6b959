/**
 * One wrong value of each kind in a golden page, to prove that the comparison sees it. Each
 * changes the page and says whether it could: not every page has every kind.
 */
import type { GoldenBar, GoldenPage } from './golden.ts';
import type { Kind } from './holdings.ts';
import type { PageValues } from './read-page.ts';

/** Changes Kimai's side. */
export const goldenMutations: Record<Exclude<Kind, 'column set'>, (page: GoldenPage) => boolean> = {
  heading: (page) => {
    page.heading += ' Ltd';
    return true;
  },
  part: (page) => {
    if (!page.annual) return false;
    page.annual = null;
    return true;
  },
  date: (page) => {
    const days = page.details?.days;
    if (!days?.[0]) return false;
    days[0] = `${days[0].slice(0, 8)}${days[0].endsWith('15') ? '16' : '15'}`;
    return true;
  },
  user: (page) => page.share.showUser && changeCell(page, 1),
  project: (page) =>
    page.share.scope === 'customer' &&
    page.projectId === undefined &&
    changeCell(page, page.share.showUser ? 2 : 1),
  description: (page) => changeCell(page, descriptionColumn(page)),
  duration: (page) => changeCell(page, descriptionColumn(page) + 1),
  'hourly rate': (page) => {
    const rate = page.details?.rates?.find((rates) => rates.length > 0)?.[0];
    if (!rate) return false;
    rate[1] += 1;
    return true;
  },
  total: (page) => {
    const totals = page.details?.totals;
    if (totals?.[0] === undefined) return false;
    totals[0] += 1;
    return true;
  },
  footer: (page) => {
    if (page.details?.sum === undefined) return false;
    page.details.sum += 1;
    return true;
  },
  'chart label': (page) => {
    if (!page.annual) return false;
    page.annual.labels[4] += 'x';
    return true;
  },
  'chart hours': (page) => {
    if (!page.annual) return false;
    page.annual.hours[4]! += 0.01;
    return true;
  },
  'chart duration': (page) => {
    if (!page.annual) return false;
    page.annual.durations[4] = '1234:56';
    return true;
  },
  spent: (page) =>
    changeBar(page, (bar) => {
      if (bar.spentAmount === undefined) bar.spent = '1234:56';
      else bar.spentAmount += 1;
    }),
  budget: (page) =>
    changeBar(page, (bar) => {
      if (bar.budgetAmount === undefined) bar.budget = '1234:56';
      else bar.budgetAmount += 1;
    }),
  percent: (page) =>
    changeBar(page, (bar) => {
      bar.note = bar.note.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
    }),
  bar: (page) =>
    changeBar(page, (bar) => {
      bar.bar = '33.3';
    }),
  level: (page) =>
    changeBar(page, (bar) => {
      bar.level = bar.level === 'bg-red' ? 'bg-warning' : 'bg-red';
    }),
  'project list': (page) => {
    const project = page.projects?.rows.find((row) => row.bars.length === 0);
    if (!project) return false;
    project.name += ' (copy)';
    return true;
  },
};

/** Changes our side, as a page would be that lost or gained something. */
export const answerMutations: Record<string, { kind: Kind; change(values: PageValues): void }> = {
  'a column in another place': {
    kind: 'column set',
    change: (values) => values.details!.columns.reverse(),
  },
  'a row too many': {
    kind: 'date',
    change: (values) => values.details!.rows.push(values.details!.rows[0]!),
  },
  'a project too many': {
    kind: 'project list',
    change: (values) => values.projects!.push({ ...values.projects![0]!, budgets: [] }),
  },
  'a bar too many': {
    kind: 'budget',
    change: (values) => values.statistics!.push(values.statistics![0]!),
  },
  'a month too many': {
    kind: 'chart label',
    change: (values) => values.annual!.labels.push('x'),
  },
  'a visible day that is not the day of the record': {
    kind: 'date',
    change: (values) => {
      values.details!.rows[0]!.date = 'Monday';
    },
  },
  'an amount written in another way': {
    kind: 'total',
    change: (values) => {
      const row = values.details!.rows[0]!;
      row.total = `${row.total!.replace(/[^\d.,]/g, '')} EUR`;
    },
  },
};

const descriptionColumn = (page: GoldenPage): number =>
  1 +
  (page.share.showUser ? 1 : 0) +
  (page.share.scope === 'customer' && page.projectId === undefined ? 1 : 0);

function changeCell(page: GoldenPage, column: number): boolean {
  const row = page.details?.rows[0];
  if (!row) return false;
  row[column] += 'x';
  return true;
}

function changeBar(page: GoldenPage, change: (bar: GoldenBar) => void): boolean {
  const bar = page.statistics?.rows[0];
  if (!bar) return false;
  change(bar);
  return true;
}
