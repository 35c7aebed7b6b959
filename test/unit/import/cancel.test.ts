/** Cancelled at any moment, an import leaves every table of the store as it was. */
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { exportFile } from '../../support/import-files.ts';
import { dumpStore, lockStore } from '../../support/store-state.ts';

let app: TestApp;
let before: string;

beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

const cancel = (jobId: string) => app.call('imports.cancel', { jobId });
const stateOf = async (jobId: string) => (await app.call('imports.job', { jobId })).state;
const records = (): number => {
  const db = new Database(app.database, { readonly: true });
  const count = db.prepare('SELECT count(*) FROM records').pluck().get() as number;
  db.close();
  return count;
};

/** Resolves at the `count`-th news about jobs from now on, or once this one waits. */
async function newsOf(jobId: string, count: number): Promise<void> {
  let seen = 0;
  await app.jobWhen(jobId, ({ state }) => seen++ >= count || state === 'preview');
}

async function expectNothingChanged(jobId: string): Promise<void> {
  expect(await stateOf(jobId)).toBe('cancelled');
  expect(dumpStore(app.database)).toBe(before);
}

describe('with nothing changed', () => {
  beforeEach(async () => {
    await app.importBytes('first.csv', exportFile(50));
    before = dumpStore(app.database);
  });

  test.each([0, 1, 2, 3, 4])('while it is read and compared, at news %i', async (count) => {
    const jobId = await app.startBytes('more.csv', exportFile(30_000));
    await newsOf(jobId, count);
    await cancel(jobId);
    await expectNothingChanged(jobId);
  });

  test.each([0, 1, 2, 3])('a list of projects, at news %i', async (count) => {
    const list = new URL(
      '../../fixtures/golden/kimai-2.66-world/projects-en.xlsx',
      import.meta.url,
    );
    const jobId = await app.startBytes('projects.xlsx', readFileSync(list));
    await newsOf(jobId, count);
    await cancel(jobId);
    await expectNothingChanged(jobId);
  });

  test('while its columns are waited for, and while they are being mapped', async () => {
    const odd = exportFile(2).replace('Customer', 'Klient X').replace('Project', 'Vorhaben Y');
    for (const isMapped of [false, true]) {
      const { jobId, reading } = await app.openBytes('odd.csv', odd);
      const names: Record<string, string> = { 'Klient X': 'customer', 'Vorhaben Y': 'project' };
      const columns = reading!.columns.map((one) => ({
        ...one,
        column: names[one.header] ?? one.column,
      }));
      const mapping = isMapped
        ? expect(app.call('imports.map', { jobId, columns })).rejects.toThrow('import_not_ready')
        : Promise.resolve();
      await cancel(jobId);
      await mapping;
      expect(await stateOf(jobId)).toBe('cancelled');
    }
    // The mapping itself is kept: the owner said what the columns are.
    expect((await app.call('imports.list')).map(({ fileName }) => fileName)).toEqual(['first.csv']);
    expect(records()).toBe(50);
  });

  test('while its preview waits, and while that is made again', async () => {
    const waiting = await app.openBytes('more.csv', exportFile(60));
    await cancel(waiting.jobId);
    await expectNothingChanged(waiting.jobId);
    const [project] = await app.call('projects.list', {});
    const { jobId } = await app.openBytes('more.csv', exportFile(60));
    const complete = { firstDay: '2026-11-01', lastDay: '2026-11-05', projectIds: [project!.id] };
    const completing = expect(app.call('imports.complete', { jobId, complete })).rejects.toThrow(
      'import_cancelled',
    );
    await cancel(jobId);
    await completing;
    await expectNothingChanged(jobId);
  });

  test('while its commit waits for the store', async () => {
    const { jobId, preview } = await app.openBytes('more.csv', exportFile(30_000));
    const unlock = lockStore(app.database);
    const commit = app.call('imports.commit', { jobId, digest: preview!.digest });
    const refused = expect(commit).rejects.toThrow('import_cancelled');
    const cancelled = cancel(jobId);
    unlock();
    await Promise.all([refused, cancelled]);
    await expectNothingChanged(jobId);
  });

  test('at any moment of its commit, or it says that it was too late', async () => {
    for (const waitMs of [0, 10, 40, 120, 300]) {
      const { jobId, preview } = await app.openBytes('more.csv', exportFile(30_000));
      const commit = app.call('imports.commit', { jobId, digest: preview!.digest });
      const outcome = commit.then(
        () => 'done',
        (error: Error) => error.message,
      );
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      const answer = await cancel(jobId).then(
        () => 'import_cancelled',
        (error: Error) => error.message,
      );
      if ((await outcome) === 'done') {
        expect(answer).toBe('import_done');
        expect(await stateOf(jobId)).toBe('done');
        expect(records()).toBe(30_000);
        break;
      }
      expect([answer, await outcome]).toEqual(['import_cancelled', 'import_cancelled']);
      await expectNothingChanged(jobId);
    }
  });
});

test('into an empty store, while it is read and written at once', async () => {
  before = dumpStore(app.database);
  const unlock = lockStore(app.database);
  const jobId = await app.startBytes('first.csv', exportFile(60_000), true);
  await app.jobWhen(jobId, ({ kind }) => kind !== null);
  const cancelled = cancel(jobId);
  unlock();
  await cancelled;
  await expectNothingChanged(jobId);
  // And the same file again, whole.
  const again = await app.openBytes('first.csv', exportFile(60_000), true);
  expect(again).toMatchObject({ state: 'done', preview: { counts: { inserted: 60_000 } } });
});

test('one that is done is not cancelled, and says so', async () => {
  const { jobId } = await app.importBytes('first.csv', exportFile(5));
  await expect(cancel(jobId)).rejects.toThrow('import_done');
  expect(await stateOf(jobId)).toBe('done');
  expect(records()).toBe(5);
});
