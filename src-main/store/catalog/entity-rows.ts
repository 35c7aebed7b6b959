/** Rows of the small tables as they are stored: customers, projects, users, activities, aliases. */
import type { ReadDb, WriteDb } from '../db.ts';

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

/** Named one by one, so that a column which a later migration adds reaches nobody unawares. */
const columns: { [T in EntityTable]: readonly (keyof EntityRows[T])[] } = {
  customers: [
    'id',
    'kimai_id',
    'name',
    'number',
    'currency',
    'visible',
    'color',
    'comment',
    'budget_e4',
    'time_budget_s',
    'budget_type',
    'sort_order',
    'edited',
  ],
  projects: [
    'id',
    'kimai_id',
    'customer_id',
    'name',
    'number',
    'order_number',
    'visible',
    'color',
    'comment',
    'budget_e4',
    'time_budget_s',
    'budget_type',
    'sort_order',
    'edited',
  ],
  users: ['id', 'identity', 'login', 'display_name'],
  activities: ['id', 'name'],
};

export function readAll<T extends EntityTable>(db: ReadDb, table: T): EntityRows[T][] {
  return db.prepare<[], EntityRows[T]>(`${selectEntity(table)} ORDER BY id`).all();
}

const selectEntity = (table: EntityTable): string =>
  `SELECT ${columns[table].join(', ')} FROM ${table}`;

/** The row with this id; null if there is none. */
export function readRow<T extends EntityTable>(
  db: ReadDb,
  table: T,
  id: number,
): EntityRows[T] | null {
  const row = db
    .prepare<[id: number], EntityRows[T]>(`${selectEntity(table)} WHERE id = ?`)
    .get(id);
  return row ?? null;
}

/** Inserts a row, with its id if it has one; returns the id. Keys must be column names of ours. */
export function insertRow(db: WriteDb, table: string, row: object): number {
  const columns = Object.keys(row);
  const places = columns.map(() => '?').join(', ');
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`;
  return Number(db.prepare(sql).run(...Object.values(row)).lastInsertRowid);
}

/** Sets the columns of `patch` on the row with this id. */
export function updateRow(db: WriteDb, table: string, id: number, patch: object): void {
  const columns = Object.keys(patch);
  if (columns.length === 0) return;
  const sets = columns.map((column) => `${column} = ?`).join(', ');
  db.prepare(`UPDATE ${table} SET ${sets} WHERE id = ?`).run(...Object.values(patch), id);
}

const selectCustomerAliases = 'SELECT name, number, customer_id FROM customer_aliases';
const selectProjectAliases = 'SELECT customer_id, name, number, project_id FROM project_aliases';

export const readCustomerAliases = (db: ReadDb): CustomerAliasRow[] =>
  db.prepare<[], CustomerAliasRow>(selectCustomerAliases).all();

export const readProjectAliases = (db: ReadDb): ProjectAliasRow[] =>
  db.prepare<[], ProjectAliasRow>(selectProjectAliases).all();

/** Other names of one customer. */
export const aliasesOfCustomer = (db: ReadDb, customerId: number): CustomerAliasRow[] =>
  db
    .prepare<[customerId: number], CustomerAliasRow>(
      `${selectCustomerAliases} WHERE customer_id = ?`,
    )
    .all(customerId);

/** Other names of a customer's projects, or of one project. */
export const aliasesOfProjects = (
  db: ReadDb,
  column: 'customer_id' | 'project_id',
  id: number,
): ProjectAliasRow[] =>
  db.prepare<[id: number], ProjectAliasRow>(`${selectProjectAliases} WHERE ${column} = ?`).all(id);

export const projectsOfCustomer = (db: ReadDb, customerId: number): ProjectRow[] =>
  db
    .prepare<[customerId: number], ProjectRow>(`${selectEntity('projects')} WHERE customer_id = ?`)
    .all(customerId);
