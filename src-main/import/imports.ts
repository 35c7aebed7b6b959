/**
 * Imports from the file to the history. The main thread only relays: a worker reads, another one
 * plans and writes. Files are read one at a time; previews wait side by side.
 */
import { rm } from 'node:fs/promises';
import { MessageChannel } from 'node:worker_threads';
import type {
  ImportEntry,
  ImportJob,
  ImportPreview,
  PreviewRow,
} from '../../src-shared/contract/imports.ts';
import { localDay } from '../../src-shared/domain/day.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { AppContext } from '../context.ts';
import { listImports, readMapping, saveMapping, type NewImport } from '../store/imports.ts';
import { databaseFile } from '../store/open.ts';
import { hasRecords } from '../store/records.ts';
import { Job } from './jobs.ts';
import type { ListContent } from './lists.ts';
import type { Completeness } from './plan.ts';
import type { RowsPage } from './preview.ts';
import type { Committed, RowsWanted } from './session.ts';
import type { Analysed } from './reader-worker.ts';
import { fileTraits } from './traits.ts';
import type { ColumnMapping, FileAnalysis } from './types.ts';
import { Uploads, type ImportFile } from './uploads.ts';
import { createWatch, type Watch } from './watch.ts';
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
  cancel(jobId: string): Promise<void>;
  list(): ImportEntry[];
  undo(importId: number): Promise<void>;
}

/** Jobs that are over and still listed. */
const keptJobs = 20;

export function createImports(context: AppContext): Imports {
  const { clock, log, readStore, writes, changed } = context;
  const database = databaseFile(context.dataDir);
  const jobs = new Map<string, Job>();
  const reader = new WorkerClient(context.workers.importReader, onNews);
  const writer = new WorkerClient(context.workers.importWriter, onNews);
  const uploads = new Uploads(context.dataDir);
  let reading: Promise<unknown> = Promise.resolve();
  /** The job that the reading worker is busy with. */
  let current: Job | null = null;
  let closed = false;
  const watch = createWatch(context, { importFile, cancel });

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

  const today = (): number => localDay(clock.now());

  function entryOf(job: Job): NewImport {
    return {
      fileName: job.file.name,
      fileDigest: job.file.digest,
      kind: job.analysis!.kind,
      importedAt: clock.now().getTime(),
    };
  }

  function importFile(file: ImportFile, auto: boolean): Job {
    const job = new Job(file, auto);
    jobs.set(job.id, job);
    const over = [...jobs.values()].filter((one) => !one.isOpen);
    for (const old of over.slice(0, Math.max(0, over.length - keptJobs))) jobs.delete(old.id);
    work(job, () => analyse(job));
    return job;
  }

  /** Runs a step of a job after the files before it; what it throws fails the job. */
  function work(job: Job, step: () => Promise<void>): void {
    const result = reading.then(async () => {
      if (job.isCancelled) return;
      current = job;
      try {
        await step();
      } catch (error) {
        if (!job.isCancelled) {
          job.fail(error);
          log.error(`reading a file to import failed: ${(error as Error).message}`, error);
        }
      }
      current = null;
      if (job.state !== 'mapping') await removeFile(job);
      changed('jobs');
    });
    reading = result;
    job.settled = result;
    changed('jobs');
  }

  async function analyse(job: Job): Promise<void> {
    const { path } = job.file;
    let read = await reader.request<Analysed>('analyse', { path, remembered: null });
    const remembered = readMapping(readStore, read.analysis.headerKey);
    if (remembered) read = await reader.request<Analysed>('analyse', { path, remembered });
    const { analysis } = read;
    job.notices = read.notices;
    job.analysis = analysis;
    if (analysis.needsMapping) job.enter('mapping');
    else await readRows(job, analysis);
  }

  async function readRows(job: Job, analysis: FileAnalysis): Promise<void> {
    job.enter('reading');
    changed('jobs');
    if (analysis.kind === 'timesheet') {
      if (await readTimesheet(job, analysis)) return;
    } else {
      const content = await reader.request<ListContent>('list', { path: job.file.path, analysis });
      job.enter('planning');
      const input = { job: job.id, database, content, today: today() };
      setPreview(job, await writer.request<ImportPreview>('list', input));
    }
    if (job.auto && needsNoDecision(job.preview!)) {
      await commitJob(job, job.preview!.digest);
    }
  }

  /** True if it was committed on the way. */
  async function readTimesheet(job: Job, analysis: FileAnalysis): Promise<boolean> {
    const straight = job.auto && !hasRecords(readStore) ? entryOf(job) : null;
    const run = async (): Promise<boolean> => {
      const { port1, port2 } = new MessageChannel();
      const streamed = writer.request<{ preview: ImportPreview; committed: Committed | null }>(
        'stream',
        {
          job: job.id,
          database,
          file: fileTraits(analysis, job.notices),
          today: today(),
          expectedRows: Math.round(job.file.size / bytesPerRow) + 1,
          port: port2,
          straight,
          cancel: job.cancel,
        },
        [port2],
      );
      const read = reader
        .request('read', { job: job.id, path: job.file.path, analysis, port: port1 }, [port1])
        .then(() => {
          if (!job.isCancelled) job.enter('planning');
          changed('jobs');
        });
      // Whichever fails ends the other: the writer when the port closes, the reader at its stop.
      streamed.catch(() => reader.stop());
      const [result] = await Promise.all([streamed, read]).catch(async (error: unknown) => {
        const settled = await Promise.allSettled([read, streamed]);
        const cause = settled.find((one) => one.status === 'rejected' && isTelling(one.reason));
        throw cause?.status === 'rejected' ? cause.reason : error;
      });
      if (job.isCancelled && result.committed === null) {
        await writer.request('drop', { job: job.id });
        return true;
      }
      setPreview(job, result.preview);
      if (result.committed) finish(job, result.committed);
      return result.committed !== null;
    };
    return straight ? writes.run(run) : run();
  }

  function setPreview(job: Job, preview: ImportPreview): void {
    job.preview = preview;
    job.enter('preview');
    const { inserted, updated, unchanged, problems } = preview.counts;
    const rows = inserted + updated + unchanged + problems;
    job.advance(rows, rows);
  }

  async function commitJob(job: Job, digest: string): Promise<Committed> {
    const { counts } = job.preview!;
    const total = counts.inserted + counts.updated + counts.unchanged + counts.problems;
    job.enter('committing');
    job.advance(0, total);
    changed('jobs');
    try {
      const input = { job: job.id, digest, entry: entryOf(job), cancel: job.cancel };
      const committed = await writes.run(() => writer.request<Committed>('commit', input));
      finish(job, committed);
      return committed;
    } catch (error) {
      if (job.isCancelled) {
        job.state = 'cancelled';
        await writer.request('drop', { job: job.id });
      } else {
        setPreview(job, await writer.request<ImportPreview>('preview', { job: job.id }));
      }
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

  async function removeFile(job: Job): Promise<void> {
    if (job.file.temporary) await rm(job.file.path, { force: true });
  }

  async function cancel(jobId: string): Promise<void> {
    const job = find(jobId);
    if (!job.isOpen) {
      // Over: it only leaves the list.
      jobs.delete(jobId);
      changed('jobs');
      return;
    }
    const { state } = job;
    job.requestCancel();
    if (state === 'committing') {
      // The writing worker sees the flag between two batches and rolls back.
      await writes.run(() => undefined);
      return;
    }
    job.state = 'cancelled';
    if (state === 'preview') await writer.request('drop', { job: jobId });
    else if (current === job) {
      await reader.stop();
      await job.settled;
    } else await removeFile(job);
    watch.noteOutcome(job);
    changed('jobs');
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
      await watch.close();
      for (const job of jobs.values()) {
        if (job.isOpen && job.state !== 'committing') job.requestCancel();
      }
      await reader.stop();
      await reading;
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
      const input = { analysis: job.analysis, columns };
      const { analysis, notices } = await reader.request<Analysed>('map', input);
      job.analysis = analysis;
      job.notices = notices;
      const now = clock.now().getTime();
      await writes.run(() => saveMapping(context.store, analysis.headerKey, columns, now));
      job.enter('reading');
      work(job, () => readRows(job, analysis));
    },
    async complete(jobId, complete) {
      const job = find(jobId);
      if (job.state !== 'preview' || job.analysis?.kind !== 'timesheet') {
        throw new AppError('import_not_ready');
      }
      job.enter('planning');
      changed('jobs');
      setPreview(job, await writer.request<ImportPreview>('complete', { job: jobId, complete }));
      changed('jobs');
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
      await writes.run(() => writer.request('undo', { database, importId, now }));
      changed('catalog', 'imports');
      refreshPreviews();
    },
  };
}

/** A timesheet export has about 214 bytes a row (spec/measured.md): how large to make tables. */
const bytesPerRow = 200;

/** Nothing is unreadable and nothing goes: a watch folder or a script may import it alone. */
const needsNoDecision = ({ counts }: ImportPreview): boolean =>
  counts.problems === 0 && counts.removed === 0;

/** One of two workers fails first; the other one's "I was stopped" says nothing. */
const isTelling = (error: unknown): boolean =>
  error instanceof AppError && error.code !== 'internal' && error.code !== 'import_cancelled';
