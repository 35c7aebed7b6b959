/** The writing worker, which a test can hold. It tells its progress at each step. */
import { answerRequests } from '../../src-main/async/worker-answers.ts';
import { createWriter } from '../../src-main/import/jobs/writer.ts';
import { storeError } from '../../src-main/store/open.ts';
import { heldOperations, stopAt } from './held-points.ts';

answerRequests(createWriter({ onStep: stopAt, newsEveryMs: 0 }), storeError, heldOperations);
