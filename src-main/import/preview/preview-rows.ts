/** Rows of a preview, page by page: with old and new values, or the reason why they cannot be read. */
import type { ImportCounts, PreviewRow } from '../../../src-shared/contract/imports.ts';
import type { ReadDb } from '../../store/db.ts';
import { RecordReads } from '../../store/records/records.ts';
import type { StoredRecord } from '../../store/records/stored-record.ts';
import { RowReader } from '../rows/row-reader.ts';
import { nameOf } from '../plan/entity-slots.ts';
import type { ListPlan } from '../plan/list-plan.ts';
import { rowKind } from '../plan/planned-batch.ts';
import type { Plan } from '../plan/plan.ts';
import { changedTexts, recordTexts } from './preview-texts.ts';
import type { RowProblem } from '../rows/types.ts';

export interface RowsPage {
  total: number;
  rows: PreviewRow[];
}

/** Kind in a preview → the plan's kinds that it shows. */
const kindsOf: Record<'new' | 'changed' | 'unchanged', readonly number[]> = {
  new: [rowKind.new],
  changed: [rowKind.changed],
  unchanged: [rowKind.unchanged, rowKind.changedNotShown],
};

/** The record with an id. */
type RecordOf = (id: number) => StoredRecord | undefined;

function storedIn(db: ReadDb): RecordOf {
  const reads = new RecordReads(db);
  return (id) => reads.byId(id);
}

/** Rows of one kind, in order of the file. `counts`: as the preview has them. */
export function timesheetRows(
  db: ReadDb,
  plan: Plan,
  counts: ImportCounts,
  { kind, offset, limit }: { kind: PreviewRow['kind']; offset: number; limit: number },
  recordOf: RecordOf = storedIn(db),
): RowsPage {
  if (kind === 'problem') return problemRows(plan.problems, plan.problemCount, offset, limit);
  if (kind === 'removed') {
    const rows = plan.removed.slice(offset, offset + limit).map((id) => {
      const stored = recordOf(id)!;
      return {
        ...rowHead(0, kind),
        ...removedNames(plan, stored),
        before: recordTexts(plan, stored),
      };
    });
    return { total: plan.removed.length, rows };
  }
  if (kind === 'corrected') return correctedRows(recordOf, plan, offset, limit);
  const total = { new: counts.inserted, changed: counts.updated, unchanged: counts.unchanged }[
    kind
  ];
  const wanted = kindsOf[kind];
  const rows: PreviewRow[] = [];
  let skip = offset;
  for (const { batch, kinds, refs } of plan.batches) {
    const reader = new RowReader(batch);
    for (let row = 0; row < batch.rows && rows.length < limit; row++) {
      if (!wanted.includes(kinds[row]!)) continue;
      if (skip-- > 0) continue;
      reader.at(row);
      const stored = kind === 'new' ? null : (recordOf(refs[row]!) ?? null);
      rows.push({
        ...rowHead(reader.line, kind),
        ...projectNames(plan, reader),
        ...changedTexts(plan, reader, stored),
      });
    }
    if (rows.length === limit) break;
  }
  return { total, rows };
}

/** New rows beside the records that they may replace. */
function correctedRows(recordOf: RecordOf, plan: Plan, offset: number, limit: number): RowsPage {
  const rows = plan.corrections.slice(offset, offset + limit).map((correction) => {
    const { planned, row, recordId, isReplaced } = correction;
    const reader = new RowReader(planned.batch).at(row);
    return {
      ...rowHead(reader.line, 'corrected'),
      ...projectNames(plan, reader),
      ...changedTexts(plan, reader, recordOf(recordId)!),
      replaces: { recordId, isReplaced },
    };
  });
  return { total: plan.corrections.length, rows };
}

function projectNames(plan: Plan, reader: RowReader): { customer: string; project: string } {
  const project = plan.dictionary.projects[reader.projectIndex]!.slot;
  return { customer: nameOf(project.customer), project: nameOf(project) };
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
  fileName: '',
  line,
  kind,
  customer: '',
  project: '',
  before: null,
  after: null,
  kept: [],
  problem: null,
  replaces: null,
});

function removedNames(plan: Plan, stored: StoredRecord): { customer: string; project: string } {
  const project = plan.book.projects.find((slot) => slot.id === stored.projectId)!;
  return { customer: nameOf(project.customer), project: nameOf(project) };
}
