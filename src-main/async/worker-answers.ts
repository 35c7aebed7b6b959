/** What a worker thread runs to answer the calls of a `WorkerClient`. */
import { parentPort } from 'node:worker_threads';
import { toWireError } from '../../src-shared/errors.ts';
import type { FromWorker, Operations, ToWorker } from './worker-client.ts';

/** What tests set, to stop a worker at an operation. */
export interface AnswerHooks {
  beforeOperation?: (operation: string) => void;
  /** Its answer is there, and is sent next. */
  beforeAnswer?: (operation: string) => void;
}

/**
 * Answers each call with what its operation returns or throws. `mapError` may turn an error of a
 * library into an AppError; any other error reaches the client as `internal`.
 */
export function answerRequests(
  operations: Operations,
  mapError: (thrown: unknown) => unknown = (thrown) => thrown,
  { beforeOperation, beforeAnswer }: AnswerHooks = {},
): void {
  parentPort!.on('message', (message: ToWorker) => void answer(message));

  async function answer({ id, operation, input }: ToWorker): Promise<void> {
    const send = (message: FromWorker): void => {
      beforeAnswer?.(operation);
      post(message);
    };
    beforeOperation?.(operation);
    try {
      const run = operations[operation];
      if (!run) throw new Error('the worker does not know this operation');
      send({ id, ok: true, value: await run(input as never) });
    } catch (thrown) {
      const error = mapError(thrown);
      send({ id, ok: false, error: { ...toWireError(error), detail: describe(error) } });
    }
  }
}

/** Tells the client something that it did not ask for, such as progress. */
export const postNews = (news: object): void => post({ news });

function post(message: FromWorker): void {
  parentPort!.postMessage(message);
}

/** The name and stack, for the log. A message could quote a cell or a password's hash. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const frames = (error.stack ?? '').split('\n').filter((frame) => /^\s+at /.test(frame));
  return [error.name, ...frames.slice(0, 3)].join(' ');
}
