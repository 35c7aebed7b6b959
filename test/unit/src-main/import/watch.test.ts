import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createImports, type Imports } from '../../../../src-main/import/jobs/imports.ts';
import type { AppContext, News } from '../../../../src-main/context.ts';
import { databaseFile, openReadStore, openStore } from '../../../../src-main/store/open.ts';
import { writeSetting } from '../../../../src-main/store/settings.ts';
import { WriteQueue } from '../../../../src-main/store/write-queue.ts';
import { testWorkers } from '../../../support/app.ts';
import { dieAt, heldWorkers, releaseAll } from '../../../support/held-import.ts';
import { exportFile, exportRows } from '../../../support/import-files.ts';
import { lockStore } from '../../../support/store-state.ts';

const header = 'Date,From,To,Duration,Currency,Price,User,Customer,Project,Activity,Description';
const line = (day: string): string =>
  `${day},09:00,10:00,1:00,EUR,90,anna,Acme,Website,Development,Work\n`;

let folder: string;
let dataDir: string;
const noBackups = { makeBefore: () => Promise.resolve() };
let context: AppContext;
let imports: Imports;
let now: number;
const errors: string[] = [];
const news: News[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watched-'));
  dataDir = mkdtempSync(join(tmpdir(), 'data-'));
  now = Date.UTC(2026, 10, 24, 12);
  errors.length = 0;
  news.length = 0;
  const store = openStore(dataDir);
  context = {
    dataDir,
    clock: { now: () => new Date(now) },
    log: { info: () => undefined, error: (text) => void errors.push(text) },
    store,
    readStore: openReadStore(dataDir),
    writes: new WriteQueue(),
    secrets: {} as AppContext['secrets'],
    workers: testWorkers,
    changed: () => undefined,
    tell: (one) => void news.push(one),
  };
  imports = createImports(context, noBackups);
});

afterEach(async () => {
  releaseAll();
  await imports.close();
  await context.writes.close();
  context.readStore.close();
  context.store.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true });
});

const enable = (): void =>
  writeSetting(context.store, 'watch', { enabled: true, folder, everyMinutes: 15 });
const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const outcomes = (): Record<string, string> =>
  Object.fromEntries(imports.watch.get().files.map((file) => [file.fileName, file.outcome]));
const records = (): number =>
  context.readStore.prepare('SELECT count(*) FROM records').pluck().get() as number;

/** Looks as the schedule would, `seconds` later. */
async function lookAfter(seconds: number): Promise<void> {
  now += seconds * 1000;
  await imports.watch.look();
}

describe('a watched folder', () => {
  it('is off by default and then never looked at', async () => {
    put('a.csv', `${header}\n${line('2026-11-02')}`);
    expect(imports.watch.get()).toMatchObject({ enabled: false, folder: '', lastLookAt: null });
    await lookAfter(0);
    await lookAfter(60);
    expect(records()).toBe(0);
  });

  it('a new export is imported once, and stays where it is', async () => {
    enable();
    put('a.csv', `${header}\n${line('2026-11-02')}`);
    put('notes.txt', 'nothing to import');
    await lookAfter(0);
    expect(records()).toBe(0);
    await lookAfter(60);
    expect(records()).toBe(1);
    expect(outcomes()).toEqual({ 'a.csv': 'imported' });
    expect(existsSync(join(folder, 'a.csv'))).toBe(true);
    // The same bytes again, under another name and as a touched file.
    put('copy.csv', `${header}\n${line('2026-11-02')}`);
    await lookAfter(60);
    await lookAfter(60);
    expect(imports.list()).toHaveLength(1);
    expect(outcomes()).toEqual({ 'a.csv': 'imported' });
  });

  it('a clock that was set back does not hold it up', async () => {
    enable();
    put('a.csv', `${header}\n${line('2026-11-02')}`);
    await lookAfter(0);
    await lookAfter(-365 * 86_400);
    expect(records()).toBe(1);
  });

  it('a file that still grows is left until it is whole', async () => {
    enable();
    put('a.csv', `${header}\n${line('2026-11-02')}`);
    await lookAfter(0);
    appendFileSync(join(folder, 'a.csv'), line('2026-11-03'));
    await lookAfter(60);
    expect(records()).toBe(0);
    await lookAfter(1);
    expect(records()).toBe(0);
    await lookAfter(60);
    expect(records()).toBe(2);
  });

  it('a file that contradicts itself, or whose entries were corrected, waits for the owner', async () => {
    enable();
    put('a.csv', `${header}\n${line('2026-11-02')}`);
    await lookAfter(0);
    await lookAfter(60);
    put('corrected.csv', `${header}\n${line('2026-11-02').replace('09:00', '08:00')}`);
    // Half an hour from nine to five.
    put('doubtful.csv', `${header}\n${line('2026-11-03').replace('10:00,1:00', '17:00,0:30')}`);
    await lookAfter(60);
    await lookAfter(60);
    expect(outcomes()).toMatchObject({ 'corrected.csv': 'waiting', 'doubtful.csv': 'waiting' });
    expect(records()).toBe(1);
    const seen = imports.jobs().map(({ preview }) => preview?.mustSee ?? []);
    expect(seen.toSorted()).toEqual([[], ['corrected'], ['timesContradict']]);
    const doubtful = imports.jobs().at(-1)!;
    const commit = imports.commit(doubtful.jobId, doubtful.preview!.digest, []);
    await expect(commit).rejects.toThrow('import_unseen');
    await imports.commit(doubtful.jobId, doubtful.preview!.digest, ['timesContradict']);
    expect(records()).toBe(2);
  });

  it('what needs a decision waits as a preview', async () => {
    enable();
    put('bad.csv', `${header}\n${line('2026-11-02')}${line('2026-02-30')}`);
    put('odd.csv', `${header.replace('Customer', 'Who')}\n${line('2026-11-02')}`);
    put('none.csv', '\u0000\u0001');
    await lookAfter(0);
    await lookAfter(60);
    expect(outcomes()).toEqual({
      'bad.csv': 'waiting',
      'odd.csv': 'waiting',
      'none.csv': 'failed',
    });
    expect(records()).toBe(0);
    await lookAfter(60);
    const jobs = imports.jobs();
    expect(jobs.map(({ state }) => state).sort()).toEqual(['failed', 'mapping', 'preview']);
    const preview = jobs.find(({ state }) => state === 'preview')!;
    await imports.commit(preview.jobId, preview.preview!.digest, []);
    const mapping = jobs.find(({ state }) => state === 'mapping')!;
    await imports.cancel(mapping.jobId);
    await context.writes.run(() => undefined);
    expect(outcomes()).toEqual({
      'bad.csv': 'imported',
      'odd.csv': 'failed',
      'none.csv': 'failed',
    });
  });

  it('a file that is larger than any may be is told, once, and never read', async () => {
    enable();
    put('large.csv', '');
    // Sparse: it takes no room.
    truncateSync(join(folder, 'large.csv'), 4 * 2 ** 30 + 1);
    await lookAfter(0);
    await lookAfter(60);
    await lookAfter(60);
    expect(outcomes()).toEqual({ 'large.csv': 'failed' });
    expect(imports.jobs()).toMatchObject([
      { fileName: 'large.csv', state: 'failed', error: { code: 'file_too_large' } },
    ]);
    await imports.close();
    imports = createImports(context, noBackups);
    await lookAfter(0);
    await lookAfter(60);
    expect(imports.jobs()).toEqual([]);
  });

  it('what waited is looked at again after a start', async () => {
    enable();
    put('bad.csv', `${header}\n${line('2026-11-02')}${line('2026-02-30')}`);
    await lookAfter(0);
    await lookAfter(60);
    await imports.close();
    imports = createImports(context, noBackups);
    await lookAfter(0);
    await lookAfter(60);
    expect(imports.jobs()).toMatchObject([{ state: 'preview' }]);
  });

  it('that is gone is an error in the log, not the end', async () => {
    enable();
    rmSync(folder, { recursive: true });
    await lookAfter(0);
    expect(errors).toEqual(['the watch folder could not be read']);
  });
});

describe('files that are no exports yet', () => {
  it.each(['~$a.xlsx', '._a.csv', '.a.csv', '.~a.xlsx', 'a.csv.part', 'a.xlsx.crdownload'])(
    '%s is skipped, and what lies beside it is imported',
    async (name) => {
      enable();
      put(name, `${header}\n${line('2026-11-03')}`);
      put('whole.csv', `${header}\n${line('2026-11-02')}`);
      await lookAfter(0);
      await lookAfter(60);
      expect(outcomes()).toEqual({ 'whole.csv': 'imported' });
      expect(imports.jobs()).toHaveLength(1);
      expect(records()).toBe(1);
    },
  );

  it('a file that keeps its size but not its time is still being written', async () => {
    enable();
    const path = join(folder, 'a.csv');
    const touch = (minute: number): void =>
      utimesSync(path, 0, Date.UTC(2026, 10, 2, 3, minute) / 1000);
    put('a.csv', `${header}\n${line('2026-11-02')}`);
    touch(1);
    await lookAfter(0);
    put('a.csv', `${header}\n${line('2026-11-09')}`);
    touch(2);
    await lookAfter(60);
    expect(imports.jobs()).toEqual([]);
    await lookAfter(60);
    expect(outcomes()).toEqual({ 'a.csv': 'imported' });
    expect(records()).toBe(1);
  });

  it('an empty file is left until it has content', async () => {
    enable();
    put('a.csv', '');
    await lookAfter(0);
    await lookAfter(60);
    expect(outcomes()).toEqual({});
    put('a.csv', `${header}\n${line('2026-11-02')}`);
    await lookAfter(60);
    await lookAfter(60);
    expect(outcomes()).toEqual({ 'a.csv': 'imported' });
  });
});

it('a file whose preview is lost with its worker is read again by the next look', async () => {
  await imports.close();
  context.workers = { ...testWorkers, ...heldWorkers };
  imports = createImports(context, noBackups);
  enable();
  put('bad.csv', `${header}\n${line('2026-11-02')}${line('2026-02-30')}`);
  await lookAfter(0);
  await lookAfter(60);
  const [lost] = imports.jobs();
  dieAt('before rows');
  const rows = imports.rows(lost!.jobId, { kind: 'new', offset: 0, limit: 1 });
  await expect(rows).rejects.toThrow('worker_ended');
  expect(imports.job(lost!.jobId)).toMatchObject({ error: { code: 'worker_ended' } });
  await lookAfter(60);
  await lookAfter(60);
  expect(imports.jobs()).toMatchObject([{ fileName: 'bad.csv', state: 'preview' }]);
  expect(outcomes()).toEqual({ 'bad.csv': 'waiting' });
});

describe('a file that is being read', () => {
  let unlock: () => void;
  let look: Promise<void>;

  /** The writing side waits for the lock, so that reading cannot be through. */
  beforeEach(async () => {
    enable();
    put('a.csv', exportFile(60_000));
    await lookAfter(0);
    unlock = lockStore(databaseFile(dataDir));
    look = lookAfter(60);
    while (!imports.jobs()[0]?.kind) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('and changes is not imported, and is read again as it is now', async () => {
    appendFileSync(join(folder, 'a.csv'), exportRows(1, 60_000));
    unlock();
    await look;
    expect(imports.jobs()).toMatchObject([{ state: 'failed', error: { code: 'file_changed' } }]);
    expect(records()).toBe(0);
    expect(outcomes()).toEqual({});
    await lookAfter(60);
    await lookAfter(60);
    expect(imports.jobs()).toMatchObject([{ state: 'done' }]);
    expect(records()).toBe(60_001);
    expect(outcomes()).toEqual({ 'a.csv': 'imported' });
  });

  it('when the program ends is left, and read by the next start', async () => {
    const closing = imports.close();
    unlock();
    await closing;
    await look;
    expect(records()).toBe(0);
    imports = createImports(context, noBackups);
    expect(outcomes()).toEqual({});
    await lookAfter(0);
    await lookAfter(60);
    expect(records()).toBe(60_000);
    expect(outcomes()).toEqual({ 'a.csv': 'imported' });
  });
});

describe('the schedule', () => {
  const minute = 60_000;

  /** Moves both clocks; timers run on the way, and looks that they began are over. */
  async function wait(ms: number): Promise<void> {
    now += ms;
    vi.advanceTimersByTime(ms);
    await imports.watch.close();
  }
  const lastLook = (): number | null => imports.watch.get().lastLookAt;

  beforeEach(() =>
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] }),
  );
  afterEach(() => vi.useRealTimers());

  it('looks as often as the owner said, also if nothing tells of a new file', async () => {
    enable();
    imports.start();
    await wait(10_000);
    const first = now;
    expect(lastLook()).toBe(first);
    await wait(14 * minute);
    expect(lastLook()).toBe(first);
    await wait(minute);
    expect(lastLook()).toBe(now);

    await imports.watch.set({ everyMinutes: 5 }, 'everywhere');
    await wait(10_000);
    const second = now;
    await wait(4 * minute);
    expect(lastLook()).toBe(second);
    await wait(minute);
    expect(lastLook()).toBe(now);
  });

  it('ends when the folder is watched no more', async () => {
    enable();
    imports.start();
    await wait(10_000);
    const last = now;
    await imports.watch.set({ enabled: false }, 'everywhere');
    await wait(60 * minute);
    expect(lastLook()).toBe(last);
    // Nor does a look that was still to come, although the folder is still known.
    await imports.watch.look();
    expect(imports.watch.get().folder).toBe(folder);
    expect(lastLook()).toBe(last);
  });
});

describe('choosing a folder', () => {
  it('by tokens, from the home folder on', async () => {
    await mkdir(join(folder, 'exports'));
    await mkdir(join(folder, '.hidden'));
    const home = await imports.watch.folders(null, 'everywhere');
    expect(home.path).toBe(homedir());
    await expect(imports.watch.folders('/etc', 'everywhere')).rejects.toThrow('not_found');
    await expect(imports.watch.set({ folderToken: folder }, 'everywhere')).rejects.toThrow(
      'not_found',
    );
    let list = home;
    while (list.parent !== null) list = await imports.watch.folders(list.parent, 'everywhere');
    for (const part of join(folder, 'exports').split('/').filter(Boolean)) {
      const next = list.folders.find(({ name }) => name === part)!;
      list = await imports.watch.folders(next.token, 'everywhere');
    }
    expect(list).toMatchObject({ path: join(folder, 'exports'), folders: [] });
    await imports.watch.set({ folderToken: list.token, everyMinutes: 5 }, 'everywhere');
    expect(imports.watch.get()).toMatchObject({
      enabled: false,
      folder: join(folder, 'exports'),
      everyMinutes: 5,
    });
    const parent = await imports.watch.folders(list.parent, 'everywhere');
    expect(parent.folders.map(({ name }) => name)).toEqual(['exports']);
  });

  it('with the reach of the home folder nothing outside of it is seen or chosen', async () => {
    const home = join(folder, 'home');
    await mkdir(join(home, 'exports'), { recursive: true });
    await mkdir(join(folder, 'home-of-another'));
    vi.stubEnv('HOME', home);
    const { watch } = imports;
    const top = await watch.folders(null, 'home');
    expect(top).toMatchObject({ path: home, parent: null });
    expect(top.folders.map(({ name }) => name)).toEqual(['exports']);
    const exports = await watch.folders(top.folders[0]!.token, 'home');
    expect(exports).toMatchObject({ path: join(home, 'exports'), parent: top.token });
    await watch.set({ folderToken: exports.token }, 'home');

    // Tokens that the owner was given are of no use to others.
    const above = await watch.folders(
      (await watch.folders(null, 'everywhere')).parent,
      'everywhere',
    );
    const another = above.folders.find(({ name }) => name === 'home-of-another')!;
    for (const { token } of [above, another]) {
      await expect(watch.folders(token, 'home')).rejects.toThrow('not_found');
      await expect(watch.set({ folderToken: token }, 'home')).rejects.toThrow('not_found');
    }
    // Nor is a link that leads outside, put where a folder was.
    rmSync(join(home, 'exports'), { recursive: true });
    symlinkSync(join(folder, 'home-of-another'), join(home, 'exports'));
    await expect(watch.folders(exports.token, 'home')).rejects.toThrow('not_found');
    await expect(watch.set({ folderToken: exports.token }, 'home')).rejects.toThrow('not_found');
    expect(watch.get().folder).toBe(join(home, 'exports'));
    vi.unstubAllEnvs();
  });
});
