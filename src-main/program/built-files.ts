import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { WorkerUrls } from '../context.ts';

const packageSchema = z.object({
  version: z.string(),
  homepage: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  releasesUrl: z
    .url({ protocol: /^https$/ })
    .nullable()
    .default(null),
});

/** macOS colours a template itself, Windows wants an icon of several sizes. */
function trayIconOf(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'trayTemplate.png';
  return platform === 'win32' ? 'tray.ico' : 'tray.png';
}

/** What belongs to the program beside its code. */
export interface BuiltFiles {
  version: string;
  rendererDir: string;
  preload: string;
  localesDir: string;
  sampleDir: string;
  /** Pictures of the program for windows and for the place beside the clock. */
  windowIcon: string;
  trayIcon: string;
  /** Licences of all packages inside, as text. */
  licences: string;
  /** Where people find the program and its source; null: whoever built it did not say. */
  homepage: string | null;
  /** Answers with the newest release, as GitHub and Forgejo do; null: this build knows none. */
  releasesUrl: string | null;
  workers: WorkerUrls;
}

/**
 * Where things lie, seen from the built entries in `out/main`; a packaged app has the same
 * folders. `mainDir` is the entry's own folder: shared code is in `chunks` and must not guess.
 */
export function builtFiles(mainDir: string): BuiltFiles {
  const root = resolve(mainDir, '../..');
  const worker = (name: string): URL => pathToFileURL(join(mainDir, `${name}.js`));
  const { version, homepage, releasesUrl } = packageSchema.parse(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  );
  return {
    version,
    homepage,
    releasesUrl,
    rendererDir: join(root, 'out/renderer'),
    preload: join(root, 'out/preload/preload.cjs'),
    localesDir: join(root, 'locales'),
    sampleDir: join(root, 'resources/sample'),
    windowIcon: join(root, 'resources/icons/256x256.png'),
    trayIcon: join(root, `resources/tray/${trayIconOf(process.platform)}`),
    licences: join(root, 'out/third-party-licences.txt'),
    workers: {
      importReader: worker('import-reader'),
      importWriter: worker('import-writer'),
      password: worker('password-worker'),
      backup: worker('backup-worker'),
    },
  };
}
