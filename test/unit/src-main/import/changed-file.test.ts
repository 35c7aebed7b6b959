/** A file that changes while its job reads it ends the job, and nothing of it is stored. */
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { exportFile, exportRows } from '../../../support/import-files.ts';
import { dumpStore, lockStore } from '../../../support/store-state.ts';

let app: TestApp;
let before: string;

beforeEach(async () => {
  app = await createTestApp();
  before = dumpStore(app.database);
});
afterEach(() => app.close());

/** Adds a row to the only upload there is, behind the program's back. */
function growUpload(): void {
  const folder = join(app.dataDir, 'uploads');
  appendFileSync(join(folder, readdirSync(folder)[0]!), exportRows(1));
}

async function expectRefused(jobId: string): Promise<void> {
  const job = await app.jobIn(jobId, 'preview', 'done', 'failed');
  expect(job).toMatchObject({ state: 'failed', error: { code: 'file_changed' } });
  expect(dumpStore(app.database)).toBe(before);
  expect(readdirSync(join(app.dataDir, 'uploads'))).toEqual([]);
}

it('while it is read and written at once', async () => {
  // The writing side waits for the lock: the reader cannot be through before the file grows.
  const unlock = lockStore(app.database);
  const jobId = await app.startBytes('a.csv', exportFile(60_000), true);
  await app.jobWhen(jobId, ({ kind }) => kind !== null);
  growUpload();
  unlock();
  await expectRefused(jobId);
});

it('while its columns are mapped', async () => {
  const odd = exportFile(20).replace('Customer', 'Klient X');
  const { jobId, reading } = await app.openBytes('odd.csv', odd);
  growUpload();
  const columns = reading!.columns.map((one) =>
    one.header === 'Klient X' ? { ...one, column: 'customer' as const } : one,
  );
  await app.call('imports.map', { jobId, columns });
  const job = await app.jobIn(jobId, 'preview', 'failed');
  expect(job).toMatchObject({ state: 'failed', error: { code: 'file_changed' } });
  expect(await app.call('imports.list')).toEqual([]);
  expect((await app.call('records.list', {})).total).toBe(0);
});
