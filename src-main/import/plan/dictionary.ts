/** What the dictionary indexes of the batches mean: customers, projects, users and activities. */
import type { StoredRecord } from '../../store/records/stored-record.ts';
import type { RowBatch } from '../rows/batch.ts';
import type { RowReader } from '../rows/row-reader.ts';
import type { RowIds } from './diff.ts';
import { type EntityBook } from './entities.ts';
import { currencyOf, type ActivitySlot, type ProjectSlot, type UserSlot } from './entity-slots.ts';

export class Dictionary {
  readonly people: { slot: UserSlot; candidates: UserSlot[] }[] = [];
  /** `conflict`: a currency of the file that the customer does not have; null if there is none. */
  readonly projects: { slot: ProjectSlot; conflict: string | null }[] = [];
  readonly activities: ActivitySlot[] = [];
  /** No two names of the file mean the same person or project. */
  areDistinct = true;
  #met = new Set<UserSlot | ProjectSlot>();

  /** Looks up the names that are new in a batch. */
  add(book: EntityBook, batch: RowBatch): void {
    for (const person of batch.people) {
      const user = book.user(person);
      this.#meet(user.slot);
      this.people.push(user);
    }
    for (const name of batch.activities) this.activities.push(book.activity(name));
    for (const ref of batch.projects) {
      const slot = book.project(ref);
      this.#meet(slot);
      const known = currencyOf(slot.customer);
      const conflict = known && ref.currency && known !== ref.currency ? ref.currency : null;
      if (ref.currency && !known) slot.customer.patch.currency = ref.currency;
      if (ref.orderNumber && slot.row.order_number !== ref.orderNumber) {
        slot.patch.order_number = ref.orderNumber;
      }
      this.projects.push({ slot, conflict });
    }
  }

  #meet(slot: UserSlot | ProjectSlot): void {
    if (this.#met.has(slot)) this.areDistinct = false;
    this.#met.add(slot);
  }

  /** Ids that a row means, given the stored record that it is compared with. */
  ids(row: RowReader, stored: StoredRecord | null): RowIds {
    const person = this.people[row.personIndex]!;
    const same = stored && person.candidates.find((slot) => slot.id === stored.userId);
    return {
      user: (same || person.slot).id ?? 0,
      project: this.projects[row.projectIndex]!.slot.id ?? 0,
      activity: this.activities[row.activityIndex]!.id ?? 0,
    };
  }
}
