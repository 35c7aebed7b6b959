/** Worker thread: hashes and checks passwords, so that no other thread waits for scrypt. */
import { randomBytes } from 'node:crypto';
import { workerData } from 'node:worker_threads';
import scrypt from 'scrypt-js';
import { passwordKeyOf } from '../../src-shared/sealed-page/keys.ts';
import { workInBackground } from '../async/background-thread.ts';
import { answerRequests } from '../async/worker-answers.ts';
import {
  hashPassword,
  isOutdated,
  matchesHash,
  saltBytes,
  type HashParameters,
} from './hash-format.ts';

const parameters = workerData as HashParameters;

const newHash = (password: string): string =>
  hashPassword(password, randomBytes(saltBytes), parameters);

const operations = {
  /** The part of a page's key that its password adds, see sealed-page/keys.ts. */
  pageKey: ({ password, salt }: { password: string; salt: Uint8Array }): Promise<Uint8Array> =>
    passwordKeyOf((...asked) => Promise.resolve(scrypt.syncScrypt(...asked)), password, salt),
  hash: ({ password }: { password: string }): string => newHash(password),
  /** `newHash`: of a right password whose hash has other parameters than today's. */
  check({ password, hash }: { password: string; hash: string }): {
    ok: boolean;
    newHash: string | null;
  } {
    const ok = matchesHash(password, hash);
    return { ok, newHash: ok && isOutdated(hash, parameters) ? newHash(password) : null };
  },
};
export type PasswordOperations = typeof operations;

workInBackground();

answerRequests(operations);
