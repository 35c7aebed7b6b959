/** The files of the open store: whether they are where they were when it was opened. */
import { statSync } from 'node:fs';
import { AppError } from '../../src-shared/errors.ts';
import type { WriteDb } from './db.ts';
import { errorCode } from './error-code.ts';

export interface StoreFiles {
  /**
   * Throws `data_folder_gone` while the database is not in its place; it may come back. Throws
   * `database_log_gone` from the moment on that a file beside it is missing or another one. Call it
   * before each write.
   *
   * SQLite does not notice either: it writes on into files that have no name any more, which are
   * gone when the program ends; and a second connection makes new ones, which damages the store.
   */
  check(): void;
}

/** `store`: open, and stays so. Call right after it was opened. */
export function watchStoreFiles(store: WriteDb): StoreFiles {
  const database = store.name;
  const beside = [`${database}-wal`, `${database}-shm`];
  const before = new Map([database, ...beside].map((file) => [file, identityOf(file)]));
  const isInPlace = (file: string): boolean => identityOf(file) === before.get(file);
  let isLogGone = false;
  let isLogSaved = false;

  return {
    check() {
      if (!isInPlace(database)) throw new AppError('data_folder_gone');
      if (!isLogGone && !beside.every(isInPlace)) {
        isLogGone = true;
        // It waits for those who read at this moment: they keep the log from being taken over.
        isLogSaved = saveLog(store, 'FULL');
        // An import that takes it over at this moment lets nobody else do so: the next look does.
      } else if (isLogGone && !isLogSaved) isLogSaved = saveLog(store, 'PASSIVE');
      if (isLogGone) throw new AppError('database_log_gone');
    },
  };
}

/**
 * This connection has the log open still: what it holds comes into the database. Returns whether all
 * of it has.
 */
function saveLog(store: WriteDb, mode: 'FULL' | 'PASSIVE'): boolean {
  const state = store
    .prepare<[], { busy: number; log: number; checkpointed: number }>(
      `PRAGMA wal_checkpoint(${mode})`,
    )
    .get();
  return state?.busy === 0 && state.log === state.checkpointed;
}

/** Changes when another file comes into a file's place; null: there is none, or it cannot be seen. */
function identityOf(file: string): string | null {
  try {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (found === undefined) return null;
    // Nobody can take an open file away on Windows, and some of its drives change the numbers.
    return process.platform === 'win32' ? 'there' : `${found.dev} ${found.ino}`;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return null;
  }
}
