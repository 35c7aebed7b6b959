/** What an upload puts on the web space, in which order, and what stays when it breaks. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  copyPublishedShare,
  header,
  line,
  records,
  type World,
} from '../../../support/published-share.ts';
import { filesIn } from '../../../support/sealed-files.ts';

let world: World;
copyPublishedShare((copy) => (world = copy));

describe('an upload', () => {
  it('has every month of the share and its projects, under an address that tells nothing', async () => {
    const { id, url } = await world.published();
    expect(url).toMatch(
      /^https:\/\/hours\.example\.com\/pages\/en\/auth\/customer-portal\/[0-9a-f]{32}\/#[\w-]{32}$/,
    );
    const { head, parts } = await world.read(url);
    expect(head).toMatchObject({ first: 202508, last: 202510, asOf: 20251020 });
    expect(head.pages[0]).toMatchObject({ heading: 'Harbour', newest: 202510 });
    expect(Object.keys(parts)).toHaveLength(9);
    expect(parts['0/202509']!.table.rows.map((row) => row.description)).toEqual(['Wall', 'Hook']);
    expect(filesIn(world.space.folder).filter((path) => path.endsWith('index.html'))).toHaveLength(
      44,
    );
    const mail = await world.app.call('shares.message', { id, baseUrl: null, locale: 'de' });
    expect(mail.body).toContain(`\n${url.replace('/pages/en/', '/pages/de/')}\n`);
    expect(mail).toMatchObject({ locale: 'de', subject: expect.stringContaining('Harbour') });
  });

  it('has a document for each language, which runs nothing but its own scripts and tells nobody', async () => {
    const { url } = await world.published();
    const path = new URL(url).pathname.replace('/pages/en/', 'ar/');
    const html = readFileSync(join(world.space.folder, path, 'index.html'), 'utf8');
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).toContain('<meta name="robots" content="noindex, nofollow">');
    expect(html).toContain('<meta name="referrer" content="no-referrer">');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
    const [, script] = /<script>([^]*?)<\/script>/.exec(html)!;
    const hash = createHash('sha256').update(script!).digest('base64');
    expect(policy.split('; ').slice(0, 2)).toEqual([
      "default-src 'none'",
      `script-src 'self' 'sha256-${hash}'`,
    ]);
    expect(policy).toContain("connect-src 'self'; ");
    expect(Buffer.byteLength(html)).toBeLessThan(3000);
  });

  it('sends only what changed: one record is two months and the manifest', async () => {
    const { url } = await world.published();
    const before = world.space.requests.length;
    const files = filesIn(world.space.folder);
    await world.app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
    await world.app.uploadChanges();
    const puts = world.putsSince(before);
    expect(puts).toHaveLength(3);
    expect(puts.at(-1)).toMatch(/manifest$/);
    // What was replaced is gone: as many files as before.
    expect(filesIn(world.space.folder)).toHaveLength(files.length);
    const { parts } = await world.read(url);
    expect(parts['0/202509']!.table.rows).toHaveLength(3);

    const quiet = world.space.requests.length;
    await world.app.uploadChanges();
    expect(world.space.requests.slice(quiet)).toEqual([]);
  });

  it('of the newest month sends two files: the share itself shows it in the manifest', async () => {
    const { url } = await world.published();
    const before = world.space.requests.length;
    await world.app.importBytes('more.csv', header + line('2025-10-07', 'Crane', 'Winch'));
    await world.app.uploadChanges();
    expect(world.putsSince(before).map((request) => request.endsWith('/manifest'))).toEqual([
      false,
      true,
    ]);
    expect(JSON.stringify((await world.read(url)).parts['0/202510'])).toContain('Winch');

    // A month later it has a file of its own.
    world.now = new Date(2025, 10, 5, 12);
    await world.app.importBytes('next.csv', header + line('2025-11-03', 'Quay', 'Gate'));
    await world.app.uploadChanges();
    const { head, parts } = await world.read(url);
    expect(head.pages[0]!.newest).toBe(202511);
    expect(JSON.stringify(parts['0/202510'])).toContain('Winch');
    expect(JSON.stringify(parts['0/202511'])).toContain('Gate');
    expect(filesIn(join(world.space.folder, 'data'))).toHaveLength(3 * 4);
  });

  it('puts all files there anew that an earlier version of the program named otherwise', async () => {
    const { url, id } = await world.published();
    const { parts } = await world.read(url);
    const longer = (path: string): string => path.replace(/[0-9a-f]{16}$/, '$&$&');
    const store = new Database(world.app.database);
    const rows = store.prepare<[], { path: string }>('SELECT path FROM always_on_files').all();
    for (const { path } of rows.filter(({ path }) => /^data\/.*\/[0-9a-f]{16}$/.test(path))) {
      renameSync(join(world.space.folder, path), join(world.space.folder, longer(path)));
      store.prepare('UPDATE always_on_files SET path = ? WHERE path = ?').run(longer(path), path);
    }
    // Its documents and assets were others.
    store.prepare("UPDATE always_on_pages SET state_digest = 'earlier'").run();
    store.close();
    await world.app.uploadChanges();
    expect((await world.app.call('alwaysOn.share', { id })).state).toBe('up_to_date');
    expect((await world.read(url)).parts).toEqual(parts);
    const names = filesIn(join(world.space.folder, 'data')).map(
      (path) => path.split('/')[1]!.length,
    );
    expect(names.toSorted((one, other) => one - other)).toEqual([8, ...Array(8).fill(16)]);
  });

  it('changes a description, which changes no sum', async () => {
    const { url } = await world.published();
    await world.app.importBytes(
      'same.csv',
      header + records.join('').replace('Wall', 'Brick wall'),
    );
    await world.app.uploadChanges();
    expect(JSON.stringify((await world.read(url)).parts)).toContain('Brick wall');
  });

  it('writes data files, then the manifest, then removes what is old', async () => {
    await world.published();
    const before = world.space.requests.length;
    await world.app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
    await world.app.uploadChanges();
    const kinds = world.space.requests
      .slice(before)
      .map((request) => (request.endsWith('manifest') ? 'manifest' : request.split(' ')[0]));
    expect(kinds).toEqual(['put', 'put', 'manifest', 'remove', 'remove']);
  });

  it('that breaks at any request leaves a whole page, old or new, and the next one goes on', async () => {
    const { url, id } = await world.published();
    const read = async (): Promise<string> => JSON.stringify((await world.read(url)).parts);
    const stateNow = async (): Promise<string> =>
      (await world.app.call('alwaysOn.share', { id })).state;
    let previous = await read();
    let round = 0;
    /** Changes two months, and uploads them in goes that break after so many requests, the last one in none. */
    async function uploadBreaking(...after: number[]): Promise<boolean> {
      round++;
      const text = records.join('').replace(/Wall|Piles/g, (word) => `${word} ${round}`);
      await world.app.importBytes('changed.csv', header + text);
      const isNew = (parts: string): boolean =>
        parts.includes(`Wall ${round}"`) && parts.includes(`Piles ${round}"`);
      let hasBroken = true;
      for (const requests of after) {
        world.space.breaksAfter = requests;
        await world.app.uploadChanges();
        hasBroken &&= world.space.breaksAfter < 0;
        const seen = await read();
        expect(seen === previous || isNew(seen), `${after.join()}: half of a page`).toBe(true);
      }
      world.space.breaksAfter = null;
      if ((await stateNow()) !== 'up_to_date') await world.app.uploadChanges();
      expect(await stateNow()).toBe('up_to_date');
      previous = await read();
      expect(isNew(previous)).toBe(true);
      return hasBroken;
    }
    // At each request of an upload, and at each of the one that mends it.
    let most = 0;
    while (await uploadBreaking(most)) most++;
    expect(most).toBeGreaterThan(5);
    for (let first = 0; first < most; first++) await uploadBreaking(first, most - first, first);
    // Nothing of the broken uploads is left; the newest month of the share's own page stands in the
    // manifest.
    const data = filesIn(world.space.folder).filter((path) => path.startsWith('data/'));
    expect(data).toHaveLength(8 + 1);
  });

  it('says what failed, and stays at it', async () => {
    const { id } = await world.published();
    await world.app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
    expect((await world.app.call('alwaysOn.share', { id })).state).toBe('waiting');
    world.space.breaksAfter = 0;
    await world.app.uploadChanges();
    expect(await world.app.call('alwaysOn.share', { id })).toMatchObject({
      state: 'failed',
      error: { code: 'target_unreachable', params: { host: 'example.org' } },
    });
    world.space.breaksAfter = null;
    await world.app.uploadChanges();
    expect(await world.app.call('alwaysOn.share', { id })).toMatchObject({
      state: 'up_to_date',
      error: null,
    });
  });

  it('removes what a killed one left, which had another key', async () => {
    const { id } = await world.published();
    const data = filesIn(world.space.folder).find((path) => path.endsWith('/manifest'))!;
    const left = join(world.space.folder, data.replace('manifest', `${'0'.repeat(32)}.part`));
    writeFileSync(left, 'half');
    await world.app.uploadEverything();
    expect(existsSync(left)).toBe(false);
    writeFileSync(left, 'half');
    await world.app.call('alwaysOn.disable', { id });
    await world.app.uploadChanges();
    expect(filesIn(world.space.folder)).toEqual([]);
  });

  it('by hand mends what somebody did on the web space', async () => {
    const { url } = await world.published();
    const data = filesIn(world.space.folder).filter((path) =>
      /^data\/.*\/[0-9a-f]{16}$/.test(path),
    );
    rmSync(join(world.space.folder, data[0]!));
    await world.app.uploadEverything();
    await world.read(url);
  });
});

it('what fails for one share says so there, and the others are uploaded', async () => {
  const broken = await world.published();
  const whole = await world.published();
  const database = new Database(world.app.database);
  database
    .prepare('UPDATE always_on_pages SET secret = ? WHERE share_id = ?')
    .run(Buffer.alloc(80, 7), broken.id);
  database.close();
  await world.app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
  await world.app.uploadChanges();
  const lost = { code: 'always_on_keys_lost', params: {} };
  expect(await world.app.call('alwaysOn.share', { id: broken.id })).toMatchObject({
    ...{ state: 'failed', error: lost },
  });
  expect(await world.app.call('alwaysOn.status')).toMatchObject({ waiting: 1, error: lost });
  expect(await world.app.call('alwaysOn.share', { id: whole.id })).toMatchObject({
    ...{ state: 'up_to_date', error: null },
  });
  expect(await world.app.call('alwaysOn.states')).toEqual([
    { id: broken.id, state: 'failed' },
    { id: whole.id, state: 'up_to_date' },
  ]);
  expect(JSON.stringify((await world.read(whole.url)).parts)).toContain('Ladder');
});
