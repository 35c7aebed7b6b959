import type { catalogMethods, Customer, Project } from '../../../src-shared/contract/catalog.ts';
import { dayText, parseDay, type DayNumber } from '../../../src-shared/domain/day.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { AppContext } from '../../context.ts';
import { dataVersion } from '../../store/data-version.ts';
import { Edit, listEdits, undoEdit } from '../../store/changes/edits.ts';
import {
  readAll,
  readRow,
  type CustomerRow,
  type ProjectRow,
} from '../../store/catalog/entity-rows.ts';
import { mergeCustomers, mergeProjects } from '../../store/changes/merge.ts';
import { editRecords } from '../../store/changes/record-edits.ts';
import { listRecords, type ListedRecord } from '../../store/records/record-list.ts';
import { addTotals, noTotals, projectTotals, type Totals } from '../../store/records/totals.ts';
import type { HandlersOf } from '../handlers.ts';

/** Customers, projects and records as the owner sees and edits them. */
export function createCatalogHandlers(context: AppContext): HandlersOf<typeof catalogMethods> {
  const { store, readStore, clock, changed } = context;
  const totals = cachedTotals(context);

  /** Runs an edit in one transaction; returns what `changes.undo` takes. */
  function edit(what: string, work: (edit: Edit) => void): { undoId: number } {
    const undoId = store
      .transaction(() => {
        const step = new Edit(store);
        work(step);
        return step.finish(what, clock.now().getTime());
      })
      .immediate();
    changed('catalog', 'imports', 'shares');
    return { undoId };
  }

  return {
    'customers.list': () => {
      const projects = readAll(readStore, 'projects');
      const sharesOf = countShares(context);
      return readAll(readStore, 'customers')
        .sort(inOrder)
        .map((row): Customer => {
          const own = projects.filter((project) => project.customer_id === row.id);
          const sums = own
            .map(({ id }) => totals().get(id) ?? noTotals)
            .reduce(addTotals, noTotals);
          return {
            ...entity(row),
            currency: row.currency,
            projects: own.length,
            shares: sharesOf.get(row.id) ?? 0,
            ...totalsOf(sums),
          };
        });
    },
    'customers.update': ({ id, patch }) =>
      edit('customers.update', (step) => updateEntity(step, store, 'customers', id, patch)),
    'customers.merge': ({ fromId, intoId }) =>
      edit('customers.merge', (step) => mergeCustomers(store, step, fromId, intoId)),
    'projects.list': ({ customerId }) => {
      const customers = new Map(readAll(readStore, 'customers').map((row) => [row.id, row]));
      const customerOf = (row: ProjectRow): CustomerRow => customers.get(row.customer_id)!;
      return readAll(readStore, 'projects')
        .filter((row) => customerId === undefined || row.customer_id === customerId)
        .sort((a, b) => inOrder(customerOf(a), customerOf(b)) || inOrder(a, b))
        .map((row): Project => {
          const customer = customerOf(row);
          return {
            ...entity(row),
            customerId: row.customer_id,
            customerName: customer.name,
            orderNumber: row.order_number,
            currency: customer.currency,
            ...totalsOf(totals().get(row.id) ?? noTotals),
          };
        });
    },
    'projects.update': ({ id, patch }) =>
      edit('projects.update', (step) => updateEntity(step, store, 'projects', id, patch)),
    'projects.merge': ({ fromId, intoId }) =>
      edit('projects.merge', (step) => mergeProjects(store, step, fromId, intoId)),
    'records.list': async ({ firstDay, lastDay, ...filter }) => {
      const { total, durationS, rows } = await listRecords(readStore, {
        ...filter,
        firstDay: firstDay === undefined ? undefined : parseDay(firstDay)!,
        lastDay: lastDay === undefined ? undefined : parseDay(lastDay)!,
      });
      return { total, durationS, rows: rows.map(recordOf) };
    },
    'records.update': ({ ids, patch }) =>
      edit('records.update', (step) => editRecords(store, step, ids, patch)),
    'changes.undo': ({ undoId }) => {
      const now = clock.now().getTime();
      store.transaction(() => undoEdit(store, undoId, now)).immediate();
      changed('catalog', 'imports', 'shares');
      return {};
    },
    'changes.list': () => listEdits(readStore),
  };
}

const names = new Intl.Collator('en');

/** Smaller numbers first, equal ones by name, as on the client's page. */
const inOrder = (a: CustomerRow | ProjectRow, b: CustomerRow | ProjectRow): number =>
  a.sort_order - b.sort_order || names.compare(a.name, b.name) || a.id - b.id;

/** Sums are made once per version of the data: at a million records they take milliseconds. */
function cachedTotals({ readStore }: AppContext): () => Map<number, Totals> {
  let version = -1;
  let cached = new Map<number, Totals>();
  return () => {
    const now = dataVersion(readStore);
    if (now !== version) {
      cached = projectTotals(readStore);
      version = now;
    }
    return cached;
  };
}

function countShares({ readStore }: AppContext): Map<number, number> {
  const rows = readStore
    .prepare(
      'SELECT customer_id, count(*) FROM shares WHERE deleted_at IS NULL GROUP BY customer_id',
    )
    .raw()
    .all() as [number, number][];
  return new Map(rows);
}

/** What customers and projects have in common. */
function entity(row: CustomerRow | ProjectRow) {
  return {
    id: row.id,
    name: row.name,
    number: row.number,
    visible: row.visible === 1,
    color: row.color,
    comment: row.comment,
    budgetE4: row.budget_e4,
    timeBudgetS: row.time_budget_s,
    budgetType: row.budget_type,
    sortOrder: row.sort_order,
    edited: row.edited === '' ? [] : row.edited.split(',').map((column) => fieldOf[column]!),
  };
}

const textOf = (day: DayNumber | null): string | null => (day === null ? null : dayText(day));

function totalsOf({ firstDay, lastDay, ...sums }: Totals) {
  return { ...sums, firstDay: textOf(firstDay), lastDay: textOf(lastDay) };
}

const columnOf = {
  visible: 'visible',
  color: 'color',
  comment: 'comment',
  budgetE4: 'budget_e4',
  timeBudgetS: 'time_budget_s',
  budgetType: 'budget_type',
  sortOrder: 'sort_order',
  currency: 'currency',
} as const;
const fieldOf: Record<string, string> = Object.fromEntries(
  Object.entries(columnOf).map(([field, column]) => [column, field]),
);

/** Columns that differ are noted as edited, so that imports leave them alone. Throws `not_found`. */
function updateEntity(
  step: Edit,
  store: AppContext['store'],
  table: 'customers' | 'projects',
  id: number,
  patch: Partial<Record<keyof typeof columnOf, unknown>>,
): void {
  const row = readRow(store, table, id);
  if (!row) throw new AppError('not_found');
  const values: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(patch)) {
    const column = columnOf[field as keyof typeof columnOf];
    const stored = typeof value === 'boolean' ? Number(value) : value;
    if (value !== undefined && row[column as keyof typeof row] !== stored) values[column] = stored;
  }
  const edited = new Set([...row.edited.split(','), ...Object.keys(values)].filter(Boolean));
  step.update(table, [id], { ...values, edited: [...edited].sort().join(',') });
}

const clockText = (minutes: number | null): string | null =>
  minutes === null || minutes < 0
    ? null
    : `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

function recordOf({ beginMin, endMin, billableImported, ...row }: ListedRecord) {
  return {
    ...row,
    day: dayText(row.day),
    begin: clockText(beginMin),
    end: clockText(endMin),
    running: row.running === 1,
    tags: row.tags ?? '',
    billable: row.billable === 1,
    billableEdited: row.billable !== (billableImported ?? 1),
    hidden: row.hidden === 1,
  };
}
