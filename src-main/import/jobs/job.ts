/** One import as the owner follows it: its state, progress and preview. */
import { randomUUID } from 'node:crypto';
import type { ImportJob, ImportPreview } from '../../../src-shared/contract/imports.ts';
import { AppError, toWireError } from '../../../src-shared/errors.ts';
import type { NewImport } from '../../store/changes/imports.ts';
import type { FileAnalysis } from '../rows/types.ts';
import type { ImportFile } from './uploads.ts';

export type JobState = ImportJob['state'];

/** States in which something still happens by itself or may be asked for. */
const openStates: readonly JobState[] = ['reading', 'mapping', 'planning', 'preview', 'committing'];

export class Job {
  readonly id = randomUUID();
  readonly file: ImportFile;
  /** Commits by itself if nothing has to be decided. */
  readonly auto: boolean;
  /** Shared with the writing worker: element 0 is not 0 once cancelled. */
  readonly cancel = new SharedArrayBuffer(4);
  state: JobState = 'reading';
  analysis: FileAnalysis | null = null;
  /** Keys under `imports.notice`. */
  notices: string[] = [];
  preview: ImportPreview | null = null;
  importId: number | null = null;
  #error: ImportJob['error'] = null;
  #rows = 0;
  #estimatedRows: number | null = null;
  #rowsPerSecond = 0;
  #secondsLeft: number | null = null;
  /** Of the present step, by the monotonic clock. */
  #startedAt = performance.now();
  /** Resolves when the job waits for the owner or is over. */
  settled: Promise<void> = Promise.resolve();
  /** Resolves when the commit that runs has ended, whichever way. */
  committing: Promise<void> = Promise.resolve();

  constructor(file: ImportFile, auto: boolean) {
    this.file = file;
    this.auto = auto;
  }

  get isOpen(): boolean {
    return openStates.includes(this.state);
  }

  get isCancelled(): boolean {
    return Atomics.load(new Int32Array(this.cancel), 0) !== 0;
  }

  requestCancel(): void {
    Atomics.store(new Int32Array(this.cancel), 0, 1);
  }

  /** Why it failed. */
  get errorCode(): string | null {
    return this.#error?.code ?? null;
  }

  fail(error: unknown): void {
    this.state = 'failed';
    const { code, params } = toWireError(error);
    this.#error = { code, params: { ...params } };
  }

  /** Begins a step whose progress counts from 0. */
  enter(state: JobState): void {
    this.state = state;
    this.#startedAt = performance.now();
    this.#rows = 0;
    this.#estimatedRows = null;
    this.#rowsPerSecond = 0;
    this.#secondsLeft = null;
  }

  /** Waits for the owner with this preview. Throws `import_cancelled` if that came before. */
  showPreview(preview: ImportPreview): void {
    if (this.isCancelled) throw new AppError('import_cancelled');
    this.preview = preview;
    this.enter('preview');
    const { inserted, updated, unchanged, problems } = preview.counts;
    const rows = inserted + updated + unchanged + problems;
    this.advance(rows, rows);
  }

  /** How the history names what this job imported. `importedAt`: milliseconds since 1970 UTC. */
  historyEntry(importedAt: number): NewImport {
    return {
      fileName: this.file.name,
      fileDigest: this.file.digest,
      kind: this.analysis!.kind,
      importedAt,
    };
  }

  /** Rows handled so far of `totalRows`, which reading estimates from the bytes. */
  advance(rows: number, totalRows: number | null): void {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    this.#rows = rows;
    this.#estimatedRows = totalRows === null ? null : Math.max(rows, Math.round(totalRows));
    this.#rowsPerSecond = seconds > 0 ? rows / seconds : 0;
    this.#secondsLeft =
      this.#estimatedRows === null || this.#rowsPerSecond === 0
        ? null
        : (this.#estimatedRows - rows) / this.#rowsPerSecond;
  }

  get estimatedRows(): number | null {
    return this.#estimatedRows;
  }

  toContract(): ImportJob {
    const { analysis } = this;
    return {
      jobId: this.id,
      fileName: this.file.name,
      state: this.state,
      kind: analysis?.kind ?? null,
      progress: {
        rows: this.#rows,
        estimatedRows: this.#estimatedRows,
        rowsPerSecond: this.#rowsPerSecond,
        secondsLeft: this.#secondsLeft,
      },
      reading: analysis && {
        format: analysis.format,
        encoding: analysis.encoding,
        delimiter: analysis.delimiter,
        columns: analysis.columns,
        samples: analysis.samples,
        missing: analysis.missing,
        resolutionS: analysis.resolution,
      },
      preview: this.preview,
      error: this.#error,
      importId: this.importId,
    };
  }
}
