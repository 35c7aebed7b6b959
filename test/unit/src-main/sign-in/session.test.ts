import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Input, MethodName, Output } from '../../../../src-shared/contract.ts';
import type { Profile } from '../../../../src-shared/contract/app.ts';
import { AppError } from '../../../../src-shared/errors.ts';
import {
  createSessionChanges,
  createSessionQueries,
} from '../../../../src-main/api/handlers/session.ts';
import { createRouter, type Call } from '../../../../src-main/api/router.ts';
import type { Handlers } from '../../../../src-main/api/handlers.ts';
import type { AppContext } from '../../../../src-main/context.ts';
import { createPasswords, type Passwords } from '../../../../src-main/passwords/passwords.ts';
import { createSessions, type Sessions } from '../../../../src-main/sign-in/sessions.ts';
import { openReadStore, openStore } from '../../../../src-main/store/open.ts';
import { writeSetting } from '../../../../src-main/store/settings.ts';
import { WriteQueue } from '../../../../src-main/store/write-queue.ts';
import { workerUrl } from '../../../support/workers.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const minute = 60_000;
let dataDir: string;
let context: AppContext;
let passwords: Passwords;
let sessions: Sessions;
let route: Call;
let now: number;
let changes: string[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'session-'));
  now = new Date(2026, 10, 24, 12).getTime();
  changes = [];
  context = {
    store: openStore(dataDir),
    readStore: openReadStore(dataDir),
    writes: new WriteQueue(),
    clock: { now: () => new Date(now) },
    log: { info: () => undefined, error: (line, error) => console.error(line, error) },
    changed: (...topics) => changes.push(...topics),
  } as Partial<AppContext> as AppContext;
  passwords = createPasswords(workerUrl('password'), { costLog2: 1, r: 1, p: 1 });
  sessions = createSessions(context, passwords);
  route = createRouter({
    writes: context.writes,
    log: context.log,
    authorise: (permission, caller) => sessions.authorise(permission, caller),
    handlers: {
      ...createSessionQueries(context),
      ...createSessionChanges(context, { sessions, passwords }),
    } as Handlers,
  });
});
afterEach(async () => {
  sessions.close();
  await passwords.close();
  await context.writes.close();
  context.readStore.close();
  context.store.close();
  rmSync(dataDir, { recursive: true });
});

async function call<M extends MethodName>(
  method: M,
  input: Input<M>,
  sessionId = 'first',
): Promise<Output<M>> {
  const reply = await route({ method, input }, { sessionId });
  if (reply.ok) return reply.value as Output<M>;
  throw new AppError(reply.error.code, reply.error.params);
}
const failure = (code: string, params = {}) => ({ code, params: expect.objectContaining(params) });
const stateOf = (sessionId = 'first') => sessions.state({ sessionId });
const owner = async (): Promise<Profile> => (await call('profiles.list', {}))[0]!;
const setOwnerPassword = async (password: string | null): Promise<Profile> =>
  call('profiles.update', { id: (await owner()).id, password });

describe('a fresh installation', () => {
  it('has one owner, who may do all without signing in, in every window', () => {
    for (const window of ['first', 'second']) {
      expect(stateOf(window)).toMatchObject({
        profile: { name: '', role: 'ROLE_SUPER_ADMIN', hasPassword: false },
        locked: false,
        signInNeeded: false,
        profiles: [],
      });
    }
  });

  it('never locks', async () => {
    now += 24 * 60 * minute;
    expect(await call('session.lock', {})).toMatchObject({ locked: false, signInNeeded: false });
    expect(await call('profiles.list', {})).toHaveLength(1);
  });
});

describe('once there is a second profile or a password', () => {
  it('the window that made it stays signed in, others have to sign in', async () => {
    await call('profiles.create', { name: 'Ann', role: 'ROLE_ADMIN', password: 'secret word' });
    expect(stateOf()).toMatchObject({ profile: { role: 'ROLE_SUPER_ADMIN' }, signInNeeded: true });
    expect(stateOf('second')).toMatchObject({
      profile: null,
      permissions: [],
      profiles: [{ name: '' }, { name: 'Ann', hasPassword: true }],
    });
    await expect(call('profiles.list', {}, 'second')).rejects.toMatchObject(
      failure('not_signed_in'),
    );
  });

  it('a lock password alone asks too, and its removal ends that', async () => {
    const { id } = await setOwnerPassword('secret word');
    expect(stateOf('second')).toMatchObject({ profile: null, signInNeeded: true });
    await call('session.signIn', { profileId: id, password: 'secret word' }, 'second');
    expect(stateOf('second').profile).toMatchObject({ id });
    await setOwnerPassword(null);
    expect(stateOf('third')).toMatchObject({ profile: { id }, signInNeeded: false });
  });

  it('a wrong password, and a profile that is not there, open nothing', async () => {
    const { id } = await setOwnerPassword('secret word');
    const signIn = (profileId: number, password: string) =>
      call('session.signIn', { profileId, password }, 'second');
    await expect(signIn(id, 'Secret word')).rejects.toMatchObject(failure('password_wrong'));
    await expect(signIn(id, '')).rejects.toMatchObject(failure('password_wrong'));
    await expect(signIn(999, 'secret word')).rejects.toMatchObject(failure('not_found'));
    expect(stateOf('second').profile).toBeNull();
  });

  it('the app locks after idle time and opens with the password', async () => {
    const { id } = await setOwnerPassword('secret word');
    now += 14 * minute;
    await call('session.touch', {});
    now += 15 * minute - 1;
    // Calls of a page that refreshes itself are nobody's presence.
    await call('profiles.list', {});
    now += 1;
    await expect(call('profiles.list', {})).rejects.toMatchObject(failure('locked'));
    await expect(call('session.touch', {})).rejects.toMatchObject(failure('locked'));
    expect(stateOf()).toMatchObject({ profile: null, locked: true, permissions: [] });
    await call('session.signIn', { profileId: id, password: 'secret word' });
    expect(stateOf()).toMatchObject({ profile: { id }, locked: false });
  });

  it('idle time is what the settings say, 0 is never', async () => {
    await setOwnerPassword('secret word');
    writeSetting(context.store, 'app', { idleLockMinutes: 0 });
    now += 100 * 60 * minute;
    await expect(call('profiles.list', {})).resolves.toHaveLength(1);
    writeSetting(context.store, 'app', { idleLockMinutes: 1 });
    await expect(call('profiles.list', {})).rejects.toMatchObject(failure('locked'));
  });

  it('a clock that is set back by a year locks at once, and makes no pause of guesses longer', async () => {
    const { id } = await setOwnerPassword('secret word');
    const signIn = (password: string) => call('session.signIn', { profileId: id, password });
    for (let n = 0; n < 5; n++)
      await expect(signIn('wrong word')).rejects.toMatchObject(failure('password_wrong'));
    now -= 365 * 24 * 60 * minute;
    await expect(call('profiles.list', {})).rejects.toMatchObject(failure('locked'));
    await expect(signIn('secret word')).rejects.toMatchObject(
      failure('attempts_locked', { minutes: 15 }),
    );
    now += 15 * minute;
    await expect(signIn('secret word')).resolves.toMatchObject({ locked: false });
  });

  it('locking at once locks this window', async () => {
    const { id } = await setOwnerPassword('secret word');
    await call('session.signIn', { profileId: id, password: 'secret word' }, 'second');
    expect(await call('session.lock', {})).toMatchObject({ locked: true, profile: null });
    await expect(call('profiles.list', {})).rejects.toMatchObject(failure('locked'));
    await expect(call('profiles.list', {}, 'second')).resolves.toHaveLength(1);
  });

  it('a lock password has at least eight characters, however they are written', async () => {
    const short = failure('password_too_short', { min: 8 });
    for (const password of ['secret7', 'é'.repeat(7).normalize('NFD'), '😀'.repeat(7)]) {
      await expect(setOwnerPassword(password)).rejects.toMatchObject(short);
      const create = { name: 'Ann', role: 'ROLE_USER', password } as const;
      await expect(call('profiles.create', create)).rejects.toMatchObject(short);
    }
    expect(stateOf().signInNeeded).toBe(false);
    await expect(setOwnerPassword('secret-8')).resolves.toMatchObject({ hasPassword: true });
  });

  it('a new password ends the sessions in other windows', async () => {
    const { id } = await setOwnerPassword('secret word');
    await call('session.signIn', { profileId: id, password: 'secret word' }, 'second');
    await setOwnerPassword('another one');
    expect(stateOf().profile).toMatchObject({ id });
    expect(stateOf('second').profile).toBeNull();
  });

  it('a deleted profile is out at once', async () => {
    const ann = await call('profiles.create', { name: 'Ann', role: 'ROLE_ADMIN', password: null });
    await call('session.signIn', { profileId: ann.id, password: '' }, 'second');
    await call('profiles.create', { name: 'Bob', role: 'ROLE_USER', password: null });
    await call('profiles.delete', { id: ann.id });
    expect(stateOf('second').profile).toBeNull();
  });

  it('whose number a new profile gets leaves it no session', async () => {
    const ann = await call('profiles.create', { name: 'Ann', role: 'ROLE_USER', password: null });
    await call('session.signIn', { profileId: ann.id, password: '' }, 'second');
    await call('profiles.delete', { id: ann.id });
    const role = 'ROLE_SUPER_ADMIN';
    const bob = await call('profiles.create', { name: 'Bob', role, password: 'secret word' });
    expect(bob.id).toBe(ann.id);
    expect(stateOf('second').profile).toBeNull();
  });

  it.each<[string, (id: number) => Promise<unknown>]>([
    ['changed', (id) => call('profiles.update', { id, password: 'another one' })],
    ['deleted', (id) => call('profiles.delete', { id })],
  ])('a password that was %s while it was checked opens nothing', async (_what, change) => {
    await setOwnerPassword('secret word');
    const { id } = await call('profiles.create', {
      name: 'Ann',
      role: 'ROLE_USER',
      password: 'a first one',
    });
    const check = passwords.check;
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    passwords.check = async (...input) => (await held, check(...input));
    const signing = call('session.signIn', { profileId: id, password: 'a first one' }, 'second');
    await change(id);
    finish();
    await expect(signing).rejects.toMatchObject(failure('password_wrong'));
    expect(stateOf('second').profile).toBeNull();
  });
});

describe('guessing the password of a profile', () => {
  it('is paused after five failures, longer each time, also for the right one', async () => {
    const { id } = await setOwnerPassword('secret word');
    const signIn = (password: string) =>
      call('session.signIn', { profileId: id, password }, 'second');
    for (let n = 0; n < 5; n++) {
      await expect(signIn('wrong')).rejects.toMatchObject(failure('password_wrong'));
    }
    const locked = (minutes: number) => failure('attempts_locked', { minutes });
    await expect(signIn('secret word')).rejects.toMatchObject(locked(1));
    now += minute;
    await expect(signIn('wrong')).rejects.toMatchObject(failure('password_wrong'));
    await expect(signIn('secret word')).rejects.toMatchObject(locked(2));
    now += 2 * minute;
    await expect(signIn('secret word')).resolves.toMatchObject({ profile: { id } });
    await expect(signIn('wrong')).rejects.toMatchObject(failure('password_wrong'));
  });

  it('is no faster with many attempts at once', async () => {
    const { id } = await setOwnerPassword('secret word');
    const replies = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        call(
          'session.signIn',
          { profileId: id, password: n === 19 ? 'secret word' : 'wrong' },
          's',
        ),
      ),
    );
    const codes = replies.map((reply) =>
      reply.status === 'rejected' ? (reply.reason as AppError).code : 'ok',
    );
    expect(codes.filter((code) => code === 'password_wrong')).toHaveLength(5);
    expect(codes.filter((code) => code === 'attempts_locked')).toHaveLength(15);
  });
});

describe('profiles', () => {
  it('the last super admin can neither go nor become less', async () => {
    const { id } = await owner();
    await expect(call('profiles.delete', { id })).rejects.toMatchObject(failure('last_owner'));
    const demote = (profileId: number) =>
      call('profiles.update', { id: profileId, role: 'ROLE_ADMIN' });
    await expect(demote(id)).rejects.toMatchObject(failure('last_owner'));
    const second = await call('profiles.create', {
      name: 'Ann',
      role: 'ROLE_SUPER_ADMIN',
      password: null,
    });
    expect(await demote(second.id)).toMatchObject({ role: 'ROLE_ADMIN' });
    await expect(demote(id)).rejects.toMatchObject(failure('last_owner'));
  });

  it('have names of their own', async () => {
    const create = (name: string) =>
      call('profiles.create', { name, role: 'ROLE_USER', password: null });
    const ann = await create('Ann');
    const bob = await create('Bob');
    await expect(create('Ann')).rejects.toMatchObject(failure('invalid_input', { field: 'name' }));
    const rename = call('profiles.update', { id: bob.id, name: 'Ann' });
    await expect(rename).rejects.toMatchObject(failure('invalid_input', { field: 'name' }));
    await expect(call('profiles.update', { id: ann.id, name: 'Ann' })).resolves.toBeDefined();
  });

  it('a password that cannot be saved leaves no profile without one', async () => {
    const create = call('profiles.create', {
      name: 'Ann',
      role: 'ROLE_ADMIN',
      password: 'ä'.repeat(65),
    });
    await expect(create).rejects.toMatchObject(failure('password_too_long', { max: 128 }));
    expect(await call('profiles.list', {})).toHaveLength(1);
  });

  it('hashing does not hold the write queue', async () => {
    let finishHash: (hash: string) => void = () => undefined;
    passwords.hash = () => new Promise((resolve) => (finishHash = resolve));
    const creating = call('profiles.create', {
      name: 'Ann',
      role: 'ROLE_USER',
      password: 'a first one',
    });
    await expect(context.writes.run(() => 'written')).resolves.toBe('written');
    finishHash('$scrypt$ln=1,r=1,p=1$AAAA$AAAA');
    await expect(creating).resolves.toMatchObject({ name: 'Ann', hasPassword: true });
  });

  it('who was locked while the password was hashed changes nothing', async () => {
    await setOwnerPassword('secret word');
    let finishHash: (hash: string) => void = () => undefined;
    passwords.hash = () => new Promise((resolve) => (finishHash = resolve));
    const creating = call('profiles.create', {
      name: 'Ann',
      role: 'ROLE_USER',
      password: 'a first one',
    });
    await call('session.lock', {});
    finishHash('$scrypt$ln=1,r=1,p=1$AAAA$AAAA');
    await expect(creating).rejects.toMatchObject(failure('locked'));
  });

  it('who was locked while a change waited for its turn does not make it', async () => {
    const ann = await call('profiles.create', { name: 'Ann', role: 'ROLE_USER', password: null });
    let finish: () => void = () => undefined;
    const held = context.writes.run(() => new Promise<void>((resolve) => (finish = resolve)));
    const deleting = call('profiles.delete', { id: ann.id });
    await call('session.lock', {});
    finish();
    await held;
    await expect(deleting).rejects.toMatchObject(failure('locked'));
  });

  it('tell the windows of every change', async () => {
    await call('profiles.create', { name: 'Ann', role: 'ROLE_USER', password: null });
    expect(changes).toContain('session');
  });
});
