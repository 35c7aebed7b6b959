import { settings as settingsSchema, type Settings } from '../../../src-shared/contract/app.ts';
import type { WireError } from '../../../src-shared/errors.ts';
import type { AppContext, QueryContext } from '../../context.ts';
import type { Messages } from '../../../src-server/source.ts';
import type { Sessions } from '../../sign-in/sessions.ts';
import type { ReadDb } from '../../store/db.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import type { Handlers } from '../handlers.ts';

const defaults: Settings = { locale: 'auto', theme: 'auto', idleLockMinutes: 15, firstSteps: true };

/** The owner's settings; what an older version stored and this one does not know falls away. */
export function readSettings(db: ReadDb): Settings {
  const stored = settingsSchema.partial().safeParse(readSetting(db, 'app') ?? {});
  return { ...defaults, ...(stored.success ? stored.data : {}) } as Settings;
}

/** What the program is and who is there. */
export function createAppQueries(
  { readStore, dataDir }: QueryContext,
  options: {
    host: 'electron' | 'browser' | 'cli';
    version: string;
    homepage: string | null;
    texts: ReadonlyMap<string, Messages>;
    sessions: Pick<Sessions, 'state'>;
    /** What keeps the program from its data, or from copies of it. */
    troubles(): WireError[];
    /** How often something happened that nobody foresaw. */
    unexpected(): number;
    /** Whether others on this computer may write to the data folder. */
    othersMayWrite: boolean;
    /** Whether some secrets could not be opened. */
    someSealed: boolean;
  },
): Pick<Handlers, 'app.status'> {
  return {
    'app.status': (_input, caller) => {
      const session = options.sessions.state(caller);
      return {
        version: options.version,
        host: options.host,
        dataDir: session.profile === null ? '' : dataDir,
        troubles: session.profile === null ? [] : options.troubles(),
        othersMayWrite: session.profile !== null && options.othersMayWrite,
        someSealed: session.profile !== null && options.someSealed,
        homepage: options.homepage,
        unexpected: options.unexpected(),
        locales: [...options.texts.keys()],
        settings: readSettings(readStore),
        session,
      };
    },
  };
}

/** The owner's settings. */
export function createAppChanges(
  { store, changed }: Pick<AppContext, 'store' | 'changed'>,
  sessions: Pick<Sessions, 'authorise'>,
): Pick<Handlers, 'settings.set'> {
  return {
    'settings.set': (patch, caller) => {
      // It locks every window, the owner's too: nobody else may put it off.
      if (patch.idleLockMinutes !== undefined) {
        sessions.authorise('system_configuration', caller);
      }
      const next = { ...readSettings(store), ...patch } as Settings;
      writeSetting(store, 'app', next);
      changed('settings');
      return next;
    },
  };
}
