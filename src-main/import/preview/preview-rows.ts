/** Rows of a preview, page by page: with old and new values, or the reason why they cannot be read. */
import type { ImportCounts, PreviewRow } from '../../../src-shared/contract/imports.ts';
import type { Store } from '../../store/open.ts';
import { R, recordReads, type RawRecord } from '../../store/records/records.ts';
import { I, RowReader } from '../rows/batch.ts';
import { nameOf } from '../plan/entity-slots.ts';
import type { ListPlan } from '../plan/list-plan.ts';
import { K, type Plan } from '../plan/timesheet-plan.ts';
import { changedTexts, recordTexts } from './preview-texts.ts';
import type { RowProblem } from '../rows/types.ts';

type Reads = Pick<Store, 'prepare'>;

export interface RowsPage {
  total: number;
  rows: PreviewRow[];
}

/** Rows of one kind, in order of the file. `counts`: as the preview has them. */
export function timesheetRows(
  db: Reads,
  plan: Plan,
  counts: ImportCounts,
  { kind, offset, limit }: { kind: PreviewRow['kind']; offset: number; limit: number },
): RowsPage {
  if (kind === 'problem') return problemRows(plan.problems, plan.problemCount, offset, limit);
  const reads = recordReads(db);
  if (kind === 'removed') {
    const rows = plan.removed.slice(offset, offset + limit).map((id) => {
      const stored = reads.byId.get(id) as RawRecord;
      return {
        ...rowHead(0, kind),
        ...removedNames(plan, stored),
        before: recordTexts(plan, stored),
      };
    });
    return { total: plan.removed.length, rows };
  }
  const total = { new: counts.inserted, changed: counts.updated, unchanged: counts.unchanged }[
    kind
  ];
  const wanted =
    kind === 'new' ? [K.new] : kind === 'changed' ? [K.changed] : [K.unchanged, K.quiet];
  const rows: PreviewRow[] = [];
  let skip = offset;
  for (const { batch, kinds, refs } of plan.batches) {
    const reader = new RowReader(batch);
    for (let row = 0; row < batch.rows && rows.length < limit; row++) {
      if (!(wanted as number[]).includes(kinds[row]!)) continue;
      if (skip-- > 0) continue;
      reader.at(row);
      const project = plan.names.jobs[reader.int(I.job)]!.project;
      const names = { customer: nameOf(project.customer), project: nameOf(project) };
      const stored = kind === 'new' ? null : (reads.byId.get(refs[row]!) as RawRecord);
      rows.push({
        ...rowHead(reader.line, kind),
        ...names,
        ...changedTexts(plan, reader, stored),
      });
    }
    if (rows.length === limit) break;
  }
  return { total, rows };
}

export function listRows(
  plan: ListPlan,
  { kind, offset, limit }: { kind: PreviewRow['kind']; offset: number; limit: number },
): RowsPage {
  if (kind === 'problem') return problemRows(plan.problems, plan.problems.length, offset, limit);
  const all = plan.rows.filter((row) => row.kind === kind);
  const texts = (values: object): Record<string, string> =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value ?? '')]));
  return {
    total: all.length,
    rows: all.slice(offset, offset + limit).map((row) => ({
      ...rowHead(row.line, row.kind),
      customer: row.customer,
      project: row.project,
      before: row.kind === 'changed' ? texts(row.before) : null,
      after: texts(row.after),
      kept: row.kept,
    })),
  };
}

function problemRows(
  problems: readonly RowProblem[],
  total: number,
  offset: number,
  limit: number,
): RowsPage {
  const sorted = [...problems].sort((a, b) => a.line - b.line);
  return {
    total,
    rows: sorted.slice(offset, offset + limit).map((one) => ({
      ...rowHead(one.line, 'problem'),
      customer: one.customer ?? '',
      project: one.project ?? '',
      problem: { code: one.code, header: one.header, value: one.value },
    })),
  };
}

const rowHead = (line: number, kind: PreviewRow['kind']): PreviewRow => ({
  line,
  kind,
  customer: '',
  project: '',
  before: null,
  after: null,
  kept: [],
  problem: null,
});

function removedNames(plan: Plan, stored: RawRecord): { customer: string; project: string } {
  const project = plan.book.projects.find((slot) => slot.id === stored[R.project_id])!;
  return { customer: nameOf(project.customer), project: nameOf(project) };
}
