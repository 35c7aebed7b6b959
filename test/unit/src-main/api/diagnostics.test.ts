import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import {
  importMarkedWorld,
  internalPrice,
  neverShown,
  prices,
  userNames,
} from '../../../support/marked-secrets.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

it('the diagnostics say what helps, and nothing of the owner or of clients', async () => {
  const { customerId } = await importMarkedWorld(app);
  const { label, password } = neverShown;
  const share = await app.call('shares.create', { customerId, label, password });
  app.app.noteUnexpected(new Error(`of ${app.dataDir}`));
  const { fileName, text } = await app.call('app.diagnostics');
  expect(fileName).toBe('customer-portal-diagnostics-2026-11-24.txt');
  for (const fact of [
    /version: 0\.0\.0\n {2}host: browser\n {2}Node: \d/,
    /unforeseen errors since the start: 1/,
    /publishing: stopped/,
    /database \(bytes\): [1-9]/,
    /schema: \d+\n {2}records: 5\n {2}customers: 2\n {2}projects: 3\n {2}shares: 1/,
    /idleLockMinutes: 15/,
    /error an error that nobody foresaw/,
    /\[data folder\]/,
  ]) {
    expect(text).toMatch(fact);
  }
  const secrets = [...Object.values(neverShown), app.dataDir, share.path.split('/').at(-1)!];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  for (const pattern of [internalPrice, prices, userNames, /Acme|Shown/])
    expect(text).not.toMatch(pattern);
});

it('the log has the newest first, and only errors if asked', async () => {
  await app.call('backups.make');
  app.app.noteUnexpected(new Error('x'));
  const { entries } = await app.call('app.log');
  expect(entries.map(({ level }) => level)).toEqual(['error', 'info']);
  expect(entries[1]!.text).toContain('made a backup');
  expect((await app.call('app.log', { level: 'error' })).entries).toHaveLength(1);
});
