/** The reading worker, which a test can hold. It tells its progress at each step. */
import { answerRequests } from '../../src-main/async/worker-answers.ts';
import { createReader } from '../../src-main/import/jobs/reader.ts';
import { storeError } from '../../src-main/store/open.ts';
import { heldOperations, stopAt } from './held-points.ts';

const reader = createReader({ onRowsRead: () => stopAt('rows read'), newsEveryMs: 0 });
answerRequests(reader, storeError, heldOperations);
