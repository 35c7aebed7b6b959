/** What a sync does with a Kimai that changes while it is read, or that shows less than before. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecording } from '../../../support/kimai-replay/recording.ts';
import type { KimaiReplay } from '../../../support/kimai-replay/server.ts';
import { commitWaiting, pollOnce, syncWhen, SyncWorld } from '../../../support/sync.ts';
import type { TestApp } from '../../../support/app.ts';
import { storedRecords } from '../../../sync/truth.ts';

const folder = join(resolve(import.meta.dirname, '../../../fixtures/golden'), 'kimai-api-2.66');
const recording = readRecording(folder);

let world: SyncWorld;
let replay: KimaiReplay;
let test: TestApp;

beforeEach(async () => {
  world = await SyncWorld.open(recording);
  ({ replay, test } = world);
});
afterEach(() => world.close());

describe('before anything is stored', () => {
  it('shows what the token sees', async () => {
    const look = (as: string) =>
      test.call('sync.look', { address: replay.address, token: replay.tokenOf(as) });
    expect(await look('admin')).toMatchObject({
      ...{ version: '2.66.0', user: 'admin', records: 149, customerCount: 3 },
      ...{ seesRates: true, seesBudgets: true, seesUsers: true, roles: ['ROLE_SUPER_ADMIN'] },
    });
    expect(await look('ben')).toMatchObject({
      ...{ user: 'Ben Okafor', records: 37, people: ['Ben Okafor'] },
      ...{ seesRates: false, seesBudgets: false, seesUsers: false },
    });
    expect(await test.call('sync.status')).toMatchObject({ state: 'off', kimai: null });
  });
});

describe('the first reading', () => {
  it('misses nothing while records go between its pages', async () => {
    replay.maxSize = 20;
    const gone = [3, 25, 47, 60, 81, 102, 120];
    replay.intercept = (path) => {
      if (/^timesheets\?.*[?&]page=\d+&full=1$/.test(path)) world.drop(gone.pop() ?? 0);
      return null;
    };
    await world.connectAndImport();
    expect(gone).toEqual([]);
  });

  it('goes on where it was', async () => {
    replay.maxSize = 20;
    let pages = 0;
    replay.intercept = (path) =>
      path.includes('&page=') && ++pages === 5 ? { status: 502, body: null } : null;
    await world.connect();
    const { error } = await syncWhen(test, ({ state }) => state === 'failed');
    expect(error?.code).toBe('kimai_down');
    const before = replay.asked.length;
    await pollOnce(test, true);
    const again = replay.asked.slice(before).filter(({ path }) => /&page=\d+&full=1$/.test(path));
    // Page 8 gave the number of pages, and 8 to 6 were read.
    expect(again.map(({ path }) => /page=(\d+)/.exec(path)![1])).toEqual(['5', '4', '3', '2', '1']);
    await commitWaiting(test);
    expect(world.wrong()).toEqual([]);
  });

  it('doubles nothing that came with a file', async () => {
    await test.importFile(join(folder, 'final-full.csv'));
    replay.goTo('final');
    await world.connect();
    await syncWhen(test, ({ state }) => state === 'preview');
    await commitWaiting(test);
    expect(world.wrong()).toEqual([]);
    const count = world.db.prepare('SELECT count(*) FROM records').pluck().get();
    expect(count).toBe(world.rows.size);
  });
});

describe('a poll', () => {
  it('asks before many records go, and keeps them if they shall stay', async () => {
    await world.connectAndImport();
    world.drop(...[...world.rows.keys()].slice(0, 20));
    const { preview } = await pollOnce(test);
    expect(preview).toMatchObject({ because: 'vanished', removed: 20 });
    expect(storedRecords(world.db).size).toBe(149);
    await test.call('imports.cancel', { jobId: preview!.jobId });
    expect((await pollOnce(test)).state).toBe('waiting');
    expect(storedRecords(world.db).size).toBe(149);
    // Somebody may see them again: they change as before.
    expect((await test.call('sync.status')).log.some(({ what }) => what === 'kept')).toBe(true);
  });

  it('takes a few away by itself, from the months that differ', async () => {
    await world.connectAndImport();
    world.drop(1, 100);
    const before = replay.asked.length;
    expect((await pollOnce(test)).log[0]).toMatchObject({ what: 'imported', removed: 2 });
    expect(world.wrong()).toEqual([]);
    const lists = replay.asked.slice(before).filter(({ path }) => path.includes('size=500'));
    // What changed, and two months.
    expect(lists.length).toBeLessThanOrEqual(3);
  });

  it('asks before records go if the token has other rights', async () => {
    await world.connectAndImport();
    world.drop(1);
    const me = world.sight.answers.get('users/me')!;
    world.sight.answers.set('users/me', {
      status: 200,
      body: { ...(me.body as object), roles: ['ROLE_TEAMLEAD'] },
    });
    expect((await pollOnce(test)).preview).toMatchObject({ because: 'rights', removed: 1 });
    await commitWaiting(test);
    expect(world.wrong()).toEqual([]);
    // These are its rights now.
    await pollOnce(test);
    world.drop(2);
    expect((await pollOnce(test)).log[0]).toMatchObject({ what: 'imported', removed: 1 });
  });

  it('sees a mark that tells nobody, and names that change', async () => {
    await world.connectAndImport();
    const row = world.rows.get(5)!;
    world.rows.set(5, { ...row, exported: !row.exported });
    const list = world.sight.answers.get('activities?visible=3')!;
    for (const entry of list.body as { name: string }[]) entry.name = `${entry.name} (new)`;
    await pollOnce(test);
    expect(world.wrong()).toEqual([]);
  });

  it('leaves alone what the owner changed', async () => {
    await world.connectAndImport();
    const { id } = world.db
      .prepare<[], { id: number }>('SELECT id FROM customers ORDER BY kimai_id LIMIT 1')
      .get()!;
    await test.call('customers.update', { id, patch: { color: '#123456' } });
    const list = world.sight.answers.get('customers?visible=3')!;
    for (const entry of list.body as { color: string }[]) entry.color = '#abcdef';
    await pollOnce(test);
    const colors = world.db.prepare('SELECT color FROM customers ORDER BY kimai_id').pluck().all();
    expect(colors).toEqual(['#123456', '#abcdef', '#abcdef']);
  });

  it('brings nothing back that the owner took back', async () => {
    await world.connectAndImport();
    world.drop(7);
    await pollOnce(test);
    const [latest] = await test.call('imports.list');
    await test.call('imports.undo', { importId: latest!.id });
    expect(storedRecords(world.db).has(7)).toBe(true);
    expect((await test.call('sync.status')).state).toBe('paused');
    const { preview } = await pollOnce(test);
    expect(preview?.because).toBe('undone');
  });

  it('moves its cursor only after all went well', async () => {
    await world.connectAndImport();
    replay.goTo('time');
    replay.intercept = (path) => (path.includes('active=1') ? { status: 500, body: {} } : null);
    expect((await pollOnce(test)).error?.code).toBe('kimai_failed');
    const cursorOf = (): string =>
      replay.asked.findLast(({ path }) => path.includes('modified_after'))!.path;
    const cursor = cursorOf();
    replay.goTo('description');
    replay.intercept = () => null;
    await pollOnce(test);
    expect(cursorOf()).toBe(cursor);
    expect(world.wrong()).toEqual([]);
  });

  it('asks for rates by the hour of changed records only', async () => {
    await world.connectAndImport();
    expect(replay.asked.some(({ path }) => /^timesheets\/\d/.test(path))).toBe(false);
    replay.goTo('time');
    await pollOnce(test);
    const details = replay.asked.filter(({ path }) => /^timesheets\/\d/.test(path));
    expect(details.map(({ path }) => path)).toEqual(['timesheets/15']);
    const rate = 'SELECT hourly_rate_e4 FROM records WHERE kimai_id = 15';
    expect(world.db.prepare(rate).pluck().get()).toBeGreaterThan(0);
  });

  it('uses one connection', async () => {
    await world.connectAndImport();
    const before = replay.connections;
    await pollOnce(test);
    expect(replay.connections - before).toBe(1);
  });
});

it('a Kimai that is not wanted any more is forgotten, and what came from it stays', async () => {
  await world.connectAndImport();
  for (const file of [test.database, `${test.database}-wal`]) {
    expect(readFileSync(file).includes(replay.tokenOf('admin'))).toBe(false);
  }
  await test.call('sync.disconnect');
  expect(await test.call('sync.status')).toMatchObject({ state: 'off', kimai: null, log: [] });
  expect(storedRecords(world.db).size).toBe(149);
  const settings = world.db
    .prepare('SELECT group_concat(key) FROM settings')
    .pluck()
    .get() as string;
  expect(settings ?? '').not.toContain('kimai');
  await expect(test.call('sync.now')).rejects.toMatchObject({ code: 'kimai_none' });
});
