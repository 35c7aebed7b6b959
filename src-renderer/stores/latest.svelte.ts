import type { ClientError } from '../client.ts';
import { NewestAnswer } from './newest-answer.ts';

/**
 * The newest answer to a question that is asked again while somebody types. The last value stays
 * until a newer one is there.
 */
export class Latest<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ClientError | null>(null);
  isWaiting = $state(false);
  readonly #newest = new NewestAnswer();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks after `delayMs` without another question. */
  ask(question: () => Promise<T>, delayMs: number): void {
    this.#newest.drop();
    clearTimeout(this.#timer);
    this.isWaiting = true;
    this.#timer = setTimeout(() => void this.#answer(question), delayMs);
  }

  /** Drops the value and whatever is under way. */
  forget(): void {
    this.#newest.drop();
    clearTimeout(this.#timer);
    this.value = null;
    this.error = null;
    this.isWaiting = false;
  }

  async #answer(question: () => Promise<T>): Promise<void> {
    const answer = await this.#newest.ask(question);
    if (answer === null) return;
    if ('value' in answer) this.value = answer.value;
    this.error = 'error' in answer ? answer.error : null;
    this.isWaiting = false;
  }
}
