/** Backups of everything: when they are made, and what may be done with them. */
import { rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { topics } from '../../src-shared/contract.ts';
import {
  exportPartBytes,
  type Backup,
  type BackupContents,
  type BackupReason,
  type ShareChanges,
} from '../../src-shared/contract/backups.ts';
import { dayText, localDay } from '../../src-shared/domain/day.ts';
import { AppError, toWireError, type WireError } from '../../src-shared/errors.ts';
import { SerialQueue } from '../async/serial-queue.ts';
import { WorkerClient } from '../async/worker-client.ts';
import type { AppContext } from '../context.ts';
import { isDamage, isEmptyStore, stagingFolder } from '../store/copies.ts';
import { databaseFile } from '../store/open.ts';
import {
  backupFolder,
  backupName,
  damagedName,
  findBackup,
  listBackups,
  prepareFolder,
  removeUnfinished,
} from './backup-files.ts';
import { outdatedBackups } from './retention.ts';
import type { BackupOperations } from './worker.ts';

export interface BackupPreview {
  backup: Backup;
  then: BackupContents;
  /** Null: what is there now is damaged. */
  now: BackupContents | null;
  shares: ShareChanges;
}

export interface Backups {
  /** Makes today's backup if there is none, and looks again every hour. */
  start(): void;
  /** Resolves when what runs has ended. */
  close(): Promise<void>;
  list(): Backup[];
  /** Why the last backup could not be made; null: it could, or none was tried. */
  failure(): WireError | null;
  /** Resolves when the backup is made and was read. Throws `disk_full`, `data_folder_unwritable`. */
  make(reason: BackupReason): Promise<Backup>;
  /** The same unless there is nothing yet that could be lost. */
  makeBefore(reason: BackupReason): Promise<void>;
  preview(id: string): Promise<BackupPreview>;
  /**
   * Resolves with the backup of what was there before; null: that was damaged, and its files lie in
   * the folder of backups as they were. Takes the write queue.
   */
  restore(id: string): Promise<Backup | null>;
  /** Writes everything into one file that only the passphrase opens. */
  export(passphrase: string): Promise<{ fileName: string; path: string; bytes: number }>;
  /** A part of the last export. Throws `not_found` if there is none. */
  readExport(offset: number): Promise<Buffer>;
  /** Makes a backup of an export. Throws `passphrase_wrong`, `export_unreadable`. */
  open(file: string, passphrase: string): Promise<Backup>;
}

const lookEveryMs = 3_600_000;

export function createBackups(
  context: AppContext,
  { onRestored }: { onRestored: (isMoved: boolean) => Promise<void> },
): Backups {
  const { clock, dataDir, log, readStore, secrets, writes, changed } = context;
  const database = databaseFile(dataDir);
  const worker = new WorkerClient<BackupOperations>({
    url: context.workers.backup,
    onDeath: (cause) => log.error('the worker that makes backups ended', cause),
  });
  /** One after the other: two of one moment would have one name. */
  const jobs = new SerialQueue();
  let failure: WireError | null = null;
  let lastExport: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  removeUnfinished(dataDir);

  /** A name that no backup has. */
  function freeName(reason: BackupReason): string {
    const taken = new Set(listBackups(dataDir).map(({ id }) => id));
    for (let at = clock.now().getTime(); ; at++) {
      const name = backupName(new Date(at), reason);
      if (!taken.has(name)) return name;
    }
  }

  async function makeNow(reason: BackupReason, neededId?: string): Promise<Backup> {
    const id = freeName(reason);
    try {
      await worker.request('make', { database, file: join(prepareFolder(dataDir), id) });
      failure = null;
    } catch (error) {
      failure = toWireError(error);
      throw error;
    } finally {
      changed('backups');
    }
    log.info(`made a backup: ${id}`);
    const { backup } = findBackup(dataDir, id);
    removeOutdated([id, neededId]);
    return backup;
  }

  /** Before a restore; null: it is damaged, and only its files could be kept. */
  async function keepPresent(neededId: string): Promise<Backup | null> {
    try {
      return await makeNow('restore', neededId);
    } catch (error) {
      if (!isDamage(error)) throw error;
      const name = damagedName(clock.now());
      await worker.request('keepFiles', { database, file: join(prepareFolder(dataDir), name) });
      log.error(`the database is damaged: kept as ${name}`, error);
      // The backup that takes its place can be copied again.
      failure = null;
      return null;
    }
  }

  /** Never the one that was just made: where the clock was set back it looks old. */
  function removeOutdated(keep: readonly (string | undefined)[]): void {
    for (const { id } of outdatedBackups(listBackups(dataDir))) {
      if (!keep.includes(id)) rmSync(findBackup(dataDir, id).path, { force: true });
    }
  }

  const make = (reason: BackupReason): Promise<Backup> => jobs.run(() => makeNow(reason));

  async function look(): Promise<void> {
    const today = localDay(clock.now());
    const isMade = listBackups(dataDir).some(
      ({ reason, madeAt }) => reason === 'daily' && localDay(new Date(madeAt)) === today,
    );
    if (!isMade && !isEmptyStore(readStore)) await make('daily');
  }

  const lookSafely = (): void => {
    look().catch((error: unknown) => log.error("today's backup could not be made", error));
  };

  return {
    start() {
      lookSafely();
      timer = setInterval(lookSafely, lookEveryMs);
      timer.unref();
    },
    async close() {
      clearInterval(timer);
      await jobs.idle();
      await worker.stop(new AppError('worker_ended'));
    },
    list: () => listBackups(dataDir),
    failure: () => failure,
    make,
    async makeBefore(reason) {
      if (!isEmptyStore(readStore)) await make(reason);
    },
    async preview(id) {
      const { backup, path } = findBackup(dataDir, id);
      return { backup, ...(await worker.request('preview', { database, file: path })) };
    },
    restore: (id) =>
      jobs.run(async () => {
        const { backup, path } = findBackup(dataDir, id);
        const isMoved = backup.reason === 'moved';
        const keepSettings = isMoved ? ['watch'] : ['publish', 'watch', 'alwaysOn'];
        const staging = stagingFolder(backupFolder(dataDir));
        const before = await writes.run(async () => {
          const made = await keepPresent(id);
          await worker.request('restore', { database, copy: path, staging, keepSettings });
          return made;
        });
        log.info(`put a backup back: ${id}`);
        await onRestored(isMoved);
        changed(...topics);
        return before;
      }),
    export: (passphrase) =>
      jobs.run(async () => {
        const fileName = `customer-portal-${dayText(localDay(clock.now()))}.cpdata`;
        const path = join(prepareFolder(dataDir), fileName);
        const keys = [secrets.shareKey, ...(secrets.otherShareKeys ?? [])];
        const shareKeys = keys.map((key) => key.toString('base64'));
        await worker.request('seal', { database, file: path, passphrase, shareKeys });
        lastExport = path;
        return { fileName, path, bytes: statSync(path).size };
      }),
    async readExport(offset) {
      if (lastExport === null) throw new AppError('not_found');
      const handle = await open(lastExport, 'r');
      try {
        const { buffer, bytesRead } = await handle.read(
          Buffer.alloc(exportPartBytes),
          0,
          exportPartBytes,
          offset,
        );
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
    open: (sealed, passphrase) =>
      jobs.run(async () => {
        const id = freeName('moved');
        const file = join(prepareFolder(dataDir), id);
        const shareKey = secrets.shareKey.toString('base64');
        await worker.request('unseal', { sealed, file, passphrase, shareKey });
        changed('backups');
        return findBackup(dataDir, id).backup;
      }),
  };
}
