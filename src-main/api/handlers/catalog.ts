import type { catalogMethods, Customer, Project } from '../../../src-shared/contract/catalog.ts';
import { clockText } from '../../../src-shared/domain/clock-text.ts';
import { dayText, parseDay, type DayNumber } from '../../../src-shared/domain/day.ts';
import type { QueryContext } from '../../context.ts';
import { readAll, type CustomerRow, type ProjectRow } from '../../store/catalog/entity-rows.ts';
import { listEdits } from '../../store/changes/edits.ts';
import { dataVersion } from '../../store/data-version.ts';
import type { ReadDb } from '../../store/db.ts';
import { listRecords, type ListedRecord } from '../../store/records/record-list.ts';
import { addTotals, noTotals, projectTotals, type Totals } from '../../store/records/totals.ts';
import { readSavedFilters } from '../../store/saved-filters.ts';
import { countSharesByCustomer } from '../../store/shares/shares.ts';
import type { QueriesOf } from '../handlers.ts';
import { fieldOf } from './catalog-columns.ts';

/** Customers, projects and records as the owner sees them. */
export function createCatalogQueries({
  readStore,
}: QueryContext): QueriesOf<typeof catalogMethods> {
  const totals = cachedTotals(readStore);

  return {
    'customers.list': () => {
      const projects = readAll(readStore, 'projects');
      const sharesOf = countSharesByCustomer(readStore);
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
    'records.list': async ({ firstDay, lastDay, ...filter }) => {
      const { total, durationS, rows } = await listRecords(readStore, {
        ...filter,
        firstDay: firstDay === undefined ? undefined : parseDay(firstDay)!,
        lastDay: lastDay === undefined ? undefined : parseDay(lastDay)!,
      });
      return { total, durationS, rows: rows.map(recordOf) };
    },
    'records.filters': () => readSavedFilters(readStore),
    'changes.list': () => listEdits(readStore),
  };
}

const names = new Intl.Collator('en');

/** Smaller numbers first, equal ones by name, as on the client's page. */
const inOrder = (a: CustomerRow | ProjectRow, b: CustomerRow | ProjectRow): number =>
  a.sort_order - b.sort_order || names.compare(a.name, b.name) || a.id - b.id;

/** Sums are made once per version of the data: at a million records they take milliseconds. */
function cachedTotals(readStore: ReadDb): () => Map<number, Totals> {
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

const clockOrNull = (minutes: number | null): string | null =>
  minutes === null || minutes < 0 ? null : clockText(minutes);

function recordOf({ beginMin, endMin, billableImported, ...row }: ListedRecord) {
  return {
    ...row,
    day: dayText(row.day),
    begin: clockOrNull(beginMin),
    end: clockOrNull(endMin),
    running: row.running === 1,
    tags: row.tags ?? '',
    billable: row.billable === 1,
    billableEdited: row.billable !== (billableImported ?? 1),
    hidden: row.hidden === 1,
  };
}
