/** Writes customers, projects, users and activities. Runs inside a transaction of the caller. */
import type { WriteDb } from '../../store/db.ts';
import { insertRow, updateRow } from '../../store/catalog/entity-rows.ts';
import {
  prepareNote,
  primaryKeys,
  readKeyed,
  stepOfImport,
  type Change,
  type Row,
} from '../../store/changes/journal.ts';
import type { EntityBook } from '../plan/entities.ts';
import type { ActivitySlot, CustomerSlot, ProjectSlot, UserSlot } from '../plan/entity-slots.ts';

type AnySlot = CustomerSlot | ProjectSlot | UserSlot | ActivitySlot;

/** Creates and updates the customers, projects, users and activities that an import needs. */
export class EntityWriter {
  #db: WriteDb;
  #book: EntityBook;
  #note: (change: Change) => void;
  /** Created rows that are already listed among the changes. */
  #noted = new Set<AnySlot>();

  constructor(db: WriteDb, book: EntityBook, importId: number) {
    this.#db = db;
    this.#book = book;
    this.#note = prepareNote(db, stepOfImport(db, importId));
  }

  customerId(slot: CustomerSlot): number {
    return slot.id ?? this.#create('customers', slot, {});
  }

  projectId(slot: ProjectSlot): number {
    return (
      slot.id ?? this.#create('projects', slot, { customer_id: this.customerId(slot.customer) })
    );
  }

  userId(slot: UserSlot): number {
    if (slot.id !== null) return slot.id;
    // A stored user who gets a login by this import frees the display name as an identity.
    this.#finish('users', this.#book.users);
    return this.#create('users', slot, {});
  }

  activityId(slot: ActivitySlot): number {
    return slot.id ?? this.#create('activities', slot, {});
  }

  /** Writes what the file says anew about rows that exist, and notes all that happened. */
  finish(): void {
    for (const slot of this.#book.projects) {
      // A project list may have moved it to another customer.
      if (slot.used && slot.id !== null && !slot.isNew) {
        const customerId = this.customerId(slot.customer);
        if (slot.row.customer_id !== customerId) slot.patch.customer_id = customerId;
      }
    }
    this.#finish('customers', this.#book.customers);
    this.#finish('projects', this.#book.projects);
    this.#finish('users', this.#book.users);
    this.#finish('activities', this.#book.activities);
    for (const { slot, name, number } of this.#book.aliases) {
      if (!slot.used || slot.isNew || slot.id === null) continue;
      const isProject = 'customer' in slot;
      const table = isProject ? 'project_aliases' : 'customer_aliases';
      const row: Row = isProject
        ? { customer_id: this.customerId(slot.customer), name, number, project_id: slot.id }
        : { name, number, customer_id: slot.id };
      const key = primaryKeys[table].map((column) => row[column]);
      if (readKeyed(this.#db, table, key)) continue;
      insertRow(this.#db, table, row);
      this.#note({ table, key, before: null, after: row });
    }
  }

  #create(table: string, slot: AnySlot, more: object): number {
    slot.row = { ...slot.row, ...slot.patch, ...more } as never;
    slot.patch = {};
    slot.id = insertRow(this.#db, table, slot.row);
    return slot.id;
  }

  #finish(table: 'customers' | 'projects' | 'users' | 'activities', slots: AnySlot[]): void {
    for (const slot of slots) {
      if (slot.id === null || !(slot.used || slot.isNew)) continue;
      const hasNews = Object.keys(slot.patch).length > 0;
      if (!hasNews && (!slot.isNew || this.#noted.has(slot))) continue;
      const key = [slot.id];
      const before = slot.isNew ? null : readKeyed(this.#db, table, key);
      updateRow(this.#db, table, slot.id, slot.patch);
      slot.row = { ...slot.row, ...slot.patch } as never;
      slot.patch = {};
      this.#noted.add(slot);
      this.#note({ table, key, before, after: readKeyed(this.#db, table, key) });
    }
  }
}
