import { withoutKeys } from '../../src-shared/domain/share-link.ts';
import type { Clock } from '../clock.ts';

export interface TunnelLine {
  /** Milliseconds since 1970 UTC. */
  at: number;
  line: string;
}

const maxLines = 200;
const maxLength = 500;

/** The last lines of a tunnel, for its owner. Secrets and keys of shares are taken out of them. */
export class TunnelLog {
  readonly #clock: Clock;
  readonly #secrets: readonly string[];
  readonly #lines: TunnelLine[] = [];

  constructor(clock: Clock, secrets: readonly string[]) {
    this.#clock = clock;
    this.#secrets = secrets.filter((secret) => secret !== '');
  }

  readonly say = (line: string): void => {
    // Before it is cut: the first half of a secret is one too.
    const clean = this.#secrets.reduce((text, secret) => text.replaceAll(secret, '[…]'), line);
    this.#lines.push({
      at: this.#clock.now().getTime(),
      line: withoutKeys(clean).trim().slice(0, maxLength),
    });
    if (this.#lines.length > maxLines) this.#lines.shift();
  };

  lines(): TunnelLine[] {
    return [...this.#lines];
  }
}
