import { createHash, scryptSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderTarget } from '../../../../src-main/always-on/targets/folder.ts';
import type { Target } from '../../../../src-main/always-on/targets/target.ts';
import { AppError } from '../../../../src-shared/errors.ts';
import { openManifest } from '../../../../src-shared/sealed-page/manifest.ts';
import {
  passwordKeyOf,
  publicIdOf,
  readSecret,
  type Scrypt,
} from '../../../../src-shared/sealed-page/keys.ts';
import type { Later } from '../../../../src-main/async/later.ts';
import { createAlwaysOnApp, type AlwaysOnApp } from '../../../support/always-on.ts';
import { createTestApp } from '../../../support/app.ts';
import { filesIn, fromFolder, readShare } from '../../../support/sealed-files.ts';

/** A web space in a folder that counts what is asked of it, and breaks where a test wants. */
interface Space {
  folder: string;
  requests: string[];
  /** Requests until it breaks; null: it works. */
  breaksAfter: number | null;
  /** Runs once, before the first data file is put. */
  meanwhile: (() => Promise<unknown>) | null;
}
let space: Space;
let app: AlwaysOnApp;
let now: Date;

function watchedTarget(): Target {
  const target = createFolderTarget({ folder: space.folder });
  const counted = async <T>(request: string, work: () => Promise<T>): Promise<T> => {
    if (space.breaksAfter !== null && --space.breaksAfter < 0) {
      throw new AppError('target_unreachable', { host: 'example.org' });
    }
    space.requests.push(request);
    const { meanwhile } = space;
    if (meanwhile !== null && /^put data\/.*\/[0-9a-f]{16}$/.test(request)) {
      space.meanwhile = null;
      await meanwhile();
    }
    return work();
  };
  return {
    ...target,
    list: (folder) => counted(`list ${folder}`, () => target.list(folder)),
    put: (path, bytes) => counted(`put ${path}`, () => target.put(path, bytes)),
    remove: (path) => counted(`remove ${path}`, () => target.remove(path)),
    removeFolder: (path) => counted(`removeFolder ${path}`, () => target.removeFolder(path)),
  };
}

const header = 'Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description\n';
const line = (day: string, project: string, description: string, rate = 80): string =>
  `${day},09:00,10:00,3600,${rate},Ada Marked,Harbour,${project},Building,${description}\n`;
const records = [
  line('2025-08-04', 'Quay', 'Piles'),
  line('2025-09-03', 'Quay', 'Wall'),
  line('2025-09-04', 'Crane', 'Hook'),
  line('2025-10-06', 'Crane', 'Rope'),
];

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'web space-'));
  space = { folder, requests: [], breaksAfter: null, meanwhile: null };
  now = new Date(2025, 9, 20, 12);
  app = await createAlwaysOnApp({ clock: { now: () => now }, targetOf: watchedTarget });
  await app.importBytes('export.csv', header + records.join(''));
});
afterEach(async () => {
  await app.close();
  rmSync(space.folder, { recursive: true });
});

const nodeScrypt: Scrypt = (password, salt, N, r, p, length) =>
  Promise.resolve(scryptSync(password, salt, length, { N, r, p, maxmem: 2 ** 28 }));

/** The check itself has tests of its own: here the public address is not served. */
async function published(options = {}): Promise<{ id: number; url: string }> {
  const customer = (await app.call('customers.list'))[0]!;
  const share = await app.call('shares.create', { customerId: customer.id, ...options });
  await app.storeTarget({
    kind: 'folder',
    folder: space.folder,
    publicUrl: 'https://hours.example.com/pages',
  });
  await app.call('alwaysOn.enable', { id: share.id, password: passwordOf(options) });
  await app.uploadEverything();
  const { url, state } = await app.call('alwaysOn.share', { id: share.id });
  expect(state).toBe('up_to_date');
  return { id: share.id, url };
}
const passwordOf = (options: { password?: string }): string | null => options.password ?? null;
const read = (url: string) => readShare(url, fromFolder(space.folder));
const putsSince = (from: number): string[] =>
  space.requests.slice(from).filter((request) => request.startsWith('put '));

describe('an upload', () => {
  it('has every month of the share and its projects, under an address that tells nothing', async () => {
    const { id, url } = await published();
    expect(url).toMatch(
      /^https:\/\/hours\.example\.com\/pages\/en\/auth\/customer-portal\/[0-9a-f]{32}\/#[\w-]{32}$/,
    );
    const { head, parts } = await read(url);
    expect(head).toMatchObject({ first: 202508, last: 202510, asOf: 20251020 });
    expect(head.pages[0]).toMatchObject({ heading: 'Harbour', newest: 202510 });
    expect(Object.keys(parts)).toHaveLength(9);
    expect(parts['0/202509']!.table.rows.map((row) => row.description)).toEqual(['Wall', 'Hook']);
    expect(filesIn(space.folder).filter((path) => path.endsWith('index.html'))).toHaveLength(44);
    const mail = await app.call('shares.message', { id, baseUrl: null, locale: 'de' });
    expect(mail.body).toContain(`\n${url.replace('/pages/en/', '/pages/de/')}\n`);
    expect(mail).toMatchObject({ locale: 'de', subject: expect.stringContaining('Harbour') });
  });

  it('has a document for each language, which runs nothing but its own scripts and tells nobody', async () => {
    const { url } = await published();
    const path = new URL(url).pathname.replace('/pages/en/', 'ar/');
    const html = readFileSync(join(space.folder, path, 'index.html'), 'utf8');
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
    const { url } = await published();
    const before = space.requests.length;
    const files = filesIn(space.folder);
    await app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
    await app.uploadChanges();
    const puts = putsSince(before);
    expect(puts).toHaveLength(3);
    expect(puts.at(-1)).toMatch(/manifest$/);
    // What was replaced is gone: as many files as before.
    expect(filesIn(space.folder)).toHaveLength(files.length);
    const { parts } = await read(url);
    expect(parts['0/202509']!.table.rows).toHaveLength(3);

    const quiet = space.requests.length;
    await app.uploadChanges();
    expect(space.requests.slice(quiet)).toEqual([]);
  });

  it('of the newest month sends two files: the share itself shows it in the manifest', async () => {
    const { url } = await published();
    const before = space.requests.length;
    await app.importBytes('more.csv', header + line('2025-10-07', 'Crane', 'Winch'));
    await app.uploadChanges();
    expect(putsSince(before).map((request) => request.endsWith('/manifest'))).toEqual([
      false,
      true,
    ]);
    expect(JSON.stringify((await read(url)).parts['0/202510'])).toContain('Winch');

    // A month later it has a file of its own.
    now = new Date(2025, 10, 5, 12);
    await app.importBytes('next.csv', header + line('2025-11-03', 'Quay', 'Gate'));
    await app.uploadChanges();
    const { head, parts } = await read(url);
    expect(head.pages[0]!.newest).toBe(202511);
    expect(JSON.stringify(parts['0/202510'])).toContain('Winch');
    expect(JSON.stringify(parts['0/202511'])).toContain('Gate');
    expect(filesIn(join(space.folder, 'data'))).toHaveLength(3 * 4);
  });

  it('puts all files there anew that an earlier version of the program named otherwise', async () => {
    const { url, id } = await published();
    const { parts } = await read(url);
    const longer = (path: string): string => path.replace(/[0-9a-f]{16}$/, '$&$&');
    const store = new Database(app.database);
    const rows = store.prepare<[], { path: string }>('SELECT path FROM always_on_files').all();
    for (const { path } of rows.filter(({ path }) => /^data\/.*\/[0-9a-f]{16}$/.test(path))) {
      renameSync(join(space.folder, path), join(space.folder, longer(path)));
      store.prepare('UPDATE always_on_files SET path = ? WHERE path = ?').run(longer(path), path);
    }
    // Its documents and assets were others.
    store.prepare("UPDATE always_on_pages SET state_digest = 'earlier'").run();
    store.close();
    await app.uploadChanges();
    expect((await app.call('alwaysOn.share', { id })).state).toBe('up_to_date');
    expect((await read(url)).parts).toEqual(parts);
    const names = filesIn(join(space.folder, 'data')).map((path) => path.split('/')[1]!.length);
    expect(names.toSorted((one, other) => one - other)).toEqual([8, ...Array(8).fill(16)]);
  });

  it('changes a description, which changes no sum', async () => {
    const { url } = await published();
    await app.importBytes('same.csv', header + records.join('').replace('Wall', 'Brick wall'));
    await app.uploadChanges();
    expect(JSON.stringify((await read(url)).parts)).toContain('Brick wall');
  });

  it('writes data files, then the manifest, then removes what is old', async () => {
    await published();
    const before = space.requests.length;
    await app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
    await app.uploadChanges();
    const kinds = space.requests
      .slice(before)
      .map((request) => (request.endsWith('manifest') ? 'manifest' : request.split(' ')[0]));
    expect(kinds).toEqual(['put', 'put', 'manifest', 'remove', 'remove']);
  });

  it('that breaks at any request leaves a whole page, old or new, and the next one goes on', async () => {
    const { url, id } = await published();
    let previous = JSON.stringify((await read(url)).parts);
    const random = seededRandom(21);
    let broken = 0;
    for (let round = 0; broken < 100; round++) {
      const text = records.join('').replace(/Wall|Piles/g, (word) => `${word} ${round}`);
      await app.importBytes('changed.csv', header + text);
      const isNew = (parts: string): boolean =>
        parts.includes(`Wall ${round}`) && parts.includes(`Piles ${round}`);
      for (let state = ''; state !== 'up_to_date';) {
        // Half of the time it breaks early, so that a share needs many goes.
        space.breaksAfter = Math.floor(random() * (random() < 0.5 ? 3 : 14));
        await app.uploadChanges();
        if (space.breaksAfter < 0) broken++;
        const seen = JSON.stringify((await read(url)).parts);
        expect(seen === previous || isNew(seen)).toBe(true);
        ({ state } = await app.call('alwaysOn.share', { id }));
      }
      space.breaksAfter = null;
      previous = JSON.stringify((await read(url)).parts);
      expect(isNew(previous)).toBe(true);
    }
    const { state } = await app.call('alwaysOn.share', { id });
    expect(state).toBe('up_to_date');
    // Nothing of a hundred broken uploads is left.
    const folder = filesIn(space.folder).filter((path) => path.startsWith('data/'));
    // The newest month of the share's own page stands in the manifest.
    expect(folder).toHaveLength(8 + 1);
  });

  it('says what failed, and stays at it', async () => {
    const { id } = await published();
    await app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
    expect((await app.call('alwaysOn.share', { id })).state).toBe('waiting');
    space.breaksAfter = 0;
    await app.uploadChanges();
    expect(await app.call('alwaysOn.share', { id })).toMatchObject({
      state: 'failed',
      error: { code: 'target_unreachable', params: { host: 'example.org' } },
    });
    space.breaksAfter = null;
    await app.uploadChanges();
    expect(await app.call('alwaysOn.share', { id })).toMatchObject({
      state: 'up_to_date',
      error: null,
    });
  });

  it('removes what a killed one left, which had another key', async () => {
    const { id } = await published();
    const data = filesIn(space.folder).find((path) => path.endsWith('/manifest'))!;
    const left = join(space.folder, data.replace('manifest', `${'0'.repeat(32)}.part`));
    writeFileSync(left, 'half');
    await app.uploadEverything();
    expect(existsSync(left)).toBe(false);
    writeFileSync(left, 'half');
    await app.call('alwaysOn.disable', { id });
    await app.uploadChanges();
    expect(filesIn(space.folder)).toEqual([]);
  });

  it('by hand mends what somebody did on the web space', async () => {
    const { url } = await published();
    const data = filesIn(space.folder).filter((path) => /^data\/.*\/[0-9a-f]{16}$/.test(path));
    rmSync(join(space.folder, data[0]!));
    await app.uploadEverything();
    await read(url);
  });
});

describe('a change while an upload runs', () => {
  const manifests = (from: number): number =>
    putsSince(from).filter((request) => request.endsWith('/manifest')).length;

  it('of the records: no page is half of the old and half of the new', async () => {
    const { url, id } = await published();
    await app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
    const before = space.requests.length;
    space.meanwhile = () =>
      app.importBytes('even-more.csv', header + line('2025-10-07', 'Crane', 'Winch'));
    await app.uploadChanges();
    expect(manifests(before)).toBe(1);
    const { head, parts } = await read(url);
    const texts = ['0/202509', '0/202510'].map((name) => JSON.stringify(parts[name]));
    expect(texts[0]).toContain('Ladder');
    expect(texts[1]).toContain('Winch');
    // The head's year has both hours, too.
    expect(head.pages[0]!.years?.[2025]?.durationS.slice(7)).toEqual([3600, 10800, 7200, 0, 0]);
    expect((await app.call('alwaysOn.share', { id })).state).toBe('up_to_date');
    expect(filesIn(join(space.folder, 'data'))).toHaveLength(8 + 1);
  });

  it('that never ends leaves the old page, and is uploaded when it has ended', async () => {
    const { url, id } = await published();
    const old = JSON.stringify(await read(url));
    const before = space.requests.length;
    let changes = 0;
    const change = async (): Promise<void> => {
      const text = line('2025-09-05', 'Quay', `Ladder ${++changes}`);
      await app.importBytes('more.csv', header + text);
      space.meanwhile = change;
    };
    await change();
    await app.uploadChanges();
    expect(manifests(before)).toBe(0);
    expect(JSON.stringify(await read(url))).toBe(old);
    expect((await app.call('alwaysOn.share', { id })).state).toBe('waiting');
    space.meanwhile = null;
    await app.uploadChanges();
    expect(JSON.stringify(await read(url))).toContain(`Ladder ${changes}`);
  });

  it('of the scope: nothing of the wider one is shown, and a month that is gone is no failure', async () => {
    const { url, id } = await published();
    const crane = (await app.call('projects.list')).find(({ name }) => name === 'Crane')!;
    await app.importBytes('more.csv', header + line('2025-08-05', 'Quay', 'Ladder'));
    const before = space.requests.length;
    space.meanwhile = () =>
      app.call('shares.update', {
        id,
        patch: { options: { projectSelection: 'selected' }, projectIds: [crane.id] },
      });
    await app.uploadChanges();
    expect(manifests(before)).toBe(1);
    const { head, parts } = await read(url);
    expect(head.first).toBe(202509);
    expect(JSON.stringify(parts)).not.toContain('Ladder');
    expect(await app.call('alwaysOn.share', { id })).toMatchObject({
      state: 'up_to_date',
      error: null,
    });
    expect(filesIn(join(space.folder, 'data'))).toHaveLength(3 + 1);
  });

  it('a removed import, whose month cannot be built any more, is no failure', async () => {
    const { url, id } = await published();
    const job = await app.importBytes(
      'more.csv',
      header + line('2024-01-05', 'Quay', 'Ladder') + line('2024-02-05', 'Quay', 'Rung'),
    );
    space.meanwhile = () => app.call('imports.undo', { importId: job.importId! });
    await app.uploadChanges();
    expect((await read(url)).head.first).toBe(202508);
    expect(await app.call('alwaysOn.share', { id })).toMatchObject({ state: 'up_to_date' });
    expect(app.logged.join('\n')).not.toContain('failed');
  });

  it.each(['shares.pause', 'alwaysOn.disable'] as const)(
    '%s: the files go at once, and no manifest comes',
    async (method) => {
      const { id } = await published();
      await app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
      const before = space.requests.length;
      space.meanwhile = () => app.call(method, { id });
      await app.uploadChanges();
      expect(manifests(before)).toBe(0);
      expect(filesIn(space.folder)).toEqual([]);
    },
  );

  it('a new password: the files open with it alone', async () => {
    const { id, url } = await published();
    await app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
    const before = space.requests.length;
    space.meanwhile = () => app.call('shares.update', { id, patch: {}, password: 'right one' });
    await app.uploadChanges();
    expect(manifests(before)).toBe(1);
    await expect(read(url)).rejects.toMatchObject({ failure: 'wrong_password' });
    expect((await app.call('alwaysOn.share', { id })).state).toBe('up_to_date');
  });
});

it('what fails for one share says so there, and the others are uploaded', async () => {
  const broken = await published();
  const whole = await published();
  const database = new Database(app.database);
  database
    .prepare('UPDATE always_on_pages SET secret = ? WHERE share_id = ?')
    .run(Buffer.alloc(80, 7), broken.id);
  database.close();
  await app.importBytes('more.csv', header + line('2025-09-05', 'Quay', 'Ladder'));
  await app.uploadChanges();
  const lost = { code: 'always_on_keys_lost', params: {} };
  expect(await app.call('alwaysOn.share', { id: broken.id })).toMatchObject({
    ...{ state: 'failed', error: lost },
  });
  expect(await app.call('alwaysOn.status')).toMatchObject({ waiting: 1, error: lost });
  expect(await app.call('alwaysOn.share', { id: whole.id })).toMatchObject({
    ...{ state: 'up_to_date', error: null },
  });
  expect(await app.call('alwaysOn.states')).toEqual([
    { id: broken.id, state: 'failed' },
    { id: whole.id, state: 'up_to_date' },
  ]);
  expect(JSON.stringify((await read(whole.url)).parts)).toContain('Ladder');
});

describe('what goes again', () => {
  const left = (): string[] => filesIn(space.folder);
  const idOf = (url: string): string => /[0-9a-f]{32}/.exec(url)![0];

  it.each(['shares.pause', 'shares.delete', 'alwaysOn.disable'] as const)(
    'everything of the share with %s, at the next start if the web space was away',
    async (method) => {
      const { id } = await published();
      space.breaksAfter = 0;
      await app.call(method, { id });
      await app.uploadChanges();
      expect(left()).not.toEqual([]);
      expect((await app.call('alwaysOn.share', { id })).state).toBe('removing');
      space.breaksAfter = null;
      await app.uploadChanges();
      expect(left()).toEqual([]);
      const { state } = await app.call('alwaysOn.share', { id });
      expect(state).toBe(method === 'alwaysOn.disable' ? 'off' : 'hidden');
    },
  );

  it('what it could not while the web space did not answer, at the next start', async () => {
    await app.close();
    const dataDir = mkdtempSync(join(tmpdir(), 'customer-portal-'));
    const clock = { now: () => now };
    app = await createAlwaysOnApp({ dataDir, clock, targetOf: watchedTarget });
    await app.importBytes('export.csv', header + records.join(''));
    const { id } = await published();
    space.breaksAfter = 0;
    await app.call('shares.pause', { id });
    await app.uploadChanges();
    await app.close();
    space.breaksAfter = null;

    const waiting: { job: () => Promise<void>; ms: number }[] = [];
    const later: Later = (job, ms) => {
      waiting.push({ job, ms });
      return () => undefined;
    };
    const alwaysOn = { targetOf: watchedTarget, later };
    app = { ...app, ...(await createTestApp({ dataDir, clock, start: true, alwaysOn })) };
    expect((await app.call('alwaysOn.share', { id })).state).toBe('removing');
    expect(left()).not.toEqual([]);
    await waiting.find(({ ms }) => ms < 60_000)!.job();
    expect(left()).toEqual([]);
    expect((await app.call('alwaysOn.share', { id })).state).toBe('hidden');
    await app.close();
    rmSync(dataDir, { recursive: true });
    app = await createAlwaysOnApp({ clock, targetOf: watchedTarget });
  });

  it('a resumed or restored share comes back under the same link', async () => {
    const { id, url } = await published();
    await app.call('shares.pause', { id });
    await app.uploadChanges();
    await app.call('shares.resume', { id });
    await app.uploadChanges();
    await read(url);
    await app.call('shares.delete', { id });
    await app.uploadChanges();
    await app.call('shares.restore', { id });
    await app.uploadChanges();
    await read(url);
  });

  it('an expired share, whose manifest says the day as well', async () => {
    const { id, url } = await published({ expiresDay: '2025-10-31' });
    now = new Date(2025, 10, 1, 12);
    await app.uploadChanges();
    expect(left()).toEqual([]);
    expect((await app.call('alwaysOn.share', { id })).state).toBe('hidden');
    expect(url).toContain('#');
  });

  it('with a new key the old folder, and the link is another one', async () => {
    const { id, url } = await published();
    await app.call('shares.rotateKey', { id });
    await app.uploadChanges();
    const next = (await app.call('alwaysOn.share', { id })).url;
    expect(idOf(next)).not.toBe(idOf(url));
    expect(left().some((path) => path.includes(idOf(url)))).toBe(false);
    await read(next);
  });

  it('with a narrower scope all old files; the earlier key opens none of the new ones', async () => {
    const { id, url } = await published();
    const before = new Map(left().map((path) => [path, readFileSync(join(space.folder, path))]));
    const crane = (await app.call('projects.list')).find(({ name }) => name === 'Crane')!;
    await app.call('shares.update', {
      id,
      patch: { options: { projectSelection: 'selected' }, projectIds: [crane.id] },
    });
    await app.uploadChanges();
    const data = left().filter((path) => /^data\/.*\/[0-9a-f]{16}$/.test(path));
    expect(data.some((path) => before.has(path))).toBe(false);
    const { parts } = await read(url);
    expect(JSON.stringify(parts)).not.toContain('Wall');
    expect(Object.keys(parts)).toHaveLength(4);
  });

  it('with a new password all old files, and the old password opens nothing', async () => {
    const { id, url } = await published();
    const before = left();
    await app.call('shares.update', { id, patch: {}, password: 'right one' });
    await app.uploadChanges();
    const data = left().filter((path) => /^data\/.*\/[0-9a-f]{16}$/.test(path));
    expect(data.some((path) => before.includes(path))).toBe(false);
    await expect(read(url)).rejects.toMatchObject({ failure: 'wrong_password' });
  });
});

it('a share with a password needs it once, and it is checked', async () => {
  await published();
  const customer = (await app.call('customers.list'))[0]!;
  const { id } = await app.call('shares.create', {
    customerId: customer.id,
    password: 'right one',
  });
  const enable = (password: string | null) => app.call('alwaysOn.enable', { id, password });
  await expect(enable(null)).rejects.toMatchObject({ code: 'always_on_password_needed' });
  await expect(enable('wrong one')).rejects.toMatchObject({ code: 'password_wrong' });
  await enable('right one');
  expect((await app.call('alwaysOn.share', { id })).state).toBe('waiting');
});

it('a password that is typed again makes other keys, and no file of the earlier ones stays', async () => {
  const { id, url } = await published({ password: 'right one' });
  const data = () => filesIn(space.folder).filter((path) => /^data\/.*\/[0-9a-f]{16}$/.test(path));
  const readWith = async (password: string): Promise<string> => {
    const secret = readSecret(new URL(url).hash.slice(1));
    const file = fromFolder(space.folder)(`data/${publicIdOf(secret)}/manifest`);
    const { passwordSalt } = await openManifest(secret, file);
    const key = await passwordKeyOf(nodeScrypt, password, passwordSalt!);
    return JSON.stringify((await readShare(url, fromFolder(space.folder), key)).parts);
  };
  const before = data();
  // As on a computer that has lost its secrets, or that asks once more.
  await app.call('alwaysOn.enable', { id, password: 'right one' });
  await app.uploadChanges();
  expect(await readWith(' right one ')).toContain('Wall');
  expect(data().filter((path) => before.includes(path))).toEqual([]);
  expect(data()).toHaveLength(before.length);
});

it('nothing readable leaves, sizes do not tell how many records there are, and equal data does not look equal', async () => {
  const marked = line('2025-09-04', 'Crane', 'Hook', 48_151.62);
  await app.importBytes('marked.csv', header + records.join('') + marked);
  const { id, url } = await published({ options: { showRates: true, locale: 'fo' } });
  const { path: live } = (await app.call('shares.list', {}))[0]!;
  const liveKey = live.split('/').find((part) => part.length >= 20)!;
  const bytes = () =>
    new Map(filesIn(space.folder).map((path) => [path, readFileSync(join(space.folder, path))]));
  const first = bytes();
  // Random bytes do not have words of this length.
  const words = [
    'Harbour',
    'Quay',
    'Crane',
    'Wall',
    'Hook',
    'Marked',
    'Building',
    '48151',
    '48,151',
  ];
  for (const [path, content] of first) {
    // Assets are the same for everybody, and hold the words of all languages.
    if (path.startsWith('assets/')) continue;
    const text = `${path}\n${content.toString('latin1')}`;
    for (const word of [...words, new URL(url).hash.slice(1), liveKey]) {
      expect(text.includes(word), `${word} in ${path}`).toBe(false);
    }
    if (path.startsWith('data/')) expect(text).not.toMatch(/"(heading|rows|currency|records)"/);
  }
  const sizes = (files: Map<string, Buffer>): number[] =>
    [...files]
      .filter(([path]) => path.startsWith('data/'))
      .map(([, content]) => content.length)
      .toSorted((one, other) => one - other);
  const more = ['08', '09', '10'].map((day) => line(`2025-09-${day}`, 'Crane', `Rope ${day}`));
  await app.importBytes('more.csv', header + more.join(''));
  await app.uploadChanges();
  expect(sizes(bytes())).toEqual(sizes(first));

  await app.call('alwaysOn.disable', { id });
  await app.call('alwaysOn.enable', { id });
  await app.uploadChanges();
  const second = bytes();
  const data = [...first.keys()].filter((path) => path.startsWith('data/'));
  expect(data.filter((path) => second.has(path))).toEqual([]);
});

it('credentials lie sealed, and are answered to nobody', async () => {
  await published();
  const config = {
    ...{ kind: 'webdav' as const, url: 'https://dav.example.com', user: 'owner' },
    publicUrl: 'https://hours.example.com',
  };
  await app.storeTarget(config, { secret: 'geheim-0815', privateKey: '' });
  expect(JSON.stringify(await app.call('alwaysOn.status'))).not.toContain('geheim-0815');
  expect(readFileSync(app.database).includes('geheim-0815')).toBe(false);
  expect(app.logged.join('\n')).not.toContain('geheim-0815');
});

/** The same draws in every run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
