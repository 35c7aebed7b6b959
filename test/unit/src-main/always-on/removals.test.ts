/** What goes from the web space again, and what passwords and keys open. */
import { scryptSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Later } from '../../../../src-main/async/later.ts';
import {
  passwordKeyOf,
  publicIdOf,
  readSecret,
  type Scrypt,
} from '../../../../src-shared/sealed-page/keys.ts';
import { openManifest } from '../../../../src-shared/sealed-page/manifest.ts';
import { createTestApp } from '../../../support/app.ts';
import { copyPublishedShare, type World } from '../../../support/published-share.ts';
import { filesIn, fromFolder, readShare } from '../../../support/sealed-files.ts';

let world: World;
copyPublishedShare((copy) => (world = copy));

describe('what goes again', () => {
  const left = (): string[] => filesIn(world.space.folder);
  const idOf = (url: string): string => /[0-9a-f]{32}/.exec(url)![0];

  it.each(['shares.pause', 'shares.delete', 'alwaysOn.disable'] as const)(
    'everything of the share with %s, at the next start if the web space was away',
    async (method) => {
      const { id } = await world.published();
      world.space.breaksAfter = 0;
      await world.app.call(method, { id });
      await world.app.uploadChanges();
      expect(left()).not.toEqual([]);
      expect((await world.app.call('alwaysOn.share', { id })).state).toBe('removing');
      world.space.breaksAfter = null;
      await world.app.uploadChanges();
      expect(left()).toEqual([]);
      const { state } = await world.app.call('alwaysOn.share', { id });
      expect(state).toBe(method === 'alwaysOn.disable' ? 'off' : 'hidden');
    },
  );

  it('what it could not while the web space did not answer, at the next start', async () => {
    const { id } = await world.published();
    world.space.breaksAfter = 0;
    await world.app.call('shares.pause', { id });
    await world.app.uploadChanges();
    await world.app.close();
    world.space.breaksAfter = null;

    const waiting: { job: () => Promise<void>; ms: number }[] = [];
    const later: Later = (job, ms) => {
      waiting.push({ job, ms });
      return () => undefined;
    };
    const { targetOf, now } = world;
    const { dataDir } = world.app;
    const started = { dataDir, clock: { now: () => now }, start: true };
    const app = await createTestApp({ ...started, alwaysOn: { targetOf, later } });
    world.app = { ...world.app, ...app };
    expect((await world.app.call('alwaysOn.share', { id })).state).toBe('removing');
    expect(left()).not.toEqual([]);
    await waiting.find(({ ms }) => ms < 60_000)!.job();
    expect(left()).toEqual([]);
    expect((await world.app.call('alwaysOn.share', { id })).state).toBe('hidden');
  });

  it('a resumed or restored share comes back under the same link', async () => {
    const { id, url } = await world.published();
    await world.app.call('shares.pause', { id });
    await world.app.uploadChanges();
    await world.app.call('shares.resume', { id });
    await world.app.uploadChanges();
    await world.read(url);
    await world.app.call('shares.delete', { id });
    await world.app.uploadChanges();
    await world.app.call('shares.restore', { id });
    await world.app.uploadChanges();
    await world.read(url);
  });

  it('an expired share, whose manifest says the day as well', async () => {
    const { id, url } = await world.published({ expiresDay: '2025-10-31' });
    world.now = new Date(2025, 10, 1, 12);
    await world.app.uploadChanges();
    expect(left()).toEqual([]);
    expect((await world.app.call('alwaysOn.share', { id })).state).toBe('hidden');
    expect(url).toContain('#');
  });

  it('with a new key the old folder, and the link is another one', async () => {
    const { id, url } = await world.published();
    await world.app.call('shares.rotateKey', { id });
    await world.app.uploadChanges();
    const next = (await world.app.call('alwaysOn.share', { id })).url;
    expect(idOf(next)).not.toBe(idOf(url));
    expect(left().some((path) => path.includes(idOf(url)))).toBe(false);
    await world.read(next);
  });

  it('with a narrower scope all old files; the earlier key opens none of the new ones', async () => {
    const { id, url } = await world.published();
    const before = new Map(
      left().map((path) => [path, readFileSync(join(world.space.folder, path))]),
    );
    const crane = (await world.app.call('projects.list')).find(({ name }) => name === 'Crane')!;
    await world.app.call('shares.update', {
      id,
      patch: { options: { projectSelection: 'selected' }, projectIds: [crane.id] },
    });
    await world.app.uploadChanges();
    const data = left().filter((path) => /^data\/.*\/[0-9a-f]{16}$/.test(path));
    expect(data.some((path) => before.has(path))).toBe(false);
    const { parts } = await world.read(url);
    expect(JSON.stringify(parts)).not.toContain('Wall');
    expect(Object.keys(parts)).toHaveLength(4);
  });

  it('with a new password all old files, and the old password opens nothing', async () => {
    const { id, url } = await world.published();
    const before = left();
    await world.app.call('shares.update', { id, patch: {}, password: 'right one' });
    await world.app.uploadChanges();
    const data = left().filter((path) => /^data\/.*\/[0-9a-f]{16}$/.test(path));
    expect(data.some((path) => before.includes(path))).toBe(false);
    await expect(world.read(url)).rejects.toMatchObject({ failure: 'wrong_password' });
  });
});

it('a share with a password needs it once, and it is checked', async () => {
  await world.published();
  const customer = (await world.app.call('customers.list'))[0]!;
  const { id } = await world.app.call('shares.create', {
    customerId: customer.id,
    password: 'right one',
  });
  const enable = (password: string | null) => world.app.call('alwaysOn.enable', { id, password });
  await expect(enable(null)).rejects.toMatchObject({ code: 'always_on_password_needed' });
  await expect(enable('wrong one')).rejects.toMatchObject({ code: 'password_wrong' });
  await enable('right one');
  expect((await world.app.call('alwaysOn.share', { id })).state).toBe('waiting');
});

const nodeScrypt: Scrypt = (password, salt, N, r, p, length) =>
  Promise.resolve(scryptSync(password, salt, length, { N, r, p, maxmem: 2 ** 28 }));

it('a password that is typed again makes other keys, and no file of the earlier ones stays', async () => {
  const { id, url } = await world.published({ password: 'right one' });
  const data = () =>
    filesIn(world.space.folder).filter((path) => /^data\/.*\/[0-9a-f]{16}$/.test(path));
  const readWith = async (password: string): Promise<string> => {
    const secret = readSecret(new URL(url).hash.slice(1));
    const file = fromFolder(world.space.folder)(`data/${publicIdOf(secret)}/manifest`);
    const { passwordSalt } = await openManifest(secret, file);
    const key = await passwordKeyOf(nodeScrypt, password, passwordSalt!);
    return JSON.stringify((await readShare(url, fromFolder(world.space.folder), key)).parts);
  };
  const before = data();
  // As on a computer that has lost its secrets, or that asks once more.
  await world.app.call('alwaysOn.enable', { id, password: 'right one' });
  await world.app.uploadChanges();
  expect(await readWith(' right one ')).toContain('Wall');
  expect(data().filter((path) => before.includes(path))).toEqual([]);
  expect(data()).toHaveLength(before.length);
});
