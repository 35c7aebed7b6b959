/** Transactions of the store: in one call, or over several calls of whoever holds the connection. */
import type { WriteDb } from './db.ts';
import { storeError } from './open.ts';

/** Runs `work` in an immediate transaction: all of it or nothing. Throws as storeError maps. */
export function inTransaction<T>(db: WriteDb, work: () => T): T {
  try {
    return db.transaction(work).immediate();
  } catch (error) {
    throw storeError(error);
  }
}

/** Runs `read`, which writes nothing. All that it reads is of one moment. */
export function inSnapshot<T>(db: WriteDb, read: () => T): T {
  return db.transaction(read)();
}

/** From now on all that is read is of one moment, until `rollBack`. */
export function beginSnapshot(db: WriteDb): void {
  db.exec('BEGIN');
}

/** Takes the write lock at once, until `commit` or `rollBack`. */
export function beginWriting(db: WriteDb): void {
  db.exec('BEGIN IMMEDIATE');
}

export function commit(db: WriteDb): void {
  db.exec('COMMIT');
}

/**
 * Ends a transaction that `beginSnapshot` or `beginWriting` has begun; what it wrote is taken back.
 * Does nothing if there is none: SQLite rolls back by itself after some errors, such as a full disk.
 */
export function rollBack(db: WriteDb): void {
  if (db.inTransaction) db.exec('ROLLBACK');
}
