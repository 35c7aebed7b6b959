/**
 * `npm run test:fidelity [-- DIR] [--now YYYY-MM-DD]`: prints the report of a golden folder and
 * fails on any difference. The portal's pages are Svelte components, which plain Node cannot
 * load: Vite does, from the sources, without a build.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createServer } from 'vite';
import type * as Fidelity from './fidelity.ts';
import type * as Report from './report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { now: { type: 'string' } },
});

const vite = await createServer({
  configFile: false,
  root: resolve(import.meta.dirname, '../..'),
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  plugins: [svelte({ compilerOptions: { css: 'external' } })],
});
try {
  const load = (file: string): Promise<unknown> => vite.ssrLoadModule(`/test/fidelity/${file}`);
  const fidelity = (await load('fidelity.ts')) as typeof Fidelity;
  const { formatReport } = (await load('report.ts')) as typeof Report;
  const dir = resolve(positionals[0] ?? fidelity.defaultFolder);
  const now = values.now ?? fidelity.defaultNow;
  const answered = await fidelity.answerGolden(dir, now);
  const tally = fidelity.compareAnswers(answered, now);
  for (const note of answered.notes) console.log(note);
  console.log(formatReport(tally, answered.answers.length));
  if (!tally.passed) process.exitCode = 1;
} finally {
  await vite.close();
}
