/** The writing worker without the roll-ups: only to measure what they cost. */
import { answerRequests } from '../src-main/async/worker-answers.ts';
import { createWriter } from '../src-main/import/jobs/writer.ts';
import { storeError } from '../src-main/store/open.ts';

answerRequests(createWriter({ withoutSums: true }), storeError);
