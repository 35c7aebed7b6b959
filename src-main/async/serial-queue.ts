/**
 * Runs tasks one after the other, in the order in which they were handed in. A task that fails
 * does not stop the ones after it.
 */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `task` after all earlier ones; resolves or rejects as the task does. */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    // Whoever handed the task in is told that it failed; the queue only waits for its end.
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when every task that was handed in so far has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
