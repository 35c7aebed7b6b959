import type { PasswordChecker, PasswordResult } from '../../src-server/source.ts';
import {
  maxPasswordBytes,
  normalPassword,
  passwordLength,
} from '../../src-shared/domain/password.ts';
import { AppError } from '../../src-shared/errors.ts';
import { WorkerClient } from '../async/worker-client.ts';
import { currentParameters, type HashParameters } from './hash-format.ts';
import type { PasswordOperations } from './worker.ts';

/** Clients' checks that may wait; at 180 ms each the last one waits 4 s. */
export const maxWaitingChecks = 20;

/** Who waits: the owner's own jobs go first and are not refused because clients guess. */
export type Waiting = 'client' | 'owner';

export interface Passwords extends PasswordChecker {
  /** Throws AppError `password_queue_full`, `password_too_long`. */
  check(password: string, hash: string, waiting?: Waiting): Promise<PasswordResult>;
  /** Encoded with its salt and parameters. Throws AppError `password_too_long`. */
  hash(password: string): Promise<string>;
  /** The part of a page's key that its password adds: about a second, and 128 MiB. */
  pageKey(password: string, salt: Uint8Array): Promise<Uint8Array>;
  /** Ends the worker; what still waits is rejected. */
  close(): Promise<void>;
}

interface Task {
  run(): Promise<void>;
  reject(error: Error): void;
}

/**
 * Hashes and checks passwords in one worker, one at a time: scrypt takes 180 ms of a core and
 * 32 MiB. Passwords are compared in the form of `normalPassword`. A worker that dies fails the job it was on and is started anew.
 * `parameters`: for new hashes; only tests that are not about scrypt choose cheaper ones.
 */
export function createPasswords(
  workerUrl: URL,
  parameters: HashParameters = currentParameters,
): Passwords {
  const worker = new WorkerClient<PasswordOperations>({ url: workerUrl, workerData: parameters });
  const waiting: Record<Waiting, Task[]> = { owner: [], client: [] };
  let isBusy = false;
  let isClosed = false;

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (;;) {
      const task = waiting.owner.shift() ?? waiting.client.shift();
      if (!task) break;
      await task.run();
    }
    isBusy = false;
  }

  /** Queues a request to the worker. `internal`: it failed, whatever the reason. */
  function enqueue<T>(request: () => Promise<T>, who: Waiting): Promise<T> {
    if (isClosed) return Promise.reject(new AppError('internal'));
    if (who === 'client' && waiting.client.length >= maxWaitingChecks) {
      return Promise.reject(new AppError('password_queue_full'));
    }
    return new Promise((resolve, reject) => {
      waiting[who].push({
        run: () =>
          request().then(resolve, (error: unknown) => {
            reject(new AppError('internal', {}, { cause: error }));
          }),
        reject,
      });
      void work();
    });
  }

  return {
    async check(typed, hash, who = 'client') {
      const password = checkLength(normalPassword(typed));
      const result = await enqueue(() => worker.request('check', { password, hash }), who);
      // Passwords of version 0.1 could begin or end with a blank.
      const withEdges = typed.normalize('NFKC');
      if (result.ok || withEdges === password) return result;
      const input = { password: checkLength(withEdges), hash };
      return enqueue(() => worker.request('check', input), who);
    },
    async hash(typed) {
      const password = checkLength(normalPassword(typed));
      return enqueue(() => worker.request('hash', { password }), 'owner');
    },
    pageKey: (typed, salt) =>
      enqueue(
        () => worker.request('pageKey', { password: checkLength(normalPassword(typed)), salt }),
        'owner',
      ),
    async close() {
      isClosed = true;
      const left = [...waiting.owner.splice(0), ...waiting.client.splice(0)];
      for (const task of left) task.reject(new AppError('internal'));
      await worker.stop(new AppError('internal'));
    },
  };
}

function checkLength(password: string): string {
  if (Buffer.byteLength(password) > maxPasswordBytes) {
    throw new AppError('password_too_long', { max: maxPasswordBytes });
  }
  return password;
}

/** Throws AppError `password_too_short`; no password at all is fine. `min` in characters. */
export function checkPasswordLength(password: string | null | undefined, min: number): void {
  if (typeof password === 'string' && passwordLength(password) < min) {
    throw new AppError('password_too_short', { min });
  }
}
