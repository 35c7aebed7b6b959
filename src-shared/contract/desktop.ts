import { z } from 'zod';
import { none } from './common.ts';
import { command, mutation, query } from './method.ts';

/** What the owner chose about the program outside of its window. */
export const desktopSettings = z.strictObject({
  /** While the portal is online the program goes on without a window. */
  stayOnline: z.boolean(),
  /** While the portal is online the computer does not go to sleep by itself. */
  keepAwake: z.boolean(),
  /** Notifications about the watched folder. */
  notifyImports: z.boolean(),
  /** A notification when a client opens a share's page for the first time. */
  notifyFirstView: z.boolean(),
  /** Ask once a day whether there is a newer version. Off until the owner agrees. */
  checkForUpdates: z.boolean(),
});
export type DesktopSettings = z.infer<typeof desktopSettings>;

export const desktopMethods = {
  /** Null: the program is no desktop app, so nothing of this is there. */
  'desktop.get': query(
    'any',
    none,
    z
      .strictObject({
        ...desktopSettings.shape,
        /** As the system has it: the owner may change it there too. */
        startAtLogin: z.boolean(),
        /** Whether there is a place for an icon beside the clock. */
        hasTray: z.boolean(),
        /** The computer that is asked for newer versions; null: this program knows none. */
        updatesFrom: z.string().nullable(),
        /** The number of a newer version, if one was found. */
        newerVersion: z.string().nullable(),
      })
      .nullable(),
  ),
  'desktop.set': mutation(
    'system_configuration',
    z.strictObject({ ...desktopSettings.shape, startAtLogin: z.boolean() }).partial(),
    none,
  ),
  /** Asks for a folder with the system's dialog; a token for `watch.set`, null: none was chosen. */
  'desktop.chooseFolder': command(
    'importer',
    none,
    z.strictObject({ folderToken: z.string().nullable() }),
  ),
  /** The licences of all packages inside the program. */
  'app.licences': query('none', none, z.strictObject({ text: z.string() })),
};
