/** A worker for worker-client.test.ts. */
import { workerData } from 'node:worker_threads';
import { answerRequests, postNews } from '../../../../src-main/async/worker-answers.ts';
import { AppError } from '../../../../src-shared/errors.ts';

const operations = {
  double: ({ value }: { value: number }) => value * 2,
  later: async ({ value }: { value: number }) => {
    await Promise.resolve();
    return value;
  },
  data: (_input: object) => workerData as unknown,
  news: ({ count }: { count: number }) => {
    for (let number = 1; number <= count; number++) postNews({ number });
  },
  refuse: (_input: object): never => {
    throw new AppError('file_too_large', { max: 5 });
  },
  quote: ({ cell }: { cell: string }): never => {
    throw new Error(`cannot read ${cell}\n    ${cell} again`);
  },
  map: (_input: object): never => {
    throw new RangeError('for the mapping');
  },
  uncloneable:
    (_input: object): unknown =>
    () =>
      undefined,
  never: (_input: object) => new Promise<void>(() => undefined),
  die: (_input: object): void => process.exit(3),
};
export type AnsweringOperations = typeof operations;

answerRequests(operations, (thrown) =>
  thrown instanceof RangeError ? new AppError('disk_full') : thrown,
);
