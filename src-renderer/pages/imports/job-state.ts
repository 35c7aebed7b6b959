import type { ImportJob, ImportPreview } from '../../../src-shared/contract/imports.ts';

/** States in which the program works and the owner waits. */
export const isWorking = ({ state }: ImportJob): boolean =>
  state === 'reading' || state === 'planning' || state === 'committing';

/** States in which the owner has to decide something. */
export const isWaiting = ({ state }: ImportJob): boolean =>
  state === 'mapping' || state === 'preview';

/** How far a job is, 0–1; null while the number of rows is not known. */
export function jobShare({ progress }: ImportJob): number | null {
  return progress.estimatedRows === null || progress.estimatedRows === 0
    ? null
    : Math.min(progress.rows / progress.estimatedRows, 1);
}

/** Whether a commit would change anything. */
export const changesSomething = ({ counts, learned }: ImportPreview): boolean =>
  counts.inserted + counts.updated + counts.removed + learned.length > 0;
