/** A folder in which new exports are imported by themselves, if they need no decision. */
import { createHash } from 'node:crypto';
import { createReadStream, watch as watchFolder, type FSWatcher } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import type { ErrorCode } from '../../../src-shared/errors.ts';
import { SerialQueue } from '../../async/serial-queue.ts';
import type { AppContext } from '../../context.ts';
import {
  isFileSeen,
  listWatchedFiles,
  saveWatchedFile,
  type WatchedFile,
} from '../../store/changes/imports.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import type { Job } from './job.ts';
import { maxFileBytes } from '../read/byte-source.ts';
import type { ImportFile } from './uploads.ts';
import { WatchFolders, type FolderList, type FolderReach } from './folder-choice.ts';

const watchSettings = z.object({
  enabled: z.boolean(),
  folder: z.string(),
  everyMinutes: z.int().min(1),
});
type WatchSettings = z.infer<typeof watchSettings>;

export interface WatchState extends WatchSettings {
  lastLookAt: number | null;
  files: WatchedFile[];
}

export interface Watch {
  start(): void;
  /** No look begins any more; a file that is being read is left to its job. */
  stop(): void;
  /** After `stop`: resolves when the last look has ended. */
  close(): Promise<void>;
  get(): WatchState;
  /** `reach`: where the caller may choose a folder. Throws `not_found` for one out of reach. */
  set(
    patch: { enabled?: boolean; folderToken?: string; everyMinutes?: number },
    reach: FolderReach,
  ): Promise<void>;
  /** See `WatchFolders.list`. */
  folders(inside: string | null, reach: FolderReach): Promise<FolderList>;
  /** Of a folder that the owner chose otherwise. Throws `not_found` for one out of reach. */
  folderToken(path: string, reach: FolderReach): Promise<string>;
  /** Looks now. Resolves when every file that was ready is imported or waits. */
  look(): Promise<void>;
  /** A job is over. The folder remembers what became of a file that waited for the owner. */
  noteOutcome(job: Job): void;
}

interface Deps {
  importFile(file: ImportFile, auto: boolean): Job;
  /** Takes a job that is over off the list. */
  forget(job: Job): void;
}

/** A file is whole when its size and time looked the same twice, at least this long apart. */
const settleMs = 2000;

/** Errors that say nothing about the file: the next look tries it again. */
const passingErrors: readonly (ErrorCode | null)[] = [
  'file_changed',
  'file_unreadable',
  'disk_full',
  'import_stale',
];

export function createWatch(context: AppContext, { importFile, forget }: Deps): Watch {
  const { clock, log, readStore, store, writes, changed } = context;
  const folders = new WatchFolders();
  /** Path → what it looked like, and whether it was dealt with in that state. */
  const known = new Map<string, { look: string; at: number; done: boolean }>();
  const waiting = new Map<string, Job>();
  /** Path → the job that failed for a passing reason. */
  const failed = new Map<string, Job>();
  let stopped = false;
  let lastLookAt: number | null = null;
  const looks = new SerialQueue();
  let timer: NodeJS.Timeout | null = null;
  let soon: NodeJS.Timeout | null = null;
  let watcher: FSWatcher | null = null;

  function settings(): WatchSettings {
    const parsed = watchSettings.safeParse(readSetting(readStore, 'watch'));
    return parsed.success ? parsed.data : { enabled: false, folder: '', everyMinutes: 15 };
  }

  function endWatching(): void {
    if (timer) clearInterval(timer);
    if (soon) clearTimeout(soon);
    watcher?.close();
    timer = soon = watcher = null;
  }

  function restart(): void {
    endWatching();
    const { enabled, folder, everyMinutes } = settings();
    if (!enabled || folder === '') return;
    timer = setInterval(() => void look(), everyMinutes * 60_000);
    timer.unref();
    try {
      watcher = watchFolder(folder, lookSoon);
      watcher.on('error', (error) => log.error('the watch folder cannot be watched', error));
      watcher.unref();
    } catch (error) {
      // Network drives often cannot notify: then the schedule alone has to do.
      log.error('the watch folder cannot be watched', error);
    }
    lookSoon();
  }

  function lookSoon(): void {
    if (soon) return;
    soon = setTimeout(() => {
      soon = null;
      void look();
    }, settleMs + 100);
    soon.unref();
  }

  function look(): Promise<void> {
    return looks.run(lookNow).catch((error: unknown) => {
      log.error('the watch folder could not be read', error);
    });
  }

  async function lookNow(): Promise<void> {
    const { enabled, folder } = settings();
    if (!enabled || folder === '') return;
    lastLookAt = clock.now().getTime();
    const names = (await readdir(folder)).filter(isExportName);
    for (const name of names.sort()) {
      if (stopped) return;
      await lookAt(join(folder, name)).catch((error: unknown) => {
        log.error('a file of the watch folder could not be read', error);
      });
    }
    changed('watch');
  }

  async function lookAt(path: string): Promise<void> {
    const info = await stat(path).catch(() => null);
    if (!info?.isFile() || info.size === 0) return;
    const appearance = `${info.size} ${info.mtimeMs} ${info.ino}`;
    const before = known.get(path);
    const now = clock.now().getTime();
    if (before?.look !== appearance) {
      // New or still growing: it must look the same next time.
      known.set(path, { look: appearance, at: now, done: false });
      lookSoon();
      return;
    }
    if (before.done) return;
    // Either way: the clock may have been set back.
    if (Math.abs(now - before.at) < settleMs) {
      lookSoon();
      return;
    }
    before.done = true;
    // One that is too large is refused by its size: it is not read for its digest either.
    const digest = info.size > maxFileBytes ? digestOfText(appearance) : await digestOf(path);
    const key = digest.toString('hex');
    if (stopped || waiting.has(key) || isFileSeen(readStore, digest)) return;
    const earlier = failed.get(path);
    if (earlier) forget(earlier);
    failed.delete(path);
    const file = { path, name: basename(path), size: info.size, digest, temporary: false };
    const job = importFile(file, true);
    await job.settled;
    // The program ends: the next start reads it.
    if (stopped && job.state !== 'done') return;
    if (job.state === 'failed' && passingErrors.includes(job.errorCode)) {
      failed.set(path, job);
      known.delete(path);
      return;
    }
    if (job.state === 'preview' || job.state === 'mapping') waiting.set(key, job);
    await save(job);
  }

  async function save(job: Job): Promise<void> {
    const { digest, name } = job.file;
    const outcome =
      job.state === 'done'
        ? 'imported'
        : job.state === 'preview' || job.state === 'mapping'
          ? 'waiting'
          : 'failed';
    const seenAt = clock.now().getTime();
    await writes.run(() => saveWatchedFile(store, digest, { fileName: name, seenAt, outcome }));
    changed('watch');
    if (outcome === 'waiting')
      context.tell({ kind: 'import_waits', fileName: name, jobId: job.id });
    if (outcome === 'imported' && job.auto) tellImported(job);
  }

  /** The owner is told of a file only if it has something new. */
  function tellImported(job: Job): void {
    const { inserted = 0, updated = 0 } = job.preview?.counts ?? {};
    if (inserted + updated === 0) return;
    context.tell({ kind: 'imported', fileName: job.file.name, inserted, updated });
  }

  return {
    start: restart,
    stop() {
      stopped = true;
      endWatching();
    },
    close: () => looks.idle(),
    get: () => ({ ...settings(), lastLookAt, files: listWatchedFiles(readStore) }),
    async set({ enabled, folderToken, everyMinutes }, reach) {
      const next = settings();
      if (enabled !== undefined) next.enabled = enabled;
      if (everyMinutes !== undefined) next.everyMinutes = everyMinutes;
      if (folderToken !== undefined) {
        next.folder = await folders.pathOf(folderToken, reach);
      }
      await writes.run(() => writeSetting(store, 'watch', next));
      restart();
      changed('watch');
    },
    folders: (inside, reach) => folders.list(inside, reach),
    async folderToken(path, reach) {
      return (await folders.list(folders.tokenOf(path), reach)).token;
    },
    look,
    noteOutcome(job) {
      const key = Buffer.from(job.file.digest).toString('hex');
      if (waiting.get(key) !== job) return;
      waiting.delete(key);
      if (job.errorCode === 'worker_ended') {
        // Its preview is lost, and the file is as good as before: the next looks read it again.
        known.delete(job.file.path);
        failed.set(job.file.path, job);
        return;
      }
      save(job).catch((error: unknown) => log.error('a watched file could not be noted', error));
    },
  };
}

/**
 * Excel's `~$…` marks an open workbook, macOS' `._…` holds a file's attributes, and programs that
 * copy or download give hidden names to files that are not whole yet.
 */
function isExportName(name: string): boolean {
  if (name.startsWith('.') || name.startsWith('~$')) return false;
  return ['.csv', '.xlsx'].includes(extname(name).toLowerCase());
}

async function digestOf(path: string): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest();
}

const digestOfText = (text: string): Buffer => createHash('sha256').update(text).digest();
