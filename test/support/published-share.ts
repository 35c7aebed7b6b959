import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Input } from '../../src-shared/contract.ts';
import { createFolderTarget } from '../../src-main/always-on/targets/folder.ts';
import type { Target } from '../../src-main/always-on/targets/target.ts';
import { AppError } from '../../src-shared/errors.ts';
import { createAlwaysOnApp, type AlwaysOnApp } from './always-on.ts';
import { fromFolder, readShare } from './sealed-files.ts';

export const header = 'Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description\n';
export const line = (day: string, project: string, description: string, rate = 80): string =>
  `${day},09:00,10:00,3600,${rate},Ada Marked,Harbour,${project},Building,${description}\n`;
/** What the share is made of. */
export const records = [
  line('2025-08-04', 'Quay', 'Piles'),
  line('2025-09-03', 'Quay', 'Wall'),
  line('2025-09-04', 'Crane', 'Hook'),
  line('2025-10-06', 'Crane', 'Rope'),
];

/** A web space that counts what is asked of it, and breaks where a test wants. */
export interface Space {
  folder: string;
  requests: string[];
  /** Requests until it breaks; null: it works. */
  breaksAfter: number | null;
  /** Runs once, before the first data file is put. */
  meanwhile: (() => Promise<unknown>) | null;
}

export interface Share {
  id: number;
  url: string;
}

export interface World {
  space: Space;
  app: AlwaysOnApp;
  now: Date;
  targetOf: () => Target;
  /** The share that is there; the second time another one of its customer, with options another one instead. */
  published(options?: Partial<Input<'shares.create'>>): Promise<Share>;
  read(url: string): ReturnType<typeof readShare>;
  /** What was put there after so many requests. */
  putsSince(from: number): string[];
  close(): Promise<void>;
}

interface PublishedShare {
  open(): Promise<World>;
  remove(): void;
}

function watchedTarget(space: Space): Target {
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

async function openWorld(dataDir: string, folder: string, share: Share | null): Promise<World> {
  const space: Space = { folder, requests: [], breaksAfter: null, meanwhile: null };
  const targetOf = (): Target => watchedTarget(space);
  const clock = { now: (): Date => world.now };
  const world: World = {
    ...{ space, targetOf, now: new Date(2025, 9, 20, 12) },
    app: null as unknown as AlwaysOnApp,
    async published(options) {
      const there = share;
      share = null;
      if (there !== null && options === undefined) return there;
      const { app } = world;
      // It would be a second one otherwise.
      if (there !== null) {
        await app.call('shares.delete', { id: there.id });
        await app.uploadChanges();
      }
      const customer = (await app.call('customers.list'))[0]!;
      const { id } = await app.call('shares.create', { customerId: customer.id, ...options });
      await app.call('alwaysOn.enable', { id, password: options?.password ?? null });
      await app.uploadEverything();
      const { url, state } = await app.call('alwaysOn.share', { id });
      if (state !== 'up_to_date') throw new Error(`the share is ${state}`);
      return { id, url };
    },
    read: (url) => readShare(url, fromFolder(folder)),
    putsSince: (from) => space.requests.slice(from).filter((request) => request.startsWith('put ')),
    async close() {
      await world.app.close();
      for (const path of [dataDir, folder]) rmSync(path, { recursive: true });
    },
  };
  world.app = await createAlwaysOnApp({ dataDir, clock, targetOf });
  return world;
}

const newFolders = (): [string, string] => [
  mkdtempSync(join(tmpdir(), 'customer-portal-')),
  mkdtempSync(join(tmpdir(), 'web space-')),
];

async function createPublishedShare(): Promise<PublishedShare> {
  const [dataDir, folder] = newFolders();
  const world = await openWorld(dataDir, folder, null);
  await world.app.importBytes('export.csv', header + records.join(''));
  // The check itself has tests of its own: here the public address is not served.
  const publicUrl = 'https://hours.example.com/pages';
  await world.app.storeTarget({ kind: 'folder', folder, publicUrl });
  const share = await world.published();
  await world.app.close();
  return {
    async open() {
      const [ownData, ownFolder] = newFolders();
      cpSync(dataDir, ownData, { recursive: true });
      cpSync(folder, ownFolder, { recursive: true });
      const copy = await openWorld(ownData, ownFolder, share);
      // The look that every start takes finds nothing to do.
      await copy.app.uploadChanges();
      return copy;
    },
    remove() {
      for (const path of [dataDir, folder]) rmSync(path, { recursive: true });
    },
  };
}

/**
 * The program with one share that is always on, on a web space in a folder. It is made once for a
 * file of tests; each test gets a copy of both folders.
 */
export function copyPublishedShare(onCopy: (copy: World) => void): void {
  let template: PublishedShare;
  let copy: World;
  beforeAll(async () => {
    template = await createPublishedShare();
  });
  afterAll(() => template.remove());
  beforeEach(async () => {
    copy = await template.open();
    onCopy(copy);
  });
  afterEach(() => copy.close());
}
