/** The files of backups: `backups/` in the data folder, and copies made before a migration. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  backupReasons,
  type Backup,
  type BackupReason,
} from '../../src-shared/contract/backups.ts';
import { AppError } from '../../src-shared/errors.ts';
import { createSubfolder, folderError } from '../store/data-folder.ts';

export const backupFolder = (dataDir: string): string => join(dataDir, 'backups');

/** `20261127T190300123Z-daily.sqlite`: sorted by name they are sorted by time. */
const namePattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-([a-z]+)\.sqlite$/;
const migrationPattern = /^portal-before-\d+\.sqlite$/;
/** What a process that was killed leaves behind. */
export const unfinished = '.part';

export function backupName(madeAt: Date, reason: BackupReason): string {
  return `${madeAt.toISOString().replaceAll(/[-:.]/g, '')}-${reason}.sqlite`;
}

/** Of the files of a damaged database, which are no backup and are never removed. */
export const damagedName = (at: Date): string =>
  `damaged-${at.toISOString().replaceAll(/[-:.]/g, '')}.sqlite`;

/** The newest first. A folder that is not there has none. */
export function listBackups(dataDir: string): Backup[] {
  const made = names(backupFolder(dataDir)).map((name) => readName(dataDir, name));
  const before = names(dataDir)
    .filter((name) => migrationPattern.test(name))
    .map((name) => describe(join(dataDir, name), name, null, 'migration'));
  return [...made, ...before]
    .filter((backup) => backup !== null)
    .sort((a, b) => b.madeAt - a.madeAt);
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw folderError(error);
  }
}

function readName(dataDir: string, name: string): Backup | null {
  const [, y, mo, d, h, mi, s, ms, reason] = name.match(namePattern) ?? [];
  const known = backupReasons.find((one) => one === reason);
  if (known === undefined) return null;
  const madeAt = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}.${ms}Z`);
  return describe(join(backupFolder(dataDir), name), name, madeAt, known);
}

/** Null: it went meanwhile. */
function describe(
  path: string,
  id: string,
  madeAt: number | null,
  reason: BackupReason,
): Backup | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true) return null;
  return { id, reason, bytes: found.size, madeAt: madeAt ?? Math.round(found.mtimeMs) };
}

/** The file of a backup that is listed. Throws `not_found`. */
export function findBackup(dataDir: string, id: string): { backup: Backup; path: string } {
  const backup = listBackups(dataDir).find((one) => one.id === id);
  if (backup === undefined) throw new AppError('not_found');
  const folder = migrationPattern.test(id) ? dataDir : backupFolder(dataDir);
  return { backup, path: join(folder, id) };
}

/** Makes the folder if it is not there. Throws as `createSubfolder`. */
export function prepareFolder(dataDir: string): string {
  const folder = backupFolder(dataDir);
  createSubfolder(folder);
  return folder;
}

export function removeUnfinished(dataDir: string): void {
  const folder = backupFolder(dataDir);
  for (const name of names(folder)) {
    if (name.includes(unfinished) || name === 'staging') {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}
