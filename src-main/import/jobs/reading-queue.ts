/**
 * Files of jobs are read one at a time, each up to its preview. The main thread only relays: a
 * worker reads, another one plans and writes.
 */
import type { MessagePort } from 'node:worker_threads';
import type { ImportPreview } from '../../../src-shared/contract/imports.ts';
import { localDay } from '../../../src-shared/domain/day.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { SerialQueue } from '../../async/serial-queue.ts';
import type { AppContext } from '../../context.ts';
import { readMappings, type CommittedImport, type NewImport } from '../../store/changes/imports.ts';
import { databaseFile } from '../../store/open.ts';
import { hasRecords } from '../../store/records/records.ts';
import { readCatalogNames } from '../../store/catalog/names.ts';
import type { Remembered } from '../read/read-file.ts';
import type { FileAnalysis, ReadingChoices } from '../rows/types.ts';
import { BatchReading } from './batch-reading.ts';
import type { Committing } from './committing.ts';
import { fileTraits } from './file-traits.ts';
import type { ImportWorkers } from './import-workers.ts';
import type { Job } from './job.ts';
import { passRows } from './pass-rows.ts';
import type { Analysed } from './reader.ts';
import { askForOrder, storedOrder } from './stored-order.ts';
import { removeUpload, type ImportFile } from './uploads.ts';

/** What became of the rows of a timesheet. */
interface Written {
  /** Null: the worker died after the commit, before it answered. */
  preview: ImportPreview | null;
  /** What was written directly; null: the preview waits. */
  committed: CommittedImport | null;
}

export class ReadingQueue {
  readonly #context: AppContext;
  readonly #workers: ImportWorkers;
  readonly #committing: Committing;
  readonly #batches: BatchReading;
  readonly #queue = new SerialQueue();
  /** The job that the reading worker is busy with. */
  #current: Job | null = null;

  constructor(context: AppContext, workers: ImportWorkers, committing: Committing) {
    this.#context = context;
    this.#workers = workers;
    this.#committing = committing;
    this.#batches = new BatchReading(context, workers, ({ file }) => this.#analysed(file));
  }

  /** Reads a file once those before it are read. */
  open(job: Job): void {
    this.#enqueue(job, () => this.#analyse(job));
  }

  /**
   * Plans what a connected Kimai told. It is committed without being shown if nothing has to be
   * decided and `mayCommit` agrees.
   */
  openKimai(job: Job, mayCommit: (preview: ImportPreview) => boolean): void {
    this.#enqueue(job, async () => {
      job.startPlanning();
      const { clock, writes } = this.#context;
      const preview = await writes.run(() =>
        this.#workers.writer.request('planKimai', {
          ...{ jobId: job.id, database: this.#database, today: this.#today() },
          ...{ name: job.file.name, entry: job.historyEntry(clock.now().getTime()) },
        }),
      );
      if (job.isCancelRequested) throw new AppError('import_cancelled');
      if (
        needsNoDecision({ ...preview, counts: { ...preview.counts, removed: 0 } }) &&
        mayCommit(preview)
      ) {
        await this.#committing.commitNow(job, preview, preview.digest);
      } else job.showPreview(preview);
    });
  }

  /** Tells what a file is if it is read as the owner chose. Throws `mapping_incomplete`. */
  async map(job: Job, choices: ReadingChoices): Promise<Analysed> {
    const { stamp } = job.analysis!;
    const { analysis, notices } = await this.#request(job.shown.file, new Map(), choices);
    // It must be the file that the owner was asked about: another one fails when it is read.
    return { analysis: { ...analysis, stamp }, notices };
  }

  #request(
    { path }: ImportFile,
    remembered: Remembered,
    choices: ReadingChoices = {},
  ): Promise<Analysed> {
    const knownNames = readCatalogNames(this.#context.readStore);
    return this.#workers.reader.request('analyse', { path, remembered, choices, knownNames });
  }

  /** Goes on with a job whose columns are mapped now, or mapped anew. */
  readMapped(job: Job, { analysis, notices }: Analysed): void {
    job.resumeReading();
    job.takeAnalysis(analysis, notices);
    this.#enqueue(job, async () => {
      // The plan that the reading before this one made is of no use any more.
      await this.#committing.drop(job);
      if (job.isBatch) await this.#readBatch(job);
      else await this.#readRows(job, analysis);
    });
  }

  /** Stops the reading worker if it is busy with this job, which was cancelled. */
  async interrupt(job: Job): Promise<void> {
    if (this.#current === job) await this.#workers.reader.stop(new AppError('import_cancelled'));
  }

  /** Removes the file and the plan of a job that is over, or will be over at once. */
  async cleanUp(job: Job): Promise<void> {
    for (const { file } of job.files) await removeUpload(file);
    await this.#committing.drop(job);
  }

  /** Resolves when nothing is read any more. The jobs must have been cancelled. */
  async close(): Promise<void> {
    await this.#workers.reader.stop(new AppError('import_cancelled'));
    await this.#queue.idle();
  }

  /** Runs a step of a job after the files before it; what it throws ends the job. */
  #enqueue(job: Job, step: () => Promise<void>): void {
    job
      .run(
        () => this.#runStep(job, step),
        (task) =>
          this.#queue.run(async () => {
            // The owner cancelled it while it waited.
            if (!job.isOver) await task();
          }),
      )
      .catch((error: unknown) => this.#context.log.error('a job could not be ended', error));
  }

  /** Whatever happens becomes the state of the job. */
  async #runStep(job: Job, step: () => Promise<void>): Promise<void> {
    this.#current = job;
    try {
      if (job.isCancelRequested) throw new AppError('import_cancelled');
      await step();
    } catch (error) {
      if (!job.isCancelRequested) {
        const { log } = this.#context;
        log.error('reading a file to import failed', error);
      }
      await this.cleanUp(job);
      job.settle(error);
    } finally {
      this.#current = null;
    }
  }

  async #analyse(job: Job): Promise<void> {
    if (job.isBatch) return this.#readBatch(job);
    const read = await this.#analysed(job.file);
    job.takeAnalysis(read.analysis, read.notices);
    if (read.analysis.needsMapping) job.waitForMapping();
    else await this.#readRows(job, read.analysis);
  }

  /** What a file is, with what is remembered for its header, and by what is stored. */
  async #analysed(file: ImportFile): Promise<Analysed> {
    const { readStore } = this.#context;
    const remembered = readMappings(readStore) as Remembered;
    const read = await this.#request(file, remembered);
    const dateOrder = storedOrder(readStore, read.analysis);
    if (dateOrder === null) return read;
    if (dateOrder === 'ydm') return { ...read, analysis: askForOrder(read.analysis) };
    const { analysis, notices } = await this.#request(file, remembered, { dateOrder });
    const choices = analysis.choices.map((choice) =>
      choice.about === 'dateOrder' ? { ...choice, because: 'storedDates' } : choice,
    );
    return { analysis: { ...analysis, choices }, notices };
  }

  async #readBatch(job: Job): Promise<void> {
    const preview = await this.#batches.read(job);
    if (preview !== null) await this.#showOrCommit(job, preview);
  }

  async #readRows(job: Job, analysis: FileAnalysis): Promise<void> {
    const preview =
      analysis.kind === 'timesheet'
        ? await this.#readTimesheet(job, analysis)
        : await this.#readList(job, analysis);
    // It was written while it was read.
    if (preview === null) return;
    await this.#showOrCommit(job, preview);
  }

  async #showOrCommit(job: Job, preview: ImportPreview): Promise<void> {
    if (job.isCancelRequested) throw new AppError('import_cancelled');
    const isWhole = job.files.every(({ error }) => error === null);
    if (job.auto && isWhole && needsNoDecision(preview)) {
      await this.#committing.commitNow(job, preview, preview.digest);
    } else job.showPreview(preview);
  }

  async #readList(job: Job, analysis: FileAnalysis): Promise<ImportPreview> {
    const { reader, writer } = this.#workers;
    const content = await reader.request('readList', { path: job.file.path, analysis });
    if (job.isCancelRequested) throw new AppError('import_cancelled');
    job.startPlanning();
    return writer.request('planList', {
      jobId: job.id,
      database: this.#database,
      content,
      today: this.#today(),
    });
  }

  /**
   * Into an empty store a job that commits by itself is written while it is read. Returns the
   * preview; null: the job is done.
   */
  async #readTimesheet(job: Job, analysis: FileAnalysis): Promise<ImportPreview | null> {
    const { clock, readStore, writes } = this.#context;
    const mayWrite = job.auto && analysis.doubts.length === 0;
    if (!mayWrite || hasRecords(readStore)) return this.#stream(job, analysis, null);
    const entry = job.historyEntry(clock.now().getTime());
    return writes.run(() => this.#stream(job, analysis, entry));
  }

  /** Both workers at once: the one reads rows and sends them to the other one. */
  async #stream(
    job: Job,
    analysis: FileAnalysis,
    directEntry: NewImport | null,
  ): Promise<ImportPreview | null> {
    if (job.isCancelRequested) throw new AppError('import_cancelled');
    const { taken, error } = await passRows(
      this.#workers.reader,
      { jobId: job.id, path: job.file.path, analysis },
      (port) => this.#planRows(job, analysis, directEntry, port),
      () => job.startPlanning(),
    );
    if (taken?.committed) {
      // It is done, even if the owner wanted to cancel it at the last moment.
      if (job.state === 'reading') job.startPlanning();
      job.finish(taken.committed.importId, taken.preview);
      this.#committing.afterCommit(job);
      return null;
    }
    if (taken === null || error !== null) throw error;
    return taken.preview;
  }

  /** What becomes of the rows that come through `port`. */
  #planRows(
    job: Job,
    analysis: FileAnalysis,
    directEntry: NewImport | null,
    port: MessagePort,
  ): Promise<Written> {
    const input = {
      jobId: job.id,
      database: this.#database,
      file: fileTraits(analysis, job.notices),
      today: this.#today(),
      port,
      directEntry,
      cancel: job.cancelFlag,
    };
    const request = (): Promise<Written> => this.#workers.writer.request('stream', input, [port]);
    if (!directEntry) return request();
    return this.#committing.orFromHistory(request, (committed) => ({ preview: null, committed }));
  }

  get #database(): string {
    return databaseFile(this.#context.dataDir);
  }

  #today(): number {
    return localDay(this.#context.clock.now());
  }
}

/** No row is unreadable, doubtful or removed, so that a watch folder or a script may import it. */
const needsNoDecision = ({ counts, mustSee }: ImportPreview): boolean =>
  counts.problems === 0 && counts.removed === 0 && mustSee.length === 0;
