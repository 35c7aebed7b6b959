import type { WriteDb } from '../../store/db.ts';
import type { ListPlan } from '../plan/list-plan.ts';
import { EntityWriter } from './entity-writer.ts';

/** Writes what a list of customers or projects says, within a transaction of the caller. */
export function writeList(db: WriteDb, { book }: ListPlan, importId: number): void {
  const writer = new EntityWriter(db, book, importId);
  for (const slot of book.customers) if (slot.used) writer.customerId(slot);
  for (const slot of book.projects) if (slot.used) writer.projectId(slot);
  writer.finish();
}
