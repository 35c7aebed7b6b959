import { AppError } from '../../../src-shared/errors.ts';

/** Where an import that writes tells that it stands. */
export type WriteStep =
  /** Some rows are written, in a transaction that is open. */
  | 'rows written'
  /** All rows are written, and customers and sums come next. */
  | 'last step'
  /** Nothing is left but the commit itself. */
  | 'written whole';

/** How an import that writes is steered from outside. */
export interface WriteControl {
  /** Set from another thread when the owner cancels. The import reads it between its steps. */
  readonly cancelled: boolean;
  /** Called at each step: a test stops an import there. */
  readonly onStep?: ((step: WriteStep) => void) | undefined;
  /** True leaves the roll-ups out: a bench measures what they cost. */
  readonly withoutSums?: boolean | undefined;
}

/** Throws `import_cancelled`. */
export function checkCancel({ cancelled }: WriteControl): void {
  if (cancelled) throw new AppError('import_cancelled');
}
