import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../src-shared/errors.ts';
import { storeError } from './open.ts';

/** Makes the folder, for its owner only, if it is not there. Throws `data_folder_unwritable`. */
export function createDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AppError('data_folder_unwritable', {}, { cause: error });
  }
}

/** better-sqlite3 closes a database that is garbage-collected, and its lock would go with it. */
const held = new Set<Database.Database>();

/**
 * Makes sure that one program at a time works on a data folder; returns the function that gives
 * it up. The lock is an exclusive SQLite transaction on an empty file beside the store: the
 * operating system ends it with the process, so a crash never leaves a lock behind.
 * Throws `data_folder_in_use`, `data_folder_unwritable`.
 */
export function lockDataFolder(dataDir: string): () => void {
  createDataFolder(dataDir);
  let lock: Database.Database | undefined;
  try {
    lock = new Database(join(dataDir, 'lock.sqlite'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    const { code } = error as { code?: string };
    if (code?.startsWith('SQLITE_BUSY') === true) {
      throw new AppError('data_folder_in_use', {}, { cause: error });
    }
    throw storeError(error);
  }
  const taken = lock;
  held.add(taken);
  return () => {
    held.delete(taken);
    taken.close();
  };
}
