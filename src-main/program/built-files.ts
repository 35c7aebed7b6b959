import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WorkerUrls } from '../context.ts';

/** What belongs to the program beside its code. */
export interface BuiltFiles {
  version: string;
  rendererDir: string;
  preload: string;
  localesDir: string;
  sampleDir: string;
  workers: WorkerUrls;
}

/**
 * Where things lie, seen from the built entries in `out/main`; a packaged app has the same
 * folders. `mainDir` is the entry's own folder: shared code is in `chunks` and must not guess.
 */
export function builtFiles(mainDir: string): BuiltFiles {
  const root = resolve(mainDir, '../..');
  const worker = (name: string): URL => pathToFileURL(join(mainDir, `${name}.js`));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return {
    version,
    rendererDir: join(root, 'out/renderer'),
    preload: join(root, 'out/preload/preload.cjs'),
    localesDir: join(root, 'locales'),
    sampleDir: join(root, 'resources/sample'),
    workers: {
      importReader: worker('import-reader'),
      importWriter: worker('import-writer'),
      password: worker('password-worker'),
      backup: worker('backup-worker'),
    },
  };
}
