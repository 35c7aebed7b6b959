/**
 * `npm run test:fidelity [-- DIR] [--now YYYY-MM-DD] [--always-on]`: prints the report of a golden
 * folder and fails on any difference. `--always-on` compares the live pages with their files instead. The portal's pages are Svelte components, which plain Node cannot
 * load: Vite does, from the sources, without a build.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createServer } from 'vite';
import { viewerPlugin } from '../../scripts/viewer-plugin.ts';
import type * as AlwaysOn from './always-on.ts';
import type * as Fidelity from './fidelity.ts';
import type * as Report from './report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { now: { type: 'string' }, 'always-on': { type: 'boolean', default: false } },
});

const vite = await createServer({
  configFile: false,
  root: resolve(import.meta.dirname, '../..'),
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  plugins: [svelte({ compilerOptions: { css: 'external' } }), viewerPlugin()],
});
try {
  const load = (file: string): Promise<unknown> => vite.ssrLoadModule(`/test/fidelity/${file}`);
  const fidelity = (await load('fidelity.ts')) as typeof Fidelity;
  const { formatReport } = (await load('report.ts')) as typeof Report;
  const dir = resolve(positionals[0] ?? fidelity.defaultFolder);
  const now = values.now ?? fidelity.defaultNow;
  if (values['always-on']) {
    const alwaysOn = (await load('always-on.ts')) as typeof AlwaysOn;
    const { compared, different } = await alwaysOn.compareAlwaysOn(dir, now);
    console.log(`${compared} pages compared, ${different.length} different`);
    for (const address of different.slice(0, 20)) console.log(address);
    if (different.length > 0 || compared === 0) process.exitCode = 1;
  } else {
    const answered = await fidelity.answerGolden(dir, now);
    const tally = fidelity.compareAnswers(answered, now);
    for (const note of answered.notes) console.log(note);
    console.log(formatReport(tally, answered.answers.length));
    if (!tally.passed) process.exitCode = 1;
  }
} finally {
  await vite.close();
}
