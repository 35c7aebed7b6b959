/** Calls to a worker thread and their answers. */
import { Worker, type Transferable } from 'node:worker_threads';
import { AppError, type ErrorCode, type ErrorParams } from '../../../src-shared/errors.ts';

/** What a worker posts: an answer to a request, or news about a job. */
export type FromWorker =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: { code: ErrorCode; params: ErrorParams; detail: string } }
  | { job: string; rows: number; bytes: number; totalBytes: number };

/**
 * Rows live for one batch only. With the default, which grows to 48 MB and more, importing a
 * million of them peaks at 500 MB instead of 400, and is no quicker.
 */
const maxYoungGenerationSizeMb = 16;

export interface ToWorker {
  id: number;
  op: string;
  input: unknown;
}

export type News = Extract<FromWorker, { job: string }>;

/**
 * Starts the worker at the first call, and again at the next one after it ended. A worker that
 * dies fails the calls that wait for it.
 */
export class WorkerClient {
  #url: URL;
  #onNews: (news: News) => void;
  #worker: Worker | null = null;
  #pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #nextId = 1;

  constructor(url: URL, onNews: (news: News) => void = () => undefined) {
    this.#url = url;
    this.#onNews = onNews;
  }

  /** Starts the thread now, so that the first call need not wait for it. */
  start(): void {
    if (this.#worker) return;
    const worker = new Worker(this.#url, { resourceLimits: { maxYoungGenerationSizeMb } });
    this.#worker = worker;
    worker.unref();
    worker.on('message', (message: FromWorker) => {
      if ('job' in message) this.#onNews(message);
      else this.#settle(message);
    });
    worker.on('error', (error) => this.#end(worker, error));
    worker.on('exit', () => this.#end(worker, new Error('the import worker ended')));
  }

  request<T>(op: string, input: unknown, transfer: readonly Transferable[] = []): Promise<T> {
    this.start();
    const worker = this.#worker!;
    const id = this.#nextId++;
    // While somebody waits for an answer, the process may not end.
    worker.ref();
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ id, op, input } satisfies ToWorker, transfer);
    });
  }

  /** Stops the thread at once; calls that wait fail with `import_cancelled`. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#end(worker, new AppError('import_cancelled'));
    await worker.terminate();
  }

  #settle(message: Exclude<FromWorker, News>): void {
    const call = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#worker?.unref();
    if (message.ok) call?.resolve(message.value as never);
    else {
      const { code, params, detail } = message.error;
      call?.reject(new AppError(code, params, { cause: detail }));
    }
  }

  #end(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
