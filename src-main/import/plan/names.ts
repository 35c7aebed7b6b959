/** What the dictionary numbers of the batches mean: customers, projects, users and activities. */
import { R, type RawRecord } from '../../store/records/records.ts';
import { I, type RowBatch, type RowReader } from '../rows/batch.ts';
import type { RowIds } from './diff.ts';
import { type EntityBook } from './entities.ts';
import { currencyOf, type ActivitySlot, type ProjectSlot, type UserSlot } from './entity-slots.ts';

export class Names {
  readonly people: { slot: UserSlot; candidates: UserSlot[] }[] = [];
  readonly jobs: { project: ProjectSlot; conflict: string | null }[] = [];
  readonly activities: ActivitySlot[] = [];
  /** No two names of the file mean the same person or project. */
  areDistinct = true;
  #met = new Set<UserSlot | ProjectSlot>();

  add(book: EntityBook, batch: RowBatch): void {
    for (const person of batch.people) {
      const user = book.user(person);
      this.#meet(user.slot);
      this.people.push(user);
    }
    for (const name of batch.activities) this.activities.push(book.activity(name));
    for (const job of batch.jobs) {
      const project = book.project(job);
      this.#meet(project);
      const known = currencyOf(project.customer);
      const conflict = known && job.currency && known !== job.currency ? job.currency : null;
      if (job.currency && !known) project.customer.patch.currency = job.currency;
      if (job.orderNumber && project.row.order_number !== job.orderNumber) {
        project.patch.order_number = job.orderNumber;
      }
      this.jobs.push({ project, conflict });
    }
  }

  #meet(slot: UserSlot | ProjectSlot): void {
    if (this.#met.has(slot)) this.areDistinct = false;
    this.#met.add(slot);
  }

  /** Ids that a row means, given the stored record that it is compared with. */
  ids(row: RowReader, stored: RawRecord | null): RowIds {
    const person = this.people[row.int(I.person)]!;
    const same = stored && person.candidates.find((slot) => slot.id === stored[R.user_id]);
    return {
      user: (same || person.slot).id ?? 0,
      project: this.jobs[row.int(I.job)]!.project.id ?? 0,
      activity: this.activities[row.int(I.activity)]!.id ?? 0,
    };
  }
}
