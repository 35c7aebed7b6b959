import { Worker } from 'node:worker_threads';
import type { PasswordChecker, PasswordResult } from '../../src-server/source.ts';
import { maxPasswordBytes, normalPassword } from '../../src-shared/domain/password.ts';
import { AppError } from '../../src-shared/errors.ts';
import { currentParameters, type HashParameters } from './hash-format.ts';
import type { PasswordAnswer, PasswordJob } from './worker.ts';

/** Clients' checks that may wait; at 180 ms each the last one waits 4 s. */
export const maxWaitingChecks = 20;

/** Who waits: the owner's own jobs go first and are not refused because clients guess. */
export type Waiting = 'client' | 'owner';

export interface Passwords extends PasswordChecker {
  /** Throws AppError `password_queue_full`, `password_too_long`. */
  check(password: string, hash: string, waiting?: Waiting): Promise<PasswordResult>;
  /** Encoded with its salt and parameters. Throws AppError `password_too_long`. */
  hash(password: string): Promise<string>;
  /** Ends the worker; what still waits is rejected. */
  close(): Promise<void>;
}

interface Task {
  job: PasswordJob;
  resolve(answer: PasswordResult): void;
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
  const waiting: Record<Waiting, Task[]> = { owner: [], client: [] };
  let worker: Worker | null = null;
  let current: Task | null = null;
  let isClosed = false;

  function startWorker(): Worker {
    const started = new Worker(workerUrl, { workerData: parameters });
    started.on('message', (answer: PasswordAnswer) => finish(answer));
    started.on('error', (error) => fail(started, error));
    started.on('exit', () => fail(started, new Error('the password worker ended')));
    return started;
  }

  function fail(failed: Worker, error: Error): void {
    if (worker !== failed) return;
    worker = null;
    const task = current;
    current = null;
    task?.reject(new AppError('internal', {}, { cause: error }));
    startNext();
  }

  function finish(answer: PasswordAnswer): void {
    const task = current;
    current = null;
    // A program that wants to end does not wait for an idle worker.
    worker?.unref();
    if ('failed' in answer) task?.reject(new AppError('internal'));
    else task?.resolve(answer);
    startNext();
  }

  function startNext(): void {
    if (current !== null || isClosed) return;
    current = waiting.owner.shift() ?? waiting.client.shift() ?? null;
    if (current === null) return;
    worker ??= startWorker();
    worker.ref();
    worker.postMessage(current.job);
  }

  function enqueue(job: PasswordJob, who: Waiting): Promise<PasswordResult> {
    if (isClosed) return Promise.reject(new AppError('internal'));
    if (who === 'client' && waiting.client.length >= maxWaitingChecks) {
      return Promise.reject(new AppError('password_queue_full'));
    }
    return new Promise((resolve, reject) => {
      waiting[who].push({ job, resolve, reject });
      startNext();
    });
  }

  return {
    async check(typed, hash, who = 'client') {
      const password = checkLength(normalPassword(typed));
      const result = await enqueue({ kind: 'check', password, hash }, who);
      // Passwords of version 0.1 could begin or end with a blank.
      const withEdges = typed.normalize('NFKC');
      if (result.ok || withEdges === password) return result;
      return enqueue({ kind: 'check', password: checkLength(withEdges), hash }, who);
    },
    async hash(typed) {
      const password = checkLength(normalPassword(typed));
      const result = await enqueue({ kind: 'hash', password }, 'owner');
      return result.newHash!;
    },
    async close() {
      isClosed = true;
      const left = [...waiting.owner.splice(0), ...waiting.client.splice(0)];
      if (current !== null) left.push(current);
      current = null;
      for (const task of left) task.reject(new AppError('internal'));
      const ending = worker;
      worker = null;
      await ending?.terminate();
    },
  };
}

function checkLength(password: string): string {
  if (Buffer.byteLength(password) > maxPasswordBytes) {
    throw new AppError('password_too_long', { max: maxPasswordBytes });
  }
  return password;
}
