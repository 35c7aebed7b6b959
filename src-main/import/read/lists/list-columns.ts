/** Which columns Kimai's lists of customers and of projects have, in any language and version since 1.10. */
import xlsxTable from '../tables/kimai-xlsx-columns.json' with { type: 'json' };
import type { ColumnMapping } from '../../../../src-shared/contract/import-words.ts';
import { typedRules } from '../../rows/typed-rules.ts';
import type { FileAnalysis } from '../../rows/types.ts';
import type { FileFacts } from '../analysis/describe.ts';
import { headerKeyOf } from '../analysis/headers.ts';
import { foldLabel } from '../cells/fold-label.ts';

export type ListKind = 'customers' | 'projects';

interface ListColumn {
  position: number;
  labels: string[];
}

/** Folded label → the columns it can mean, in the layout's order. */
function labelsOf(kind: ListKind): Map<string, string[]> {
  const columns = Object.entries(xlsxTable[kind].columns as Record<string, ListColumn>);
  columns.sort(([, a], [, b]) => a.position - b.position);
  const labels = new Map<string, string[]>();
  for (const [name, { labels: texts }] of columns) {
    for (const folded of new Set(texts.map(foldLabel))) {
      labels.set(folded, [...(labels.get(folded) ?? []), name]);
    }
  }
  return labels;
}

const tables = { customers: labelsOf('customers'), projects: labelsOf('projects') };

/** Which list a header row belongs to; null for timesheets and anything else. */
export function listKindOf(headers: string[]): ListKind | null {
  if (isList('customers', headers, ['id', 'name', 'currency', 'timezone'])) return 'customers';
  if (isList('projects', headers, ['id', 'name', 'customer', 'start', 'end'])) return 'projects';
  return null;
}

function isList(kind: ListKind, headers: string[], needed: string[]): boolean {
  const found = findColumns(kind, headers);
  return needed.every((name) => found.has(name));
}

/**
 * Column name → position in the file. A label with several meanings takes the first one whose turn
 * has not passed: the layout's order decides (hu "Adószám", the time budget and budget type of 1.15).
 */
export function findColumns(kind: ListKind, headers: string[]): Map<string, number> {
  const found = new Map<string, number>();
  let last = '';
  headers.forEach((header, index) => {
    const candidates = tables[kind].get(foldLabel(header)) ?? [];
    let name = candidates.find((candidate) => !found.has(candidate));
    // In 1.15 the column after the time budget has its header, too.
    if (name === undefined && last === 'timeBudget' && candidates.includes('timeBudget')) {
      name = 'budgetType';
    }
    if (name === undefined || found.has(name)) return;
    found.set(name, index);
    last = name;
  });
  return found;
}

/** What is said of a list before it is read. Addresses and e-mails in it are neither shown nor kept. */
export function describeList(
  facts: Omit<FileFacts, 'allRows'>,
  kind: ListKind,
  headers: string[],
): FileAnalysis {
  return {
    ...facts,
    kind,
    columns: listColumns(kind, headers),
    samples: [],
    resolution: 1,
    missing: [],
    needsMapping: false,
    headerKey: headerKeyOf(headers),
    rules: typedRules,
    evidence: [],
  };
}

/** How the cells of a list are written when it is read: its time budgets are durations. */
function listColumns(kind: ListKind, headers: string[]): ColumnMapping[] {
  const timeBudget = findColumns(kind, headers).get('timeBudget');
  return headers.map((header, index) => ({
    index,
    header,
    column: index === timeBudget ? 'duration' : 'ignored',
  }));
}
