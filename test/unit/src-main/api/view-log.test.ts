/** The view log as the owner reads it: made by real visits, asked for by `shares.views`. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Share } from '../../../../src-shared/contract/shares.ts';
import { connect, type Store } from '../../../../src-main/store/open.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { quickHash } from '../../../support/guarded-portal.ts';
import { seedCustomer } from '../../../support/seed.ts';

const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Mobile/15E148 Safari/604.1';
const desktop = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0';
const start = new Date(2026, 10, 24, 12).getTime();
const hourMs = 3_600_000;
let now = start;
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

const open = (share: Share, agent: string, locale = 'en') =>
  fetch(url + share.path.replace('/en/', `/${locale}/`), { headers: { 'User-Agent': agent } });
const guess = (share: Share, password: string) =>
  fetch(url + share.path, {
    method: 'POST',
    body: new URLSearchParams({ password }),
    headers: { 'User-Agent': desktop },
    redirect: 'manual',
  });

it('counts views by device, language and day; bots are told apart and are none', async () => {
  now = start;
  const share = await app.call('shares.create', { customerId });
  await open(share, phone);
  await open(share, phone, 'de');
  now += 24 * hourMs;
  await open(share, desktop, 'de');
  const lastViewAt = now;
  now += hourMs;
  await open(share, 'WhatsApp/2.23.20.0 A');
  await open(share, 'TelegramBot (like TwitterBot)', 'de');
  await open(share, 'TelegramBot (like TwitterBot)');
  // Another share's visits are its own.
  await open(await app.call('shares.create', { customerId }), phone);
  // Views and bots are written a moment after their pages.
  await expect
    .poll(async () => (await app.call('shares.views', { id: share.id })).bots)
    .toHaveLength(2);
  const log = await app.call('shares.views', { id: share.id });
  expect(log).toMatchObject({ views: 3, lastViewAt, failures: 0, lockOuts: 0, lockedClients: 0 });
  expect(log.byDevice).toEqual([
    { device: 'phone', count: 2 },
    { device: 'desktop', count: 1 },
  ]);
  expect(log.byLocale).toEqual([
    { locale: 'de', count: 2 },
    { locale: 'en', count: 1 },
  ]);
  expect(log.byDay).toEqual([
    { day: '2026-11-24', count: 2 },
    { day: '2026-11-25', count: 1 },
  ]);
  expect(log.bots.toSorted((a, b) => a.count - b.count)).toEqual([
    { bot: 'WhatsApp', count: 1, lastAt: now },
    { bot: 'Telegram', count: 2, lastAt: now },
  ]);
  const listed = (await app.call('shares.list')).find(({ id }) => id === share.id);
  expect(listed).toMatchObject({ views: 3, lastViewAt, failures: 0, lockedClients: 0 });
});

it('tells failed passwords and lock-outs; what is refused while locked is neither', async () => {
  now = start;
  const { id } = await app.call('shares.create', { customerId });
  // The real hash would take a second and more for eleven guesses.
  db.prepare('UPDATE shares SET password_hash = ? WHERE id = ?').run(quickHash('right'), id);
  const share = await app.call('shares.get', { id });
  for (let n = 0; n < 9; n++) expect((await guess(share, 'wrong')).status).toBe(403);
  expect(await app.call('shares.views', { id })).toMatchObject({ failures: 9, lockOuts: 0 });
  expect((await guess(share, 'wrong')).status).toBe(429);
  expect((await guess(share, 'right')).status).toBe(429);
  await open(share, 'WhatsApp/2.23.20.0 A');
  const log = await app.call('shares.views', { id });
  expect(log).toMatchObject({ views: 0, lastViewAt: null, failures: 10, lockOuts: 1 });
  expect([log.lockedClients, log.byDevice, log.byLocale, log.byDay]).toEqual([1, [], [], []]);
  const listed = (await app.call('shares.list')).find((one) => one.id === id);
  expect(listed).toMatchObject({ views: 0, lastViewAt: null, failures: 10, lockedClients: 1 });

  // One click lets the client try again; what happened stays told.
  await app.call('shares.clearLockouts', { id });
  expect((await guess(share, 'right')).status).toBe(303);
  expect(await app.call('shares.views', { id })).toMatchObject({
    failures: 10,
    lockOuts: 1,
    lockedClients: 0,
  });
});
