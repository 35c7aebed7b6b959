/** Reads the files of a job that has several, and makes one preview of them. */
import type { ImportPreview } from '../../../src-shared/contract/imports.ts';
import { localDay } from '../../../src-shared/domain/day.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { AppContext } from '../../context.ts';
import { databaseFile } from '../../store/open.ts';
import { fileTraits } from './file-traits.ts';
import type { ImportWorkers } from './import-workers.ts';
import type { Job } from './job.ts';
import type { JobFile } from './job-file.ts';
import { passRows } from './pass-rows.ts';
import type { Analysed } from './reader.ts';

/** Projects need their customers, and records their projects. */
const kinds = ['customers', 'projects', 'timesheet'] as const;

export class BatchReading {
  readonly #context: AppContext;
  readonly #workers: ImportWorkers;
  readonly #analyse: (file: JobFile) => Promise<Analysed>;

  /** `analyse`: what a file is, by what it says and what is remembered for its header. */
  constructor(
    context: AppContext,
    workers: ImportWorkers,
    analyse: (file: JobFile) => Promise<Analysed>,
  ) {
    this.#context = context;
    this.#workers = workers;
    this.#analyse = analyse;
  }

  /**
   * Reads what is not read yet. Null: the owner has to say first how one of the files is read. A
   * file that fails keeps its error, and the others go on; throws if all fail.
   */
  async read(job: Job): Promise<ImportPreview | null> {
    for (const file of job.files) {
      if (file.analysis !== null || file.error !== null) continue;
      await this.#try(job, file, async () => file.take(await this.#analyse(file)));
    }
    const asked = job.files.find(({ analysis, error }) => !error && analysis?.needsMapping);
    if (asked) {
      job.ask(asked);
      return null;
    }
    // The names of Kimai's exports begin with the day, so the newest file is applied last.
    const ordered = job.readable().toSorted((a, b) => rank(a) - rank(b) || compareNames(a, b));
    for (const file of ordered) await this.#try(job, file, () => this.#collect(job, file));
    if (job.readable().length === 0) throw job.files[0]!.error as Error;
    job.orderFiles([...ordered, ...job.files.filter((file) => !ordered.includes(file))]);
    job.startPlanning();
    const { clock, writes } = this.#context;
    const input = { jobId: job.id, entry: job.historyEntry(clock.now().getTime()) };
    // This preview writes to the store and rolls that back, so it waits for its turn to write.
    return writes.run(() => this.#workers.writer.request('planBatch', input));
  }

  async #try(job: Job, file: JobFile, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      const isOurs = error instanceof AppError && error.code !== 'internal';
      const hasEnded = error instanceof AppError && error.code === 'worker_ended';
      if (job.isCancelRequested || !isOurs || hasEnded) throw error;
      file.fail(error);
    }
  }

  async #collect(job: Job, file: JobFile): Promise<void> {
    if (job.isCancelRequested) throw new AppError('import_cancelled');
    const { reader, writer } = this.#workers;
    const { path, name: fileName } = file.file;
    const { clock, dataDir } = this.#context;
    const analysis = file.analysis!;
    const ofBatch = {
      ...{ jobId: job.id, fileName },
      ...{ database: databaseFile(dataDir), today: localDay(clock.now()) },
    };
    if (analysis.kind !== 'timesheet') {
      const content = await reader.request('readList', { path, analysis });
      await writer.request('addList', { ...ofBatch, content });
      return;
    }
    const traits = fileTraits(analysis, file.notices);
    const { error } = await passRows(reader, { jobId: job.id, path, analysis }, (port) =>
      writer.request('collect', { ...ofBatch, file: traits, port }, [port]),
    );
    if (error !== null) throw error;
  }
}

const rank = ({ analysis }: JobFile): number => kinds.indexOf(analysis!.kind);

const compareNames = (a: JobFile, b: JobFile): number =>
  a.file.name < b.file.name ? -1 : a.file.name > b.file.name ? 1 : 0;
