import { z } from 'zod';
import { failure, id, newPassword, none } from './common.ts';
import { command, mutation, permissions, query, roles } from './method.ts';

export const role = z.enum(roles);
export const permission = z.enum(permissions);

export const profile = z.strictObject({
  id,
  /** Empty for the owner of a fresh installation. */
  name: z.string(),
  role,
  hasPassword: z.boolean(),
});
export type Profile = z.infer<typeof profile>;

export const sessionState = z.strictObject({
  /** Who is there; null while the app asks or is locked. */
  profile: profile.nullable(),
  locked: z.boolean(),
  /** Whether there is anything to sign in with: a second profile or a lock password. */
  signInNeeded: z.boolean(),
  /** Profiles to choose from on the sign-in page. */
  profiles: z.array(z.strictObject({ id, name: z.string(), hasPassword: z.boolean() })),
  /** What the present profile may do, for the UI; the main side checks every call itself. */
  permissions: z.array(permission),
});
export type SessionState = z.infer<typeof sessionState>;

export const settings = z.strictObject({
  /** BCP 47 code of the owner's app; `auto`: the system's. */
  locale: z.string().max(20),
  theme: z.enum(['auto', 'light', 'dark']),
  /** Lock after so many minutes without input; 0: never. Only if there is a sign-in. */
  idleLockMinutes: z.int().min(0).max(1440),
  /** Whether the overview lists the first steps until they are done. */
  firstSteps: z.boolean(),
});
export type Settings = z.infer<typeof settings>;

export const appMethods = {
  'app.status': query(
    'none',
    none,
    z.strictObject({
      version: z.string(),
      host: z.enum(['electron', 'browser', 'cli']),
      /** Where the data lies, for the owner to back up. Empty while locked. */
      dataDir: z.string(),
      /**
       * What keeps the program from its data (`data_folder_gone`, `database_log_gone`) or from copies
       * of it (why the last backup failed), and a clock that was set back. Empty while locked.
       */
      troubles: z.array(failure),
      /** Others on this computer may write to the data folder. False while locked. */
      othersMayWrite: z.boolean(),
      /**
       * The system's key ring did not open some secrets: links of older shares work, but cannot
       * be shown. False while locked.
       */
      someSealed: z.boolean(),
      /** How often since its start something happened to the program that nobody foresaw. */
      unexpected: z.int().min(0),
      locales: z.array(z.string()),
      /** Where people find the program and its source. */
      homepage: z.string().nullable(),
      settings,
      session: sessionState,
    }),
  ),
  'settings.set': mutation('any', settings.partial(), settings),
  'session.signIn': command(
    'none',
    z.strictObject({ profileId: id, password: z.string().max(1024) }),
    sessionState,
  ),
  'session.lock': command('any', none, sessionState),
  /** Tells that somebody is there: postpones the idle lock. */
  'session.touch': command('any', none, none),
  'profiles.list': query('role_permissions', none, z.array(profile)),
  'profiles.create': command(
    'role_permissions',
    z.strictObject({
      name: z.string().trim().min(1).max(100),
      role,
      /** Of at least 8 characters. */
      password: newPassword.nullable(),
    }),
    profile,
  ),
  /** `password`: null removes it, undefined leaves it. The last super admin stays one. */
  'profiles.update': command(
    'role_permissions',
    z.strictObject({
      id,
      name: z.string().trim().max(100).optional(),
      role: role.optional(),
      password: newPassword.nullable().optional(),
    }),
    profile,
  ),
  'profiles.delete': mutation('role_permissions', z.strictObject({ id }), none),
  'permissions.get': query(
    'role_permissions',
    none,
    z.array(z.strictObject({ role, permission, granted: z.boolean(), changeable: z.boolean() })),
  ),
  'permissions.set': mutation(
    'role_permissions',
    z.strictObject({ role, permission, granted: z.boolean() }),
    none,
  ),
};
