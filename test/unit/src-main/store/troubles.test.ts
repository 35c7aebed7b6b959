/** What happens to the open store from outside: it is told, nothing is lost, and there is a way on. */
import Database from 'better-sqlite3';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseFile, openStore } from '../../../../src-main/store/open.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { dumpStore } from '../../../support/store-state.ts';

const rows = (count: number, day = '2026-11-03'): string =>
  ['Date,Duration,Customer,Project,Description']
    .concat(Array.from({ length: count }, (_, n) => `${day},1:00,Acme,Web,No ${n}`))
    .join('\n');

let parent: string;
let dataDir: string;
let app: TestApp;
let now: number;
const open = (): Promise<TestApp> =>
  createTestApp({ dataDir, clock: { now: () => new Date(now) } });
const codes = async (): Promise<string[]> =>
  (await app.call('app.status')).troubles.map(({ code }) => code);
const setTheme = (theme: 'dark' | 'light') => app.call('settings.set', { theme });

beforeEach(async () => {
  now = new Date(2026, 10, 24, 12).getTime();
  parent = mkdtempSync(join(tmpdir(), 'troubles-'));
  dataDir = join(parent, 'data');
  app = await open();
  await app.importBytes('a.csv', rows(300));
});
afterEach(async () => {
  await app.close();
  rmSync(parent, { recursive: true });
});

// Windows lets nobody take open files away.
describe.skipIf(process.platform === 'win32')('files that are taken away', () => {
  it('the folder: nothing is written until it is back, and no other one is made in its place', async () => {
    const before = dumpStore(app.database);
    const job = await app.openBytes('b.csv', rows(2, '2026-11-04'));
    renameSync(dataDir, `${dataDir}-away`);
    const gone = { code: 'data_folder_gone' };
    await expect(setTheme('dark')).rejects.toMatchObject(gone);
    await expect(app.startBytes('c.csv', rows(1))).rejects.toMatchObject(gone);
    await expect(app.call('backups.make')).rejects.toMatchObject(gone);
    await expect(
      app.call('imports.commit', { jobId: job.jobId, digest: job.preview!.digest }),
    ).rejects.toMatchObject(gone);
    // The failed backup is told as well.
    expect(await codes()).toEqual(['data_folder_gone', 'data_folder_gone']);
    // What is known goes on being shown.
    expect((await app.call('records.list', {})).total).toBe(300);
    expect(existsSync(dataDir)).toBe(false);

    renameSync(`${dataDir}-away`, dataDir);
    expect(dumpStore(app.database)).toBe(before);
    await setTheme('dark');
    await app.call('backups.make');
    await app.importBytes('b.csv', rows(2, '2026-11-04'));
    expect(await codes()).toEqual([]);
    expect((await app.call('records.list', {})).total).toBe(302);
  });

  it.each(['-wal', '-shm'])('portal.sqlite%s: what was saved is in the database', async (end) => {
    await setTheme('dark');
    const before = dumpStore(app.database);
    rmSync(app.database + end);
    await expect(setTheme('light')).rejects.toMatchObject({ code: 'database_log_gone' });
    // An import may still be taking the log over; each look at the troubles does what is left.
    const copy = join(parent, 'alone');
    const saved = async (): Promise<string> => {
      await codes();
      copyFileSync(app.database, copy);
      return dumpStore(copy);
    };
    await expect.poll(saved).toBe(before);
    // Also when a program puts something else there.
    writeFileSync(app.database + end, '');
    await expect(setTheme('light')).rejects.toMatchObject({ code: 'database_log_gone' });
    expect(await codes()).toEqual(['database_log_gone']);
    rmSync(app.database + end);

    await app.close();
    app = await open();
    expect(dumpStore(app.database)).toBe(before);
    await setTheme('light');
    expect(await codes()).toEqual([]);
  });
});

it('a database that another program holds: told after a second, and saved when it is free', async () => {
  const other = new Database(app.database);
  other.exec('BEGIN IMMEDIATE');
  await expect(setTheme('dark')).rejects.toMatchObject({ code: 'database_locked' });
  other.exec('ROLLBACK');
  await setTheme('dark');
  other.close();
});

it('a clock that was set back by more than a day is told, while running and at the start', async () => {
  now -= 20 * 3_600_000;
  expect(await codes()).toEqual([]);
  const year = 365 * 86_400_000;
  now -= year;
  const trouble = { code: 'clock_behind', params: { today: '2025-11-23', newest: '2026-11-24' } };
  expect((await app.call('app.status')).troubles).toEqual([trouble]);
  await app.close();
  app = await open();
  expect((await app.call('app.status')).troubles).toEqual([trouble]);
  // Work goes on, and is told no longer once the clock is right.
  await app.importBytes('b.csv', rows(2, '2025-11-04'));
  now += year;
  expect(await codes()).toEqual([]);
});

describe('damaged pages', () => {
  /** Writes over the first pages of the time records and of their indexes. */
  function damage(): void {
    const db = new Database(app.database);
    const pages = db
      .prepare<[], number>(`SELECT rootpage FROM sqlite_master WHERE tbl_name = 'records'`)
      .pluck()
      .all();
    const size = db.pragma('page_size', { simple: true }) as number;
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const bytes = readFileSync(app.database);
    for (const page of pages.filter((root) => root > 0)) {
      bytes.fill(0x55, (page - 1) * size, page * size);
    }
    writeFileSync(app.database, bytes);
  }

  it('no backup is made of them; one from before is restored in the app, and their files are kept', async () => {
    const good = await app.call('backups.make');
    const before = dumpStore(join(dataDir, 'backups', good.id));
    damage();
    await app.close();
    app = await open();
    const failed = { code: 'database_damaged' };
    await expect(app.call('records.list', {})).rejects.toMatchObject(failed);
    await expect(app.call('backups.make')).rejects.toMatchObject(failed);
    expect((await app.call('backups.list')).backups).toEqual([good]);
    expect(await codes()).toEqual(['database_damaged']);
    const damaged = readFileSync(app.database);

    const preview = await app.call('backups.preview', { id: good.id });
    expect(preview).toMatchObject({ then: { records: 300 }, now: null });
    expect(await app.call('backups.restore', { id: good.id })).toBeNull();
    expect(await codes()).toEqual([]);
    expect((await app.call('records.list', {})).total).toBe(300);
    const withoutVersion = (dump: string): string => dump.replace(/^data_version\n.*\n/m, '');
    expect(withoutVersion(dumpStore(app.database))).toBe(withoutVersion(before));
    const [kept] = readdirSync(join(dataDir, 'backups')).filter((name) => /^damaged-/.test(name));
    expect(readFileSync(join(dataDir, 'backups', kept!))).toEqual(damaged);
    await app.call('backups.make');
  });

  it('a migration does not touch them, and a copy in their place opens, as the message says', async () => {
    const good = await app.call('backups.make');
    await app.close();
    const old = new Database(databaseFile(dataDir));
    old.pragma('user_version = 79');
    old.close();
    damage();
    const before = readFileSync(app.database);
    expect(() => openStore(dataDir)).toThrow('database_damaged');
    expect(readFileSync(app.database)).toEqual(before);
    expect(readdirSync(dataDir).filter((name) => /^portal-before/.test(name))).toEqual([]);
    copyFileSync(join(dataDir, 'backups', good.id), app.database);
    for (const end of ['-wal', '-shm']) rmSync(app.database + end, { force: true });
    app = await open();
    expect((await app.call('records.list', {})).total).toBe(300);
  });
});
