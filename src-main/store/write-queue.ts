import { SerialQueue } from '../async/serial-queue.ts';

/**
 * All writes of the program, one after the other. SQLite has one writer; a write on the main
 * thread would freeze it while a worker holds the lock (830 ms measured), so nobody writes
 * outside this queue.
 */
export class WriteQueue {
  readonly #queue = new SerialQueue();
  /** Functions that start what waits in `runWithin`. */
  readonly #waiting = new Set<() => void>();
  readonly #check: () => void;
  #closed = false;

  /** `check`: throws where nothing may be written at the moment. It is asked before each write. */
  constructor(check: () => void = () => undefined) {
    this.#check = check;
  }

  /** Runs `write` after everything queued before it; resolves or rejects as it does. */
  run<T>(write: () => T | Promise<T>): Promise<T> {
    this.hurry();
    if (this.#closed) return Promise.reject(new Error('the store is closing'));
    return this.#queue.run(() => {
      this.#check();
      return write();
    });
  }

  /**
   * Runs `write` before the next write that is handed in, but `waitMs` later at the latest: for
   * what comes so often that it should be written together.
   */
  runWithin<T>(waitMs: number, write: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const start = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(start);
        this.run(write).then(resolve, reject);
      };
      const timer = setTimeout(start, waitMs);
      this.#waiting.add(start);
    });
  }

  /** Hands in at once what waits in `runWithin`. */
  hurry(): void {
    for (const start of this.#waiting) start();
  }

  /** Resolves when everything that was queued has ended. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Takes no more writes and resolves when the last one has ended. */
  async close(): Promise<void> {
    this.hurry();
    this.#closed = true;
    await this.#queue.idle();
  }
}
