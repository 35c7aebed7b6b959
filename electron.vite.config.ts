import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { licencesText } from './scripts/licences.ts';
import { viewerPlugin } from './scripts/viewer-plugin.ts';

const source = (path: string): string => resolve(import.meta.dirname, path);

/** Beside the parts, since it belongs to all of them. */
const writeLicences: Plugin = {
  name: 'licences',
  writeBundle: () =>
    writeFileSync(source('out/third-party-licences.txt'), licencesText(import.meta.dirname)),
};

/** Both hosts, the command line and the workers are entries of one build: out/main. */
export default defineConfig({
  main: {
    // The portal's pages are Svelte components rendered on the server.
    plugins: [svelte({ compilerOptions: { css: 'external' } }), viewerPlugin(), writeLicences],
    build: {
      outDir: 'out/main',
      target: 'node24',
      sourcemap: true,
      rollupOptions: {
        // A build that works says nothing.
        checks: { pluginTimings: false },
        input: {
          electron: source('src-main/electron/main.ts'),
          'browser-host': source('src-main/browser-host/main.ts'),
          cli: source('src-main/cli/main.ts'),
          'import-reader': source('src-main/import/jobs/reader-worker.ts'),
          'import-writer': source('src-main/import/jobs/writer-worker.ts'),
          'password-worker': source('src-main/passwords/worker.ts'),
          'backup-worker': source('src-main/backup/worker.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        input: { preload: source('src-main/electron/preload.ts') },
        // A sandboxed preload must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: source('src-renderer'),
    plugins: [svelte()],
    build: {
      outDir: source('out/renderer'),
      minify: true,
      rollupOptions: {
        checks: { pluginTimings: false },
        input: source('src-renderer/index.html'),
      },
    },
  },
});
