/**
 * All writes of the program, one after the other. SQLite has one writer; a write on the main
 * thread would freeze it while a worker holds the lock (830 ms measured), so nobody writes
 * outside this queue.
 */
export class WriteQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Runs `job` after everything queued before it; resolves or rejects as the job does. */
  run<T>(job: () => T | Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('the store is closing'));
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Takes no more jobs and resolves when the last one has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#tail;
  }
}
