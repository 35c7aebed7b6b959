/** Imports from the file to the history: what the owner may ask for. */
import type { DoubtCode } from '../../../src-shared/contract/import-words.ts';
import type {
  ImportEntry,
  ImportJob,
  ImportPreview,
  PreviewRow,
} from '../../../src-shared/contract/imports.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { Backups } from '../../backup/backups.ts';
import type { AppContext } from '../../context.ts';
import { listImports, saveMapping, type CommittedImport } from '../../store/changes/imports.ts';
import type { Completeness, Replace } from '../plan/plan.ts';
import type { ReadingChoices } from '../rows/types.ts';
import { Committing } from './committing.ts';
import { createImportWorkers } from './import-workers.ts';
import { Job } from './job.ts';
import type { JobState } from './job-state.ts';
import { kimaiAnalysis, kimaiFile } from './kimai-source.ts';
import { ReadingQueue } from './reading-queue.ts';
import type { RowsNews } from './rows-news.ts';
import type { RowsWanted } from './session.ts';
import { removeUpload, Uploads, type ImportFile } from './uploads.ts';
import { createWatch, type Watch } from './watch-folder.ts';

export interface Imports {
  /** Warms the workers up and starts the watch folder if the owner has one. */
  start(): void;
  /** Cancels what is being read, waits for a commit that runs, stops the workers. */
  close(): Promise<void>;
  uploads: Uploads;
  watch: Watch;
  /** Starts to read uploaded files. With `auto` it commits if nothing has to be decided. */
  open(uploadIds: readonly string[], auto: boolean): Promise<string>;
  /**
   * Starts to import what a connected Kimai told and no import took over yet. `mayCommit`: whether
   * it may go without being shown, if nothing else has to be decided. Resolves when it waits for the
   * owner or is over; one that nobody had to see leaves the list.
   */
  openKimai(
    name: string,
    mayCommit: (preview: ImportPreview) => boolean,
  ): Promise<Pick<ImportJob, 'jobId' | 'state' | 'preview' | 'error'>>;
  jobs(): ImportJob[];
  job(jobId: string): ImportJob;
  /** Resolves when the job waits for the owner or is over. */
  settled(jobId: string): Promise<void>;
  map(jobId: string, choices: ReadingChoices): Promise<void>;
  complete(jobId: string, complete: Completeness | null): Promise<void>;
  replace(jobId: string, replace: Replace): Promise<void>;
  rows(jobId: string, wanted: RowsWanted): Promise<{ total: number; rows: PreviewRow[] }>;
  /** Throws `import_unseen` if the owner has not seen all that the preview says must be seen. */
  commit(jobId: string, digest: string, seen: readonly DoubtCode[]): Promise<CommittedImport>;
  /**
   * Resolves when the job is over with nothing changed; one that was over leaves the list. Throws
   * `import_done` if it was committed before the worker saw the wish.
   */
  cancel(jobId: string): Promise<void>;
  list(): ImportEntry[];
  undo(importId: number): Promise<void>;
}

/** Jobs that are over and still listed; above this the oldest ones leave the list. */
const maxFinishedJobs = 20;

export function createImports(context: AppContext, backups: Pick<Backups, 'makeBefore'>): Imports {
  const { clock, log, readStore, writes, changed } = context;
  const jobs = new Map<string, Job>();
  const workers = createImportWorkers(context.workers, {
    onNews,
    onReaderDeath: (cause) => log.error('the worker that reads files ended', cause),
    onWriterDeath(cause) {
      log.error('the worker that writes imports ended', cause);
      committing.losePreviews(cause);
    },
  });
  const committing = new Committing(context, workers, backups, () => jobs.values());
  const reading = new ReadingQueue(context, workers, committing);
  const uploads = new Uploads(context.dataDir, startWorkers);
  const watch = createWatch(context, { importFile, forget });

  function onNews({ jobId, rows, estimatedRows }: RowsNews): void {
    const job = jobs.get(jobId);
    if (!job || job.isOver) return;
    job.progress.advance(rows, estimatedRows);
    changed('jobs');
  }

  function onChange(job: Job): void {
    changed('jobs');
    if (!job.isOver) return;
    watch.noteOutcome(job);
    for (const { file } of job.files) {
      removeUpload(file).catch((error: unknown) => log.error('an upload stays behind', error));
    }
  }

  function find(jobId: string): Job {
    const job = jobs.get(jobId);
    if (!job) throw new AppError('not_found');
    return job;
  }

  function findIn(jobId: string, state: JobState): Job {
    const job = find(jobId);
    if (job.state !== state) throw new AppError('import_not_ready');
    return job;
  }

  function findTimesheet(jobId: string): Job {
    const job = findIn(jobId, 'preview');
    if (job.files.every(({ analysis }) => analysis?.kind !== 'timesheet'))
      throw new AppError('import_not_ready');
    return job;
  }

  /** Its owner is asked how to read it, or sees a preview and may have it read differently. */
  function findMappable(jobId: string): Job {
    const job = find(jobId);
    if (job.state === 'mapping') return job;
    if (job.isRunning || job.isBatch) throw new AppError('import_not_ready');
    return findTimesheet(jobId);
  }

  function importFile(file: ImportFile, auto: boolean, others: ImportFile[] = []): Job {
    const job = new Job(file, auto, onChange, others);
    list(job);
    reading.open(job);
    return job;
  }

  function list(job: Job): void {
    jobs.set(job.id, job);
    const over = [...jobs.values()].filter(({ isOver }) => isOver);
    for (const old of over.slice(0, Math.max(0, over.length - maxFinishedJobs))) {
      jobs.delete(old.id);
    }
    changed('jobs');
  }

  /** Starts the workers while a file comes in: a program in which nobody imports has none. */
  function startWorkers(): void {
    workers.reader.start();
    workers.writer.start();
  }

  function forget(job: Job): void {
    jobs.delete(job.id);
    changed('jobs');
  }

  async function cancel(job: Job): Promise<void> {
    job.requestCancel();
    if (job.isRunning) {
      await reading.interrupt(job);
      await job.settled;
    }
    if (job.state === 'done') throw new AppError('import_done');
    if (!job.isOver) job.settle(new AppError('import_cancelled'));
    await reading.cleanUp(job);
  }

  return {
    uploads,
    watch,
    start() {
      watch.start();
    },
    async close() {
      watch.stop();
      for (const job of jobs.values()) {
        if (!job.isOver && job.state !== 'committing') job.requestCancel();
      }
      await reading.close();
      await watch.close();
      for (const job of jobs.values()) await job.settled;
      await committing.close();
      await uploads.close();
    },
    async open(uploadIds, auto) {
      const files: ImportFile[] = [];
      try {
        for (const uploadId of uploadIds) files.push(await uploads.take(uploadId));
      } catch (error) {
        for (const file of files) await removeUpload(file);
        throw error;
      }
      const [first, ...others] = files;
      return importFile(first!, auto, others).id;
    },
    async openKimai(name, mayCommit) {
      const job = new Job(kimaiFile(name), true, onChange);
      job.shown.take({ analysis: kimaiAnalysis, notices: [] });
      list(job);
      reading.openKimai(job, mayCommit);
      await job.settled;
      const { jobId, state, preview, error } = job.toContract();
      if (job.isOver) forget(job);
      return { jobId, state, preview, error };
    },
    jobs: () => [...jobs.values()].map((job) => job.toContract()),
    job: (jobId) => find(jobId).toContract(),
    settled: (jobId) => find(jobId).settled,
    async map(jobId, choices) {
      const read = await reading.map(findMappable(jobId), choices).catch((error: unknown) => {
        // A job that was cancelled while its file was read has no file any more: tell that first.
        findMappable(jobId);
        throw error;
      });
      // An answer is still missing, such as the order of the dates.
      if (read.analysis.needsMapping) throw new AppError('mapping_incomplete', { reason: 'open' });
      const now = clock.now().getTime();
      await writes.run(() => saveMapping(context.store, read.analysis.headerKey, choices, now));
      // Meanwhile it may have been cancelled, or mapped by another window.
      reading.readMapped(findMappable(jobId), read);
    },
    async complete(jobId, complete) {
      const job = findTimesheet(jobId);
      // With several files, nobody has said which of them is complete.
      if (job.isBatch) throw new AppError('import_not_ready');
      await committing.complete(job, complete);
    },
    async replace(jobId, replace) {
      await committing.replace(findTimesheet(jobId), replace);
    },
    async rows(jobId, wanted) {
      const job = findIn(jobId, 'preview');
      return workers.writer.request('rows', { jobId: job.id, ...wanted });
    },
    async commit(jobId, digest, seen) {
      const job = findIn(jobId, 'preview');
      const unseen = job.preview!.mustSee.filter((code) => !seen.includes(code));
      if (unseen.length > 0) throw new AppError('import_unseen', { notices: unseen.join(', ') });
      return committing.commit(job, digest);
    },
    async cancel(jobId) {
      const job = find(jobId);
      if (job.state === 'done') throw new AppError('import_done');
      if (job.isOver) forget(job);
      else await cancel(job);
    },
    list: () => listImports(readStore),
    undo: (importId) => committing.undo(importId),
  };
}
