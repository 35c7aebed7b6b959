import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../src-shared/errors.ts';

/** SHA-256 of a server's public key in base64 without its `=`, as `ssh-keygen -l` and OpenSSH's question show it. */
export const fingerprintOf = (key: Buffer): string =>
  createHash('sha256').update(key).digest('base64').slice(0, 43);

/**
 * Whether the server has the key that was pinned at the first connection. `pinned` '': it is the
 * first one, so any key is taken; the caller stores `seen`.
 */
export class PinnedHostKey {
  readonly #pinned: string;
  /** The fingerprint of the server that answered; '' before it did. */
  seen = '';

  constructor(pinned: string) {
    this.#pinned = pinned;
  }

  /** For ssh2's `hostVerifier`. */
  readonly verify = (key: Buffer): boolean => {
    this.seen = fingerprintOf(key);
    return this.#pinned === '' || equal(this.seen, this.#pinned);
  };

  /** Throws `host_key_changed` if the server that answered has another key. */
  check(): void {
    if (this.seen === '' || this.#pinned === '' || equal(this.seen, this.#pinned)) return;
    throw new AppError('host_key_changed', { fingerprint: this.seen });
  }
}

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
