/** Rows of the small tables as they are stored: customers, projects, users, activities, aliases. */
import type { Store } from '../open.ts';

export interface CustomerRow {
  id: number;
  kimai_id: number | null;
  name: string;
  number: string | null;
  currency: string | null;
  visible: number;
  color: string | null;
  comment: string;
  budget_e4: number;
  time_budget_s: number;
  budget_type: 'month' | null;
  sort_order: number;
  /** Comma list of columns that the owner changed by hand. */
  edited: string;
}

export interface ProjectRow {
  id: number;
  kimai_id: number | null;
  customer_id: number;
  name: string;
  number: string | null;
  order_number: string | null;
  visible: number;
  color: string | null;
  comment: string;
  budget_e4: number;
  time_budget_s: number;
  budget_type: 'month' | null;
  sort_order: number;
  edited: string;
}

export interface UserRow {
  id: number;
  /** The login, else the display name. */
  identity: string;
  login: string | null;
  display_name: string;
}

export interface ActivityRow {
  id: number;
  name: string;
}

export interface CustomerAliasRow {
  name: string;
  number: string;
  customer_id: number;
}

export interface ProjectAliasRow {
  customer_id: number;
  name: string;
  number: string;
  project_id: number;
}

/** Table → its row, for the generic functions below. */
export interface EntityRows {
  customers: CustomerRow;
  projects: ProjectRow;
  users: UserRow;
  activities: ActivityRow;
}
export type EntityTable = keyof EntityRows;

type Reads = Pick<Store, 'prepare'>;

export function readAll<T extends EntityTable>(db: Reads, table: T): EntityRows[T][] {
  return db.prepare(`SELECT * FROM ${table} ORDER BY id`).all() as EntityRows[T][];
}

/** The row with this id; null if there is none. */
export function readRow<T extends EntityTable>(
  db: Reads,
  table: T,
  id: number,
): EntityRows[T] | null {
  return (db.prepare(`SELECT * FROM ${table} WHERE id = ?`).get(id) ?? null) as
    EntityRows[T] | null;
}

/** Inserts a row, with its id if it has one; returns the id. Keys must be column names of ours. */
export function insertRow(db: Store, table: string, row: object): number {
  const columns = Object.keys(row);
  const places = columns.map(() => '?').join(', ');
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`;
  return Number(db.prepare(sql).run(...Object.values(row)).lastInsertRowid);
}

/** Sets the columns of `patch` on the row with this id. */
export function updateRow(db: Store, table: string, id: number, patch: object): void {
  const columns = Object.keys(patch);
  if (columns.length === 0) return;
  const sets = columns.map((column) => `${column} = ?`).join(', ');
  db.prepare(`UPDATE ${table} SET ${sets} WHERE id = ?`).run(...Object.values(patch), id);
}

export const readCustomerAliases = (db: Reads): CustomerAliasRow[] =>
  db.prepare('SELECT * FROM customer_aliases').all() as CustomerAliasRow[];

export const readProjectAliases = (db: Reads): ProjectAliasRow[] =>
  db.prepare('SELECT * FROM project_aliases').all() as ProjectAliasRow[];
