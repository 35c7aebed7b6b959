/** Where an import can be held, on both sides of the threads. */
import { getEnvironmentData } from 'node:worker_threads';

export const points = [
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
export type Point = (typeof points)[number];

export const sharedName = 'held import';

/** Two numbers for each point: how often a worker came there, and how often it may pass. */
export function slotsOf(point: Point): { arrivals: number; passes: number } {
  const arrivals = points.indexOf(point) * 2;
  return { arrivals, passes: arrivals + 1 };
}

/** In a worker: waits until the test lets it pass. */
export function stopAt(point: Point): void {
  const shared = new Int32Array(getEnvironmentData(sharedName) as SharedArrayBuffer);
  const { arrivals, passes } = slotsOf(point);
  const arrival = Atomics.add(shared, arrivals, 1) + 1;
  Atomics.notify(shared, arrivals);
  for (;;) {
    const allowed = Atomics.load(shared, passes);
    if (allowed >= arrival) return;
    Atomics.wait(shared, passes, allowed);
  }
}

/** In a worker: its clock goes a second at each look, so that it tells its progress each time. */
export function tellEachStep(): void {
  let now = 0;
  performance.now = () => (now += 1000);
}
