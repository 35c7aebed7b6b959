import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { hashPassword } from '../../src-main/passwords/hash-format.ts';
import { createPasswords } from '../../src-main/passwords/passwords.ts';
import { createAccessJournal } from '../../src-main/store/access-journal.ts';
import { openReadStore, openStore, type Store } from '../../src-main/store/open.ts';
import { createPortalSource } from '../../src-main/store/portal-source.ts';
import { WriteQueue } from '../../src-main/store/write-queue.ts';
import { createPortal } from '../../src-server/portal.ts';
import type { Messages, PortalDeps } from '../../src-server/source.ts';
import { workerUrl } from './workers.ts';
import { seedCustomer, seedProject, seedRecords, seedShare, type SeedShare } from './seed.ts';
import { loadTexts } from './texts.ts';
import { keepOutput } from './kept-output.ts';

export interface GuardedPortal {
  store: Store;
  deps: PortalDeps;
  url: string;
  /** Lines of the log, errors with their stack. */
  logged: string[];
  /** What the clock says; tests move it. */
  clock: { time: number };
  customerId: number;
  projectIds: { open: number; other: number };
  /** What the host is told about a hop in front. */
  hop: { trustedHeader: string; publicUrl: string };
  /** Whether the owner has paused the portal. */
  pause: { now: { backAt: Date | null } | null };
  /** A share of the seeded customer; its English address. */
  share(share?: Omit<SeedShare, 'customerId'>): { id: number; key: string; path: string };
  /** Without following redirects. */
  request(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, password: string, headers?: Record<string, string>): Promise<Response>;
  /** Everything in the write queue is stored. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** scrypt's smallest, so that a guess costs a test no time; passwords.test.ts has the real ones. */
export const quickParameters = { costLog2: 1, r: 1, p: 1 };

export const quickHash = (password: string): string =>
  hashPassword(password, randomBytes(16), quickParameters);

/**
 * The whole portal over HTTP, access included: real store, journal and password worker; only the
 * clock is the test's. One customer with the projects "Open work" and "Other work".
 */
export async function startGuardedPortal(
  texts: ReadonlyMap<string, Messages> = loadTexts(),
): Promise<GuardedPortal> {
  const dataDir = mkdtempSync(join(tmpdir(), 'portal-'));
  const store = openStore(dataDir);
  const readStore = openReadStore(dataDir);
  const writes = new WriteQueue();
  const passwords = createPasswords(workerUrl('password'), quickParameters);
  const logged: string[] = [];
  function keepLine(line: string): void {
    logged.push(line);
    keepOutput('log', line);
  }
  const time = { time: new Date(2026, 10, 24, 12).getTime() };
  const clock = { now: () => new Date(time.time) };
  const hop = { trustedHeader: '', publicUrl: '' };
  const pause: GuardedPortal['pause'] = { now: null };
  const deps: PortalDeps = {
    source: createPortalSource(readStore),
    journal: createAccessJournal({
      store,
      readStore,
      writes,
      clock,
      changed: () => undefined,
      tell: () => undefined,
    }),
    passwords,
    clock,
    secrets: { cookie: randomBytes(32), client: randomBytes(32) },
    texts,
    trustedHeader: () => hop.trustedHeader,
    publicUrl: () => hop.publicUrl,
    paused: () => pause.now,
    log: {
      info: (line) => keepLine(line),
      error: (line, error) => keepLine(`${line} ${error instanceof Error ? error.stack : ''}`),
    },
  };
  const customerId = seedCustomer(store, { name: 'Acme' });
  const open = seedProject(store, { customerId, name: 'Open work' });
  const other = seedProject(store, { customerId, name: 'Other work' });
  seedRecords(store, [
    { projectId: open, day: '2026-11-02', durationS: 3600, rateE4: 800_000, user: 'ann' },
    { projectId: other, day: '2026-11-03', durationS: 7200, rateE4: 1_600_000, user: 'bob' },
  ]);
  // A test may stand still for seconds on a busy machine. A connection that ends in that time is one
  // that `fetch` takes again without knowing.
  const server = createServer({ keepAliveTimeout: 60_000 }, createPortal(deps));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url + path, { redirect: 'manual', ...init });
  return {
    store,
    deps,
    url,
    logged,
    clock: time,
    customerId,
    projectIds: { open, other },
    hop,
    pause,
    share(share = {}) {
      const { id, key } = seedShare(store, { customerId, ...share });
      return { id, key, path: `/en/auth/customer-portal/${key}` };
    },
    request,
    post: (path, password, headers = {}) =>
      request(path, { method: 'POST', body: new URLSearchParams({ password }), headers }),
    settled: () => writes.run(() => undefined),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await passwords.close();
      await writes.close();
      readStore.close();
      store.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** The session cookie that an answer sets for a path, as a `Cookie` header; null if there is none. */
export function cookieFor(response: Response, path: string): string | null {
  const cookies = response.headers.getSetCookie();
  const set = cookies.find((cookie) => cookie.includes(`; Path=${path};`));
  return set?.split(';')[0] ?? null;
}
