import { settings as settingsSchema, type Settings } from '../../../src-shared/contract/app.ts';
import type { AppContext } from '../../context.ts';
import type { Messages } from '../../../src-server/source.ts';
import type { Sessions } from '../../sign-in/sessions.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import type { Handlers } from '../handlers.ts';

const defaults: Settings = { locale: 'auto', theme: 'auto', idleLockMinutes: 15 };

/** The owner's settings; what an older version stored and this one does not know falls away. */
export function readSettings(store: AppContext['readStore']): Settings {
  const stored = settingsSchema.partial().safeParse(readSetting(store, 'app') ?? {});
  return { ...defaults, ...(stored.success ? stored.data : {}) } as Settings;
}

export function createAppHandlers(
  { store, readStore, dataDir, changed }: AppContext,
  options: {
    host: 'electron' | 'browser' | 'cli';
    version: string;
    texts: ReadonlyMap<string, Messages>;
    sessions: Sessions;
  },
): Pick<Handlers, 'app.status' | 'settings.set'> {
  return {
    'app.status': (_input, caller) => {
      const session = options.sessions.state(caller);
      return {
        version: options.version,
        host: options.host,
        dataDir: session.profile === null ? '' : dataDir,
        locales: [...options.texts.keys()],
        settings: readSettings(readStore),
        session,
      };
    },
    'settings.set': (patch, caller) => {
      // It locks every window, the owner's too: nobody else may put it off.
      if (patch.idleLockMinutes !== undefined) {
        options.sessions.authorise('system_configuration', caller);
      }
      const next = { ...readSettings(store), ...patch } as Settings;
      writeSetting(store, 'app', next);
      changed('settings');
      return next;
    },
  };
}
