export interface Turns {
  /**
   * Calls `start` soon, never at once; it returns false if there is nothing to do any more.
   * `of`: whose turn it is, compared by identity.
   */
  take(of: unknown, start: () => boolean): void;
}

/**
 * Starts one thing in each turn of the event loop, and goes round among those who want something:
 * whoever wants a hundred things at once waits for each of them, the others for one.
 */
export function createTurns(): Turns {
  /** In the order in which it is their turn. */
  const waiting = new Map<unknown, (() => boolean)[]>();

  function next(): void {
    let started = false;
    while (!started && waiting.size > 0) started = startFirst();
    if (waiting.size > 0) setImmediate(next);
  }

  function startFirst(): boolean {
    const [of, starts] = waiting.entries().next().value!;
    const start = starts.shift()!;
    waiting.delete(of);
    if (starts.length > 0) waiting.set(of, starts);
    return start();
  }

  return {
    take(of, start) {
      if (waiting.size === 0) setImmediate(next);
      const own = waiting.get(of);
      if (own === undefined) waiting.set(of, [start]);
      else own.push(start);
    },
  };
}
