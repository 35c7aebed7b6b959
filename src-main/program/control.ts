import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import type { Reply, Request } from '../../src-shared/contract.ts';
import type { Call } from '../api/router.ts';
import { answerJson } from '../http/json-answer.ts';
import { readJsonBody } from '../http/json-body.ts';
import { listen } from '../http/listen.ts';
import { ownerPageHeaders } from './renderer-files.ts';

/**
 * How the command line, or a second start, reaches the program that holds a data folder: HTTP on
 * 127.0.0.1 with a token that only the owner of the folder can read. A web page can neither
 * know the token nor send its header without asking first, and is never allowed to.
 */
export interface Control {
  stop(): Promise<void>;
}

const runtimeSchema = z.object({
  url: z.url(),
  token: z.string().min(1),
  /** Versions before 0.2 do not say theirs. */
  version: z.string().nullable().default(null),
});
type Runtime = z.infer<typeof runtimeSchema>;

const callSchema = z.object({
  sessionId: z.string().min(1).max(64),
  method: z.string(),
  input: z.unknown().optional(),
});
const openSchema = z.object({ url: z.string().nullable() });

const runtimeFile = (dataDir: string): string => join(dataDir, 'runtime.json');

/**
 * `open`: shows the program to its owner; a browser host returns a fresh one-time address.
 * `version`: of this program, told to a second start.
 */
export async function startControl(
  dataDir: string,
  handlers: { version: string; call: Call; open: () => string | null },
): Promise<Control> {
  const token = randomBytes(32).toString('base64url');
  const listener = await listen(answerControl(token, handlers), {
    port: 0,
    host: '127.0.0.1',
    headers: ownerPageHeaders,
  });
  const runtime: Runtime = { url: listener.url, token, version: handlers.version };
  // Removed first: the mode counts only for a file that is made new.
  rmSync(runtimeFile(dataDir), { force: true });
  writeFileSync(runtimeFile(dataDir), JSON.stringify(runtime), { mode: 0o600, flag: 'wx' });
  return {
    async stop() {
      rmSync(runtimeFile(dataDir), { force: true });
      await listener.stop();
    },
  };
}

function answerControl(
  token: string,
  { version, call, open }: { version: string; call: Call; open: () => string | null },
): RequestListener {
  /** Whether the program answers and reads its store, for whatever watches a server. */
  async function checkHealth(): Promise<{ status: number; value: unknown }> {
    const { ok } = await call({ method: 'app.status', input: {} }, { sessionId: 'cli-health' });
    return { status: ok ? 200 : 503, value: { ok, version } };
  }

  async function answer(request: IncomingMessage): Promise<{ status: number; value?: unknown }> {
    const host = `127.0.0.1:${request.socket.localPort}`;
    if (request.headers.host !== host || request.headers.origin !== undefined) {
      return { status: 403 };
    }
    if (!equal(request.headers.authorization ?? '', `Bearer ${token}`)) return { status: 401 };
    if (request.method === 'GET' && request.url === '/healthz') return checkHealth();
    if (request.method !== 'POST') return { status: 405 };
    if (request.url === '/open') return { status: 200, value: { url: open() } };
    if (request.url !== '/call') return { status: 404 };
    const parsed = callSchema.safeParse((await readJsonBody(request))?.body);
    if (!parsed.success) return { status: 400 };
    const { sessionId, method, input } = parsed.data;
    return { status: 200, value: await call({ method, input }, { sessionId: `cli-${sessionId}` }) };
  }
  return (request, response) => {
    answer(request).then(
      ({ status, value }) => answerJson(response, status, value, { Connection: 'close' }),
      // The caller hung up while it sent.
      () => response.destroy(),
    );
  };
}

function equal(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The program that holds a data folder, seen from another process. */
export interface RunningProgram {
  /** Null: a version that does not say so, older than this one. */
  version: string | null;
  call(request: Request, sessionId: string): Promise<Reply>;
  /** Brings its window up, or returns a one-time address to open in a browser. */
  open(): Promise<string | null>;
}

/** Null if none has said where it is (yet). Calls throw if it has ended since. */
export function findRunningProgram(dataDir: string): RunningProgram | null {
  let runtime: Runtime;
  try {
    runtime = runtimeSchema.parse(JSON.parse(readFileSync(runtimeFile(dataDir), 'utf8')));
  } catch {
    return null;
  }
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${runtime.url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${runtime.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`the running program answered ${response.status}`);
    return response.json();
  };
  return {
    version: runtime.version,
    call: async (request, sessionId) => (await post('/call', { ...request, sessionId })) as Reply,
    open: async () => openSchema.parse(await post('/open', {})).url,
  };
}
