/**
 * The program of access.bench.ts, in a process of its own, so that the client that measures does
 * not slow down what it measures. Talks by messages of the parent process.
 */
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createServer } from 'vite';
import { viewerPlugin } from '../scripts/viewer-plugin.ts';
import type * as TestApps from '../test/support/app.ts';

/** What the parent gets once the portal is online. */
export interface Published {
  url: string;
  /** Paths of shares: behind a password, open, expired. */
  guarded: string;
  open: string;
  expired: string;
}
/** Answer to the message `count`: checked passwords, as the store knows them. */
export interface Counted {
  checked: number;
  mostOfOneClient: number;
}

export const trustedHeader = 'X-Client';

async function serve(): Promise<void> {
  const root = resolve(import.meta.dirname, '..');
  const vite = await createServer({
    configFile: false,
    root,
    mode: 'production',
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins: [svelte({ compilerOptions: { css: 'external', dev: false } }), viewerPlugin()],
  });
  const { createTestApp } = (await vite.ssrLoadModule('/test/support/app.ts')) as typeof TestApps;
  let now = new Date(2025, 10, 25, 12);
  const app = await createTestApp({ clock: { now: () => now } });
  await app.importFile(
    resolve(root, 'test/fixtures/samples/02-kimai-2.37plus-default-en-with-email.csv'),
  );
  const customerId = (await app.call('customers.list'))[0]!.id;
  const guarded = await app.call('shares.create', { customerId, password: 'right one' });
  const open = await app.call('shares.create', { customerId });
  const expired = await app.call('shares.create', { customerId, expiresDay: '2025-11-25' });
  now = new Date(2025, 10, 26, 12);
  await app.call('publish.set', { enabled: true, port: 0, trustedHeader });
  const url = (await app.call('publish.status')).urls[0]!;
  const published: Published = {
    url,
    guarded: guarded.path,
    open: open.path,
    expired: expired.path,
  };
  process.on('message', (message) => {
    if (message === 'count') void count().then((counted) => process.send!(counted));
    if (message === 'stop') void app.close().then(() => process.exit());
  });
  // Whoever measures is gone: so is this.
  process.on('disconnect', () => process.exit());
  process.send!(published);

  async function count(): Promise<Counted> {
    const { default: Database } = await import('better-sqlite3');
    const db = new Database(app.database, { readonly: true });
    const perClient = db
      .prepare('SELECT COUNT(*) FROM password_failures GROUP BY client')
      .pluck()
      .all() as number[];
    db.close();
    const checked = perClient.reduce((sum, one) => sum + one, 0);
    return { checked, mostOfOneClient: Math.max(0, ...perClient) };
  }
}

if (process.send !== undefined) await serve();
