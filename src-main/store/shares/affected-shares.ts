import type { ReadDb } from '../db.ts';

export interface Affected {
  /** Null: a project that is yet to be created, or the customer as a whole. */
  projectId: number | null;
  customerId: number | null;
}

interface ShareRow {
  id: number;
  label: string;
  customer_id: number;
  project_id: number | null;
  options: string;
}

/**
 * Published shares (not deleted, paused or expired on `today`, `yyyymmdd`) whose pages show one of
 * these projects.
 */
export function sharesShowing(
  db: ReadDb,
  affected: readonly Affected[],
  today: number,
): { shareId: number; label: string }[] {
  const projects = new Set(affected.map((one) => one.projectId));
  const customers = new Set(affected.map((one) => one.customerId));
  const shares = db
    .prepare(
      `SELECT id, label, customer_id, project_id, options FROM shares
       WHERE deleted_at IS NULL AND paused = 0 AND (expires_day IS NULL OR expires_day >= ?)
       ORDER BY id`,
    )
    .all(today) as ShareRow[];
  const picked = db.prepare('SELECT project_id FROM share_projects WHERE share_id = ?').pluck();
  const shows = (share: ShareRow): boolean => {
    if (!customers.has(share.customer_id)) return false;
    if (share.project_id !== null) return projects.has(share.project_id);
    const { projectSelection } = JSON.parse(share.options) as { projectSelection?: string };
    if (projectSelection !== 'selected') return true;
    return (picked.all(share.id) as number[]).some((id) => projects.has(id));
  };
  return shares.filter(shows).map(({ id, label }) => ({ shareId: id, label }));
}
