import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { AppError } from '../../../src-shared/errors.ts';
import type { FileAnalysis } from '../rows/types.ts';
import type { ImportWorkers } from './import-workers.ts';

interface Passed<Taken> {
  /** Null: it failed. It may be there although reading failed: `error` says so then. */
  taken: Taken | null;
  /** Why one of the workers failed; null: none did. */
  error: unknown;
}

/**
 * Both workers at once: the reading one sends the rows of a file through a port, and the other one,
 * which `take` asks, takes them. `onRead`: all rows are sent. It never rejects.
 */
export async function passRows<Taken>(
  reader: ImportWorkers['reader'],
  file: { jobId: string; path: string; analysis: FileAnalysis },
  take: (port: MessagePort) => Promise<Taken>,
  onRead: () => void = () => undefined,
): Promise<Passed<Taken>> {
  const { port1, port2 } = new MessageChannel();
  const taken = take(port2);
  const read = reader.request('read', { ...file, port: port1 }, [port1]).then(onRead);
  // Whichever fails ends the other: the writer when the port closes, the reader at its stop.
  read.catch(() => port1.close());
  taken.catch(() => reader.stop(new AppError('import_cancelled')));
  const [reading, taking] = await Promise.allSettled([read, taken]);
  const errors = [reading, taking].flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  );
  return {
    taken: taking.status === 'fulfilled' ? taking.value : null,
    error: errors.length === 0 ? null : errors.reduce((a, b) => (rank(b) > rank(a) ? b : a)),
  };
}

/**
 * The worker that failed tells why. Of the other one it is only known that its port closed, or that
 * it was stopped, which nobody asked for while a worker could still tell something.
 */
function rank(error: unknown): number {
  if (!(error instanceof AppError)) return 2;
  if (error.code === 'import_cancelled') return 0;
  return error.code === 'worker_ended' ? 1 : 2;
}
