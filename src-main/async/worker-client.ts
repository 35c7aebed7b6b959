/** Calls to a worker thread and their answers. The other end is worker-answers.ts. */
import { Worker, type ResourceLimits, type Transferable } from 'node:worker_threads';
import { AppError, type ErrorCode, type ErrorParams } from '../../src-shared/errors.ts';

/** What a worker can be asked for. Each operation takes one input and may return a promise. */
export type Operations = Record<string, (input: never) => unknown>;

export interface ToWorker {
  id: number;
  operation: string;
  input: unknown;
}

/** An answer to a call, or news that nobody asked for. */
export type FromWorker =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: { code: ErrorCode; params: ErrorParams; detail: string } }
  | { news: unknown };

export interface WorkerOptions<News> {
  url: URL;
  workerData?: unknown;
  resourceLimits?: ResourceLimits;
  onNews?: (news: News) => void;
  /**
   * The thread ended although nobody stopped it: what it held in memory is lost. Called before
   * the calls that wait are rejected.
   */
  onDeath?: (cause: Error) => void;
}

interface Call {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * A worker thread that starts at the first call, and again at the next call after it ended.
 * A call always ends: when the thread dies or cannot be loaded, calls that wait are rejected with
 * `worker_ended`.
 */
export class WorkerClient<Ops extends Operations, News = never> {
  readonly #options: WorkerOptions<News>;
  readonly #waiting = new Map<number, Call>();
  #worker: Worker | null = null;
  #nextId = 1;

  constructor(options: WorkerOptions<News>) {
    this.#options = options;
  }

  /** Starts the thread now, so that the first call need not wait for it. */
  start(): void {
    try {
      this.#startedWorker();
    } catch {
      // `onDeath` was told why, and the next call tries again.
    }
  }

  /** Rejects with what the operation threw, or with `worker_ended`. */
  request<Op extends keyof Ops & string>(
    operation: Op,
    input: Parameters<Ops[Op]>[0],
    transfer: readonly Transferable[] = [],
  ): Promise<Awaited<ReturnType<Ops[Op]>>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const worker = this.#startedWorker();
      // Throws if the input cannot be copied: then nothing waits.
      worker.postMessage({ id, operation, input } satisfies ToWorker, transfer);
      this.#waiting.set(id, { resolve: resolve as Call['resolve'], reject });
      // While somebody waits for an answer, the process may not end.
      worker.ref();
    });
  }

  /** Stops the thread at once; calls that wait are rejected with `reason`. */
  async stop(reason: AppError): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#worker = null;
    this.#rejectAll(reason);
    await worker.terminate();
  }

  #startedWorker(): Worker {
    if (this.#worker) return this.#worker;
    const { url, workerData, resourceLimits = {} } = this.#options;
    let worker: Worker;
    try {
      worker = new Worker(url, { workerData, resourceLimits });
    } catch (error) {
      this.#options.onDeath?.(error as Error);
      throw new AppError('worker_ended', {}, { cause: error });
    }
    this.#worker = worker;
    worker.unref();
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('messageerror', (error) => this.#die(worker, error));
    worker.on('error', (error) => this.#die(worker, error as Error));
    worker.on('exit', () => this.#die(worker, new Error('the worker thread ended')));
    return worker;
  }

  #receive(message: FromWorker): void {
    if ('news' in message) {
      this.#options.onNews?.(message.news as News);
      return;
    }
    const call = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if (message.ok) call?.resolve(message.value);
    else {
      const { code, params, detail } = message.error;
      call?.reject(new AppError(code, params, { cause: detail }));
    }
  }

  #die(worker: Worker, cause: Error): void {
    // Stopped on purpose, or already told by another event.
    if (this.#worker !== worker) return;
    this.#worker = null;
    // After a message that cannot be read the thread is still alive, and of no use any more.
    void worker.terminate();
    this.#options.onDeath?.(cause);
    this.#rejectAll(new AppError('worker_ended', {}, { cause }));
  }

  #rejectAll(error: AppError): void {
    const calls = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of calls) reject(error);
  }
}
