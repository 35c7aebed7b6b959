import type { Column } from '../../src-shared/domain/visibility.ts';

/** Columns of figures, which are aligned at their ends. */
export const isNumeric = (column: Column): boolean =>
  column === 'duration' || column === 'rate' || column === 'total';
