import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { workerFiles, workersVariable } from './workers.ts';

const root = resolve(import.meta.dirname, '../..');

/** Before the first test, and before each run of the watch mode: builds the workers of the tests. */
export default async function buildWorkers(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'test-workers-'));
  // For the packages that are not built in.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const buildOnce = async (): Promise<void> => {
    await build({
      configFile: false,
      root,
      logLevel: 'warn',
      // The fewer files, the sooner a worker runs; what is native stays a package.
      ssr: { noExternal: true, external: ['better-sqlite3'] },
      build: {
        ssr: true,
        target: 'node24',
        outDir: join(folder, 'built'),
        emptyOutDir: true,
        minify: false,
        sourcemap: true,
        rolldownOptions: {
          input: Object.fromEntries(
            Object.entries(workerFiles).map(([name, file]) => [name, join(root, file)]),
          ),
          output: { entryFileNames: '[name].js' },
        },
      },
    });
  };
  await buildOnce();
  project.onTestsRerun(buildOnce);
  process.env[workersVariable] = join(folder, 'built');
  return () => rmSync(folder, { recursive: true });
}
