import type { DayNumber } from '../../../src-shared/domain/day.ts';
import type { ReadDb } from '../../store/db.ts';
import { RecordReads } from '../../store/records/records.ts';
import type { StoredRecord } from '../../store/records/stored-record.ts';
import { listExposedUserIds } from '../../store/shares/exposure.ts';
import { readPublishedShares } from '../../store/shares/published-shares.ts';
import { RowReader } from '../rows/row-reader.ts';
import { applyRow, diffRow } from '../plan/diff.ts';
import type { EntityBook } from '../plan/entities.ts';
import type { ProjectSlot } from '../plan/entity-slots.ts';
import { rowKind } from '../plan/planned-batch.ts';
import type { Plan } from '../plan/plan.ts';
import { ShareChanges, type ChangedRecord } from './share-changes.ts';

type Affected = { shareId: number; label: string }[];

/** The published shares that will show something new after the import of a list. */
export function sharesAffectedByList(db: ReadDb, book: EntityBook, today: DayNumber): Affected {
  const shares = readPublishedShares(db, today);
  return new ShareChanges(shares, book.customers, book.projects, today).list();
}

/** The published shares that will show something new after the import of a timesheet. */
export function sharesAffectedByTimesheet(db: ReadDb, plan: Plan, today: DayNumber): Affected {
  const shares = readPublishedShares(db, today);
  if (shares.length === 0) return [];
  const { book } = plan;
  const changes = new ShareChanges(shares, book.customers, book.projects, today);
  const reads = new RecordReads(db);
  const slots = new Map(book.projects.map((slot) => [slot.id, slot]));
  const recordOf = (stored: StoredRecord): ChangedRecord =>
    shownRecord(stored, slots.get(stored.projectId)!);
  for (const { batch, kinds, refs } of plan.batches) {
    const reader = new RowReader(batch);
    for (let row = 0; row < batch.rows; row++) {
      if (kinds[row] !== rowKind.new && kinds[row] !== rowKind.changed) continue;
      reader.at(row);
      const project = plan.dictionary.projects[reader.projectIndex]!.slot;
      if (kinds[row] === rowKind.new) {
        const { day, running, durationS, rateE4 } = reader;
        const billable = reader.billable ?? true;
        changes.cameOrWent({ project, day, billable, running, durationS, rateE4 });
        continue;
      }
      const stored = reads.byId(refs[row]!)!;
      if (stored.hidden) continue;
      const ids = plan.dictionary.ids(reader, stored);
      const bits = diffRow(stored, reader, ids, plan.file);
      const after = applyRow(stored, reader, ids, plan.file, bits);
      changes.changed(recordOf(stored), shownRecord(after, project));
    }
  }
  for (const id of plan.removed) {
    const stored = reads.byId(id)!;
    if (!stored.hidden) changes.cameOrWent(recordOf(stored));
  }
  const renamed = new Set(
    book.users
      .filter((slot) => slot.used && !slot.isNew && slot.patch.display_name !== undefined)
      .map(({ id }) => id),
  );
  if (renamed.size > 0) {
    changes.renamedUsers((projectIds, filter) =>
      listExposedUserIds(db, { projectIds, ...filter }).some((id) => renamed.has(id)),
    );
  }
  return changes.list();
}

/** A stored record as its page would show it. Only equality counts, so ids stand for names. */
function shownRecord(record: StoredRecord, project: ProjectSlot): ChangedRecord {
  const { id, day, projectId, endMin, running, durationS, billable, description } = record;
  const { rateE4, hourlyRateE4, fixedRateE4 } = record;
  return {
    ...{ project, id, day, projectId, endMin, running, durationS, billable, description },
    ...{ rateE4, hourlyRateE4, fixedRateE4 },
    userIdentity: String(record.userId),
    userName: '',
    activity: String(record.activityId),
    tags: record.tags ?? '',
    beginMin: record.beginMin < 0 ? null : record.beginMin,
  };
}
