import Database from 'better-sqlite3';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../src-shared/errors.ts';
import { errorCode } from './error-code.ts';
import { storeError } from './open.ts';

/** Makes the folder, for its owner only, if it is not there. Throws `data_folder_unwritable`. */
export function createDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AppError('data_folder_unwritable', {}, { cause: error });
  }
}

/**
 * Makes a folder inside the data folder, never that one anew: where it went, whoever puts it back
 * must find its place free. Throws `data_folder_gone`, `data_folder_unwritable`, `disk_full`.
 */
export function createSubfolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw folderError(error);
  }
}

/** Why a file of ours in the data folder could not be made or written, from Node's codes. */
export function folderError(error: unknown): unknown {
  const code = errorCode(error) ?? '';
  if (['ENOENT', 'ENOTDIR', 'EIO', 'ENODEV', 'ENXIO', 'ESTALE'].includes(code)) {
    return new AppError('data_folder_gone', {}, { cause: error });
  }
  if (['EROFS', 'EACCES', 'EPERM'].includes(code)) {
    return new AppError('data_folder_unwritable', {}, { cause: error });
  }
  return storeError(error);
}

/** What the program keeps in its folder; other files there may be anybody's and are left alone. */
const ownFiles =
  /^(?:portal(?:-before-\d+)?\.sqlite(?:-wal|-shm|-journal|\.part)?|lock\.sqlite(?:-journal)?|secrets(?:-damaged)?\.json(?:\.new)?|(?:runtime|holder)\.json)$/;
const ownFolders = ['uploads', 'backups', 'electron', 'programs'];

/**
 * Takes from others on this computer what they could read of the program's files: files become
 * 0600 and folders 0700, also where an older version or an old folder left them open. The data
 * folder itself keeps its mode, since it may be one that the owner shares on purpose.
 * On Windows it does nothing: modes mean nothing there.
 * Returns whether others may write to the data folder, or own a file of it: they could change what
 * the program reads. Throws `data_folder_unwritable`.
 */
export function protectDataFolder(dataDir: string): { othersMayWrite: boolean } {
  if (process.platform === 'win32') return { othersMayWrite: false };
  try {
    let othersMayWrite = (statSync(dataDir).mode & 0o022) !== 0;
    for (const entry of readdirSync(dataDir, { withFileTypes: true })) {
      const path = join(dataDir, entry.name);
      // A link is left alone: what it leads to is not in this folder.
      const isOwnFile = entry.isFile() && ownFiles.test(entry.name);
      const isOwnFolder = entry.isDirectory() && ownFolders.includes(entry.name);
      if (isOwnFile && !closeToOthers(path, 0o600)) othersMayWrite = true;
      if (isOwnFolder && !closeToOthers(path, 0o700)) othersMayWrite = true;
    }
    return { othersMayWrite };
  } catch (error) {
    throw new AppError('data_folder_unwritable', {}, { cause: error });
  }
}

/** False if the file belongs to somebody else, who alone may change its mode. */
function closeToOthers(path: string, mode: number): boolean {
  try {
    chmodSync(path, mode);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EPERM') throw error;
    return false;
  }
}

/** better-sqlite3 closes a database that is garbage-collected, and its lock would go with it. */
const held = new Set<Database.Database>();

/**
 * Makes sure that one program at a time works on a data folder; returns the function that gives
 * it up. The lock is an exclusive SQLite transaction on an empty file beside the store: the
 * operating system ends it with the process, so a crash never leaves a lock behind.
 * Throws `data_folder_in_use`, `data_folder_no_locks`, `data_folder_unwritable`.
 */
export function lockDataFolder(dataDir: string): () => void {
  createDataFolder(dataDir);
  let lock: Database.Database | undefined;
  try {
    lock = new Database(join(dataDir, 'lock.sqlite'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (!isLockRefused(error)) throw storeError(error);
    const code = canLock(dataDir) ? 'data_folder_in_use' : 'data_folder_no_locks';
    throw new AppError(code, {}, { cause: error });
  }
  const taken = lock;
  held.add(taken);
  return () => {
    held.delete(taken);
    taken.close();
  };
}

/** Somebody has the lock; or the drive has none, which SQLite says in the same words. */
const isLockRefused = (error: unknown): boolean =>
  /^SQLITE_(?:BUSY|IOERR_(?:RD)?LOCK)/.test(errorCode(error) ?? '');

/** Whether a file that nobody else knows can be locked. */
function canLock(dataDir: string): boolean {
  const file = join(dataDir, `lock-${process.pid}.sqlite`);
  let probe: Database.Database | undefined;
  try {
    probe = new Database(file, { timeout: 0 });
    probe.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    return !isLockRefused(error);
  } finally {
    probe?.close();
    rmSync(file, { force: true });
  }
}
