import type { Role } from '../../../src-shared/contract/method.ts';
import { minLockPasswordLength } from '../../../src-shared/domain/password.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { AppContext, QueryContext } from '../../context.ts';
import { checkPasswordLength, type Passwords } from '../../passwords/passwords.ts';
import type { Sessions } from '../../sign-in/sessions.ts';
import * as store from '../../store/profiles.ts';
import type { Caller } from '../../sign-in/caller.ts';
import type { Handlers } from '../handlers.ts';

type SessionChange =
  | 'session.signIn'
  | 'session.lock'
  | 'session.touch'
  | 'profiles.create'
  | 'profiles.update'
  | 'profiles.delete'
  | 'permissions.set';

/** Which profiles there are, and what each role may do. */
export function createSessionQueries({
  readStore,
}: QueryContext): Pick<Handlers, 'profiles.list' | 'permissions.get'> {
  return {
    'profiles.list': () => store.listProfiles(readStore),
    'permissions.get': () => store.listGrants(readStore),
  };
}

const owner: Role = 'ROLE_SUPER_ADMIN';

/**
 * Who is there and who may do what. Only super admins change super admins, so that the right to
 * manage profiles is not a way to become one; the last of them stays.
 */
export function createSessionChanges(
  context: AppContext,
  { sessions, passwords }: { sessions: Sessions; passwords: Pick<Passwords, 'hash'> },
): Pick<Handlers, SessionChange> {
  const { writes, changed } = context;
  const db = context.store;

  function existing(id: number): ReturnType<typeof store.listProfiles>[number] {
    const profile = store.findProfile(db, id);
    if (profile === null) throw new AppError('not_found');
    return profile;
  }

  /** Both the role that a profile has and the one it gets must be within the caller's reach. */
  function checkReach(caller: Caller, ...wanted: Role[]): void {
    if (wanted.includes(owner) && sessions.profileOf(caller).role !== owner) {
      throw new AppError('permission_denied', { permission: 'role_permissions' });
    }
  }

  function checkOwnerStays(id: number): void {
    const owners = store.listProfiles(db).filter((profile) => profile.role === owner);
    if (owners.length === 1 && owners[0]?.id === id) throw new AppError('last_owner');
  }

  function checkNameIsFree(name: string, id: number | null): void {
    const taken = store.listProfiles(db).some((other) => other.name === name && other.id !== id);
    if (taken) throw new AppError('invalid_input', { field: 'name' });
  }

  /**
   * Runs a change of profiles in one transaction. If it makes the app ask who is there, the
   * caller stays signed in as who they were.
   */
  function commit<T>(caller: Caller, job: () => T): T {
    const before = sessions.state(caller);
    const result = db.transaction(job).immediate();
    if (!before.signInNeeded && before.profile !== null) {
      sessions.admit(caller, before.profile.id);
    }
    changed('session');
    return result;
  }

  return {
    'session.signIn': ({ profileId, password }, caller) =>
      sessions.signIn(caller, profileId, password),
    'session.lock': (_input, caller) => sessions.lock(caller),
    'session.touch': (_input, caller) => {
      sessions.touch(caller);
      return {};
    },
    async 'profiles.create'({ name, role, password }, caller) {
      checkReach(caller, role);
      checkNameIsFree(name, null);
      checkPasswordLength(password, minLockPasswordLength);
      const passwordHash = password === null ? null : await passwords.hash(password);
      return writes.run(() => {
        // While the password was hashed the app may have been locked.
        sessions.authorise('role_permissions', caller);
        return commit(caller, () => {
          checkNameIsFree(name, null);
          return existing(store.insertProfile(db, { name, role, passwordHash }));
        });
      });
    },
    async 'profiles.update'({ id, name, role, password }, caller) {
      checkReach(caller, existing(id).role);
      checkPasswordLength(password, minLockPasswordLength);
      const hash = typeof password === 'string' ? await passwords.hash(password) : password;
      return writes.run(() => {
        sessions.authorise('role_permissions', caller);
        const profile = commit(caller, () => {
          const before = existing(id);
          const next = { name: name ?? before.name, role: role ?? before.role };
          checkReach(caller, before.role, next.role);
          if (next.role !== owner) checkOwnerStays(id);
          checkNameIsFree(next.name, id);
          store.updateProfile(db, id, next, hash);
          return existing(id);
        });
        if (hash !== undefined) sessions.end(id, caller);
        return profile;
      });
    },
    'profiles.delete': ({ id }, caller) => {
      commit(caller, () => {
        checkReach(caller, existing(id).role);
        checkOwnerStays(id);
        store.deleteProfile(db, id);
      });
      sessions.end(id);
      return {};
    },
    'permissions.set': ({ role, permission, granted }, caller) => {
      checkReach(caller, role);
      if (role === owner) throw new AppError('permission_denied', { permission });
      // Who may edit the table gives or takes no right that is not their own.
      sessions.authorise(permission, caller);
      db.transaction(() => store.storeGrant(db, role, permission, granted)).immediate();
      changed('session');
      return {};
    },
  };
}
