/** Imports from the file to the history: what the owner may ask for, and what becomes of it. */
import type {
  ImportEntry,
  ImportJob,
  ImportPreview,
  PreviewRow,
} from '../../../src-shared/contract/imports.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { AppContext } from '../../context.ts';
import { listImports, saveMapping } from '../../store/changes/imports.ts';
import { databaseFile } from '../../store/open.ts';
import { JobReading } from './job-reading.ts';
import { Job } from './job.ts';
import type { Completeness } from '../plan/timesheet-plan.ts';
import type { RowsPage } from '../preview/preview.ts';
import type { Committed, RowsWanted } from './writer-session.ts';
import type { ColumnMapping } from '../rows/types.ts';
import { Uploads, type ImportFile } from './uploads.ts';
import { createWatch, type Watch } from './watch-folder.ts';
import { WorkerClient, type News } from './worker-client.ts';

export interface Imports {
  /** Warms the workers up and starts the watch folder if the owner has one. */
  start(): void;
  /** Cancels what is being read, waits for a commit that runs, stops the workers. */
  close(): Promise<void>;
  uploads: Uploads;
  watch: Watch;
  /** Starts to read an uploaded file. With `auto` it commits if nothing has to be decided. */
  open(uploadId: string, auto: boolean): Promise<string>;
  jobs(): ImportJob[];
  job(jobId: string): ImportJob;
  /** Resolves when the job waits for the owner or is over. */
  settled(jobId: string): Promise<void>;
  map(jobId: string, columns: ColumnMapping[]): Promise<void>;
  complete(jobId: string, complete: Completeness | null): Promise<void>;
  rows(jobId: string, wanted: RowsWanted): Promise<{ total: number; rows: PreviewRow[] }>;
  commit(jobId: string, digest: string): Promise<Committed>;
  /**
   * Resolves when the job is over with nothing changed; one that was over leaves the list. Throws
   * `import_done` if it was committed before the worker saw the wish.
   */
  cancel(jobId: string): Promise<void>;
  list(): ImportEntry[];
  undo(importId: number): Promise<void>;
}

/** Jobs that are over and still listed. */
const keptJobs = 20;

export function createImports(context: AppContext): Imports {
  const { clock, log, readStore, writes, changed } = context;
  const jobs = new Map<string, Job>();
  const reader = new WorkerClient(context.workers.importReader, onNews);
  const writer = new WorkerClient(context.workers.importWriter, onNews);
  const reading = new JobReading(context, { reader, writer }, { commit: commitJob, finish });
  const uploads = new Uploads(context.dataDir);
  let closed = false;
  const watch = createWatch(context, { importFile, forget });

  function onNews({ job: id, rows, bytes, totalBytes }: News): void {
    const job = jobs.get(id);
    if (!job) return;
    const total =
      job.state === 'committing'
        ? job.estimatedRows
        : bytes > 0
          ? (rows * totalBytes) / bytes
          : null;
    job.advance(rows, total);
    changed('jobs');
  }

  function find(jobId: string): Job {
    const job = jobs.get(jobId);
    if (!job) throw new AppError('not_found');
    return job;
  }

  function importFile(file: ImportFile, auto: boolean): Job {
    const job = new Job(file, auto);
    jobs.set(job.id, job);
    const over = [...jobs.values()].filter((one) => !one.isOpen);
    for (const old of over.slice(0, Math.max(0, over.length - keptJobs))) jobs.delete(old.id);
    reading.open(job);
    return job;
  }

  function forget(job: Job): void {
    jobs.delete(job.id);
    changed('jobs');
  }

  function commitJob(job: Job, digest: string): Promise<Committed> {
    const { counts } = job.preview!;
    const total = counts.inserted + counts.updated + counts.unchanged + counts.problems;
    job.enter('committing');
    job.advance(0, total);
    changed('jobs');
    const committing = commitNow(job, digest);
    job.committing = committing.then(
      () => undefined,
      // Whoever committed is told; who cancels only waits for the end.
      () => undefined,
    );
    return committing;
  }

  async function commitNow(job: Job, digest: string): Promise<Committed> {
    const entry = job.historyEntry(clock.now().getTime());
    try {
      const input = { job: job.id, digest, entry, cancel: job.cancel };
      const committed = await writes.run(() => writer.request<Committed>('commit', input));
      finish(job, committed);
      return committed;
    } catch (error) {
      // After a stale or failed commit the preview is a fresh one.
      const preview = await writer.request<ImportPreview>('preview', { job: job.id });
      if (job.isCancelled) {
        job.state = 'cancelled';
        await writer.request('drop', { job: job.id });
      } else job.showPreview(preview);
      changed('jobs');
      throw error;
    }
  }

  function finish(job: Job, { importId }: Committed): void {
    job.state = 'done';
    job.importId = importId;
    // Nobody waits for the checkpoint that this ends with.
    writer.request('drop', { job: job.id }).catch((error: unknown) => {
      if (!closed) log.error('an import could not be put away', error);
    });
    watch.noteOutcome(job);
    changed('catalog', 'imports', 'jobs');
    refreshPreviews();
  }

  /** Other previews were made before the store changed. */
  function refreshPreviews(): void {
    for (const job of jobs.values()) {
      if (job.state !== 'preview') continue;
      writer.request<ImportPreview>('refresh', { job: job.id }).then(
        (preview) => {
          if (job.state !== 'preview') return;
          job.preview = preview;
          changed('jobs');
        },
        // A job that was dropped meanwhile has no preview any more.
        (error: unknown) => {
          if (job.state === 'preview' && !closed)
            log.error('a preview could not be made again', error);
        },
      );
    }
  }

  async function cancel(jobId: string): Promise<void> {
    const job = find(jobId);
    if (job.state === 'done') throw new AppError('import_done');
    if (!job.isOpen) {
      forget(job);
      return;
    }
    job.requestCancel();
    if (job.state === 'committing') {
      // The writing worker sees the flag between two batches and rolls back.
      await job.committing;
    } else {
      job.state = 'cancelled';
      await reading.stop(job);
    }
    changed('jobs');
    if (job.importId !== null) throw new AppError('import_done');
    watch.noteOutcome(job);
  }

  async function complete(job: Job, wanted: Completeness | null): Promise<void> {
    job.enter('planning');
    changed('jobs');
    try {
      const input = { job: job.id, complete: wanted };
      job.showPreview(await writer.request<ImportPreview>('complete', input));
    } catch (error) {
      if (!job.isCancelled) {
        job.fail(error);
        await writer.request('drop', { job: job.id });
      }
      throw error;
    } finally {
      changed('jobs');
    }
  }

  return {
    uploads,
    watch,
    start() {
      reader.start();
      writer.start();
      watch.start();
    },
    async close() {
      closed = true;
      watch.stop();
      for (const job of jobs.values()) {
        if (job.isOpen && job.state !== 'committing') job.requestCancel();
      }
      await reading.close();
      await watch.close();
      await writes.run(() => undefined);
      await writer.stop();
      await uploads.close();
    },
    async open(uploadId, auto) {
      return importFile(await uploads.take(uploadId), auto).id;
    },
    jobs: () => [...jobs.values()].map((job) => job.toContract()),
    job: (jobId) => find(jobId).toContract(),
    settled: (jobId) => find(jobId).settled,
    async map(jobId, columns) {
      const job = find(jobId);
      if (job.state !== 'mapping') throw new AppError('import_not_ready');
      const { analysis, notices } = await reading.map(job.analysis!, columns);
      const now = clock.now().getTime();
      await writes.run(() => saveMapping(context.store, analysis.headerKey, columns, now));
      // Cancelled, or mapped by somebody else, meanwhile.
      if (find(jobId).state !== 'mapping') throw new AppError('import_not_ready');
      job.analysis = analysis;
      job.notices = notices;
      reading.goOn(job, analysis);
    },
    async complete(jobId, wanted) {
      const job = find(jobId);
      if (job.state !== 'preview' || job.analysis?.kind !== 'timesheet') {
        throw new AppError('import_not_ready');
      }
      await complete(job, wanted);
    },
    async rows(jobId, wanted) {
      const job = find(jobId);
      if (job.state !== 'preview') throw new AppError('import_not_ready');
      return writer.request<RowsPage>('rows', { job: jobId, ...wanted });
    },
    async commit(jobId, digest) {
      const job = find(jobId);
      if (job.state !== 'preview') throw new AppError('import_not_ready');
      return commitJob(job, digest);
    },
    cancel,
    list: () => listImports(readStore),
    async undo(importId) {
      const now = clock.now().getTime();
      const database = databaseFile(context.dataDir);
      await writes.run(() => writer.request('undo', { database, importId, now }));
      changed('catalog', 'imports');
      refreshPreviews();
    },
  };
}
