import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'node-html-parser';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect } from '../../../../src-main/store/open.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { cookieFor, quickHash } from '../../../support/guarded-portal.ts';
import { seedCustomer, seedProject, seedRecords } from '../../../support/seed.ts';

/** What a client did before the owner closed the program holds after it was started again. */
let dataDir: string;
let app: TestApp;
let url: string;

async function start(): Promise<void> {
  app = await createTestApp({ dataDir, start: true });
  await app.call('publish.set', { enabled: true, port: 0 });
  url = (await app.call('publish.status')).urls[0]!;
}

async function restart(): Promise<void> {
  await app.close();
  await start();
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'customer-portal-'));
  await start();
});
afterEach(async () => {
  await app.close();
  rmSync(dataDir, { recursive: true });
});

/** The English address of a share with the password "right", hashed quickly. */
async function protectedShare(): Promise<string> {
  const db = connect(app.database);
  const customerId = seedCustomer(db, { name: 'Acme' });
  const projectId = seedProject(db, { customerId, name: 'Work' });
  seedRecords(db, [{ projectId, day: '2026-11-02', durationS: 3600, user: 'ann' }]);
  const { id, path } = await app.call('shares.create', { customerId });
  db.prepare('UPDATE shares SET password_hash = ? WHERE id = ?').run(quickHash('right'), id);
  db.close();
  return path;
}

const request = (path: string, cookie: string, method = 'GET'): Promise<Response> =>
  fetch(url + path, { method, headers: { cookie }, redirect: 'manual' });
const guess = (path: string, password: string): Promise<Response> =>
  fetch(url + path, {
    method: 'POST',
    body: new URLSearchParams({ password }),
    redirect: 'manual',
  });
const pageOf = async (response: Response): Promise<string | undefined> =>
  parse(await response.text())
    .querySelector('body')
    ?.getAttribute('data-page');

it('a copied cookie of a session that was logged out opens nothing; another session goes on', async () => {
  const path = await protectedShare();
  const copied = cookieFor(await guess(path, 'right'), path)!;
  const other = cookieFor(await guess(path, 'right'), path)!;
  expect(await pageOf(await request(path, copied))).toBe('customer');
  expect((await request(`${path}/logout`, copied, 'POST')).status).toBe(303);
  await restart();
  expect(await pageOf(await request(path, copied))).toBe('password');
  expect(await pageOf(await request(path, other))).toBe('customer');
});

it('a client that was locked out stays locked, with the right password too', async () => {
  const path = await protectedShare();
  for (let n = 0; n < 10; n++) await guess(path, `wrong ${n}`);
  await restart();
  const answer = await guess(path, 'right');
  expect(answer.status).toBe(429);
  expect(await pageOf(answer)).toBe('password');
});
