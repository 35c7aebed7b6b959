import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Input, MethodName, Output, Topic } from '../../src-shared/contract.ts';
import type { ImportJob } from '../../src-shared/contract/imports.ts';
import { AppError } from '../../src-shared/errors.ts';
import { createApp, type App, type AppOptions, type DesktopHost } from '../../src-main/app.ts';
import type { Clock } from '../../src-main/clock.ts';
import { logLine, type Log } from '../../src-main/log.ts';
import { loadSecrets } from '../../src-main/secrets/secrets.ts';
import { createDataFolder } from '../../src-main/store/data-folder.ts';
import { databaseFile } from '../../src-main/store/open.ts';
import { keepOutput } from './kept-output.ts';
import { loadTexts } from './texts.ts';
import { workerUrl } from './workers.ts';

/** The program's own workers. */
export const testWorkers = {
  importReader: workerUrl('importReader'),
  importWriter: workerUrl('importWriter'),
  password: workerUrl('password'),
  backup: workerUrl('backup'),
};

export interface TestApp {
  app: App;
  dataDir: string;
  /** The database, for a connection of the test's own. */
  database: string;
  /** Lines that the program logged. */
  logged: string[];
  /** Calls a method as the owner; throws what the router answers as an AppError. */
  call<M extends MethodName>(method: M, input?: Input<M>): Promise<Output<M>>;
  /** Uploads a file and waits until its job waits for the owner or is over. */
  openFile(path: string, auto?: boolean): Promise<ImportJob>;
  openBytes(name: string, bytes: Uint8Array | string, auto?: boolean): Promise<ImportJob>;
  /** Uploads a file and leaves its job to itself; returns its id. */
  startBytes(name: string, bytes: Uint8Array | string, auto?: boolean): Promise<string>;
  /** Opens a file and commits its preview, whatever it warns of; returns the finished job. Throws if it failed. */
  importFile(path: string): Promise<ImportJob>;
  importBytes(name: string, bytes: Uint8Array | string): Promise<ImportJob>;
  /** Resolves when the job is in one of these states. */
  jobIn(jobId: string, ...states: ImportJob['state'][]): Promise<ImportJob>;
  /** Resolves when the job is as wanted. */
  jobWhen(jobId: string, isWanted: (job: ImportJob) => boolean): Promise<ImportJob>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  /** Default: a new one, removed at `close`. */
  dataDir?: string;
  clock?: Clock;
  /** As if the program were a desktop app. */
  desktop?: DesktopHost;
  /** Starts what the program starts: the publisher, if it was on, and the watch folder. */
  start?: boolean;
  /** How pages that are always on are uploaded. */
  alwaysOn?: AppOptions['alwaysOn'];
  /** Another program to fetch than Cloudflare's. */
  publish?: AppOptions['publish'];
  /** Other workers than the program's own, such as those of held-import.ts. */
  workers?: Partial<typeof testWorkers>;
}

/** The whole program on a data folder, without a host: everything real but the clock. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'customer-portal-'));
  const logged: string[] = [];
  const log: Log = {
    info: (line) => keepLine('info', line),
    error: (line, error) =>
      keepLine('error', `${line} ${error instanceof Error ? error.stack : ''}`),
  };
  let kept = '';
  function keepLine(level: 'info' | 'error', line: string): void {
    logged.push(line);
    kept += logLine(new Date(), level, line);
    keepOutput('log', line);
  }
  createDataFolder(dataDir);
  const app = createApp({
    dataDir,
    host: options.desktop ? 'electron' : 'browser',
    version: '0.0.0',
    homepage: 'https://forge.example/customer-portal',
    clock: options.clock ?? { now: () => new Date(2026, 10, 24, 12) },
    log,
    readLog: () => kept,
    workers: { ...testWorkers, ...options.workers },
    secrets: await loadSecrets(dataDir, null, log),
    desktop: options.desktop ?? null,
    licencesFile: join(import.meta.dirname, '../../LICENSE'),
    sampleDir: join(import.meta.dirname, '../../resources/sample'),
    texts: loadTexts(),
    ...(options.alwaysOn ? { alwaysOn: options.alwaysOn } : {}),
    ...(options.publish ? { publish: options.publish } : {}),
  });
  const caller = { sessionId: 'test' };
  const waiting = new Set<() => void>();
  app.onChanged((topics: Topic[]) => {
    if (topics.includes('jobs')) for (const look of [...waiting]) look();
  });
  if (options.start) await app.start();

  async function call<M extends MethodName>(method: M, input?: Input<M>): Promise<Output<M>> {
    const reply = await app.call({ method, input: input ?? {} }, caller);
    if (reply.ok) return reply.value as Output<M>;
    throw new AppError(reply.error.code, reply.error.params, { cause: logged.at(-1) });
  }

  const jobIn = (jobId: string, ...states: ImportJob['state'][]): Promise<ImportJob> =>
    jobWhen(jobId, (job) => states.includes(job.state));

  async function jobWhen(jobId: string, isWanted: (job: ImportJob) => boolean): Promise<ImportJob> {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        const look = (): void => {
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
      });
      const job = await call('imports.job', { jobId });
      if (isWanted(job)) return job;
      await changed;
    }
  }

  async function startBytes(
    name: string,
    content: Uint8Array | string,
    auto = false,
  ): Promise<string> {
    const bytes = Buffer.from(content as Uint8Array);
    const { uploadId } = await call('uploads.begin', { fileName: name, size: bytes.length });
    for (let offset = 0; offset < bytes.length; offset += 2 ** 20) {
      const base64 = bytes.subarray(offset, offset + 2 ** 20).toString('base64');
      await call('uploads.append', { uploadId, offset, base64 });
    }
    const { jobId } = await call('imports.open', { uploadId, auto });
    return jobId;
  }

  async function openBytes(
    name: string,
    content: Uint8Array | string,
    auto = false,
  ): Promise<ImportJob> {
    const jobId = await startBytes(name, content, auto);
    return jobIn(jobId, 'mapping', 'preview', 'done', 'failed', 'cancelled');
  }

  async function importBytes(name: string, bytes: Uint8Array | string): Promise<ImportJob> {
    const job = await openBytes(name, bytes);
    if (job.state !== 'preview') {
      throw new Error(`${name} is ${job.state}: ${job.error?.code} ${JSON.stringify(job.error)}`);
    }
    const { digest, mustSee: seen } = job.preview!;
    await call('imports.commit', { jobId: job.jobId, digest, seen });
    return call('imports.job', { jobId: job.jobId });
  }

  return {
    app,
    dataDir,
    database: databaseFile(dataDir),
    logged,
    call,
    jobIn,
    jobWhen,
    startBytes,
    openBytes,
    openFile: (path, auto) => openBytes(basename(path), readFileSync(path), auto),
    importBytes,
    importFile: (path) => importBytes(basename(path), readFileSync(path)),
    async close() {
      await app.close();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true });
    },
  };
}
