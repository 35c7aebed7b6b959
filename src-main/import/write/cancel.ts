import { AppError } from '../../../src-shared/errors.ts';

/** Set from another thread when the owner cancels. An import reads it between its steps. */
export interface CancelFlag {
  readonly cancelled: boolean;
}

/** Throws `import_cancelled`. */
export function checkCancel(cancel: CancelFlag): void {
  if (cancel.cancelled) throw new AppError('import_cancelled');
}
