/**
 * Imports that stop at a known point until the test lets them go on, so that a test can look at a
 * running import without a race. The workers are the real ones; held-reader.ts and held-writer.ts
 * only make them wait.
 */
import { setEnvironmentData } from 'node:worker_threads';
import { deadly, noEnd, points, sharedName, slotsOf, type Point } from './held-points.ts';
import { workerUrl } from './workers.ts';

/** For `createTestApp`. They stop nowhere until `holdAt`. */
export const heldWorkers = {
  importReader: workerUrl('heldReader'),
  importWriter: workerUrl('heldWriter'),
};

const shared = new Int32Array(new SharedArrayBuffer(4 * 2 * points.length));
// Workers that start later get it.
setEnvironmentData(sharedName, shared.buffer);
for (const point of points) shared[slotsOf(point).passes] = noEnd;

export interface Hold {
  /** Resolves when the worker stands at the point for the `count`-th time. */
  reached(count?: number): Promise<void>;
  /** Lets it pass the point once more. */
  pass(): void;
  /** Holds it no more. */
  release(): void;
}

/** From now on the worker stops whenever it comes to this point. */
export function holdAt(point: Point): Hold {
  const { arrivals, passes } = slotsOf(point);
  const allow = (count: number): void => {
    Atomics.store(shared, passes, count);
    Atomics.notify(shared, passes);
  };
  Atomics.store(shared, arrivals, 0);
  allow(0);
  return {
    async reached(count = 1) {
      for (;;) {
        const seen = Atomics.load(shared, arrivals);
        if (seen >= count) return;
        await Atomics.waitAsync(shared, arrivals, seen).value;
      }
    },
    pass: () => allow(Atomics.load(shared, passes) + 1),
    release: () => allow(noEnd),
  };
}

/** The worker that stands at this point, or comes to it next, dies as if out of memory. */
export function dieAt(point: Point): void {
  const { passes } = slotsOf(point);
  Atomics.store(shared, passes, deadly);
  Atomics.notify(shared, passes);
}

/** For the end of each test: a worker that is held cannot be closed. */
export function releaseAll(): void {
  for (const point of points) {
    const { passes } = slotsOf(point);
    Atomics.store(shared, passes, noEnd);
    Atomics.notify(shared, passes);
  }
}
