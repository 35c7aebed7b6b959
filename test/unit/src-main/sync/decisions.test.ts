/** What a sync does not decide by itself, what it leaves to the owner, and what the owner changed. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SyncStatus } from '../../../../src-shared/contract/sync.ts';
import { readRecording } from '../../../support/kimai-replay/recording.ts';
import { KimaiReplay } from '../../../support/kimai-replay/server.ts';
import { commitWaiting, pollOnce, syncWhen, SyncWorld } from '../../../support/sync.ts';
import { storedRecords } from '../../../sync/truth.ts';

const folder = resolve(import.meta.dirname, '../../../fixtures/golden/kimai-api-2.66');
const recording = readRecording(folder);

let world: SyncWorld;

describe('the first reading', () => {
  beforeEach(async () => (world = await SyncWorld.open(recording)));
  afterEach(() => world.close());

  it('is stopped by the owner, and goes on where it was', async () => {
    world.replay.maxSize = 20;
    const pageOf = (path: string): number =>
      Number(/^timesheets\?.*&page=(\d+)&full=1$/.exec(path)?.[1] ?? 0);
    const { call } = world.test;
    const answers: Promise<unknown>[] = [];
    world.replay.intercept = (path) => {
      if (pageOf(path) === 6) answers.push(call('sync.status'));
      if (pageOf(path) === 5) answers.push(call('sync.cancel'));
      return null;
    };
    await world.connect();
    const { error, preview } = await syncWhen(world.test, ({ state }) => state === 'waiting');
    // The owner wanted it: it is no failure.
    expect([error, preview]).toEqual([null, null]);
    const [during] = (await Promise.all(answers)) as [SyncStatus];
    expect(during).toMatchObject({ state: 'reading', progress: { total: 8 } });
    world.replay.intercept = () => null;
    // The answer may have been there before the wish to stop.
    const next = world.db
      .prepare("SELECT value ->> '$.first.page' FROM settings WHERE key = 'kimaiProgress'")
      .pluck()
      .get() as number;
    expect([4, 5]).toContain(next);
    const before = world.replay.asked.length;
    await pollOnce(world.test);
    const pages = world.replay.asked.slice(before).map(({ path }) => pageOf(path));
    expect(pages.filter((page) => page > 0)).toEqual([5, 4, 3, 2, 1].slice(5 - next));
    await commitWaiting(world.test);
    expect(world.wrong()).toEqual([]);
  });

  it('finds records of a file without ids by what makes them the same', async () => {
    const csv = readFileSync(join(folder, 'final-full.csv'), 'utf8');
    world.replay.goTo('final');
    // Kimai's last column is the id.
    const lastCell = /,(?:ID|\d+)(?=\r?\n(?:\d{4}-\d\d-\d\d,|$))/g;
    await world.test.importBytes('final.csv', csv.replaceAll(lastCell, ''));
    expect(storedRecords(world.db).size).toBe(0);
    const count = (): unknown => world.db.prepare('SELECT count(*) FROM records').pluck().get();
    expect(count()).toBe(world.rows.size);
    await world.connectAndImport();
    expect(count()).toBe(world.rows.size);
  });
});

// Each begins with a store that is equal to Kimai, and leaves it so.
describe('once it is connected', () => {
  beforeAll(async () => {
    world = await SyncWorld.open(recording);
    await world.connectAndImport();
  });
  afterAll(() => world.close());
  afterEach(() => expect(world.wrong()).toEqual([]));

  it('asks for the rates by the hour of a hundred records, and next time for the others', async () => {
    const isDetail = ({ path }: { path: string }): boolean => /^timesheets\/\d+$/.test(path);
    const details = (): string[] => world.replay.asked.filter(isDetail).map(({ path }) => path);
    const stopped = [...world.rows.values()].filter(({ end }) => end !== null);
    for (const { id } of stopped) world.change(id, { description: `changed ${id}` });
    await pollOnce(world.test);
    expect(details()).toHaveLength(100);
    expect(world.wrong()).toEqual([]);
    await pollOnce(world.test);
    expect(new Set(details()).size).toBe(stopped.length);
    const known = `SELECT count(*) FROM records WHERE hourly_rate_e4 IS NOT NULL
      OR fixed_rate_e4 IS NOT NULL`;
    expect(world.db.prepare(known).pluck().get()).toBe(stopped.length);
    await pollOnce(world.test);
    expect(details()).toHaveLength(stopped.length);
  });

  it('never leads the token elsewhere', async () => {
    const elsewhere = await KimaiReplay.start(recording);
    try {
      world.replay.intercept = (path) => ({
        ...{ status: 302, body: null },
        headers: { location: `${elsewhere.address}/api/${path}` },
      });
      const { error } = await pollOnce(world.test);
      expect(error).toMatchObject({ code: 'kimai_moved' });
      expect(elsewhere.asked).toEqual([]);
    } finally {
      world.replay.intercept = () => null;
      await elsewhere.close();
    }
  });

  it('leaves what the owner changed, which shows', async () => {
    const { id } = world.db
      .prepare<[], { id: number }>('SELECT id FROM records WHERE kimai_id = 15')
      .get()!;
    const { billable } = world.rows.get(15)!;
    await world.test.call('records.update', { ids: [id], patch: { billable: !billable } });
    const [customer] = world.list('customers?visible=3');
    const list = await world.test.call('customers.list');
    const customerId = list.find(({ name }) => name === customer!.name)!.id;
    await world.test.call('customers.update', {
      id: customerId,
      patch: { color: '#123456', budgetE4: 70_000 },
    });
    world.change(15, { description: 'new words' });
    Object.assign(customer!, { color: '#abcdef', budget: 12, name: 'Another name' });
    await pollOnce(world.test);
    const after = await world.test.call('customers.list');
    expect(after.find(({ id: one }) => one === customerId)).toMatchObject({
      ...{ name: 'Another name', color: '#123456', budgetE4: 70_000 },
      edited: expect.arrayContaining(['color']) as unknown,
    });
    const { rows } = await world.test.call('records.list', { state: 'edited', limit: 10 });
    expect(rows).toMatchObject([
      { kimaiId: 15, description: 'new words', billable: !billable, billableEdited: true },
    ]);
    await world.test.call('records.update', { ids: [id], patch: { billable: null } });
  });

  it('changes the pages of clients at once', async () => {
    await world.test.call('publish.set', { enabled: true, port: 0 });
    const [url] = (await world.test.call('publish.status')).urls;
    const { customer } = storedRecords(world.db).get(15)!;
    const { id: customerId } = (await world.test.call('customers.list')).find(
      ({ name }) => name === customer,
    )!;
    const { path } = await world.test.call('shares.create', { customerId });
    const month = world.rows.get(15)!.begin.slice(0, 7).split('-').map(Number);
    const page = async (): Promise<string> =>
      (await fetch(`${url}${path}?year=${month[0]}&month=${month[1]}`)).text();
    expect(await page()).not.toContain('seen by the client');
    world.change(15, { description: 'seen by the client' });
    await pollOnce(world.test);
    expect(await page()).toContain('seen by the client');
  });

  it.each(['the currency of a customer', 'the customer of a project'])(
    'the owner decides if %s changes, and with it what amounts mean',
    async (what) => {
      const [customer, other] = world.list('customers?visible=3');
      const projects = world.list('projects?visible=3&ignoreDates=1');
      if (what.startsWith('the currency')) customer!.currency = 'JPY';
      else projects.find((one) => one.customer === customer!.id)!.customer = other!.id;
      const currencies = (): unknown[] =>
        world.db
          .prepare(
            `SELECT p.id, c.currency FROM projects p JOIN customers c ON c.id = customer_id
             ORDER BY p.id`,
          )
          .all();
      const before = currencies();
      const { preview, state } = await pollOnce(world.test);
      expect([state, preview?.because]).toEqual(['preview', 'currency']);
      expect(currencies()).toEqual(before);
      // The owner may be looking at it: only what is new takes its place.
      expect((await pollOnce(world.test)).preview).toEqual(preview);
      world.change(16, { description: `while ${what} waits` });
      expect((await pollOnce(world.test)).preview?.jobId).not.toBe(preview!.jobId);
      await commitWaiting(world.test);
      expect(currencies()).not.toEqual(before);
      expect((await pollOnce(world.test)).log[0]!.what).toBe('read');
    },
  );

  it('the owner decides if the token does not see rates any more', async () => {
    const rate = storedRecords(world.db).get(15)!.rate;
    expect(rate).toBeGreaterThan(0);
    const rates = new Map([...world.rows.values()].map((row) => [row.id, row.rate]));
    for (const row of world.rows.values()) delete row.rate;
    world.change(15, { description: 'changed' });
    const { preview } = await pollOnce(world.test);
    expect(preview).toMatchObject({ because: 'rights', removed: 0 });
    expect(storedRecords(world.db).get(15)!.description).not.toBe('changed');
    await commitWaiting(world.test);
    expect(storedRecords(world.db).get(15)).toMatchObject({ rate, description: 'changed' });
    // These are its rights now.
    world.change(16, { description: 'changed too' });
    expect((await pollOnce(world.test)).log[0]!.what).toBe('imported');
    // It sees them again.
    for (const row of world.rows.values()) row.rate = rates.get(row.id);
    for (const id of [15, 16]) world.change(id, {});
    await pollOnce(world.test);
  });

  it('who does not want what waits is not asked again: the sync is paused', async () => {
    world.list('customers?visible=3')[0]!.currency = 'GBP';
    const { preview } = await pollOnce(world.test);
    await world.test.call('imports.cancel', { jobId: preview!.jobId });
    // The next poll finds what became of it.
    await world.test.call('sync.now');
    await syncWhen(world.test, ({ log }) => log.some(({ what }) => what === 'paused'));
    expect(world.db.prepare("SELECT 1 FROM customers WHERE currency = 'GBP'").get()).toBe(
      undefined,
    );
  });
});
