/** Hashing a share's password takes its time, in which the caller may lose the right to save it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Input, MethodName } from '../../../../src-shared/contract.ts';
import { connect, type Store } from '../../../../src-main/store/open.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { seedCustomer } from '../../../support/seed.ts';

let app: TestApp;
let db: Store;
let customerId: number;
beforeEach(async () => {
  app = await createTestApp();
  db = connect(app.database);
  customerId = seedCustomer(db, { name: 'Acme' });
  // From now on the app asks who is there; this window is the owner's.
  const helper = { name: 'Helper', role: 'ROLE_ADMIN', password: null } as const;
  const { id } = await app.call('profiles.create', helper);
  await callAs('helper', 'session.signIn', { profileId: id, password: '' });
});
afterEach(async () => {
  db.close();
  await app.close();
});

const callAs = <M extends MethodName>(sessionId: string, method: M, input: Input<M>) =>
  app.app.call({ method, input }, { sessionId });
const grant = (granted: boolean) =>
  app.call('permissions.set', { role: 'ROLE_ADMIN', permission: 'customer_portal', granted });
const rows = () => db.prepare('SELECT id, label, password_hash FROM shares ORDER BY id').all();

it.each<[string, string, () => Promise<unknown>]>([
  ['locked', 'locked', () => callAs('helper', 'session.lock', {})],
  ['without the right', 'permission_denied', () => grant(false)],
])('who is %s by then saves no share, and takes no password away', async (_what, code, lose) => {
  await grant(true);
  const { id } = await app.call('shares.create', { customerId, label: 'before' });
  const before = rows();
  // Both calls are let in and wait for their hashes while the right is lost.
  const saving = [
    callAs('helper', 'shares.create', { customerId, password: 'right one' }),
    callAs('helper', 'shares.update', { id, patch: { label: 'after' }, password: 'right one' }),
  ];
  await lose();
  for (const reply of await Promise.all(saving)) {
    expect(reply).toMatchObject({ ok: false, error: { code } });
  }
  expect(rows()).toEqual(before);
});
