/** Backups of the whole program: when they are made, what is put back, what stays. */
import Database from 'better-sqlite3';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connect } from '../../../../src-main/store/open.ts';
import { migrate } from '../../../../src-main/store/migrate.ts';
import { migrations } from '../../../../src-main/store/migrations/index.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { quickHash } from '../../../support/guarded-portal.ts';
import { dumpStore } from '../../../support/store-state.ts';

const header = 'Date,Duration,Customer,Project,Activity,User,Description';
const rows = (count: number, what: string, day = '2026-11-03'): string =>
  [
    header,
    ...Array.from({ length: count }, (_, n) => `${day},1:00,Acme,Web,Dev,Ada,${what} ${n}`),
  ].join('\n');

let now: number;
let dataDir: string;
let app: TestApp;
const open = (start = false): Promise<TestApp> =>
  createTestApp({ dataDir, clock: { now: () => new Date(now) }, start });

beforeEach(async () => {
  now = new Date(2026, 10, 24, 12).getTime();
  dataDir = mkdtempSync(join(tmpdir(), 'backups-'));
  app = await open();
});
afterEach(async () => {
  await app.close();
  rmSync(dataDir, { recursive: true });
});

const list = async (): Promise<string[]> =>
  (await app.call('backups.list')).backups.map(({ reason }) => reason);
const folder = (): string => join(dataDir, 'backups');
/** Without what a restore leaves as it is, or bumps. */
function contents(): string {
  const left = /^(?:data_version|password_failures|ended_sessions)(?:\n|$)/;
  return dumpStore(app.database)
    .split('\n\n')
    .filter((table) => !left.test(table))
    .join('\n\n');
}
const version = (): number => {
  const db = new Database(app.database, { readonly: true });
  const found = db.prepare('SELECT version FROM data_version').pluck().get() as number;
  db.close();
  return found;
};

it('a backup is one whole file, which the owner sees with its size', async () => {
  await app.importBytes('a.csv', rows(3, 'first'));
  const made = await app.call('backups.make');
  expect(made).toMatchObject({ reason: 'asked', madeAt: now });
  expect(readdirSync(folder())).toEqual([made.id]);
  expect((await app.call('backups.list')).backups).toEqual([made]);
  expect(made.bytes).toBe(readFileSync(join(folder(), made.id)).length);
  expect(dumpStore(join(folder(), made.id))).toBe(dumpStore(app.database));
  // A second one of the same moment has a name of its own.
  expect((await app.call('backups.make')).id).not.toBe(made.id);
});

it('everything becomes as it was, and can be taken back', async () => {
  await app.importBytes('a.csv', rows(3, 'first'));
  const customerId = (await app.call('customers.list'))[0]!.id;
  const old = await app.call('shares.create', { customerId, label: 'Old' });
  const kept = await app.call('shares.create', { customerId, label: 'Kept' });
  const then = contents();
  const made = await app.call('backups.make');

  await app.importBytes('b.csv', rows(2, 'second', '2026-11-04'));
  await app.call('shares.delete', { id: old.id });
  await app.call('shares.create', { customerId, label: 'New' });
  await app.call('settings.set', { theme: 'dark' });
  await app.call('publish.set', { enabled: true, port: 0 });
  const url = (await app.call('publish.status')).urls[0]!;
  const etag = (await fetch(url + kept.path)).headers.get('etag');
  const db = connect(app.database);
  db.prepare('INSERT INTO ended_sessions VALUES (?, ?)').run(Buffer.from('session'), now);
  db.prepare('INSERT INTO password_failures VALUES (?, ?, ?)').run(kept.id, 'client', now);
  db.close();
  const publish = await app.call('publish.status');
  const [between, versionBetween] = [contents(), version()];

  expect(await app.call('backups.preview', { id: made.id })).toEqual({
    backup: made,
    then: { records: 3, customers: 1, projects: 1, shares: 2, newestDay: '2026-11-03' },
    now: { records: 5, customers: 1, projects: 1, shares: 2, newestDay: '2026-11-04' },
    shares: { opened: ['Old'], closed: ['New'] },
  });
  expect(contents()).toBe(between);

  const before = await app.call('backups.restore', { id: made.id });
  expect(before!.reason).toBe('restore');
  const withoutPlace = (text: string): string => text.replaceAll(/^\["publish",.*\n/gm, '');
  expect(withoutPlace(contents())).toBe(then);
  expect(version()).toBeGreaterThan(versionBetween);
  // The portal is where it was, and nobody is told that a page has not changed.
  expect(await app.call('publish.status')).toEqual(publish);
  const page = await fetch(url + kept.path, { headers: { 'If-None-Match': etag! } });
  expect(page.status).toBe(200);
  expect((await fetch(url + old.path)).status).toBe(200);
  // Who was logged out or has guessed too often gains nothing.
  const dump = dumpStore(app.database);
  expect(dump).toContain('"client"');
  expect(dump.split('\n\n').find((table) => table.startsWith('ended_sessions'))).toContain('\n');
  expect((await app.call('settings.set', {})).theme).toBe('auto');

  await app.call('backups.restore', { id: before!.id });
  expect(contents()).toBe(between);
  expect(readdirSync(folder()).filter((name) => !name.endsWith('.sqlite'))).toEqual([]);
});

it('whoever was signed in signs in again, as the passwords of then are those of now', async () => {
  await app.importBytes('a.csv', rows(1, 'first'));
  const db = connect(app.database);
  db.prepare('UPDATE profiles SET password_hash = ?').run(quickHash('right one'));
  await app.call('session.signIn', { profileId: 1, password: 'right one' });
  const made = await app.call('backups.make');
  await app.call('backups.restore', { id: made.id });
  await expect(app.call('backups.list')).rejects.toMatchObject({ code: 'not_signed_in' });
  db.close();
});

it('a backup of an older version is brought up to this one', async () => {
  await app.importBytes('a.csv', rows(1, 'now'));
  const made = await app.call('backups.make');
  const path = join(folder(), made.id);
  rmSync(path);
  const old = new Database(path);
  migrate(old, migrations.slice(0, 1), () => undefined);
  old.exec("INSERT INTO customers (name) VALUES ('From before')");
  old.close();
  await app.call('backups.restore', { id: made.id });
  expect((await app.call('customers.list')).map(({ name }) => name)).toEqual(['From before']);
});

it.each([
  ['damaged', 'database_damaged', (bytes: Buffer) => bytes.fill(0x55, 9000, 30_000)],
  ['cut off', 'database_damaged', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ['none', 'database_damaged', () => Buffer.from('not a database')],
  [
    'newer',
    'database_newer',
    (bytes: Buffer) => {
      bytes.writeUInt32BE(9990, 60);
      return bytes;
    },
  ],
])('a backup that is %s changes nothing', async (_, code, spoil) => {
  await app.importBytes('a.csv', rows(300, 'first'));
  const made = await app.call('backups.make');
  const path = join(folder(), made.id);
  writeFileSync(path, spoil(readFileSync(path)));
  const before = dumpStore(app.database);
  await expect(app.call('backups.restore', { id: made.id })).rejects.toMatchObject({ code });
  expect(dumpStore(app.database)).toBe(before);
  await expect(app.call('backups.preview', { id: '../portal.sqlite' })).rejects.toThrow();
});

it('an import of more than 10 000 changes is made only after a backup', async () => {
  await app.importBytes('a.csv', rows(1, 'first'));
  const before = dumpStore(app.database);
  await app.importBytes('b.csv', rows(10_000, 'many'));
  expect(await list()).toEqual([]);
  const last = await app.openBytes('c.csv', rows(10_001, 'more'));
  const between = dumpStore(app.database);
  await app.call('imports.commit', { jobId: last.jobId, digest: last.preview!.digest });
  const [made] = (await app.call('backups.list')).backups;
  expect(made?.reason).toBe('import');
  expect(dumpStore(join(folder(), made!.id))).toBe(between);
  expect(between).not.toBe(before);
});

it('each day that the program runs has a backup, the first one as soon as it is started', async () => {
  await app.close();
  app = await open(true);
  // Nothing to lose yet.
  await app.importBytes('a.csv', rows(1, 'first'));
  expect(await list()).toEqual([]);
  await app.close();
  for (const reasons of [['daily'], ['daily'], ['daily', 'daily']]) {
    app = await open(true);
    // A job behind the one of the start.
    await app.call('backups.export', { passphrase: 'any' });
    expect(await list()).toEqual(reasons);
    await app.close();
    if (reasons.length === 1 && now % 2 === 0) now += 1;
    else now += 86_400_000;
  }
  // The clock was set back: the new one is the oldest, and stays.
  now -= 365 * 86_400_000;
  app = await open(true);
  await app.call('backups.export', { passphrase: 'any' });
  expect((await app.call('backups.list')).backups.at(-1)).toMatchObject({ madeAt: now });
  expect(await list()).toEqual(['daily', 'daily', 'daily']);
});

it('a program that runs over midnight makes the backup of the new day', async () => {
  await app.importBytes('a.csv', rows(1, 'first'));
  await app.close();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    app = await open(true);
    now += 86_400_000;
    await vi.advanceTimersByTimeAsync(3_600_000);
    await app.call('backups.export', { passphrase: 'any' });
    expect(await list()).toEqual(['daily', 'daily']);
    await app.close();
  } finally {
    vi.useRealTimers();
  }
  app = await open();
});

it('what an earlier run did not finish goes at the start', async () => {
  await app.importBytes('a.csv', rows(1, 'first'));
  const made = await app.call('backups.make');
  await app.close();
  writeFileSync(join(folder(), `${made.id}.part`), 'half');
  writeFileSync(join(folder(), 'x.cpdata.part.sqlite-journal'), 'half');
  app = await open();
  expect(readdirSync(folder())).toEqual([made.id]);
});
