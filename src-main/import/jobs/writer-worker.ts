/** Worker thread: everything of an import that touches the store. */
import { answerRequests } from '../../async/worker-answers.ts';
import { storeError } from '../../store/open.ts';
import { createWriter } from './writer.ts';

answerRequests(createWriter(), storeError);
