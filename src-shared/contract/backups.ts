/** Backups of everything, putting one back, and moving to another computer. */
import { z } from 'zod';
import { day, failure, moment, newPassword, none } from './common.ts';
import { command, query } from './method.ts';

const count = z.int().min(0);

export const backupReasons = ['daily', 'asked', 'import', 'migration', 'restore', 'moved'] as const;
/** Why a backup was made; `restore`: what was there before one was put back. */
export type BackupReason = (typeof backupReasons)[number];

/** The name of its file. */
const backupId = z.string().regex(/^[\w.-]{1,80}$/);

export const backup = z.strictObject({
  id: backupId,
  madeAt: moment,
  reason: z.enum(backupReasons),
  bytes: count,
});
export type Backup = z.infer<typeof backup>;

export const backupContents = z.strictObject({
  records: count,
  customers: count,
  projects: count,
  /** Those that are not deleted. */
  shares: count,
  /** Of the newest time record; null: there is none. */
  newestDay: day.nullable(),
});
export type BackupContents = z.infer<typeof backupContents>;

/** Shares by their name: which links would open again, and which would no more. */
export const shareChanges = z.strictObject({
  opened: z.array(z.string()),
  closed: z.array(z.string()),
});
export type ShareChanges = z.infer<typeof shareChanges>;

/** Bytes of a part of an export, on its way to the owner's disk. */
export const exportPartBytes = 2 ** 20;

export const backupMethods = {
  'backups.list': query(
    'role_permissions',
    none,
    z.strictObject({
      /** The newest first. */
      backups: z.array(backup),
      /** Why the last one could not be made; null: it could. */
      failure: failure.nullable(),
    }),
  ),
  'backups.make': command('role_permissions', none, backup),
  /** Reads all of the backup, and compares it with what is there now. */
  'backups.preview': command(
    'role_permissions',
    z.strictObject({ id: backupId }),
    z.strictObject({
      backup,
      then: backupContents,
      /** Null: what is there now is damaged. */
      now: backupContents.nullable(),
      shares: shareChanges,
    }),
  ),
  /**
   * Answers the backup of what was there, which takes the restore back; null: that was damaged, and
   * its files are kept as they were.
   */
  'backups.restore': command(
    'role_permissions',
    z.strictObject({ id: backupId }),
    backup.nullable(),
  ),
  /** Writes everything into one file that only the passphrase opens. */
  'backups.export': command(
    'role_permissions',
    z.strictObject({ passphrase: newPassword }),
    z.strictObject({ fileName: z.string(), path: z.string(), bytes: count }),
  ),
  /** A part of the last export, of at most `exportPartBytes`. */
  'backups.readExport': command(
    'role_permissions',
    z.strictObject({ offset: count }),
    z.strictObject({ base64: z.string() }),
  ),
  /** Makes a backup, which can be put back, of an uploaded export. */
  'backups.open': command(
    'role_permissions',
    z.strictObject({ uploadId: z.string().max(64), passphrase: z.string().max(1024) }),
    backup,
  ),
};
