import Database from 'better-sqlite3';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../src-shared/errors.ts';
import type { Closable, ReadDb, WriteDb } from './db.ts';
import { errorCode } from './error-code.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';

/** An open connection that can write, for whoever also closes it. */
export type Store = WriteDb & Closable;

/** An open connection that only reads, for whoever also closes it. */
export type ReadStore = ReadDb & Closable;

export const databaseFile = (dataDir: string): string => join(dataDir, 'portal.sqlite');

/**
 * Opens (and creates, and migrates) the store of a data folder for writing: WAL, foreign keys on,
 * `synchronous = FULL`, so that a committed change survives a power cut.
 * Throws `database_newer`, `database_damaged`, `data_folder_unwritable`, `disk_full`.
 */
export function openStore(dataDir: string): Store {
  const file = databaseFile(dataDir);
  let db: Database.Database | undefined;
  try {
    db = open(file, false);
    const writer = db;
    migrate(writer, migrations, (version) => {
      // VACUUM INTO gives a consistent copy even with a WAL beside the file.
      const copy = join(dataDir, `portal-before-${version}.sqlite`);
      // It has its name only when it is whole. What a kill left behind goes.
      const part = `${copy}.part`;
      rmSync(part, { force: true });
      try {
        writer.prepare('VACUUM INTO ?').run(part);
        verifyStore(part);
        renameSync(part, copy);
      } finally {
        rmSync(part, { force: true });
      }
    });
    // Our own writes wait for each other in the write queue: only a stranger can hold this one up,
    // and meanwhile this thread answers nobody.
    db.pragma(`busy_timeout = ${strangerTimeoutMs}`);
    return db;
  } catch (error) {
    db?.close();
    throw storeError(error);
  }
}

/** Reads a store from its first page to its last. Throws `database_damaged`. */
export function verifyStore(file: string): void {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const found = db.prepare('PRAGMA integrity_check(1)').pluck().get();
    const strays = db.prepare('PRAGMA foreign_key_check').all();
    if (found !== 'ok' || strays.length > 0) throw new AppError('database_damaged');
  } catch (error) {
    throw storeError(error);
  } finally {
    db.close();
  }
}

/**
 * A second connection, for queries, on a store that `openStore` has made. The file is opened
 * read-only, so that SQLite refuses every write. It never waits for a writer (WAL).
 */
export function openReadStore(dataDir: string): ReadStore {
  try {
    return new Database(databaseFile(dataDir), {
      readonly: true,
      fileMustExist: true,
      timeout: busyTimeoutMs,
    });
  } catch (error) {
    throw storeError(error);
  }
}

/** How long a connection waits for a lock that another one holds. */
const busyTimeoutMs = 10_000;
/** How long the connection of the main thread waits for a lock of another program. */
const strangerTimeoutMs = 1_000;

/**
 * A writing connection for a worker, on a store that `openStore` has already migrated. It makes no
 * file: where the folder went meanwhile, an empty store must not come into its place.
 */
export const connect = (file: string): Database.Database => open(file, true);

function open(file: string, fileMustExist: boolean): Database.Database {
  const db = new Database(file, { fileMustExist });
  // Of a new file only: half as many pages to find, split and write as with 4 KiB.
  db.pragma('page_size = 8192');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma(`busy_timeout = ${busyTimeoutMs}`);
  return db;
}

/**
 * A writing connection for one large import. Foreign keys are not checked row by row: ids of
 * customers, projects, users and activities come from the import's own transaction, and three
 * look-ups for each record cost 10 %. The log grows until `writeBackLog`, which is called after the
 * commit, when nobody waits for it.
 */
export function connectForImport(file: string): Store {
  const db = connect(file);
  db.pragma('foreign_keys = OFF');
  db.pragma('wal_autocheckpoint = 0');
  return db;
}

/** Codes of a disk without room: for the log itself, and for its index beside it. */
const diskFull = ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC'];

/**
 * Writes the log back into the database, if nobody reads the old pages. Where that fails, as on a
 * full disk, nothing is lost: the log is read from until a later commit writes it back.
 */
export function writeBackLog(db: WriteDb): void {
  try {
    db.pragma('wal_checkpoint(PASSIVE)');
  } catch (error) {
    if (errorCode(error)?.startsWith('SQLITE_') !== true) throw error;
  }
}

/** Maps SQLite's result codes to ours, once; anything else passes through. */
export function storeError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const code = errorCode(error);
  if (code === undefined) return error;
  if (diskFull.includes(code)) return new AppError('disk_full', {}, { cause: error });
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new AppError('database_damaged', {}, { cause: error });
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError('database_locked', {}, { cause: error });
  }
  if (code.startsWith('SQLITE_IOERR'))
    return new AppError('data_folder_gone', {}, { cause: error });
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
    return new AppError('data_folder_unwritable', {}, { cause: error });
  }
  return error;
}
