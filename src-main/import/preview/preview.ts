/** A plan in the words of the contract: counts, groups, shares. Its rows: preview-rows.ts. */
import type { ImportCounts, ImportPreview } from '../../../src-shared/contract/imports.ts';
import { doubtCode, type NoticeCode } from '../../../src-shared/contract/import-words.ts';
import { dayText, type DayNumber } from '../../../src-shared/domain/day.ts';
import type { ReadDb } from '../../store/db.ts';
import { RecordReads } from '../../store/records/records.ts';
import { type EntityBook } from '../plan/entities.ts';
import { nameOf, numberOf, type CustomerSlot, type ProjectSlot } from '../plan/entity-slots.ts';
import type { ListPlan } from '../plan/list-plan.ts';
import { rowKind } from '../plan/planned-batch.ts';
import type { Plan } from '../plan/plan.ts';
import type { RowProblem } from '../rows/types.ts';
import { sharesAffectedByList, sharesAffectedByTimesheet } from './affected-shares.ts';
import { countRows } from './count-rows.ts';

export { listRows, timesheetRows, type RowsPage } from './preview-rows.ts';

interface Group {
  customer: string;
  customerNumber: string | null;
  project: string;
  counts: ImportCounts;
  first: DayNumber;
  last: DayNumber;
}

const noCounts = (): ImportCounts => ({
  inserted: 0,
  updated: 0,
  unchanged: 0,
  removed: 0,
  problems: 0,
});

/** Which count each of `rowKind` goes to. */
const countOf: Record<number, keyof ImportCounts> = {
  [rowKind.new]: 'inserted',
  [rowKind.changed]: 'updated',
  [rowKind.unchanged]: 'unchanged',
  [rowKind.changedNotShown]: 'unchanged',
};

/** `today`: `yyyymmdd`, to leave out shares that have expired. */
export function previewTimesheet(
  db: ReadDb,
  plan: Plan,
  notices: readonly NoticeCode[],
  complete: boolean,
  today: DayNumber,
): ImportPreview {
  const groups = new Map<number, Group>();
  const ambiguous = namesOfSeveral(plan.book);
  const groupOf = (projectIndex: number): Group => {
    let group = groups.get(projectIndex);
    if (!group) {
      const project = plan.book.projects[projectIndex]!;
      const customer = nameOf(project.customer);
      group = {
        customer,
        customerNumber: ambiguous.has(customer) ? numberOf(project.customer) : null,
        project: nameOf(project),
        counts: noCounts(),
        first: Infinity,
        last: 0,
      };
      groups.set(projectIndex, group);
    }
    return group;
  };
  for (const { index, byKind, first, last } of countRows(plan)) {
    // Several names of the file may mean one project.
    const group = groupOf(plan.dictionary.projects[index]!.slot.index);
    for (const [kind, rows] of byKind.entries()) {
      const key = countOf[kind];
      if (key) group.counts[key] += rows;
    }
    group.first = Math.min(group.first, first);
    group.last = Math.max(group.last, last);
  }
  const reads = new RecordReads(db);
  const indexById = new Map(plan.book.projects.map((slot) => [slot.id, slot.index]));
  for (const id of plan.removed) {
    groupOf(indexById.get(reads.byId(id)!.projectId)!).counts.removed++;
  }
  countProblems(groups, plan.problems);
  const all = [...groups.entries()];
  const counts = noCounts();
  for (const [, group] of all) {
    for (const key of Object.keys(counts) as (keyof ImportCounts)[]) {
      counts[key] += group.counts[key];
    }
  }
  counts.problems = plan.problemCount;
  const days = all.map(([, group]) => group).filter((group) => group.last > 0);
  return {
    digest: plan.digest,
    counts,
    created: created(plan.book),
    learned: learned(plan.book),
    groups: all.map(([, { customer, customerNumber, project, counts: c, first, last }]) => ({
      customer,
      customerNumber,
      project,
      counts: c,
      firstDay: last > 0 ? dayText(first) : null,
      lastDay: last > 0 ? dayText(last) : null,
    })),
    shares: sharesAffectedByTimesheet(db, plan, today),
    firstDay: days.length > 0 ? dayText(Math.min(...days.map((g) => g.first))) : null,
    lastDay: days.length > 0 ? dayText(Math.max(...days.map((g) => g.last))) : null,
    ...told(plan, notices, complete),
  };
}

/** What the owner is told about the file, and what of it has to be seen before a commit. */
function told(
  { corrections, replace, problemCount }: Plan,
  ofFile: readonly NoticeCode[],
  complete: boolean,
): Pick<ImportPreview, 'notices' | 'mustSee' | 'corrections'> {
  const notices = [...ofFile];
  if (corrections.length > 0 && replace === null) notices.unshift('corrected');
  if (complete && problemCount > 0) notices.push('completeWithProblems');
  const replaced = corrections.filter(({ isReplaced }) => isReplaced).length;
  return {
    notices,
    mustSee: notices.flatMap((notice) => doubtCode.safeParse(notice).data ?? []),
    corrections: {
      offered: corrections.length,
      replaced: replace && replaced,
      answer: replace,
    },
  };
}

/** Names that more than one customer has: only their numbers tell these apart. */
function namesOfSeveral({ customers }: EntityBook): Set<string> {
  const met = new Set<string>();
  const several = new Set<string>();
  for (const customer of customers) {
    const name = nameOf(customer);
    if (met.has(name)) several.add(name);
    met.add(name);
  }
  return several;
}

/** Rows that cannot be read, grouped by the customer and project that stand in them. */
function countProblems(groups: Map<number, Group>, problems: readonly RowProblem[]): void {
  const keyOf = (customer: string, project: string): string => `${customer}\n${project}`;
  const named = new Map(
    [...groups.values()].map((group) => [keyOf(group.customer, group.project), group]),
  );
  for (const { customer = '', project = '' } of problems) {
    if (customer === '' || project === '') continue;
    const key = keyOf(customer, project);
    let group = named.get(key);
    if (!group) {
      group = {
        ...{ customer, customerNumber: null, project },
        ...{ counts: noCounts(), first: Infinity, last: 0 },
      };
      named.set(key, group);
      // Negative, since it is no project of the book.
      groups.set(-named.size, group);
    }
    group.counts.problems++;
  }
}

export function previewList(db: ReadDb, plan: ListPlan, today: DayNumber): ImportPreview {
  return {
    digest: plan.digest,
    counts: {
      inserted: plan.rows.filter((row) => row.kind === 'new').length,
      updated: plan.rows.filter((row) => row.kind === 'changed').length,
      unchanged: plan.rows.filter((row) => row.kind === 'unchanged').length,
      removed: 0,
      problems: plan.problems.length,
    },
    created: created(plan.book),
    learned: [],
    groups: [],
    shares: sharesAffectedByList(db, plan.book, today),
    firstDay: null,
    lastDay: null,
    notices: [],
    mustSee: [],
    corrections: { offered: 0, replaced: null, answer: null },
  };
}

const isKnown = (slot: { used: boolean; isNew: boolean }): boolean => slot.used && !slot.isNew;

function learned({ customers, projects, users }: EntityBook): ImportPreview['learned'] {
  const renamed = (kind: 'customer' | 'project', slots: readonly (CustomerSlot | ProjectSlot)[]) =>
    slots.flatMap(({ row, patch }) =>
      patch.name === undefined ? [] : [{ kind, before: row.name, after: patch.name }],
    );
  const known = customers.filter(isKnown);
  return [
    ...renamed('customer', known),
    ...renamed('project', projects.filter(isKnown)),
    ...users
      .filter(isKnown)
      .flatMap(({ row, patch }) =>
        patch.display_name === undefined
          ? []
          : [{ kind: 'user' as const, before: row.display_name, after: patch.display_name }],
      ),
    ...known.flatMap((slot) =>
      slot.patch.currency
        ? [{ kind: 'currency' as const, before: nameOf(slot), after: slot.patch.currency }]
        : [],
    ),
  ];
}

function created(book: EntityBook): ImportPreview['created'] {
  const count = (slots: { isNew: boolean; used: boolean }[]): number =>
    slots.filter((slot) => slot.isNew && slot.used).length;
  return {
    customers: count(book.customers),
    projects: count(book.projects),
    users: count(book.users),
    activities: count(book.activities),
  };
}
