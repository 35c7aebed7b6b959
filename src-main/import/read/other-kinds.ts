/** Files of spreadsheet programs that are neither CSV nor XLSX. */
import { AppError } from '../../../src-shared/errors.ts';

/** The beginning of Excel's files before 2007, and of workbooks that a password locks. */
const compoundFile = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/** Throws `file_spreadsheet_kind` for what has to be saved as XLSX first. */
export function refuseOtherKinds(head: Buffer): void {
  if (head.subarray(0, compoundFile.length).equals(compoundFile)) {
    throw new AppError('file_spreadsheet_kind', { kind: 'XLS' });
  }
}
