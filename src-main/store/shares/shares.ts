import {
  shareOptions,
  type Share,
  type ShareDraft,
  type ShareOptions,
} from '../../../src-shared/contract/shares.ts';
import { dayText, localDay, parseDay, type DayNumber } from '../../../src-shared/domain/day.ts';
import { sharePath } from '../../../src-shared/domain/share-link.ts';
import { shareState } from '../../../src-shared/domain/share-state.ts';
import type { Clock } from '../../clock.ts';
import {
  createShareKey,
  openShareKey,
  storeShareKey,
  type ShareKeySecrets,
} from '../../secrets/share-key.ts';
import { countLockedClients } from '../access-journal.ts';
import { bumpDataVersion } from '../data-version.ts';
import type { ReadDb, WriteDb } from '../db.ts';
import { parseJson } from '../json-column.ts';

/** A deleted share can be restored for so many days; then it is gone. */
export const keepDeletedDays = 30;
const dayMs = 86_400_000;

/** A share as stored, with the names and counts of its list. */
interface ShareRow {
  id: number;
  label: string;
  customerId: number;
  customerName: string;
  projectId: number | null;
  projectName: string | null;
  projectIds: string;
  keyDigest: Buffer;
  keySealed: Buffer;
  options: string;
  hasPassword: number;
  paused: number;
  expiresDay: DayNumber | null;
  createdAt: number;
  changedAt: number;
  deletedAt: number | null;
  views: number;
  lastViewAt: number | null;
  failures: number;
}

const selectShares = `
  SELECT s.id, s.label, s.customer_id AS customerId, c.name AS customerName,
         s.project_id AS projectId, p.name AS projectName,
         (SELECT json_group_array(project_id) FROM share_projects WHERE share_id = s.id)
           AS projectIds,
         s.key_digest AS keyDigest, s.key_sealed AS keySealed, s.options,
         s.password_hash IS NOT NULL AS hasPassword, s.paused, s.expires_day AS expiresDay,
         s.created_at AS createdAt, s.changed_at AS changedAt, s.deleted_at AS deletedAt,
         (SELECT COALESCE(SUM(count), 0) FROM share_views
           WHERE share_id = s.id AND kind = 'view') AS views,
         (SELECT MAX(last_at) FROM share_views
           WHERE share_id = s.id AND kind = 'view') AS lastViewAt,
         (SELECT COALESCE(SUM(count), 0) FROM share_views
           WHERE share_id = s.id AND kind = 'failure') AS failures
    FROM shares AS s
    JOIN customers AS c ON c.id = s.customer_id
    LEFT JOIN projects AS p ON p.id = s.project_id`;

/** What a share's state and address depend on beside its row. */
interface ShareContext {
  clock: Clock;
  secrets: ShareKeySecrets;
}

/** The shares that are not deleted, or the deleted ones; by customer, label and age. */
export function listShares(
  db: ReadDb,
  context: ShareContext,
  filter: { deleted: boolean },
): Share[] {
  const rows = db
    .prepare<[deleted: 0 | 1], ShareRow>(
      `${selectShares} WHERE (s.deleted_at IS NOT NULL) = ?
        ORDER BY c.name COLLATE NOCASE, s.label COLLATE NOCASE, s.id`,
    )
    .all(filter.deleted ? 1 : 0);
  return rows.map((row) => readShare(db, row, context));
}

/** One share, deleted or not; null if there is none. */
export function findShare(db: ReadDb, context: ShareContext, id: number): Share | null {
  const row = db.prepare<[id: number], ShareRow>(`${selectShares} WHERE s.id = ?`).get(id);
  return row ? readShare(db, row, context) : null;
}

function readShare(db: ReadDb, row: ShareRow, context: ShareContext): Share {
  const now = context.clock.now();
  const options = shareOptions.parse(JSON.parse(row.options));
  const paused = row.paused === 1;
  const stored = { digest: row.keyDigest, sealed: row.keySealed };
  const key = openShareKey(stored, context.secrets);
  return {
    id: row.id,
    label: row.label,
    customerId: row.customerId,
    customerName: row.customerName,
    projectId: row.projectId,
    projectName: row.projectName,
    projectIds: parseJson(row.projectIds),
    options,
    hasPassword: row.hasPassword === 1,
    paused,
    expiresDay: row.expiresDay === null ? null : dayText(row.expiresDay),
    state: shareState(
      { deleted: row.deletedAt !== null, paused, expiresDay: row.expiresDay },
      localDay(now),
    ),
    path: key === null ? '' : sharePath(options.locale, key),
    createdAt: row.createdAt,
    changedAt: row.changedAt,
    views: row.views,
    lastViewAt: row.lastViewAt,
    failures: row.failures,
    lockedClients: countLockedClients(db, row.id, now.getTime()),
  };
}

/** Inserts a share with a new key. Call it in a transaction. Returns its id. */
export function insertShare(
  db: WriteDb,
  context: ShareContext,
  draft: ShareDraft,
  passwordHash: string | null,
): number {
  const now = context.clock.now().getTime();
  const key = storeShareKey(createShareKey(), context.secrets);
  const result = db
    .prepare(
      `INSERT INTO shares (label, customer_id, project_id, key_digest, key_sealed, options,
                           password_hash, expires_day, created_at, changed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      draft.label,
      draft.customerId,
      draft.projectId,
      key.digest,
      key.sealed,
      JSON.stringify(draft.options),
      passwordHash,
      draft.expiresDay === null ? null : parseDay(draft.expiresDay),
      now,
      now,
    );
  const id = Number(result.lastInsertRowid);
  replaceProjects(db, id, draft.projectIds);
  bumpDataVersion(db);
  return id;
}

/**
 * Writes what the owner can edit. `passwordHash`: null removes the password, undefined leaves it;
 * both other cases end every session. Call it in a transaction.
 */
export function updateShare(
  db: WriteDb,
  { clock }: ShareContext,
  id: number,
  draft: ShareDraft,
  passwordHash: string | null | undefined,
): void {
  db.prepare(
    `UPDATE shares SET label = ?, customer_id = ?, project_id = ?, options = ?, expires_day = ?,
                       changed_at = ?
      WHERE id = ?`,
  ).run(
    draft.label,
    draft.customerId,
    draft.projectId,
    JSON.stringify(draft.options),
    draft.expiresDay === null ? null : parseDay(draft.expiresDay),
    clock.now().getTime(),
    id,
  );
  replaceProjects(db, id, draft.projectIds);
  if (passwordHash !== undefined) {
    db.prepare(
      'UPDATE shares SET password_hash = ?, password_version = password_version + 1 WHERE id = ?',
    ).run(passwordHash, id);
  }
  bumpDataVersion(db);
}

function replaceProjects(db: WriteDb, shareId: number, projectIds: readonly number[]): void {
  db.prepare('DELETE FROM share_projects WHERE share_id = ?').run(shareId);
  const insert = db.prepare('INSERT INTO share_projects (share_id, project_id) VALUES (?, ?)');
  for (const projectId of new Set(projectIds)) insert.run(shareId, projectId);
}

export function pauseShare(
  db: WriteDb,
  { clock }: ShareContext,
  id: number,
  paused: boolean,
): void {
  db.prepare('UPDATE shares SET paused = ?, changed_at = ? WHERE id = ?').run(
    paused ? 1 : 0,
    clock.now().getTime(),
    id,
  );
  bumpDataVersion(db);
}

/** The old link stops working with this transaction, and its sessions end. */
export function rotateShareKey(db: WriteDb, { clock, secrets }: ShareContext, id: number): void {
  const key = storeShareKey(createShareKey(), secrets);
  db.prepare(
    `UPDATE shares SET key_digest = ?, key_sealed = ?, session_version = session_version + 1,
                       changed_at = ?
      WHERE id = ?`,
  ).run(key.digest, key.sealed, clock.now().getTime(), id);
  bumpDataVersion(db);
}

/** Hides a share from everybody but its owner; `restore` brings it back as it was. */
export function setShareDeleted(
  db: WriteDb,
  { clock }: ShareContext,
  id: number,
  deleted: boolean,
): void {
  const now = clock.now().getTime();
  db.prepare('UPDATE shares SET deleted_at = ?, changed_at = ? WHERE id = ?').run(
    deleted ? now : null,
    now,
    id,
  );
  bumpDataVersion(db);
}

/** Customer id → how many shares it has that are not deleted. */
export function countSharesByCustomer(db: ReadDb): Map<number, number> {
  const rows = db
    .prepare<[], [customerId: number, shares: number]>(
      'SELECT customer_id, count(*) FROM shares WHERE deleted_at IS NULL GROUP BY customer_id',
    )
    .raw()
    .all();
  return new Map(rows);
}

/** Removes shares that were deleted more than `keepDeletedDays` ago, with their view log. */
export function purgeDeletedShares(db: WriteDb, { clock }: Pick<ShareContext, 'clock'>): void {
  db.prepare('DELETE FROM shares WHERE deleted_at < ?').run(
    clock.now().getTime() - keepDeletedDays * dayMs,
  );
}

export function endShareSessions(db: WriteDb, id: number): void {
  db.prepare('UPDATE shares SET session_version = session_version + 1 WHERE id = ?').run(id);
}

/** The encoded hash, for a copy of the share; null if there is no password. */
export function readPasswordHash(db: ReadDb, id: number): string | null {
  const hash = db
    .prepare<[id: number], string | null>('SELECT password_hash FROM shares WHERE id = ?')
    .pluck()
    .get(id);
  return hash ?? null;
}

/** What an edit of a stored share starts from. */
export function draftOf(share: Share): ShareDraft {
  const { label, customerId, projectId, projectIds, expiresDay } = share;
  const options: ShareOptions = share.options;
  return { label, customerId, projectId, projectIds, options, expiresDay };
}
