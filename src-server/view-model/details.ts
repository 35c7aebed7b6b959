import type { ShareOptions } from '../../src-shared/contract/shares.ts';
import { mergeRecords, type DetailsRow } from '../../src-shared/domain/merge.ts';
import { roundHalfEven } from '../../src-shared/domain/money.ts';
import { isShown, shownColumns, type Column } from '../../src-shared/domain/visibility.ts';
import { currencyDecimals } from '../formats.ts';
import type { PortalProject, PortalRecord } from '../source.ts';
import type { RowModel, TableModel } from './model.ts';

export interface TableOptions {
  records: readonly PortalRecord[];
  projects: readonly PortalProject[];
  options: ShareOptions;
  /** No project column on a project's page. */
  onProject: boolean;
  currency: string | null;
}

/** The details table. A hidden column's values are not in its rows at all. */
export function buildTable(table: TableOptions): TableModel {
  const { options, records } = table;
  const shown = shownColumns(options, table.onProject);
  const merged = mergeRecords(records, options.mergeMode);
  const byId = new Map(table.projects.map((project) => [project.id, project]));
  const durationS = merged.reduce((total, row) => total + row.durationS, 0);
  const rateE4 = merged.reduce((total, row) => total + (row.rateE4 ?? 0), 0);
  return {
    view: 'table',
    columns: shown,
    rows: merged.map((row) => buildRow(row, shown, byId)),
    footer: isShown('monthTotal', options) ? { durationS, rateE4 } : { durationS },
    rounded: looksWrong(merged, isShown('total', options) ? (table.currency ?? '') : null),
  };
}

function buildRow(
  row: DetailsRow,
  shown: readonly Column[],
  projects: ReadonlyMap<number, PortalProject>,
): RowModel {
  const model: RowModel = {
    day: row.day,
    description: row.description,
    nonBillable: row.nonBillable,
    running: row.running,
    durationS: row.durationS,
  };
  if (shown.includes('user')) model.user = row.userName;
  const project = projects.get(row.projectId);
  if (project && shown.includes('project')) {
    model.project = { id: project.id, name: project.name, color: project.color };
  }
  if (shown.includes('activity')) model.activities = row.activities;
  if (shown.includes('tags')) model.tags = row.tags;
  if (shown.includes('times')) {
    const { beginMin, endMin, daysLater } = row;
    model.times = { beginMin, endMin, ...(daysLater > 0 && { daysLater }) };
  }
  if (shown.includes('total')) {
    model.rates = { rateE4: row.rateE4, hourly: row.hourlyRates, fixed: row.fixed };
  }
  return model;
}

/**
 * Whether the rows as shown (minutes cut, amounts rounded) add up to something else than the sum
 * as shown. `currency`: null if no amounts are shown, '' if it is unknown.
 */
function looksWrong(rows: readonly DetailsRow[], currency: string | null): boolean {
  const minutes = (seconds: number) => Math.trunc(seconds / 60);
  if (
    differs(
      rows.map((row) => row.durationS),
      minutes,
    )
  )
    return true;
  if (currency === null) return false;
  const decimals = currency === '' ? 2 : currencyDecimals(currency);
  return differs(
    rows.map((row) => row.rateE4 ?? 0),
    (amountE4) => roundHalfEven(amountE4, decimals),
  );
}

function differs(values: readonly number[], display: (value: number) => number): boolean {
  const sum = values.reduce((total, value) => total + value, 0);
  const shownSum = values.reduce((total, value) => total + display(value), 0);
  return display(sum) !== shownSum;
}
