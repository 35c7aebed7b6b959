/** Hashes and checks passwords, one after the other, so that no other thread waits for scrypt. */
import { randomBytes } from 'node:crypto';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import {
  hashPassword,
  isOutdated,
  matchesHash,
  saltBytes,
  type HashParameters,
} from './hash-format.ts';

export type PasswordJob = { kind: 'hash'; password: string } | CheckJob;
interface CheckJob {
  kind: 'check';
  password: string;
  hash: string;
}
export type PasswordAnswer =
  { ok: boolean; newHash: string | null } | { failed: 'hash_unreadable' };

const parameters = workerData as HashParameters;

function work(job: PasswordJob): PasswordAnswer {
  if (job.kind === 'hash') return { ok: true, newHash: newHash(job.password) };
  const ok = matchesHash(job.password, job.hash);
  return { ok, newHash: ok && isOutdated(job.hash, parameters) ? newHash(job.password) : null };
}

const newHash = (password: string): string =>
  hashPassword(password, randomBytes(saltBytes), parameters);

// On Linux priority belongs to the thread: pages go before passwords where cores are few.
// Elsewhere it would be the whole program's.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

parentPort?.on('message', (job: PasswordJob) => {
  let answer: PasswordAnswer;
  try {
    answer = work(job);
  } catch {
    // The message could quote the hash: only the fact crosses over.
    answer = { failed: 'hash_unreadable' };
  }
  parentPort?.postMessage(answer);
});
