/** What the writing worker does with jobs that are read: commit, plan again, forget, take back. */
import type { ImportPreview } from '../../../src-shared/contract/imports.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { Backups } from '../../backup/backups.ts';
import type { AppContext } from '../../context.ts';
import {
  isUndone,
  latestImportId,
  readCommittedAfter,
  type CommittedImport,
} from '../../store/changes/imports.ts';
import { databaseFile } from '../../store/open.ts';
import type { Completeness, Replace } from '../plan/plan.ts';
import type { ImportWorkers } from './import-workers.ts';
import type { Job } from './job.ts';

export class Committing {
  readonly #context: AppContext;
  readonly #workers: ImportWorkers;
  readonly #backups: Pick<Backups, 'makeBefore'>;
  readonly #jobs: () => Iterable<Job>;
  #isClosed = false;

  constructor(
    context: AppContext,
    workers: ImportWorkers,
    backups: Pick<Backups, 'makeBefore'>,
    jobs: () => Iterable<Job>,
  ) {
    this.#context = context;
    this.#workers = workers;
    this.#backups = backups;
    this.#jobs = jobs;
  }

  /**
   * Commits what a job shows. After a refused commit the job shows a fresh preview; after any other
   * error it is over. Throws `import_stale`, `import_cancelled`, `disk_full`, `worker_ended`.
   */
  commit(job: Job, digest: string): Promise<CommittedImport> {
    return job.run(async () => {
      try {
        return await this.commitNow(job, job.preview!, digest);
      } catch (error) {
        await this.#showAgain(job, error);
        throw error;
      }
    });
  }

  /** The same within a step of the job that runs; after an error the caller ends the job. */
  async commitNow(job: Job, preview: ImportPreview, digest: string): Promise<CommittedImport> {
    const { clock, writes } = this.#context;
    job.startCommitting(preview);
    const input = {
      jobId: job.id,
      digest,
      entry: job.historyEntry(clock.now().getTime()),
      cancel: job.cancelFlag,
    };
    // Right before the commit, so that the backup has what the import will change; not within the
    // queue, where every other write would wait for it.
    if (changesOf(preview) > maxUnsavedChanges) await this.#backups.makeBefore('import');
    const committed = await writes.run(() =>
      this.orFromHistory(
        () => this.#workers.writer.request('commit', input),
        (found) => found,
      ),
    );
    job.finish(committed.importId);
    this.afterCommit(job);
    return committed;
  }

  /**
   * Runs a write of an import, within the write queue. If the writing worker dies, its answer is
   * lost; `found` is called if the history tells that the import was committed all the same.
   */
  async orFromHistory<T>(
    write: () => Promise<T>,
    found: (committed: CommittedImport) => T,
  ): Promise<T> {
    const { readStore } = this.#context;
    const latest = latestImportId(readStore);
    try {
      return await write();
    } catch (error) {
      const committed = hasDied(error) ? readCommittedAfter(readStore, latest) : null;
      if (!committed) throw error;
      return found(committed);
    }
  }

  /** Call when a job is in the history: tells everything that shows the store. */
  afterCommit(job: Job): void {
    // This ends with a checkpoint, for which nobody has to wait.
    void this.drop(job);
    this.#context.changed('catalog', 'imports');
    this.#refreshPreviews();
  }

  /** The owner says that the file has everything of a period and projects; null: it has not. */
  complete(job: Job, complete: Completeness | null): Promise<void> {
    const input = { jobId: job.id, complete };
    return this.#planAgain(job, () => this.#workers.writer.request('complete', input));
  }

  /** The owner says which corrected entries replace the record that they look like. */
  replace(job: Job, replace: Replace): Promise<void> {
    const input = { jobId: job.id, replace };
    return this.#planAgain(job, () =>
      this.#planning(job, () => this.#workers.writer.request('replace', input)),
    );
  }

  /** Plans again after a decision of the owner. If that fails, the job is over. */
  #planAgain(job: Job, plan: () => Promise<ImportPreview>): Promise<void> {
    return job.run(async () => {
      job.startPlanning();
      try {
        job.showPreview(await plan());
      } catch (error) {
        await this.drop(job);
        job.settle(error);
        throw error;
      }
    });
  }

  /** Takes an import of the history back. Throws `import_undo_blocked`, `worker_ended`. */
  async undo(importId: number): Promise<void> {
    const { clock, dataDir, readStore, writes, changed } = this.#context;
    const input = { database: databaseFile(dataDir), importId, now: clock.now().getTime() };
    await writes.run(async () => {
      const wasUndone = isUndone(readStore, importId);
      try {
        await this.#workers.writer.request('undo', input);
      } catch (error) {
        // The worker may have died after the commit, before it answered.
        if (wasUndone || !hasDied(error) || !isUndone(readStore, importId)) throw error;
      }
    });
    changed('catalog', 'imports');
    this.#refreshPreviews();
  }

  /** Lets the writing worker forget a job. The state of the job stays. Never throws. */
  async drop(job: Job): Promise<void> {
    try {
      await this.#workers.writer.request('drop', { jobId: job.id });
    } catch (error) {
      // A worker that has ended knows nothing of the job any more.
      if (this.#isClosed || hasDied(error)) return;
      this.#context.log.error('an import could not be put away', error);
    }
  }

  /** Call when the writing worker died. Its plans are lost, so no preview can be committed. */
  losePreviews(cause: Error): void {
    const error = new AppError('worker_ended', {}, { cause });
    for (const job of this.#jobs()) {
      if (job.state === 'preview' && !job.isRunning) job.settle(error);
    }
  }

  /** Ends the writing worker. No job may be running. */
  async close(): Promise<void> {
    this.#isClosed = true;
    // The queue is empty once an undo that runs has ended.
    await this.#context.writes.idle();
    await this.#workers.writer.stop(new AppError('import_cancelled'));
  }

  /** After a commit that failed with `error` and was rolled back. Never throws. */
  async #showAgain(job: Job, error: unknown): Promise<void> {
    try {
      if (job.isCancelRequested || hasDied(error)) throw error;
      job.showPreview(await this.#requestRefresh(job));
    } catch (second) {
      if (second !== error && !job.isCancelRequested) {
        this.#context.log.error('a preview could not be made again', second);
      }
      await this.drop(job);
      // The owner is told the first error: the second one follows from it.
      job.settle(error);
    }
  }

  /** Other previews were made before the store changed. */
  #refreshPreviews(): void {
    for (const job of this.#jobs()) {
      if (job.state === 'preview' && !job.isRunning) void this.#refresh(job);
    }
  }

  #requestRefresh(job: Job): Promise<ImportPreview> {
    const request = (): Promise<ImportPreview> =>
      this.#workers.writer.request('refresh', { jobId: job.id });
    return this.#planning(job, request);
  }

  /** Several files are planned by writing and taking that back: nothing else writes meanwhile. */
  #planning<T>(job: Job, plan: () => Promise<T>): Promise<T> {
    return job.isBatch ? this.#context.writes.run(plan) : plan();
  }

  async #refresh(job: Job): Promise<void> {
    const isShown = (): boolean => job.state === 'preview' && !this.#isClosed;
    try {
      const preview = await this.#requestRefresh(job);
      if (isShown()) job.replacePreview(preview);
    } catch (error) {
      // A job that is over or was committed meanwhile has no preview any more.
      if (!isShown()) return;
      this.#context.log.error('a preview could not be made again', error);
      await this.drop(job);
      if (isShown()) job.settle(error);
    }
  }
}

/** An import that changes more than this is made only after a backup. */
const maxUnsavedChanges = 10_000;

const changesOf = ({ counts }: ImportPreview): number =>
  counts.inserted + counts.updated + counts.removed;

const hasDied = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'worker_ended';
