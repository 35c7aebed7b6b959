/** A data folder of an earlier version (schema 70, commit 7e052b5) is opened by this one: all is kept. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseFile, verifyStore } from '../../../../src-main/store/open.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { passwords, readAnswers, signIn, type Answers } from '../../../support/earlier-version.ts';

const fixture = join(import.meta.dirname, '../../../fixtures/earlier-version');

let dataDir: string;
let app: TestApp;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'update-'));
  writeFileSync(databaseFile(dataDir), gunzipSync(readFileSync(join(fixture, 'portal.sqlite.gz'))));
  cpSync(join(fixture, 'secrets.json'), join(dataDir, 'secrets.json'));
  app = await createTestApp({ dataDir });
  await signIn(app);
});
afterEach(async () => {
  await app.close();
  rmSync(dataDir, { recursive: true });
});

it('lists, shares, settings and what can be undone are what they were', async () => {
  const before = JSON.parse(readFileSync(join(fixture, 'answers.json'), 'utf8')) as Answers;
  // The fixture has something of everything.
  expect(before['records.list']).toMatchObject({ total: 100 });
  expect(before['shares.list']).toMatchObject([{}, {}, {}]);
  // Copies are files beside the database, and not in the fixture.
  delete before['backups.list'];
  // Later versions may say more.
  expect(await readAnswers(app)).toMatchObject(before);

  const imports = await app.call('imports.list');
  await app.call('imports.undo', { importId: Math.max(...imports.map(({ id }) => id)) });
  expect((await app.call('records.list', {})).total).toBe(60);
});

it('links open as before, behind the same password', async () => {
  await app.call('publish.set', { enabled: true, port: 0 });
  const base = `http://localhost:${(await app.call('publish.status')).port}`;
  const shares = JSON.parse(readFileSync(join(fixture, 'answers.json'), 'utf8')) as {
    'shares.list': { label: string; path: string }[];
  };
  const linkOf = (label: string): string =>
    base + shares['shares.list'].find((share) => share.label === label)!.path;
  const page = await fetch(`${linkOf('open')}?year=2026&month=9`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Line 09.1');
  const enter = async (password: string): Promise<number> => {
    const body = new URLSearchParams({ password });
    const answer = await fetch(linkOf('guarded'), { method: 'POST', body, redirect: 'manual' });
    return answer.status;
  };
  expect(await enter('another')).toBe(403);
  expect(await enter(passwords.share)).toBe(303);
});

it('the database of before lies beside the new one, whole', async () => {
  const copies = readdirSync(dataDir).filter((name) => name.startsWith('portal-before-'));
  expect(copies).toEqual(['portal-before-70.sqlite']);
  verifyStore(join(dataDir, copies[0]!));
  verifyStore(databaseFile(dataDir));
});
