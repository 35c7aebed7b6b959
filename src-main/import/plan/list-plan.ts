/** What importing Kimai's XLSX list of customers or projects would do. Writes nothing. */
import { createHash } from 'node:crypto';
import type { CustomerRow, ProjectRow } from '../../store/catalog/entity-rows.ts';
import type { ReadDb } from '../../store/db.ts';
import { EntityBook } from './entities.ts';
import {
  nameOf,
  numberOf,
  sameNumber,
  type CustomerSlot,
  type ProjectSlot,
} from './entity-slots.ts';
import { areAlike } from './names.ts';
import type { ImportCustomer, ImportProject, RowProblem } from '../rows/types.ts';

/** Columns that a list can set and a preview shows. */
export type ListField =
  | 'name'
  | 'number'
  | 'order_number'
  | 'customer'
  | 'currency'
  | 'budget_e4'
  | 'time_budget_s'
  | 'budget_type'
  | 'color'
  | 'visible';

type Values = Partial<Record<ListField, string | number | null>>;

export interface ListRow {
  line: number;
  kind: 'new' | 'changed' | 'unchanged';
  customer: string;
  project: string;
  before: Values;
  after: Values;
  /** Fields that stay since the owner edited them here. */
  kept: ListField[];
}

export type ListContent =
  | { kind: 'customers'; entries: ImportCustomer[]; problems: RowProblem[] }
  | { kind: 'projects'; entries: ImportProject[]; problems: RowProblem[] };

export interface ListPlan {
  kind: 'customers' | 'projects';
  book: EntityBook;
  rows: ListRow[];
  problems: RowProblem[];
  digest: string;
  version: number;
}

/** Plans against what the store holds; `version` is its data version. */
export function planList(db: ReadDb, content: ListContent, version: number): ListPlan {
  const book = new EntityBook(db);
  const problems = [...content.problems];
  const rows =
    content.kind === 'customers'
      ? planCustomers(book, content.entries, problems)
      : planProjects(book, content.entries, problems);
  const digest = createHash('sha256')
    .update(JSON.stringify([rows, problems]))
    .digest('hex');
  return { kind: content.kind, book, rows, problems, digest, version };
}

function planCustomers(
  book: EntityBook,
  entries: ImportCustomer[],
  problems: RowProblem[],
): ListRow[] {
  const seen = new Set<CustomerSlot>();
  const rows: ListRow[] = [];
  for (const entry of entries) {
    const number = entry.number ?? null;
    const listed = findListed(book.customers, entry, seen);
    if (!listed && book.mergedCustomer(entry.name, number)) {
      rows.push({ ...untouched(entry), customer: entry.name, project: '' });
      continue;
    }
    const slot = listed ?? book.addCustomer(entry.name, number);
    if (seen.has(slot)) {
      problems.push(duplicate(entry));
      continue;
    }
    seen.add(slot);
    slot.used = true;
    const row = setFields(book, slot, entry, {
      name: entry.name,
      number: entry.number,
      currency: entry.currency,
      ...budgetOf(entry),
    });
    rows.push({ ...row, customer: entry.name, project: '' });
  }
  return rows;
}

function planProjects(
  book: EntityBook,
  entries: ImportProject[],
  problems: RowProblem[],
): ListRow[] {
  const seen = new Set<ProjectSlot>();
  const rows: ListRow[] = [];
  for (const entry of entries) {
    const known = book.projects.find((slot) => slot.row.kimai_id === entry.kimaiId);
    const customer =
      book.withKimaiId(book.customers, entry.customerKimaiId) ??
      (known && areAlike(nameOf(known.customer), entry.customer)
        ? known.customer
        : book.customer(entry.customer, null, entry.name));
    const number = entry.number ?? null;
    const listed = known ?? findListed(book.projectsOf(customer), entry, seen);
    if (!listed && book.mergedProject(customer, entry.name, number)) {
      rows.push({ ...untouched(entry), customer: entry.customer, project: entry.name });
      continue;
    }
    const slot = listed ?? book.addProject(customer, entry.name, number);
    if (seen.has(slot)) {
      problems.push(duplicate(entry));
      continue;
    }
    seen.add(slot);
    slot.used = true;
    customer.used = true;
    const row = setFields(book, slot, entry, {
      name: entry.name,
      number: entry.number,
      order_number: entry.orderNumber,
      ...budgetOf(entry),
    });
    if (slot.customer !== customer) {
      row.kind = 'changed';
      row.before.customer = nameOf(slot.customer);
      row.after.customer = nameOf(customer);
      slot.customer = customer;
    }
    rows.push({ ...row, customer: entry.customer, project: entry.name });
  }
  return rows;
}

/** By Kimai's id; else one that has none yet, with that number, else with that name. */
function findListed<S extends CustomerSlot | ProjectSlot>(
  slots: readonly S[],
  entry: { kimaiId: number; name: string; number?: string },
  seen: ReadonlySet<S>,
): S | undefined {
  const known = slots.find((slot) => slot.row.kimai_id === entry.kimaiId);
  if (known) return known;
  const free = slots.filter((slot) => slot.row.kimai_id === null && !seen.has(slot));
  const number = entry.number ?? null;
  const numbered = free.filter((slot) => sameNumber(numberOf(slot), number));
  const named = free.filter((slot) => areAlike(nameOf(slot), entry.name));
  return (
    numbered.find((slot) => named.includes(slot)) ??
    (numbered.length === 1 && named.length === 0 ? numbered[0] : undefined) ??
    named.find((slot) => number === null || numberOf(slot) === null)
  );
}

/** The owner merged it into another one, whose own values stay. */
const untouched = ({ line }: { line: number }): Omit<ListRow, 'customer' | 'project'> => ({
  line,
  kind: 'unchanged',
  before: {},
  after: {},
  kept: [],
});

const duplicate = (entry: { line: number; kimaiId: number }): RowProblem => ({
  line: entry.line,
  code: 'id_duplicate',
  header: '',
  value: String(entry.kimaiId),
});

function budgetOf(entry: ImportCustomer | ImportProject): Record<string, unknown> {
  return {
    budget_e4: entry.budgetE4,
    time_budget_s: entry.timeBudgetS,
    budget_type: entry.budgetType,
    color: entry.color,
    visible: entry.visible === undefined ? undefined : Number(entry.visible),
  };
}

/** Notes what the list says anew. Undefined: it does not say, so that what is known stays. */
function setFields(
  book: EntityBook,
  slot: CustomerSlot | ProjectSlot,
  entry: { line: number; kimaiId: number },
  values: Record<string, unknown>,
): Pick<ListRow, 'line' | 'kind' | 'before' | 'after' | 'kept'> {
  const row = slot.row as Partial<CustomerRow & ProjectRow> as Record<string, unknown>;
  const patch = slot.patch as Record<string, unknown>;
  const edited = new Set(slot.row.edited.split(','));
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  const kept: ListField[] = [];
  for (const [field, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const known = patch[field] ?? row[field];
    const isSame =
      known === value || (field === 'name' && areAlike(known as string, value as string));
    if (edited.has(field)) {
      if (!isSame) kept.push(field as ListField);
      continue;
    }
    if (slot.id === null || !isSame) after[field] = value;
    if (isSame) continue;
    if (slot.id !== null) before[field] = known;
    if (field === 'name' && slot.id !== null) book.rename(slot, value as string);
    else patch[field] = value;
  }
  if (slot.row.kimai_id !== entry.kimaiId) patch.kimai_id = entry.kimaiId;
  const kind = slot.id === null ? 'new' : Object.keys(before).length > 0 ? 'changed' : 'unchanged';
  return { line: entry.line, kind, before: before as Values, after: after as Values, kept };
}
