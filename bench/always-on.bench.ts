/**
 * Pages that are always on: the first publication of a large share, what its first visit costs a
 * client with a slow phone, and one changed record among many that 50 shares are made of. The web
 * space is WebDAV, its public side nginx, both on the loopback. The program runs from its sources,
 * whose Svelte components Vite compiles. Needs what the tests of web spaces need, and Chromium.
 */
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createServer } from 'vite';
import { viewerPlugin } from '../scripts/viewer-plugin.ts';
import type * as Measures from './always-on-space.ts';
import { atMost, stated, type Line } from './line.ts';

const rows = Number(process.env['BENCH_ROWS']?.split(',').at(-1) ?? 1_000_000);

export async function run(): Promise<Line[]> {
  const vite = await createServer({
    configFile: false,
    root: resolve(import.meta.dirname, '..'),
    mode: 'production',
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins: [svelte({ compilerOptions: { css: 'external', dev: false } }), viewerPlugin()],
  });
  try {
    const { measureLargeShare, measureOneChange } = (await vite.ssrLoadModule(
      '/bench/always-on-space.ts',
    )) as typeof Measures;
    const large = await measureLargeShare();
    console.log(`one large share: ${JSON.stringify(large)}`);
    const one = await measureOneChange(rows);
    const among = `one of ${rows} records, ${one.shares} shares`;
    return [
      atMost('first publication, 72 months, 8 projects', large.uploadMs / 1000, 's', 10),
      stated('its files', large.files, 'files'),
      atMost('first visit, all that is sent', large.visitBytes / 1000, 'kB', 80),
      atMost('LCP at 1.6 Mbit/s, 150 ms, processor ÷ 4', large.lcpMs, 'ms', 900),
      stated('LCP of a plain page of the same bytes', large.plainLcpMs, 'ms'),
      atMost('a later month', large.monthBytes / 1000, 'kB', 15),
      stated(`first publication of ${one.shares} shares`, one.firstMs / 1000, 's'),
      atMost(`${among}: files`, one.puts, 'files', 3),
      atMost(`${among}: time`, one.changeMs / 1000, 's', 2),
    ];
  } finally {
    await vite.close();
  }
}
