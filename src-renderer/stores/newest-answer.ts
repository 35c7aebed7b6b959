import { toClientError, type ClientError } from '../client.ts';

export type Answer<T> = { value: T } | { error: ClientError };

/** Of several questions only the newest one counts: answers to older ones come too late. */
export class NewestAnswer {
  #asked = 0;

  /**
   * The answer to `question`, or why it failed. Null if another question was asked, or all were
   * dropped, before the answer came. Never rejects.
   */
  async ask<T>(question: () => Promise<T>): Promise<Answer<T> | null> {
    const mine = ++this.#asked;
    let answer: Answer<T>;
    try {
      answer = { value: await question() };
    } catch (thrown) {
      answer = { error: toClientError(thrown) };
    }
    return mine === this.#asked ? answer : null;
  }

  /** What is under way does not count any more. */
  drop(): void {
    this.#asked += 1;
  }
}
