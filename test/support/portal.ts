import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash, randomBytes } from 'node:crypto';
import { openReadStore, openStore, type Store } from '../../src-main/store/open.ts';
import { createPortalSource } from '../../src-main/store/portal-source.ts';
import { createPages } from '../../src-server/pages/render.ts';
import type { Access } from '../../src-server/access/access.ts';
import { createPortal } from '../../src-server/portal.ts';
import type { PortalDeps, PortalSource } from '../../src-server/source.ts';
import { loadTexts } from './texts.ts';

export interface TestPortal {
  store: Store;
  source: PortalSource;
  /** `http://127.0.0.1:port`. */
  url: string;
  close(): Promise<void>;
}

export interface OpenPortalOptions {
  /** What the clock says. */
  now?: Date;
  securityHeaders?: Access['securityHeaders'];
}

/** The portal's pages over HTTP on a real store, with everybody let in: access has its own tests. */
export async function startOpenPortal({
  now = new Date(2026, 10, 24, 12),
  securityHeaders = (_ctx, next) => next(),
}: OpenPortalOptions = {}): Promise<TestPortal> {
  const dataDir = mkdtempSync(join(tmpdir(), 'portal-'));
  const store = openStore(dataDir);
  const readStore = openReadStore(dataDir);
  const source = createPortalSource(readStore);
  const texts = loadTexts();
  const pages = createPages(texts);
  const unused = () => Promise.reject(new Error('not part of these tests'));
  const deps: PortalDeps = {
    source,
    texts,
    clock: { now: () => now },
    journal: {
      recordVisit: unused,
      recordFailure: unused,
      clearFailures: unused,
      failures: () => [],
      endSession: unused,
      isSessionEnded: () => false,
      replacePasswordHash: unused,
    },
    passwords: { check: unused },
    secrets: { cookie: randomBytes(32), client: randomBytes(32) },
    trustedHeader: () => '',
    log: { info: () => undefined, error: (line) => console.error(line) },
  };
  const handle = createPortal(deps, pages, { ...openAccess(source), securityHeaders });
  // A test may stand still for seconds on a busy machine. A connection that ends in that time is one
  // that `fetch` takes again without knowing.
  const server = createServer({ keepAliveTimeout: 60_000 }, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    store,
    source,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      readStore.close();
      store.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

function openAccess(source: PortalSource): Omit<Access, 'securityHeaders'> {
  return {
    errorBoundary: (_ctx, next) => next(),
    async loadShare(ctx, next) {
      const digest = createHash('sha256').update(ctx.state.key).digest();
      ctx.state.version = source.version();
      const share = source.shareByKeyDigest(digest);
      if (share === null) return;
      ctx.state.share = share;
      await next();
    },
    checkAccess: async (_ctx, next) => void (await next()),
    countView: () => undefined,
    logIn: (ctx) => ctx.redirect('back'),
    logOut: (ctx) => ctx.redirect('back'),
    resumeSession: (ctx) => ctx.redirect('back'),
    allowOrigins: (_ctx, next) => next(),
    dataJson: (ctx) => {
      ctx.status = 404;
    },
  };
}
