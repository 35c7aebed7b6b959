import { shareOptions, type ShareOptions } from '../../../src-shared/contract/shares.ts';
import type { DayNumber } from '../../../src-shared/domain/day.ts';
import { shareState } from '../../../src-shared/domain/share-state.ts';
import type { ReadDb } from '../db.ts';
import { parseJson } from '../json-column.ts';

/** A share whose link works. */
export interface PublishedShare {
  id: number;
  label: string;
  customerId: number;
  projectId: number | null;
  projectIds: number[];
  options: ShareOptions;
}

interface ShareRow extends Omit<PublishedShare, 'projectIds' | 'options'> {
  projectIds: string;
  options: string;
  paused: number;
  expiresDay: DayNumber | null;
}

/** The shares that clients can open on the day `today`, by id. */
export function readPublishedShares(db: ReadDb, today: DayNumber): PublishedShare[] {
  const rows = db
    .prepare<[], ShareRow>(
      `SELECT id, label, customer_id AS customerId, project_id AS projectId, options, paused,
              expires_day AS expiresDay,
              (SELECT json_group_array(project_id) FROM share_projects WHERE share_id = shares.id)
                AS projectIds
         FROM shares WHERE deleted_at IS NULL ORDER BY id`,
    )
    .all();
  return rows
    .filter((row) => shareState({ ...row, paused: row.paused === 1 }, today) === 'active')
    .map(({ id, label, customerId, projectId, projectIds, options }) => ({
      id,
      label,
      customerId,
      projectId,
      projectIds: parseJson(projectIds),
      options: shareOptions.parse(JSON.parse(options)),
    }));
}
