/** A customer, project, user or activity as an import sees it: as stored, and what it adds. */
import {
  readAll,
  type ActivityRow,
  type CustomerRow,
  type EntityRows,
  type EntityTable,
  type ProjectRow,
  type UserRow,
} from '../../store/catalog/entity-rows.ts';
import type { ReadDb } from '../../store/db.ts';

/** A stored row, or one to come (`id` null), and what the file adds to it. */
export interface Slot<Row> {
  index: number;
  /** Null until it is created. */
  id: number | null;
  /** It was not stored when the plan was made. */
  isNew: boolean;
  /** As stored; for a new one as far as it is known. */
  row: Omit<Row, 'id'>;
  patch: Partial<Omit<Row, 'id'>>;
  /** At least one row of the file that can be imported means it. */
  used: boolean;
  /** Names under which this file means it: more than one after a rename is no rename. */
  seenAs: Set<string>;
}
export type CustomerSlot = Slot<CustomerRow>;
export interface ProjectSlot extends Slot<ProjectRow> {
  customer: CustomerSlot;
}
export type UserSlot = Slot<UserRow>;
export type ActivitySlot = Slot<ActivityRow>;

/** Another name under which old exports still mention a customer or project. */
export interface NewAlias {
  slot: CustomerSlot | ProjectSlot;
  name: string;
  number: string;
}

/** Numbers that were text once: PhpSpreadsheet (Kimai up to 2.26) may drop leading zeros. */
const foldNumber = (number: string): string =>
  /^\d+$/.test(number) ? number.replace(/^0+(?=\d)/, '') : number;
export const sameNumber = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && foldNumber(a) === foldNumber(b);

export const emptyBudget = {
  visible: 1,
  color: null,
  comment: '',
  budget_e4: 0,
  time_budget_s: 0,
  budget_type: null,
  sort_order: 0,
  edited: '',
};

export const nameOf = (slot: CustomerSlot | ProjectSlot): string =>
  slot.patch.name ?? slot.row.name;
export const numberOf = (slot: CustomerSlot | ProjectSlot): string | null =>
  slot.patch.number ?? slot.row.number;
export const currencyOf = (slot: CustomerSlot): string | null =>
  slot.patch.currency ?? slot.row.currency;
export const loginOf = (slot: UserSlot): string | null => slot.patch.login ?? slot.row.login;

/** A slot of something that is not stored yet. */
export function newSlot<Row>(index: number, row: Omit<Row, 'id'>): Slot<Row> {
  return { index, id: null, isNew: true, row, patch: {}, used: false, seenAs: new Set() };
}

/** All stored rows of a table as slots. */
export function load<T extends EntityTable>(db: ReadDb, table: T): Slot<EntityRows[T]>[] {
  return readAll(db, table).map(({ id, ...row }, index) => ({
    ...newSlot<EntityRows[T]>(index, row as Omit<EntityRows[T], 'id'>),
    id,
    isNew: false,
  }));
}

/** The list at a key, made at the first use. */
export function listIn<K, V>(map: Map<K, V[]>, key: K): V[] {
  let list = map.get(key);
  if (!list) map.set(key, (list = []));
  return list;
}
