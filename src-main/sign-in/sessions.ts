import type { Profile, SessionState } from '../../src-shared/contract/app.ts';
import type { Method } from '../../src-shared/contract/method.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Caller } from './caller.ts';
import type { AppContext } from '../context.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { createSignInLimit } from './sign-in-limit.ts';
import {
  findProfile,
  listProfiles,
  permissionsOf,
  readProfileHash,
  replaceProfileHash,
} from '../store/profiles.ts';
import { readSetting } from '../store/settings.ts';

export interface Sessions {
  /** Throws `not_signed_in`, `locked` or `permission_denied`. */
  authorise(permission: Method['permission'], caller: Caller): void;
  state(caller: Caller): SessionState;
  /** The present profile. Throws `not_signed_in` or `locked`. */
  profileOf(caller: Caller): Profile;
  /** Throws `password_wrong`, `attempts_locked` (with `minutes`), `not_found`. */
  signIn(caller: Caller, profileId: number, password: string): Promise<SessionState>;
  lock(caller: Caller): SessionState;
  /** Somebody is there: the idle lock starts anew. */
  touch(caller: Caller): void;
  /** Signs somebody in without a password: who makes a sign-in necessary must not be locked out. */
  admit(caller: Caller, profileId: number): void;
  /** Ends all sessions of a profile, except one. */
  end(profileId: number, except?: Caller): void;
  /** Ends all sessions: the profiles are others now. */
  endAll(): void;
  close(): void;
}

interface Session {
  profileId: number;
  seenAt: number;
  locked: boolean;
}

const checkEveryMs = 15_000;
/** The same default as the settings page shows. */
const defaultIdleMinutes = 15;

/**
 * Who is at which window. With one profile and no password everybody who can call at all is the
 * owner; with a second profile or a password every window has to sign in, and locks after idle
 * time. Sessions live in memory: a restart asks again. Every question goes to the store, so that a
 * role, a grant or a deletion counts from the next call on.
 */
export function createSessions(context: AppContext, passwords: Pick<Passwords, 'check'>): Sessions {
  const { clock, readStore, store, writes, changed } = context;
  const sessions = new Map<string, Session>();
  const limit = createSignInLimit();
  const now = (): number => clock.now().getTime();

  /** The only profile if nobody has to sign in; else null. */
  function soleOwner(): Profile | null {
    const [first, ...others] = listProfiles(readStore);
    return first !== undefined && others.length === 0 && !first.hasPassword ? first : null;
  }

  function idleMs(): number {
    const settings = readSetting(readStore, 'app') as { idleLockMinutes?: number } | undefined;
    return (settings?.idleLockMinutes ?? defaultIdleMinutes) * 60_000;
  }

  function lockIfIdle(session: Session): boolean {
    const limitMs = idleMs();
    // Either way: a clock that was set back must not keep the app open.
    const idleForMs = Math.abs(now() - session.seenAt);
    if (session.locked || limitMs === 0 || idleForMs < limitMs) return false;
    session.locked = true;
    return true;
  }

  const timer = setInterval(() => {
    // Every session, not only the first that is idle.
    const locked = [...sessions.values()].filter(lockIfIdle);
    if (locked.length > 0 && soleOwner() === null) changed('session');
  }, checkEveryMs);
  timer.unref();

  function profileOf(caller: Caller): Profile {
    const owner = soleOwner();
    if (owner !== null) return owner;
    const session = sessions.get(caller.sessionId);
    if (session === undefined) throw new AppError('not_signed_in');
    lockIfIdle(session);
    if (session.locked) throw new AppError('locked');
    const profile = findProfile(readStore, session.profileId);
    if (profile === null) throw new AppError('not_signed_in');
    return profile;
  }

  function presentProfile(caller: Caller): Profile | null {
    try {
      return profileOf(caller);
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }

  function state(caller: Caller): SessionState {
    const signInNeeded = soleOwner() === null;
    const profile = presentProfile(caller);
    return {
      profile,
      locked: signInNeeded && sessions.get(caller.sessionId)?.locked === true,
      signInNeeded,
      profiles: signInNeeded
        ? listProfiles(readStore).map(({ id, name, hasPassword }) => ({ id, name, hasPassword }))
        : [],
      permissions: profile === null ? [] : permissionsOf(readStore, profile.role),
    };
  }

  /** Null hash: a profile without a password, which any sign-in opens. */
  async function checkPassword(profileId: number, password: string): Promise<boolean> {
    const hash = readProfileHash(readStore, profileId);
    if (hash === null) return true;
    const { ok, newHash } = await passwords.check(password, hash, 'owner');
    // Whoever changed it, or deleted the profile, in the meantime has ended its sessions already.
    if (readProfileHash(readStore, profileId) !== hash) return false;
    if (newHash !== null) {
      await writes.run(() => replaceProfileHash(store, profileId, hash, newHash));
    }
    return ok;
  }

  function admit(caller: Caller, profileId: number): void {
    sessions.set(caller.sessionId, { profileId, seenAt: now(), locked: false });
  }

  return {
    profileOf,
    state,
    admit,
    authorise(permission, caller) {
      if (permission === 'none') return;
      const profile = profileOf(caller);
      if (permission === 'any') return;
      if (!permissionsOf(readStore, profile.role).includes(permission)) {
        throw new AppError('permission_denied', { permission });
      }
    },
    async signIn(caller, profileId, password) {
      if (findProfile(readStore, profileId) === null) throw new AppError('not_found');
      const ok = await limit.attempt(profileId, now, () => checkPassword(profileId, password));
      if (!ok) throw new AppError('password_wrong');
      admit(caller, profileId);
      changed('session');
      return state(caller);
    },
    lock(caller) {
      const session = sessions.get(caller.sessionId);
      if (session !== undefined) session.locked = true;
      changed('session');
      return state(caller);
    },
    touch(caller) {
      const session = sessions.get(caller.sessionId);
      // The router has just authorised the call, so the session is neither locked nor idle.
      if (session !== undefined) session.seenAt = now();
    },
    end(profileId, except) {
      for (const [id, session] of sessions) {
        if (session.profileId === profileId && id !== except?.sessionId) sessions.delete(id);
      }
    },
    endAll: () => sessions.clear(),
    close() {
      clearInterval(timer);
      sessions.clear();
    },
  };
}
