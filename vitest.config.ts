import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { viewerPlugin } from './scripts/viewer-plugin.ts';
import { outputVariable } from './test/support/kept-output.ts';

// Here, so that every worker inherits it and the reporter finds it.
process.env[outputVariable] ??= mkdtempSync(join(tmpdir(), 'test-output-'));

/** All tests, unit and browser, in one run; `npm test` builds out/ before, which some use. */
export default defineConfig({
  plugins: [svelte({ compilerOptions: { css: 'external' } }), viewerPlugin()],
  test: {
    include: ['test/**/*.test.ts'],
    // Firefox and WebKit: npm run test:browsers.
    exclude: ['test/browsers/**'],
    environment: 'node',
    // The portal's style sheets are imported as text; Vitest empties style sheets otherwise.
    css: { include: [/src-(server|shared)\/.*\.css/] },
    pool: 'forks',
    // Node strips types by WebAssembly, in each worker thread that a test starts. V8 sometimes ends
    // the process ("Check failed: jit_page.has_value()") where one thread replaces the compiled
    // call from WebAssembly to JavaScript while another one uses it: so it is never replaced.
    execArgv: ['--wasm-wrapper-tiering-budget=2147483647'],
    // Two cores: more files at once only make browser tests wait for each other.
    maxWorkers: 2,
    // They only end a hang: a busy machine must not fail a test.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
    retry: 0,
    globalSetup: './test/support/build-workers.ts',
    setupFiles: [
      './test/support/keep-answers.ts',
      './test/support/patience.ts',
      './test/support/random-seed.ts',
    ],
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
