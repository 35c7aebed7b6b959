/**
 * The real program in a fresh data folder, driven as its owner drives it: every call goes through
 * the admin contract, every page through HTTP.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createApp } from '../../src-main/app.ts';
import type { Messages } from '../../src-server/source.ts';
import type { Input, MethodName, Output } from '../../src-shared/contract.ts';
import type { ImportJob } from '../../src-shared/contract/imports.ts';

const root = join(import.meta.dirname, '../..');
const uploadPartBytes = 1 << 20;

export interface Program {
  /** Throws an error that names method and code. */
  call<M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>>;
  /**
   * Uploads, previews and commits; throws if the file cannot be read or needs a decision. The
   * preview of the job says how many rows could not be read.
   */
  importFile(fileName: string, bytes: Uint8Array): Promise<ImportJob>;
  importPath(path: string): Promise<ImportJob>;
  /** Starts the portal on a free port of the loopback; its address without a trailing slash. */
  publish(): Promise<string>;
  /** Moves the clock to noon of a day `YYYY-MM-DD`, in the zone of the test. */
  setToday(day: string): void;
  stop(): Promise<void>;
}

export function startProgram(today: string): Program {
  const dataDir = mkdtempSync(join(tmpdir(), 'customer-portal-'));
  let now = noonOf(today);
  const app = createApp({
    dataDir,
    host: 'cli',
    version: 'test',
    clock: { now: () => now },
    log: {
      info: () => undefined,
      error: (line, error) => console.error(line, error),
    },
    workers: {
      importReader: sourceUrl('src-main/import/reader-worker.ts'),
      importWriter: sourceUrl('src-main/import/writer-worker.ts'),
      password: sourceUrl('src-main/passwords/worker.ts'),
    },
    vault: null,
    texts: readTexts(),
  });

  const call: Program['call'] = async (method, input) => {
    const reply = await app.call({ method, input }, { sessionId: 'test' });
    if (reply.ok) return reply.value as Output<typeof method>;
    throw new Error(`${method}: ${reply.error.code} ${JSON.stringify(reply.error.params)}`);
  };

  async function upload(fileName: string, bytes: Uint8Array): Promise<string> {
    const { uploadId } = await call('uploads.begin', { fileName, size: bytes.length });
    for (let offset = 0; offset < bytes.length; offset += uploadPartBytes) {
      const part = Buffer.from(bytes.subarray(offset, offset + uploadPartBytes));
      await call('uploads.append', { uploadId, offset, base64: part.toString('base64') });
    }
    const { jobId } = await call('imports.open', { uploadId });
    return jobId;
  }

  /** Waits until the job needs its owner: at the preview, a decision or an error. */
  async function settle(jobId: string): Promise<ImportJob> {
    for (;;) {
      const job = await call('imports.job', { jobId });
      if (!['reading', 'planning', 'committing'].includes(job.state)) return job;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async function importFile(fileName: string, bytes: Uint8Array): Promise<ImportJob> {
    const jobId = await upload(fileName, bytes);
    const job = await settle(jobId);
    if (job.state !== 'preview' || !job.preview) {
      throw new Error(`${fileName}: ${job.state} ${JSON.stringify(job.error)}`);
    }
    await call('imports.commit', { jobId, digest: job.preview.digest });
    return job;
  }

  return {
    call,
    importFile,
    importPath: (path) => importFile(basename(path), readFileSync(path)),
    async publish() {
      await app.start();
      await call('publish.set', { enabled: true, reach: 'loopback', port: 0 });
      const status = await call('publish.status', {});
      const url = status.urls[0];
      if (status.state !== 'online' || url === undefined) {
        throw new Error(`the portal is ${status.state}: ${status.error?.code}`);
      }
      return url;
    },
    setToday(day) {
      now = noonOf(day);
    },
    async stop() {
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function noonOf(day: string): Date {
  const noon = new Date(`${day}T12:00:00`);
  if (Number.isNaN(noon.getTime())) throw new Error(`not a day of the form YYYY-MM-DD: ${day}`);
  return noon;
}

/** Workers run from their sources; Node strips the types. */
const sourceUrl = (path: string): URL => new URL(`file://${join(root, path)}`);

function readTexts(): Map<string, Messages> {
  const folder = join(root, 'locales');
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => [
        file.slice(0, -'.json'.length),
        JSON.parse(readFileSync(join(folder, file), 'utf8')) as Messages,
      ]),
  );
}
