import type { NoticeCode } from '../../../src-shared/contract/import-words.ts';
import type { ImportJob } from '../../../src-shared/contract/imports.ts';
import { toWireError } from '../../../src-shared/errors.ts';
import type { FileAnalysis } from '../rows/types.ts';
import type { ImportFile } from './uploads.ts';

/** One of the files of a job, and what is known about it. */
export class JobFile {
  readonly file: ImportFile;
  /** What it is read as; null until that is known. */
  analysis: FileAnalysis | null = null;
  notices: readonly NoticeCode[] = [];
  /** Why it is not part of the import. */
  error: unknown = null;

  constructor(file: ImportFile) {
    this.file = file;
  }

  take({ analysis, notices }: { analysis: FileAnalysis; notices: readonly NoticeCode[] }): void {
    this.analysis = analysis;
    this.notices = notices;
  }

  fail(error: unknown): void {
    this.error = error;
  }

  toContract(): ImportJob['files'][number] {
    const error = this.error === null ? null : toWireError(this.error);
    return {
      fileName: this.file.name,
      kind: this.analysis?.kind ?? null,
      error: error && { code: error.code, params: { ...error.params } },
    };
  }
}
