import { AppError } from '../../../src-shared/errors.ts';
import type { Edit } from './edits.ts';
import { takeOver } from './imports.ts';
import type { WriteDb } from '../db.ts';
import { rebuildDays } from '../records/rollup.ts';

interface EditedRecord {
  id: number;
  import_id: number | null;
  hidden: number;
  billable: number;
  billable_imported: number | null;
}

/**
 * Hides records or corrects their billable flag (null: what the file said), and keeps the roll-up
 * right. A record that changes belongs to no import any more. Throws `not_found`.
 */
export function editRecords(
  db: WriteDb,
  edit: Edit,
  ids: readonly number[],
  patch: { hidden?: boolean | undefined; billable?: boolean | null | undefined },
): void {
  const read = db.prepare<[id: number], EditedRecord>(
    'SELECT id, import_id, hidden, billable, billable_imported FROM records WHERE id = ?',
  );
  const touched = {
    sql: 'SELECT project_id, day FROM records WHERE id IN (SELECT value FROM json_each(?))',
    params: [JSON.stringify(ids)],
  };
  const lost = new Map<number, number>();
  rebuildDays(db, touched, () => {
    for (const id of new Set(ids)) {
      const row = read.get(id);
      if (!row) throw new AppError('not_found');
      const hidden = patch.hidden === undefined ? row.hidden : Number(patch.hidden);
      const billable =
        patch.billable === undefined
          ? row.billable
          : Number(patch.billable ?? row.billable_imported ?? 1);
      if (hidden === row.hidden && billable === row.billable) continue;
      edit.update('records', [id], { hidden, billable, import_id: null });
      if (row.import_id !== null) lost.set(row.import_id, (lost.get(row.import_id) ?? 0) + 1);
    }
  });
  takeOver(db, lost);
}
