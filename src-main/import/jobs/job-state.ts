import type { ImportJob } from '../../../src-shared/contract/imports.ts';

export type JobState = ImportJob['state'];

/** The states that may follow each state. A job without a next state is over. */
export const nextStates: Readonly<Record<JobState, readonly JobState[]>> = {
  reading: ['mapping', 'planning', 'failed', 'cancelled'],
  mapping: ['reading', 'failed', 'cancelled'],
  // A job that needs no decision goes on without showing its preview.
  planning: ['preview', 'committing', 'done', 'failed', 'cancelled'],
  // The owner may have it read differently.
  preview: ['reading', 'planning', 'committing', 'failed', 'cancelled'],
  // A commit that is refused leaves a fresh preview.
  committing: ['preview', 'done', 'failed', 'cancelled'],
  done: [],
  failed: [],
  cancelled: [],
};
