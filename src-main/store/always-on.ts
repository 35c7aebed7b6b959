/** Shares that are published as files: what lies on the web space, and what it was made of. */
import type { ErrorCode } from '../../src-shared/errors.ts';
import type { ReadDb, WriteDb } from './db.ts';

/** A folder on the web space, and the keys of what lies in it. */
export interface SealedPageRow {
  publicId: string;
  shareId: number;
  /** Sealed, see secrets/sealed-secret.ts. */
  secret: Buffer;
  /** Of the share's key when the secret was made. */
  keyDigest: Buffer;
  salt: Buffer;
  passwordVersion: number;
  /** Sealed; null: no password, or one that the program does not know. */
  passwordKey: Buffer | null;
  /** What the password key was made with. */
  passwordSalt: Buffer | null;
  scopeDigest: string;
  stateDigest: string;
  /** It has to go for good. */
  retired: boolean;
  /** 0: nothing is there. */
  version: number;
  uploadedAt: number | null;
  /** Something was begun there and has not ended. */
  unfinished: boolean;
  /** Code of what failed last. */
  failure: ErrorCode | null;
}

/** A file on the web space. */
export interface SealedFileRow {
  name: string;
  path: string;
  version: number;
  digest: string;
  state: string;
  size: number;
}

const columns = `public_id AS publicId, share_id AS shareId, secret, key_digest AS keyDigest, salt,
  password_version AS passwordVersion, password_key AS passwordKey, password_salt AS passwordSalt, scope_digest AS scopeDigest,
  state_digest AS stateDigest, retired, version, uploaded_at AS uploadedAt, unfinished, failure`;

type Stored = Omit<SealedPageRow, 'retired' | 'unfinished'> & {
  retired: number;
  unfinished: number;
};
const read = (row: Stored): SealedPageRow => ({
  ...row,
  retired: row.retired === 1,
  unfinished: row.unfinished === 1,
});

/** Every folder that is or was on the web space, the ones to be deleted first. */
export const listSealedPages = (db: ReadDb): SealedPageRow[] =>
  db
    .prepare<[], Stored>(`SELECT ${columns} FROM always_on_pages ORDER BY retired DESC, share_id`)
    .all()
    .map(read);

/** The folder of a share that is switched to always on; null: it is not. */
export function findSealedPage(db: ReadDb, shareId: number): SealedPageRow | null {
  const row = db
    .prepare<[id: number], Stored>(
      `SELECT ${columns} FROM always_on_pages WHERE share_id = ? AND retired = 0`,
    )
    .get(shareId);
  return row ? read(row) : null;
}

export function insertSealedPage(
  db: WriteDb,
  page: Pick<
    SealedPageRow,
    | 'publicId'
    | 'shareId'
    | 'secret'
    | 'keyDigest'
    | 'salt'
    | 'passwordVersion'
    | 'passwordKey'
    | 'passwordSalt'
  >,
): void {
  db.prepare(
    `INSERT INTO always_on_pages
       (public_id, share_id, secret, key_digest, salt, password_version,
        password_key, password_salt)
     VALUES (:publicId, :shareId, :secret, :keyDigest, :salt, :passwordVersion, :passwordKey,
             :passwordSalt)`,
  ).run(page);
}

/** Fields that an upload changes, with their columns. */
const updatable = [
  ['salt', 'salt'],
  ['passwordVersion', 'password_version'],
  ['passwordKey', 'password_key'],
  ['passwordSalt', 'password_salt'],
  ['scopeDigest', 'scope_digest'],
  ['stateDigest', 'state_digest'],
  ['version', 'version'],
  ['uploadedAt', 'uploaded_at'],
  ['failure', 'failure'],
] as const;
type Updatable = Pick<SealedPageRow, (typeof updatable)[number][0]>;

export function updateSealedPage(
  db: WriteDb,
  publicId: string,
  change: Partial<Updatable & { unfinished: boolean; retired: boolean }>,
): void {
  const { unfinished, retired, ...others } = change;
  const entries: [string, Updatable[keyof Updatable]][] = [];
  for (const [field, column] of updatable) {
    const value = others[field];
    if (value !== undefined) entries.push([column, value]);
  }
  if (unfinished !== undefined) entries.push(['unfinished', unfinished ? 1 : 0]);
  if (retired !== undefined) entries.push(['retired', retired ? 1 : 0]);
  db.prepare(
    `UPDATE always_on_pages SET ${entries.map(([column]) => `${column} = ?`).join(', ')}
      WHERE public_id = ?`,
  ).run(...entries.map(([, value]) => value), publicId);
}

/** Forgets a folder: everything in it is deleted. */
export function deleteSealedPage(db: WriteDb, publicId: string): void {
  db.prepare('DELETE FROM always_on_files WHERE public_id = ?').run(publicId);
  db.prepare('DELETE FROM always_on_pages WHERE public_id = ?').run(publicId);
}

export const listSealedFiles = (db: ReadDb, publicId: string): SealedFileRow[] =>
  db
    .prepare<[id: string], SealedFileRow>(
      `SELECT name, path, version, digest, state, size FROM always_on_files WHERE public_id = ?`,
    )
    .all(publicId);

export function putSealedFiles(
  db: WriteDb,
  publicId: string,
  files: readonly SealedFileRow[],
): void {
  const insert = db.prepare(
    `INSERT OR REPLACE INTO always_on_files (public_id, name, path, version, digest, state, size)
     VALUES (:publicId, :name, :path, :version, :digest, :state, :size)`,
  );
  for (const file of files) insert.run({ publicId, ...file });
}

export function deleteSealedFiles(db: WriteDb, publicId: string, names: readonly string[]): void {
  const remove = db.prepare('DELETE FROM always_on_files WHERE public_id = ? AND name = ?');
  for (const name of names) remove.run(publicId, name);
}

/** How many files lie in a folder, and their bytes. */
export const sealedSize = (db: ReadDb, publicId: string): { files: number; bytes: number } =>
  db
    .prepare<[id: string], { files: number; bytes: number }>(
      'SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM always_on_files WHERE public_id = ?',
    )
    .get(publicId)!;

/** The number of a project's month changes with every change of its records. */
export const projectMonthVersions = (
  db: ReadDb,
  projectIds: readonly number[],
): { projectId: number; month: number; version: number }[] =>
  db
    .prepare<[ids: string], { projectId: number; month: number; version: number }>(
      `SELECT project_id AS projectId, month, version FROM changed_months
        WHERE project_id IN (SELECT value FROM json_each(?)) ORDER BY project_id, month`,
    )
    .all(JSON.stringify(projectIds));

/** What pages show beside records: names, colours and budgets. */
export function catalogState(db: ReadDb, customerId: number): string {
  const rows = (sql: string, ...params: number[]): unknown =>
    db
      .prepare<number[], unknown>(sql)
      .raw()
      .all(...params);
  return JSON.stringify([
    rows('SELECT * FROM customers WHERE id = ?', customerId),
    rows('SELECT * FROM projects WHERE customer_id = ? ORDER BY id', customerId),
  ]);
}

/** The digest of a share's key, by which the portal finds it; null: it is deleted or purged. */
export const shareKeyDigest = (db: ReadDb, shareId: number): Buffer | null =>
  db
    .prepare<[id: number], Buffer>(
      'SELECT key_digest FROM shares WHERE id = ? AND deleted_at IS NULL',
    )
    .pluck()
    .get(shareId) ?? null;

/** Whether a share is still in the store, deleted or not. */
export const isShareKept = (db: ReadDb, shareId: number): boolean =>
  db.prepare('SELECT 1 FROM shares WHERE id = ?').get(shareId) !== undefined;
