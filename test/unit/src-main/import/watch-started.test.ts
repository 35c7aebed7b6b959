/** The watch folder of the started program: a real folder, which nobody asks it to look into. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { exportFile, exportRows } from '../../../support/import-files.ts';

const clock = { now: () => new Date() };
let folder: string;
let dataDir: string;
let app: TestApp;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watched-'));
  dataDir = mkdtempSync(join(tmpdir(), 'data-'));
  app = await createTestApp({ dataDir, clock, start: true });
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
  rmSync(dataDir, { recursive: true });
});

const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);

/** Switches the folder on, as the owner does: by tokens, from the home folder on. */
async function watchFolder(): Promise<void> {
  let list = await app.call('watch.folders', { inside: null });
  while (list.parent !== null) list = await app.call('watch.folders', { inside: list.parent });
  for (const part of folder.split('/').filter(Boolean)) {
    const { token } = list.folders.find(({ name }) => name === part)!;
    list = await app.call('watch.folders', { inside: token });
  }
  await app.call('watch.set', { enabled: true, folderToken: list.token });
}

/** Resolves when so many imports are in the history. */
async function imported(count: number): Promise<void> {
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const stop = app.app.onChanged((topics) => {
        if (!topics.includes('watch')) return;
        stop();
        resolve();
      });
    });
    if ((await app.call('imports.list')).length >= count) return;
    await changed;
  }
}

/** Resolves when a look has ended. */
function looked(): Promise<void> {
  return new Promise((resolve) => {
    const stop = app.app.onChanged(async (topics) => {
      if (!topics.includes('watch')) return;
      // Changing the settings is no look.
      if ((await app.call('watch.get')).lastLookAt === null) return;
      stop();
      resolve();
    });
  });
}

it('a file that is copied in is imported, once, and not again after a restart', async () => {
  const first = looked();
  await watchFolder();
  await first;
  // The next look of the schedule is a quarter of an hour away: the system tells of the file.
  put('a.csv', exportFile(20));
  await imported(1);
  expect(await app.call('imports.list')).toMatchObject([
    { fileName: 'a.csv', counts: { inserted: 20, problems: 0 } },
  ]);
  await app.close();
  app = await createTestApp({ dataDir, clock, start: true });
  // Looked at after the first one in every look: when it is imported, that one was passed over.
  put('b.csv', exportFile(5, 20));
  await imported(2);
  expect((await app.call('imports.jobs')).map(({ fileName }) => fileName)).toEqual(['b.csv']);
  expect((await app.call('imports.list')).map(({ fileName }) => fileName)).toEqual([
    'b.csv',
    'a.csv',
  ]);
});

it('a file that grows in two steps is not read before it is whole', async () => {
  const whole = exportFile(20) + exportRows(20, 20);
  // The first part ends within a row.
  put('a.csv', whole.slice(0, 700));
  await watchFolder();
  const stop = app.app.onChanged((topics) => {
    if (!topics.includes('watch')) return;
    // The first look has just seen it.
    stop();
    appendFileSync(join(folder, 'a.csv'), whole.slice(700));
  });
  await imported(1);
  expect(await app.call('imports.list')).toMatchObject([{ counts: { inserted: 40, problems: 0 } }]);
  expect(await app.call('imports.jobs')).toHaveLength(1);
});
