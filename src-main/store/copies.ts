/** Copies of a whole store: making one, looking into one, and putting one in the store's place. */
import Database from 'better-sqlite3';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupContents, ShareChanges } from '../../src-shared/contract/backups.ts';
import { dayText, type DayNumber } from '../../src-shared/domain/day.ts';
import { AppError } from '../../src-shared/errors.ts';
import { openShareKey, storeShareKey, type ShareKeySecrets } from '../secrets/share-key.ts';
import { openSecret, sealedUses, sealSecret } from '../secrets/sealed-secret.ts';
import { listSealedPages } from './always-on.ts';
import type { ReadDb, WriteDb } from './db.ts';
import { resealSettings } from './sealed-settings.ts';
import { databaseFile, openStore, storeError, verifyStore, type Store } from './open.ts';

/** Pages of a step of SQLite's online backup, 2 MiB: between two steps the thread does other things. */
const pagesPerStep = 256;

/**
 * Copies a store that others write to: all of one moment, by SQLite's online backup. Readers and
 * writers go on meanwhile. The copy is one file, without a log beside it, and is read from its
 * first page to its last before this resolves. Throws `disk_full`, `database_damaged`,
 * `data_folder_unwritable`; then there is no copy.
 */
export async function copyStore(database: string, copy: string): Promise<void> {
  let source: Database.Database | undefined;
  try {
    rmSync(copy, { force: true });
    source = new Database(database, { readonly: true });
    // The snapshot of this transaction is what is copied: a writer does not make it begin anew.
    source.exec('BEGIN');
    source.prepare('SELECT version FROM data_version').get();
    await source.backup(copy, { progress: () => pagesPerStep });
    makeSingleFile(copy);
    verifyStore(copy);
  } catch (error) {
    rmSync(copy, { force: true });
    throw storeError(error);
  } finally {
    source?.close();
  }
}

/** As copied it uses a log, as its source does. A log would need two more files beside it. */
function makeSingleFile(file: string): void {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

/** Runs `read` on a copy. Throws `database_damaged` where there is none that can be read. */
function withCopy<T>(file: string, read: (db: ReadDb) => T): T {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    return read(db);
  } catch (error) {
    throw storeError(error);
  } finally {
    db?.close();
  }
}

/** Copies the files of a store as they are, also where SQLite cannot read them. Throws `disk_full`. */
export function copyFiles(database: string, copy: string): void {
  try {
    for (const end of ['', '-wal']) {
      if (existsSync(database + end)) copyFileSync(database + end, copy + end);
    }
  } catch (error) {
    throw storeError(error);
  }
}

/** What a store or a copy holds. */
export const describeCopy = (file: string): BackupContents => withCopy(file, describeStore);

/** What a store holds. */
export function describeStore(db: ReadDb): BackupContents {
  const { newestDay, ...counts } = db
    .prepare<[], Omit<BackupContents, 'newestDay'> & { newestDay: DayNumber | null }>(
      `SELECT (SELECT COUNT(*) FROM records) AS records,
              (SELECT COUNT(*) FROM customers) AS customers,
              (SELECT COUNT(*) FROM projects) AS projects,
              (SELECT COUNT(*) FROM shares WHERE deleted_at IS NULL) AS shares,
              (SELECT MAX(day) FROM records) AS newestDay`,
    )
    .get()!;
  return { ...counts, newestDay: newestDay === null ? null : dayText(newestDay) };
}

/** The number of the newest migration that it has. */
export const schemaVersion = (db: ReadDb): number =>
  db.prepare<[], number>('SELECT user_version FROM pragma_user_version').pluck().get()!;

export function isEmptyStore(db: ReadDb): boolean {
  const found = db.prepare(
    'SELECT 1 FROM customers UNION ALL SELECT 1 FROM shares UNION ALL SELECT 1 FROM imports LIMIT 1',
  );
  return found.get() === undefined;
}

/** Which links would open again after a copy took the store's place, and which no more. */
export function compareShares(database: string, copy: string): ShareChanges {
  const labelsOf = (db: ReadDb): Map<string, string> => {
    const rows = db
      .prepare<[], { digest: string; label: string }>(
        `SELECT hex(key_digest) AS digest, label || CASE label WHEN '' THEN name ELSE '' END AS label
           FROM shares JOIN customers ON customers.id = customer_id
          WHERE deleted_at IS NULL AND paused = 0 ORDER BY shares.id`,
      )
      .all();
    return new Map(rows.map(({ digest, label }) => [digest, label]));
  };
  const now = withCopy(database, labelsOf);
  const then = withCopy(copy, labelsOf);
  const missing = (from: Map<string, string>, among: Map<string, string>): string[] =>
    [...from].filter(([digest]) => !among.has(digest)).map(([, label]) => label);
  return { opened: missing(then, now), closed: missing(now, then) };
}

export interface Replacing {
  database: string;
  copy: string;
  /** A folder of ours that is emptied before and after. */
  staging: string;
  /** Settings that stay as they are now, since they belong to the computer and not to the data. */
  keepSettings: readonly string[];
}

/**
 * Puts a copy in the place of the store: in one transaction, so that after a power cut there is the
 * one or the other. Copies of older versions are migrated first. What protects clients stays as it
 * is now: sessions that were ended and counted failures. Nobody else may write meanwhile. The store
 * itself may be damaged, except in its first page.
 * Throws `database_newer`, `database_damaged`, `disk_full`.
 */
export async function replaceStore({
  database,
  copy,
  staging,
  keepSettings,
}: Replacing): Promise<void> {
  rmSync(staging, { recursive: true, force: true });
  let staged: Store | undefined;
  try {
    verifyStore(copy);
    mkdirSync(staging, { recursive: true, mode: 0o700 });
    copyFileSync(copy, databaseFile(staging));
    staged = openStore(staging);
    carryOverUndamaged(staged, database, keepSettings);
    staged.close();
    staged = undefined;
    const source = new Database(databaseFile(staging));
    try {
      matchPages(source, database);
      await source.backup(database, { progress: () => pagesPerStep });
    } finally {
      source.close();
    }
  } catch (error) {
    throw storeError(error);
  } finally {
    staged?.close();
    rmSync(staging, { recursive: true, force: true });
  }
}

/** A step of the data's version that no damaged store has counted. */
const farVersion = 1_000_000;

/** Of a store that is damaged nothing is carried over where a part of it cannot be read. */
function carryOverUndamaged(
  staged: WriteDb,
  database: string,
  keepSettings: readonly string[],
): void {
  try {
    carryOver(staged, database, keepSettings);
  } catch (error) {
    if (!isDamage(storeError(error))) throw error;
    staged.exec(`UPDATE main.data_version SET version = version + ${farVersion}`);
  }
}

export const isDamage = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'database_damaged';

function carryOver(staged: WriteDb, database: string, keepSettings: readonly string[]): void {
  staged.prepare('ATTACH ? AS live').run(database);
  staged
    .transaction(() => {
      staged.exec(`
        INSERT INTO main.ended_sessions SELECT * FROM live.ended_sessions WHERE true
          ON CONFLICT DO NOTHING;
        DELETE FROM main.password_failures;
        INSERT INTO main.password_failures
          SELECT s.id, f.client, f.failed_at
            FROM live.password_failures AS f
            JOIN live.shares AS l ON l.id = f.share_id
            JOIN main.shares AS s ON s.key_digest = l.key_digest;
        -- What lies on the web space now has to go unless the copy knows it, and be looked through
        -- if it does.
        UPDATE main.always_on_pages SET unfinished = 1
         WHERE public_id IN (SELECT public_id FROM live.always_on_pages);
        INSERT INTO main.always_on_pages
            (public_id, share_id, secret, key_digest, salt, password_version, retired, unfinished)
          SELECT public_id, share_id, secret, key_digest, salt, password_version, 1, 1
            FROM live.always_on_pages WHERE true ON CONFLICT DO NOTHING;
        UPDATE main.data_version
           SET version = max(version, (SELECT version FROM live.data_version)) + 1;`);
      const keep = staged.prepare<[string]>(
        `INSERT INTO main.settings SELECT key, value FROM live.settings WHERE key = ?
         ON CONFLICT DO UPDATE SET value = excluded.value`,
      );
      const drop = staged.prepare<[string]>('DELETE FROM main.settings WHERE key = ?');
      for (const key of keepSettings) {
        drop.run(key);
        keep.run(key);
      }
    })
    .immediate();
  staged.exec('DETACH live');
}

/** SQLite copies into a store with a log only if both have pages of one size. */
function matchPages(source: Database.Database, database: string): void {
  const wanted = withCopy(database, (db) =>
    db.prepare<[], number>('PRAGMA page_size').pluck().get(),
  );
  source.pragma('journal_mode = DELETE');
  if (source.pragma('page_size', { simple: true }) === wanted) return;
  source.pragma(`page_size = ${wanted}`);
  source.exec('VACUUM');
}

/**
 * Seals the keys of all shares of a copy, and the secrets of its settings, under the secrets of this
 * installation; a key that `theirs` does not open stays as it is: its link works and cannot be shown.
 */
export function resealShares(
  copy: string,
  theirs: ShareKeySecrets,
  ours: Pick<ShareKeySecrets, 'shareKey'>,
): void {
  const db = new Database(copy);
  try {
    const rows = db
      .prepare<[], { id: number; digest: Buffer; sealed: Buffer }>(
        'SELECT id, key_digest AS digest, key_sealed AS sealed FROM shares',
      )
      .all();
    const update = db.prepare('UPDATE shares SET key_sealed = ? WHERE id = ?');
    db.transaction(() => {
      for (const { id, ...stored } of rows) {
        const key = openShareKey(stored, theirs);
        if (key !== null) update.run(storeShareKey(key, ours).sealed, id);
      }
      resealPages(db, theirs, ours);
      resealSettings(db, theirs, ours);
    }).immediate();
  } catch (error) {
    throw storeError(error);
  } finally {
    db.close();
  }
}

/** The same for links of pages that are always on, and for what their passwords add to their keys. */
function resealPages(
  db: Database.Database,
  theirs: ShareKeySecrets,
  ours: Pick<ShareKeySecrets, 'shareKey'>,
): void {
  // A copy of an older version has no such pages.
  const table = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'always_on_pages'").get();
  if (table === undefined) return;
  const reseal = (sealed: Buffer | null, use: string): Buffer | null => {
    const plain = sealed && openSecret(sealed, use, theirs);
    return plain ? sealSecret(plain, use, ours) : sealed;
  };
  const update = db.prepare(
    'UPDATE always_on_pages SET secret = ?, password_key = ? WHERE public_id = ?',
  );
  for (const { publicId, secret, passwordKey } of listSealedPages(db)) {
    const { link, password } = sealedUses;
    update.run(reseal(secret, link), reseal(passwordKey, password), publicId);
  }
}

export const stagingFolder = (folder: string): string => join(folder, 'staging');
