/** One import as the owner follows it. Only this class changes the state of an import. */
import { randomUUID } from 'node:crypto';
import {
  importJob,
  importPreview,
  type ImportJob,
  type ImportPreview,
} from '../../../src-shared/contract/imports.ts';
import type { NoticeCode } from '../../../src-shared/contract/import-words.ts';
import { AppError, toWireError, type ErrorCode } from '../../../src-shared/errors.ts';
import type { ImportedFile, NewImport } from '../../store/changes/imports.ts';
import type { FileAnalysis } from '../rows/types.ts';
import { JobFile } from './job-file.ts';
import { JobProgress } from './job-progress.ts';
import { nextStates, type JobState } from './job-state.ts';
import type { ImportFile } from './uploads.ts';

export class Job {
  readonly id = randomUUID();
  /** Shared with the writing worker: element 0 is not 0 once the owner cancelled. */
  readonly cancelFlag = new SharedArrayBuffer(4);
  readonly progress = new JobProgress();
  #files: readonly JobFile[];
  #shown: JobFile;
  readonly #onChange: (job: Job) => void;
  #auto: boolean;
  #state: JobState = 'reading';
  #analysis: FileAnalysis | null = null;
  #reading: ImportJob['reading'] = null;
  #notices: readonly NoticeCode[] = [];
  #preview: ImportPreview | null = null;
  #importId: number | null = null;
  #error: ImportJob['error'] = null;
  #isRunning = false;
  #settled: Promise<void> = Promise.resolve();

  /** `onChange` is called after each change of the state or the preview. */
  constructor(
    file: ImportFile,
    auto: boolean,
    onChange: (job: Job) => void,
    others: readonly ImportFile[] = [],
  ) {
    this.#files = [file, ...others].map((one) => new JobFile(one));
    this.#shown = this.#files[0]!;
    this.#auto = auto;
    this.#onChange = onChange;
  }

  /** Commits by itself if nothing has to be decided, unless its owner has seen a preview. */
  get auto(): boolean {
    return this.#auto;
  }

  get state(): JobState {
    return this.#state;
  }

  get isOver(): boolean {
    return nextStates[this.#state].length === 0;
  }

  /** All files, in the order in which they are applied once that is known. */
  get files(): readonly JobFile[] {
    return this.#files;
  }

  /** It has several parts: several files, or what a connected Kimai told. */
  get isBatch(): boolean {
    return this.#files.length > 1 || this.isFromKimai;
  }

  /** Its rows come from a connected Kimai: it has no file. */
  get isFromKimai(): boolean {
    return this.file.path === '';
  }

  /** The file that is read, or that the owner is asked about. */
  get shown(): JobFile {
    return this.#shown;
  }

  /** The only file, or the first one. */
  get file(): ImportFile {
    return this.#files[0]!.file;
  }

  /** Files without an error. */
  readable(): JobFile[] {
    return this.#files.filter(({ error }) => error === null);
  }

  orderFiles(files: readonly JobFile[]): void {
    this.#files = files;
    this.#show(files[0]!);
  }

  /** Waits for the owner to say how this file is read. */
  ask(file: JobFile): void {
    this.#show(file);
    this.waitForMapping();
  }

  #show(file: JobFile): void {
    this.#shown = file;
    this.takeAnalysis(file.analysis!, file.notices);
  }

  /** What the file is read as; null until that is known. */
  get analysis(): FileAnalysis | null {
    return this.#analysis;
  }

  get notices(): readonly NoticeCode[] {
    return this.#notices;
  }

  get preview(): ImportPreview | null {
    return this.#preview;
  }

  /** Why it failed. */
  get errorCode(): ErrorCode | null {
    return this.#error?.code ?? null;
  }

  get isCancelRequested(): boolean {
    return Atomics.load(new Int32Array(this.cancelFlag), 0) !== 0;
  }

  /** The step that runs sees it and ends soon. The job is over when that step calls `settle`. */
  requestCancel(): void {
    Atomics.store(new Int32Array(this.cancelFlag), 0, 1);
  }

  /** A step of this job is running now; one that waits for its turn is not. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Resolves when no step runs or waits any more: the job waits for the owner or is over. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Runs a step of the job when `queue` calls it. Resolves or rejects as the step does. */
  run<T>(
    step: () => Promise<T>,
    queue: (task: () => Promise<T>) => Promise<T> = (task) => task(),
  ): Promise<T> {
    const result = queue(async () => {
      this.#isRunning = true;
      try {
        return await step();
      } finally {
        this.#isRunning = false;
      }
    });
    const ignore = (): void => undefined;
    // The caller is told of an error; who waits for `settled` only waits for the end.
    this.#settled = result.then(ignore, ignore);
    return result;
  }

  /** What the file is read as. Throws if it is nothing that can be shown. */
  takeAnalysis(analysis: FileAnalysis, notices: readonly NoticeCode[]): void {
    this.#reading = importJob.shape.reading.parse({
      format: analysis.format,
      encoding: analysis.encoding,
      delimiter: analysis.delimiter,
      columns: analysis.columns,
      samples: analysis.samples,
      missing: analysis.missing,
      resolutionS: analysis.resolution,
      sheet: analysis.sheet,
      skippedRows: analysis.skippedRows,
      choices: analysis.choices,
      doubts: analysis.doubts,
    });
    this.#analysis = analysis;
    this.#notices = notices;
    this.#shown.take({ analysis, notices });
    this.progress.restart();
    this.#onChange(this);
  }

  waitForMapping(): void {
    this.#enter('mapping');
  }

  /** Reads the rows as the owner said, for the first time or once more. */
  resumeReading(): void {
    if (this.#preview) this.#auto = false;
    this.#preview = null;
    this.#enter('reading');
  }

  startPlanning(): void {
    this.#enter('planning');
  }

  /**
   * Waits for the owner with this preview. Throws `import_cancelled` if the owner cancelled
   * meanwhile, and an error if the preview is nothing that can be shown.
   */
  showPreview(preview: ImportPreview): void {
    if (this.isCancelRequested) throw new AppError('import_cancelled');
    this.#preview = importPreview.parse(preview);
    this.#enter('preview');
    const rows = this.previewedRows;
    this.progress.advance(rows, rows);
    this.#onChange(this);
  }

  /** The store changed, and with it what the import would do. */
  replacePreview(preview: ImportPreview): void {
    if (this.#state !== 'preview') throw new Error(`no preview to replace: ${this.#state}`);
    this.#preview = importPreview.parse(preview);
    this.#onChange(this);
  }

  /** Rows of the file that the preview counts. */
  get previewedRows(): number {
    const { inserted, updated, unchanged, problems } = this.#preview!.counts;
    return inserted + updated + unchanged + problems;
  }

  /** `preview`: of a job that commits by itself and has shown none. */
  startCommitting(preview: ImportPreview | null = this.#preview): void {
    this.#preview = importPreview.nullable().parse(preview);
    this.#enter('committing');
    this.progress.advance(0, this.previewedRows);
  }

  /** The import is in the history. `preview`: of one that was never shown. */
  finish(importId: number, preview: ImportPreview | null = this.#preview): void {
    this.#preview = importPreview.nullable().parse(preview);
    this.#importId = importId;
    this.#enter('done');
  }

  /** Nothing of the import is kept: it is cancelled if the owner wanted that, else it failed. */
  settle(error: unknown): void {
    if (this.isCancelRequested) {
      this.#enter('cancelled');
      return;
    }
    const { code, params } = toWireError(error);
    this.#error = { code, params: { ...params } };
    this.#enter('failed');
  }

  /** How the history names what this job imported. `importedAt`: milliseconds since 1970 UTC. */
  historyEntry(importedAt: number): NewImport {
    const [first, ...others] = this.isBatch ? this.readable() : this.#files;
    const entryOf = ({ file, analysis }: JobFile): ImportedFile => ({
      fileName: file.name,
      fileDigest: file.digest,
      kind: analysis!.kind,
    });
    return { ...entryOf(first!), importedAt, others: others.map(entryOf) };
  }

  toContract(): ImportJob {
    return {
      jobId: this.id,
      fileName: this.#shown.file.name,
      files: this.#files.map((file) => file.toContract()),
      state: this.#state,
      kind: this.#kind,
      progress: this.progress.toContract(),
      reading: this.#reading,
      preview: this.#preview,
      error: this.#error,
      importId: this.#importId,
    };
  }

  /** Of several files that of the timesheets, if there are any. */
  get #kind(): ImportJob['kind'] {
    const kinds = this.#files.map(({ analysis }) => analysis?.kind ?? null);
    return kinds.find((kind) => kind === 'timesheet') ?? kinds[0] ?? null;
  }

  #enter(state: JobState): void {
    if (!nextStates[this.#state].includes(state)) {
      throw new Error(`an import that is ${this.#state} cannot become ${state}`);
    }
    this.#state = state;
    if (!this.isOver) this.progress.restart();
    this.#onChange(this);
  }
}
