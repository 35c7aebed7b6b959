/** How a caller follows the reading of a file, and ends it. */
import type { DoubtCode } from '../../../src-shared/contract/import-words.ts';
import { AppError } from '../../../src-shared/errors.ts';

export interface ReadOptions {
  /** Aborting makes reading throw `import_cancelled`. */
  signal?: AbortSignal | undefined;
  /** Called with the bytes read so far. */
  onBytes?: ((bytes: number) => void) | undefined;
  /** Called with each row that the spreadsheet does not show. */
  onHidden?: (() => void) | undefined;
  /** Called after all rows, with what only all of them told. */
  onDoubts?: ((doubts: DoubtCode[]) => void) | undefined;
  /** Called after each chunk and waited for: what holds the reader back. */
  afterChunk?: (() => void | Promise<void>) | undefined;
  /** Asked after each chunk of a CSV file. True: nobody needs the rest of it. */
  isEnough?: (() => boolean) | undefined;
}

/** Throws `import_cancelled` after the caller aborted. */
export function assertNotCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('import_cancelled');
}
