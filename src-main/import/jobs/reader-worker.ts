/** Worker thread: reads files and sends their rows to the writing worker. */
import { answerRequests } from '../../async/worker-answers.ts';
import { storeError } from '../../store/open.ts';
import { createReader } from './reader.ts';

answerRequests(createReader(), storeError);
