/** The other end of worker-client.ts. */
import { parentPort } from 'node:worker_threads';
import { toWireError } from '../../../src-shared/errors.ts';
import { storeError } from '../../store/open.ts';
import type { FromWorker, News, ToWorker } from './worker-client.ts';

/** Answers each request with what its function returns or throws. */
export function answerRequests(operations: Record<string, (input: never) => unknown>): void {
  parentPort!.on('message', (message: ToWorker) => void answer(message));

  async function answer({ id, op, input }: ToWorker): Promise<void> {
    try {
      post({ id, ok: true, value: await operations[op]!(input as never) });
    } catch (thrown) {
      const error = storeError(thrown);
      // The stack is for the log of the main side; a message could quote a cell.
      const detail =
        error instanceof Error
          ? `${error.name} ${error.stack?.split('\n', 4).slice(1).join(' ')}`
          : '';
      post({ id, ok: false, error: { ...toWireError(error), detail } });
    }
  }
}

export const postNews = (news: News): void => post(news);

function post(message: FromWorker): void {
  parentPort!.postMessage(message);
}
