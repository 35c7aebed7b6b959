/** What a deletion, its undo and a copy keep, in combination with the rest of a share's life. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Share } from '../../../../src-shared/contract/shares.ts';
import { connect, type Store } from '../../../../src-main/store/open.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { cookieFor, quickHash } from '../../../support/guarded-portal.ts';
import { seedCustomer, seedProject } from '../../../support/seed.ts';

const dayMs = 86_400_000;
let now = new Date(2026, 10, 24, 12).getTime();
let app: TestApp;
let db: Store;
let url: string;
let customerId: number;
beforeAll(async () => {
  app = await createTestApp({ clock: { now: () => new Date(now) } });
  db = connect(app.database);
  customerId = seedCustomer(db, { name: 'Acme' });
  await app.call('publish.set', { enabled: true, port: 0 });
  url = (await app.call('publish.status')).urls[0]!;
});
afterAll(async () => {
  db.close();
  await app.close();
});

const ask = (share: Share, cookie = '') =>
  fetch(url + share.path, { headers: { cookie }, redirect: 'manual' });
const isAdmitted = async (share: Share, cookie: string) =>
  (await (await ask(share, cookie)).text()).includes('data-page="customer"');

async function logIn(share: Share): Promise<string> {
  const body = new URLSearchParams({ password: 'right one' });
  const answer = await fetch(url + share.path, { method: 'POST', body, redirect: 'manual' });
  return cookieFor(answer, share.path)!;
}

/** With a password whose check costs no time. */
async function createGuarded(): Promise<Share> {
  const { id } = await app.call('shares.create', { customerId, label: 'Boss' });
  db.prepare('UPDATE shares SET password_hash = ? WHERE id = ?').run(quickHash('right one'), id);
  return app.call('shares.get', { id });
}

it('undo brings back a paused share as paused, with its last day and its projects', async () => {
  const projectIds = [seedProject(db, { customerId, name: 'Picked' })];
  const options = { projectSelection: 'selected' } as const;
  const { id } = await app.call('shares.create', {
    customerId,
    projectIds,
    options,
    expiresDay: '2026-12-24',
  });
  const paused = await app.call('shares.pause', { id });
  await app.call('shares.delete', { id });
  expect(await app.call('shares.restore', { id })).toEqual(paused);
  expect((await ask(paused)).status).toBe(404);
});

it('undo of a deletion does not bring back the key that was rotated before', async () => {
  const old = await createGuarded();
  const cookie = await logIn(old);
  const rotated = await app.call('shares.rotateKey', { id: old.id });
  await app.call('shares.delete', { id: old.id });
  expect([(await ask(old)).status, (await ask(rotated)).status]).toEqual([404, 404]);
  const restored = await app.call('shares.restore', { id: old.id });
  expect(restored.path).toBe(rotated.path);
  expect((await ask(old)).status).toBe(404);
  expect(await isAdmitted(restored, cookie)).toBe(false);
  expect(await isAdmitted(restored, await logIn(restored))).toBe(true);
});

it('a deleted share can be neither edited nor given a new key until it is back', async () => {
  const share = await createGuarded();
  await app.call('shares.delete', { id: share.id });
  const input = { id: share.id };
  for (const method of ['shares.resume', 'shares.rotateKey', 'shares.clearLockouts'] as const) {
    await expect(app.call(method, input), method).rejects.toMatchObject({ code: 'not_found' });
  }
  const update = app.call('shares.update', { ...input, patch: { label: 'x' }, password: null });
  await expect(update).rejects.toMatchObject({ code: 'not_found' });
  expect(await app.call('shares.restore', input)).toMatchObject({
    label: 'Boss',
    path: share.path,
  });
});

it('a copy asks for the same password, but a session of the one opens not the other', async () => {
  const share = await createGuarded();
  await app.call('shares.update', { id: share.id, patch: { expiresDay: '2026-12-24' } });
  const copy = await app.call('shares.duplicate', { id: share.id });
  expect(copy).toMatchObject({ hasPassword: true, expiresDay: '2026-12-24', views: 0 });
  const [own, other] = [await logIn(copy), await logIn(share)];
  expect(await isAdmitted(copy, own)).toBe(true);
  expect(await isAdmitted(copy, other)).toBe(false);
  expect(await isAdmitted(share, own)).toBe(false);
  // From now on each has a password, a key and an end of its own.
  await app.call('shares.update', { id: share.id, patch: {}, password: null });
  await app.call('shares.delete', { id: share.id });
  expect(await isAdmitted(copy, own)).toBe(true);
});

it('a copy of a share with the longest label can be saved again', async () => {
  const label = `${'x'.repeat(195)}😀abc`;
  const { id } = await app.call('shares.create', { customerId, label });
  const copy = await app.call('shares.duplicate', { id });
  expect(copy.label).toBe(`${'x'.repeat(195)} (2)`);
  const patch = { label: copy.label };
  expect(await app.call('shares.update', { id: copy.id, patch })).toMatchObject(patch);
});

it('one click ends all sessions of a share and of no other one', async () => {
  const share = await createGuarded();
  const other = await createGuarded();
  const [cookie, others] = [await logIn(share), await logIn(other)];
  expect(await isAdmitted(share, cookie)).toBe(true);
  await app.call('shares.endSessions', { id: share.id });
  expect(await isAdmitted(share, cookie)).toBe(false);
  expect(await isAdmitted(other, others)).toBe(true);
  expect(await isAdmitted(share, await logIn(share))).toBe(true);
});

it('what was deleted more than 30 days ago goes at the next start of the program', async () => {
  const { id } = await app.call('shares.create', { customerId });
  await app.call('shares.delete', { id });
  const count = db.prepare('SELECT COUNT(*) FROM shares WHERE id = ?').pluck();
  now += 31 * dayMs;
  await app.call('publish.set', { enabled: false });
  expect(count.get(id)).toBe(1);
  await app.app.start();
  expect(count.get(id)).toBe(0);
});
