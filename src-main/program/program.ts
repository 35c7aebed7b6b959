import { createApp, type App, type DesktopHost } from '../app.ts';
import type { WireError } from '../../src-shared/errors.ts';
import type { Clock } from '../clock.ts';
import type { KeptLog } from '../log.ts';
import { loadSecrets, type SecretVault } from '../secrets/secrets.ts';
import { lockDataFolder } from '../store/data-folder.ts';
import { holdFolder } from '../store/folder-holder.ts';
import type { BuiltFiles } from './built-files.ts';
import { startControl } from './control.ts';
import { loadTexts, type Texts } from './texts.ts';

export interface ProgramOptions {
  host: 'electron' | 'browser' | 'cli';
  dataDir: string;
  files: BuiltFiles;
  log: KeptLog;
  /**
   * The operating system's secret store, where there is one. It is asked for once the folder is
   * this program's.
   */
  vault?: () => Promise<SecretVault | null>;
  /** What only a desktop app can do. */
  desktop?: DesktopHost;
  texts?: Texts;
}

export interface Program {
  app: App;
  dataDir: string;
  texts: Texts;
  /**
   * Goes online if the owner had published; from now on the command line finds the program.
   * Resolves with why the portal could not go online; null: it did, or is not to.
   */
  start(open: () => string | null): Promise<WireError | null>;
  /** Ends everything in order and gives the data folder up. */
  close(): Promise<void>;
}

export const systemClock: Clock = { now: () => new Date() };

/**
 * The program on a data folder, as all three hosts run it: alone on its folder.
 * Throws `data_folder_in_use` before anything else, and what `loadSecrets` and `createApp` throw.
 */
export async function openProgram(options: ProgramOptions): Promise<Program> {
  const { dataDir, files, host, log } = options;
  const texts = options.texts ?? loadTexts(files.localesDir);
  const unlock = lockDataFolder(dataDir);
  let app: App;
  let letGo = (): void => undefined;
  try {
    letGo = await holdFolder(dataDir, () => {
      log.error('a program of another computer has taken the data folder');
      // At once: an end in order would write.
      process.exit(1);
    });
    const vault = (await options.vault?.()) ?? null;
    app = createApp({
      dataDir,
      host,
      version: files.version,
      homepage: files.homepage,
      clock: systemClock,
      log,
      readLog: (maxBytes) => log.read(maxBytes),
      workers: files.workers,
      secrets: await loadSecrets(dataDir, vault, log),
      desktop: options.desktop ?? null,
      licencesFile: files.licences,
      sampleDir: files.sampleDir,
      texts,
    });
  } catch (error) {
    letGo();
    unlock();
    throw error;
  }
  let stopControl: () => Promise<void> = async () => undefined;
  return {
    app,
    dataDir,
    texts,
    async start(open) {
      const control = await startControl(dataDir, {
        version: files.version,
        call: app.call,
        open,
      });
      stopControl = () => control.stop();
      return app.start();
    },
    async close() {
      await stopControl();
      await app.close();
      letGo();
      unlock();
    },
  };
}
