import { toClientError, type ClientError } from '../../client.ts';

/**
 * The newest answer to a question that is asked again while somebody types. The last value stays
 * until a newer one is there, and answers that come late are dropped.
 */
export class Latest<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ClientError | null>(null);
  isWaiting = $state(false);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks after `delayMs` without another question. */
  ask(question: () => Promise<T>, delayMs: number): void {
    const mine = ++this.#asked;
    clearTimeout(this.#timer);
    this.isWaiting = true;
    this.#timer = setTimeout(() => void this.#answer(mine, question), delayMs);
  }

  /** Drops the value and whatever is under way. */
  forget(): void {
    this.#asked += 1;
    clearTimeout(this.#timer);
    this.value = null;
    this.error = null;
    this.isWaiting = false;
  }

  async #answer(mine: number, question: () => Promise<T>): Promise<void> {
    try {
      const value = await question();
      if (mine !== this.#asked) return;
      this.value = value;
      this.error = null;
    } catch (thrown) {
      if (mine !== this.#asked) return;
      this.error = toClientError(thrown);
    }
    this.isWaiting = false;
  }
}
