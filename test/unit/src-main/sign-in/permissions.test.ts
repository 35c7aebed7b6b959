import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract, type MethodName } from '../../../../src-shared/contract.ts';
import {
  permissions,
  roles,
  type Permission,
  type Role,
} from '../../../../src-shared/contract/method.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';

/** Who may do what in a fresh installation, as issue 6 and Kimai have it. */
const defaults: Record<Role, readonly Permission[]> = {
  ROLE_USER: [],
  ROLE_TEAMLEAD: ['view_customer'],
  ROLE_ADMIN: ['view_customer', 'edit_customer', 'importer'],
  ROLE_SUPER_ADMIN: permissions,
};
const methods = Object.keys(contract) as MethodName[];
const table = methods.map((method) => [method, contract[method].permission] as const);

let app: TestApp;
/** Signed in as a profile of each role, in a window of its own. */
const windowOf = (role: Role) => ({ sessionId: role });

beforeAll(async () => {
  app = await createTestApp();
  for (const role of roles.slice(0, 3)) {
    await app.call('profiles.create', { name: role, role, password: null });
  }
  const { profiles } = (await app.call('app.status')).session;
  for (const role of roles) {
    const profileId = profiles.find(({ name }) => name === role)?.id ?? profiles[0]!.id;
    const reply = await app.app.call(
      { method: 'session.signIn', input: { profileId, password: '' } },
      windowOf(role),
    );
    expect(reply.ok).toBe(true);
  }
});
afterAll(() => app.close());

/** Called with what no schema accepts: a call that is let through fails as invalid input. */
async function codeFor(method: string, sessionId: string): Promise<string> {
  const reply = await app.app.call({ method, input: { no_such_field: 1 } }, { sessionId });
  return reply.ok ? 'ok' : reply.error.code;
}

describe.each(roles)('%s', (role) => {
  it.each(table)('%s needs %s', async (method, permission) => {
    const isAllowed =
      permission === 'none' || permission === 'any' || defaults[role].includes(permission);
    expect(await codeFor(method, role)).toBe(isAllowed ? 'invalid_input' : 'permission_denied');
  });

  it('is told its own permissions', async () => {
    const reply = await app.app.call({ method: 'app.status', input: {} }, windowOf(role));
    expect(reply).toMatchObject({ ok: true, value: { session: { permissions: defaults[role] } } });
  });
});

describe('who has not signed in', () => {
  it.each(table)('%s needs %s', async (method, permission) => {
    const expected = permission === 'none' ? 'invalid_input' : 'not_signed_in';
    expect(await codeFor(method, 'stranger')).toBe(expected);
  });

  it('learns nothing but the names to choose from', async () => {
    const reply = await app.app.call(
      { method: 'app.status', input: {} },
      { sessionId: 'stranger' },
    );
    expect(reply).toMatchObject({
      value: { dataDir: '', session: { profile: null, permissions: [], signInNeeded: true } },
    });
  });
});

describe('the idle lock', () => {
  it('is not put off by who may not configure the app; the theme is theirs to choose', async () => {
    const set = (role: Role, input: object) =>
      app.app.call({ method: 'settings.set', input }, windowOf(role));
    const { settings } = await app.call('app.status');
    for (const role of roles.slice(0, 3)) {
      expect(await set(role, { theme: 'dark', idleLockMinutes: 0 }), role).toMatchObject({
        ok: false,
        error: { code: 'permission_denied', params: { permission: 'system_configuration' } },
      });
      expect((await app.call('app.status')).settings).toEqual(settings);
    }
    expect(await set('ROLE_USER', { theme: 'auto' })).toMatchObject({ ok: true });
    expect(await set('ROLE_SUPER_ADMIN', { idleLockMinutes: 30 })).toMatchObject({
      value: { idleLockMinutes: 30 },
    });
  });
});

describe('the permission table', () => {
  const set = (role: Role, permission: Permission, granted: boolean, sessionId = 'test') =>
    app.app.call(
      { method: 'permissions.set', input: { role, permission, granted } },
      { sessionId },
    );

  it('lists every role and permission, the super admin as unchangeable', async () => {
    const grants = await app.call('permissions.get');
    expect(grants).toHaveLength(roles.length * permissions.length);
    for (const { role, permission, granted, changeable } of grants) {
      expect(granted, `${role} ${permission}`).toBe(defaults[role].includes(permission));
      expect(changeable).toBe(role !== 'ROLE_SUPER_ADMIN');
    }
  });

  it('grants shares to another role, and takes them back, from the next call on', async () => {
    const shareMethods = methods.filter((method) => method.startsWith('shares.'));
    expect(shareMethods.length).toBeGreaterThan(10);
    await set('ROLE_TEAMLEAD', 'customer_portal', true);
    for (const method of shareMethods) {
      expect(await codeFor(method, 'ROLE_TEAMLEAD'), method).toBe('invalid_input');
      expect(await codeFor(method, 'ROLE_ADMIN'), method).toBe('permission_denied');
    }
    await set('ROLE_TEAMLEAD', 'customer_portal', false);
    for (const method of shareMethods) {
      expect(await codeFor(method, 'ROLE_TEAMLEAD'), method).toBe('permission_denied');
    }
  });

  it('does not change what a super admin may do', async () => {
    for (const permission of permissions) {
      const reply = await set('ROLE_SUPER_ADMIN', permission, false);
      expect(reply).toMatchObject({ ok: false, error: { code: 'permission_denied' } });
    }
    expect(await codeFor('shares.list', 'ROLE_SUPER_ADMIN')).toBe('invalid_input');
  });

  it('is no way to rise: who manages profiles stays below the super admins', async () => {
    await set('ROLE_ADMIN', 'role_permissions', true);
    const denied = { ok: false, error: { code: 'permission_denied' } };
    const asAdmin = (method: MethodName, input: object) =>
      app.app.call({ method, input }, windowOf('ROLE_ADMIN'));
    expect(await set('ROLE_ADMIN', 'customer_portal', true, 'ROLE_ADMIN')).toMatchObject(denied);
    const [owner] = await app.call('profiles.list');
    const create = { name: 'Mallory', role: 'ROLE_SUPER_ADMIN', password: null };
    expect(await asAdmin('profiles.create', create)).toMatchObject(denied);
    const mine = (await app.call('profiles.list')).find(({ name }) => name === 'ROLE_ADMIN')!;
    const rise = { id: mine.id, role: 'ROLE_SUPER_ADMIN' };
    expect(await asAdmin('profiles.update', rise)).toMatchObject(denied);
    expect(await asAdmin('profiles.update', { id: owner!.id, password: 'x' })).toMatchObject(
      denied,
    );
    expect(await asAdmin('profiles.delete', { id: owner!.id })).toMatchObject(denied);
    const allowed = { name: 'Helper', role: 'ROLE_USER', password: null };
    expect(await asAdmin('profiles.create', allowed)).toMatchObject({ ok: true });
    await set('ROLE_ADMIN', 'role_permissions', false);
  });
});
