/** What somebody tracks in Kimai, on the whole way to the client: poll, import, upload, page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFolderTarget } from '../../../../src-main/always-on/targets/folder.ts';
import { createAlwaysOnApp, type AlwaysOnApp } from '../../../support/always-on.ts';
import { readRecording } from '../../../support/kimai-replay/recording.ts';
import { KimaiReplay } from '../../../support/kimai-replay/server.ts';
import { fromFolder, readShare } from '../../../support/sealed-files.ts';
import { commitWaiting, pollOnce, syncWhen, tickingClock } from '../../../support/sync.ts';

const recording = readRecording(
  resolve(import.meta.dirname, '../../../fixtures/golden/kimai-api-2.66'),
);
let folder: string;
let replay: KimaiReplay;
let app: AlwaysOnApp;
const puts: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'web space-'));
  replay = await KimaiReplay.start(structuredClone(recording));
  const target = createFolderTarget({ folder });
  app = await createAlwaysOnApp({
    clock: tickingClock(),
    targetOf: () => ({
      ...target,
      put: (path, bytes) => {
        puts.push(path);
        return target.put(path, bytes);
      },
    }),
  });
});
afterAll(async () => {
  await app.close();
  await replay.close();
  rmSync(folder, { recursive: true });
});

it('a record that was changed in Kimai is on the page that is always on', async () => {
  await app.call('sync.connect', { address: replay.address, token: replay.tokenOf('admin') });
  await syncWhen(app, ({ state }) => state === 'preview');
  await commitWaiting(app);

  const sight = replay.sight('admin');
  const [recordId, row] = [...sight.rows][0]!;
  const db = new Database(app.database, { readonly: true });
  const customerId = db
    .prepare<[number], number>(
      'SELECT p.customer_id FROM records r JOIN projects p ON p.id = r.project_id WHERE r.kimai_id = ?',
    )
    .pluck()
    .get(recordId)!;
  db.close();
  const { id } = await app.call('shares.create', { customerId });
  await app.storeTarget({ kind: 'folder', folder, publicUrl: 'https://hours.example.com' });
  await app.call('alwaysOn.enable', { id, password: null });
  await app.uploadEverything();
  const { url } = await app.call('alwaysOn.share', { id });
  const page = async (): Promise<string> =>
    JSON.stringify((await readShare(url, fromFolder(folder))).parts);
  expect(await page()).not.toContain('Written in Kimai');

  sight.rows.set(recordId, { ...row, description: 'Written in Kimai' });
  sight.changedAt.set(recordId, sight.at);
  expect((await pollOnce(app)).log[0]).toMatchObject({ what: 'imported' });
  expect((await app.call('alwaysOn.share', { id })).state).toBe('waiting');
  puts.length = 0;
  await app.uploadChanges();
  expect(await app.call('alwaysOn.share', { id })).toMatchObject({ state: 'up_to_date' });
  expect(await page()).toContain('Written in Kimai');
  // One month of the customer, the same of the project, and the manifest.
  expect(puts.length).toBeLessThanOrEqual(3);
  expect(puts.at(-1)).toMatch(/manifest$/);
});
