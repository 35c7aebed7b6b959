/** How much of a file is looked at, and how wide it may be. */
import { AppError } from '../../../../src-shared/errors.ts';

/** What is read of a CSV file to decide; about 1 200 rows. */
export const headBytes = 256 * 1024;
export const maxColumns = 2000;
/** Rows that are looked at, and characters of each of their cells. */
export const evidenceRows = 500;
export const evidenceChars = 100;
/** Rows that the owner is shown. */
export const sampleRows = 5;

export function refuseColumns(count: number): never {
  throw new AppError('file_too_many_columns', { count, limit: maxColumns });
}
