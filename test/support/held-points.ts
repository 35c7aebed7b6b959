/** Where an import can be held, on both sides of the threads. */
import { getEnvironmentData } from 'node:worker_threads';
import type { AnswerHooks } from '../../src-main/async/worker-answers.ts';

/** What the workers can be asked for: each can be held before it begins, and before it answers. */
const readerOperations = ['analyse', 'read', 'readList'] as const;
const writerOperations = [
  'stream',
  'planList',
  'refresh',
  'complete',
  'rows',
  'commit',
  'drop',
  'undo',
] as const;
type Operation = (typeof readerOperations)[number] | (typeof writerOperations)[number];
type OperationPoint = `before ${Operation}` | `after ${Operation}`;

const operationPoints = [...readerOperations, ...writerOperations].flatMap(
  (operation): OperationPoint[] => [`before ${operation}`, `after ${operation}`],
);

const innerPoints = [
  /** Some rows are read, and about to be sent. */
  'rows read',
  /** All rows are there, and compared next. */
  'planning',
  /** Some rows are written, in a transaction that is open. */
  'rows written',
  /** All rows are written, sums and customers next. */
  'last step',
  /** Nothing is left but the commit itself. */
  'written whole',
] as const;
export type Point = (typeof innerPoints)[number] | OperationPoint;

export const points: readonly Point[] = [...innerPoints, ...operationPoints];

/** Instead of the number of passes: the worker that comes here next dies. */
export const deadly = -1;
/** Instead of the number of passes: any number. */
export const noEnd = 2 ** 31 - 1;

export const sharedName = 'held import';

/** Two numbers for each point: how often a worker came there, and how often it may pass. */
export function slotsOf(point: Point): { arrivals: number; passes: number } {
  const arrivals = points.indexOf(point) * 2;
  return { arrivals, passes: arrivals + 1 };
}

/** In a worker: waits until the test lets it pass, or dies. */
export function stopAt(point: Point): void {
  const shared = new Int32Array(getEnvironmentData(sharedName) as SharedArrayBuffer);
  const { arrivals, passes } = slotsOf(point);
  const arrival = Atomics.add(shared, arrivals, 1) + 1;
  Atomics.notify(shared, arrivals);
  for (;;) {
    const allowed = Atomics.load(shared, passes);
    if (allowed === deadly) {
      // The next worker lives.
      Atomics.store(shared, passes, noEnd);
      process.exit(3);
    }
    if (allowed >= arrival) return;
    Atomics.wait(shared, passes, allowed);
  }
}

/** In a worker: it can be held before each operation, and when it has an answer. */
export const heldOperations: AnswerHooks = {
  beforeOperation: (operation) => stopAtOperation(`before ${operation}`),
  beforeAnswer: (operation) => stopAtOperation(`after ${operation}`),
};

/** Operations that no test holds have no point. */
function stopAtOperation(name: string): void {
  const point = operationPoints.find((one) => one === name);
  if (point) stopAt(point);
}
