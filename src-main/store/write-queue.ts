import { SerialQueue } from '../async/serial-queue.ts';

/**
 * All writes of the program, one after the other. SQLite has one writer; a write on the main
 * thread would freeze it while a worker holds the lock (830 ms measured), so nobody writes
 * outside this queue.
 */
export class WriteQueue {
  readonly #queue = new SerialQueue();
  #closed = false;

  /** Runs `write` after everything queued before it; resolves or rejects as it does. */
  run<T>(write: () => T | Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('the store is closing'));
    return this.#queue.run(write);
  }

  /** Takes no more writes and resolves when the last one has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue.idle();
  }
}
