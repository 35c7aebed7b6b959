import { readFileSync } from 'node:fs';
import {
  desktopSettings,
  type DesktopSettings,
  type desktopMethods,
} from '../../../src-shared/contract/desktop.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { AppContext, QueryContext } from '../../context.ts';
import type { Watch } from '../../import/jobs/watch-folder.ts';
import type { Sessions } from '../../sign-in/sessions.ts';
import type { ReadDb } from '../../store/db.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import type { ChangesOf, QueriesOf } from '../handlers.ts';
import { reachOf } from './imports.ts';

/** What only a desktop app can do. */
export interface DesktopHost {
  startsAtLogin(): boolean;
  setStartAtLogin(on: boolean): void;
  hasTray(): boolean;
  newerVersion(): string | null;
  /** Name of the computer that is asked; null: none is known. */
  updatesFrom(): string | null;
  /** Asks with the system's dialog; null: the owner chose none. */
  chooseFolder(): Promise<string | null>;
}

const defaults: DesktopSettings = {
  stayOnline: true,
  keepAwake: true,
  notifyImports: true,
  notifyFirstView: false,
  checkForUpdates: false,
};

/** What the owner chose; what an older version stored and this one does not know falls away. */
export function readDesktopSettings(db: ReadDb): DesktopSettings {
  const stored = desktopSettings.partial().safeParse(readSetting(db, 'desktop') ?? {});
  return { ...defaults, ...(stored.success ? stored.data : {}) } as DesktopSettings;
}

/** How the program lives outside of its window, and whose work is in it. */
export function createDesktopQueries(
  { readStore }: QueryContext,
  { desktop, licencesFile }: { desktop: DesktopHost | null; licencesFile: string },
): QueriesOf<typeof desktopMethods> {
  return {
    'desktop.get': () =>
      desktop && {
        ...readDesktopSettings(readStore),
        startAtLogin: desktop.startsAtLogin(),
        hasTray: desktop.hasTray(),
        updatesFrom: desktop.updatesFrom(),
        newerVersion: desktop.newerVersion(),
      },
    'app.licences': () => ({ text: readLicences(licencesFile) }),
  };
}

function readLicences(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('not_found', {}, { cause: error });
  }
}

/** What the owner chooses of that, and the system's dialog for folders. */
export function createDesktopChanges(
  { store, changed }: Pick<AppContext, 'store' | 'changed'>,
  {
    desktop,
    watch,
    sessions,
  }: {
    desktop: DesktopHost | null;
    watch: Pick<Watch, 'folderToken'>;
    sessions: Pick<Sessions, 'profileOf'>;
  },
): ChangesOf<typeof desktopMethods> {
  return {
    'desktop.set': ({ startAtLogin, ...patch }) => {
      if (startAtLogin !== undefined) {
        if (desktop === null) throw new AppError('invalid_input', { field: 'startAtLogin' });
        desktop.setStartAtLogin(startAtLogin);
      }
      writeSetting(store, 'desktop', { ...readDesktopSettings(store), ...patch });
      changed('settings');
      return {};
    },
    'desktop.chooseFolder': async (_input, caller) => {
      const path = (await desktop?.chooseFolder()) ?? null;
      return {
        folderToken: path && (await watch.folderToken(path, reachOf(sessions, caller))),
      };
    },
  };
}
