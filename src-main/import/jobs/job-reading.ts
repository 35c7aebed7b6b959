/**
 * Files of jobs are read one at a time, each up to its preview. The main thread only relays: a
 * worker reads, another one plans and writes.
 */
import { rm } from 'node:fs/promises';
import { MessageChannel } from 'node:worker_threads';
import type { ImportPreview } from '../../../src-shared/contract/imports.ts';
import { localDay } from '../../../src-shared/domain/day.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { AppContext } from '../../context.ts';
import { readMapping } from '../../store/changes/imports.ts';
import { databaseFile } from '../../store/open.ts';
import { hasRecords } from '../../store/records/records.ts';
import type { Job } from './job.ts';
import type { ListContent } from '../plan/list-plan.ts';
import type { Analysed } from './reader-worker.ts';
import type { Committed } from './writer-session.ts';
import { fileTraits } from './traits.ts';
import type { ColumnMapping, FileAnalysis } from '../rows/types.ts';
import type { WorkerClient } from './worker-client.ts';

export interface ImportWorkers {
  reader: WorkerClient;
  writer: WorkerClient;
}

/** What becomes of a job that commits by itself. */
export interface Commits {
  /** Commits a preview; the job is `done` then. */
  commit(job: Job, digest: string): Promise<unknown>;
  /** The job was committed while it was read. */
  finish(job: Job, committed: Committed): void;
}

export class JobReading {
  readonly #context: AppContext;
  readonly #workers: ImportWorkers;
  readonly #commits: Commits;
  #tail: Promise<void> = Promise.resolve();
  /** The job that the reading worker is busy with. */
  #current: Job | null = null;

  constructor(context: AppContext, workers: ImportWorkers, commits: Commits) {
    this.#context = context;
    this.#workers = workers;
    this.#commits = commits;
  }

  /** Reads a file, once those before it are read. */
  open(job: Job): void {
    this.#queue(job, () => this.#analyse(job));
  }

  /** Goes on with a job whose columns are now mapped. */
  goOn(job: Job, analysis: FileAnalysis): void {
    job.enter('reading');
    this.#queue(job, () => this.#readRows(job, analysis));
  }

  /** What a file is if its columns are these. Throws `mapping_incomplete`. */
  map(analysis: FileAnalysis, columns: ColumnMapping[]): Promise<Analysed> {
    return this.#workers.reader.request<Analysed>('map', { analysis, columns });
  }

  /** Resolves when nothing of a job that was cancelled runs any more, and its file is gone. */
  async stop(job: Job): Promise<void> {
    if (this.#current === job) {
      await this.#workers.reader.stop();
      await job.settled;
    } else {
      await removeFile(job);
      await this.#drop(job);
    }
  }

  /** Ends after the jobs were cancelled. */
  async close(): Promise<void> {
    await this.#workers.reader.stop();
    await this.#tail;
  }

  /** Runs a step of a job after the files before it; what it throws fails the job. */
  #queue(job: Job, step: () => Promise<void>): void {
    const { log, changed } = this.#context;
    const result = this.#tail.then(async () => {
      if (job.isCancelled) return;
      this.#current = job;
      try {
        await step();
      } catch (error) {
        if (!job.isCancelled) {
          job.fail(error);
          log.error(`reading a file to import failed: ${(error as Error).message}`, error);
        }
      }
      this.#current = null;
      if (job.isCancelled && job.state !== 'done') job.state = 'cancelled';
      if (job.state !== 'mapping') await removeFile(job);
      if (job.state === 'failed' || job.state === 'cancelled') await this.#drop(job);
      changed('jobs');
    });
    this.#tail = result;
    job.settled = result;
    changed('jobs');
  }

  async #analyse(job: Job): Promise<void> {
    const { reader } = this.#workers;
    const { path } = job.file;
    let read = await reader.request<Analysed>('analyse', { path, remembered: null });
    const remembered = readMapping(this.#context.readStore, read.analysis.headerKey);
    if (remembered) read = await reader.request<Analysed>('analyse', { path, remembered });
    const { analysis } = read;
    job.notices = read.notices;
    job.analysis = analysis;
    if (analysis.needsMapping) job.enter('mapping');
    else await this.#readRows(job, analysis);
  }

  async #readRows(job: Job, analysis: FileAnalysis): Promise<void> {
    job.enter('reading');
    this.#context.changed('jobs');
    if (analysis.kind === 'timesheet') await this.#readTimesheet(job, analysis);
    else await this.#readList(job, analysis);
    if (job.auto && job.state === 'preview' && needsNoDecision(job.preview!)) {
      await this.#commits.commit(job, job.preview!.digest);
    }
  }

  async #readList(job: Job, analysis: FileAnalysis): Promise<void> {
    const { reader, writer } = this.#workers;
    const content = await reader.request<ListContent>('list', { path: job.file.path, analysis });
    if (job.isCancelled) return;
    job.enter('planning');
    const preview = await writer.request<ImportPreview>('list', {
      job: job.id,
      database: this.#database,
      content,
      today: this.#today(),
    });
    job.showPreview(preview);
  }

  /** Into an empty store a job that commits by itself is written while it is read. */
  async #readTimesheet(job: Job, analysis: FileAnalysis): Promise<void> {
    const { clock, readStore, writes } = this.#context;
    if (!job.auto || hasRecords(readStore)) return this.#stream(job, analysis, null);
    const entry = job.historyEntry(clock.now().getTime());
    return writes.run(() => this.#stream(job, analysis, entry));
  }

  async #stream(job: Job, analysis: FileAnalysis, straight: object | null): Promise<void> {
    if (job.isCancelled) return;
    const { reader, writer } = this.#workers;
    const { port1, port2 } = new MessageChannel();
    const streamed = writer.request<{ preview: ImportPreview; committed: Committed | null }>(
      'stream',
      {
        job: job.id,
        database: this.#database,
        file: fileTraits(analysis, job.notices),
        today: this.#today(),
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
        this.#context.changed('jobs');
      });
    // Whichever fails ends the other: the writer when the port closes, the reader at its stop.
    streamed.catch(() => reader.stop());
    const [{ preview, committed }] = await Promise.all([streamed, read]).catch(
      async (error: unknown) => {
        const settled = await Promise.allSettled([read, streamed]);
        const cause = settled.find((one) => one.status === 'rejected' && isTelling(one.reason));
        throw cause?.status === 'rejected' ? cause.reason : error;
      },
    );
    if (committed) {
      // A cancel that came too late is told so: it is done.
      job.preview = preview;
      this.#commits.finish(job, committed);
    } else job.showPreview(preview);
  }

  get #database(): string {
    return databaseFile(this.#context.dataDir);
  }

  #today(): number {
    return localDay(this.#context.clock.now());
  }

  #drop(job: Job): Promise<void> {
    return this.#workers.writer.request('drop', { job: job.id });
  }
}

async function removeFile(job: Job): Promise<void> {
  if (job.file.temporary) await rm(job.file.path, { force: true });
}

/** Nothing is unreadable and nothing goes: a watch folder or a script may import it alone. */
const needsNoDecision = ({ counts }: ImportPreview): boolean =>
  counts.problems === 0 && counts.removed === 0;

/** One of two workers fails first; the other one's "I was stopped" says nothing. */
const isTelling = (error: unknown): boolean =>
  error instanceof AppError && error.code !== 'internal' && error.code !== 'import_cancelled';
