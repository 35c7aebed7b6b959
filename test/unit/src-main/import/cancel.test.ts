/** Cancelled at any moment, an import leaves every table of the store as it was. */
import type { ColumnName } from '../../../../src-shared/contract/import-words.ts';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { heldWorkers, holdAt, releaseAll } from '../../../support/held-import.ts';
import { exportFile } from '../../../support/import-files.ts';
import { dumpStore, lockStore } from '../../../support/store-state.ts';

const projectList = new URL(
  '../../../fixtures/golden/kimai-2.66-world/projects-en.xlsx',
  import.meta.url,
);

let app: TestApp;
let before: string;

beforeEach(async () => {
  app = await createTestApp({ workers: heldWorkers });
});
afterEach(async () => {
  releaseAll();
  await app.close();
});

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

  it('while it waits for the file before it, which goes on', async () => {
    const hold = holdAt('rows read');
    const earlier = await app.startBytes('earlier.csv', exportFile(60));
    await hold.reached();
    const jobId = await app.startBytes('more.csv', exportFile(70));
    await cancel(jobId);
    await expectNothingChanged(jobId);
    hold.release();
    expect(await app.jobIn(earlier, 'preview')).toMatchObject({
      preview: { counts: { inserted: 10 } },
    });
    await expectNothingChanged(jobId);
  });

  it.each([1, 3])('while it is read, at its part %i', async (part) => {
    const hold = holdAt('rows read');
    const jobId = await app.startBytes('more.csv', exportFile(30_000));
    for (let passed = 1; passed < part; passed++) hold.pass();
    await hold.reached(part);
    expect(await stateOf(jobId)).toBe('reading');
    // The reader is stopped where it stands.
    await cancel(jobId);
    await expectNothingChanged(jobId);
  });

  it('while it is compared with the store', async () => {
    const hold = holdAt('planning');
    const jobId = await app.startBytes('more.csv', exportFile(30_000));
    await hold.reached();
    await app.jobIn(jobId, 'planning');
    const cancelled = cancel(jobId);
    hold.release();
    await cancelled;
    await expectNothingChanged(jobId);
  });

  it.each([0, 1, 2, 3])('a list of projects, at news %i', async (count) => {
    const jobId = await app.startBytes('projects.xlsx', readFileSync(projectList));
    await newsOf(jobId, count);
    await cancel(jobId);
    await expectNothingChanged(jobId);
  });

  it('while its columns are waited for, and while they are being mapped', async () => {
    const uploads = join(app.dataDir, 'uploads');
    const odd = exportFile(2).replace('Customer', 'Klient X').replace('Project', 'Vorhaben Y');
    // The third time the file is gone before the reader opens it, as at a quick cancel.
    for (const [isMapped, isGone] of [
      [false, false],
      [true, false],
      [true, true],
    ]) {
      const { jobId, reading } = await app.openBytes('odd.csv', odd);
      const names: Record<string, ColumnName> = { 'Klient X': 'customer', 'Vorhaben Y': 'project' };
      const columns = reading!.columns.map((one) => ({
        ...one,
        column: names[one.header] ?? one.column,
      }));
      if (isGone) for (const name of readdirSync(uploads)) rmSync(join(uploads, name));
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

  it('while its preview waits, and while that is made again', async () => {
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

  it.each([
    ['timesheet', 'more.csv', () => exportFile(30_000)],
    ['list of projects', 'projects.xlsx', () => readFileSync(projectList)],
  ])('a %s, while its commit waits for the store', async (_name, file, contentOf) => {
    const { jobId, preview } = await app.openBytes(file, contentOf());
    const unlock = lockStore(app.database);
    const commit = app.call('imports.commit', { jobId, digest: preview!.digest });
    const refused = expect(commit).rejects.toThrow('import_cancelled');
    const cancelled = cancel(jobId);
    unlock();
    await Promise.all([refused, cancelled]);
    await expectNothingChanged(jobId);
  });

  it.each([
    ['some rows are written', 'rows written', 1],
    ['more rows are written', 'rows written', 3],
    ['all rows are written', 'last step', 1],
    ['nothing is left but to commit', 'written whole', 1],
  ] as const)('while it is committed and %s', async (_name, point, times) => {
    const { jobId, preview } = await app.openBytes('more.csv', exportFile(30_000));
    const hold = holdAt(point);
    const commit = app.call('imports.commit', { jobId, digest: preview!.digest });
    const refused = expect(commit).rejects.toThrow('import_cancelled');
    for (let passed = 1; passed < times; passed++) hold.pass();
    await hold.reached(times);
    const cancelled = cancel(jobId);
    hold.release();
    await Promise.all([refused, cancelled]);
    await expectNothingChanged(jobId);
  });
});

it.each([
  ['waits for the store', null, 0],
  ['reads and writes its first rows', 'rows written', 1],
  ['reads and writes more rows', 'rows written', 3],
  ['has written all rows', 'last step', 1],
  ['has only to commit', 'written whole', 1],
] as const)('one into an empty store, while it %s', async (_name, point, times) => {
  before = dumpStore(app.database);
  const unlock = point === null ? lockStore(app.database) : null;
  const hold = point === null ? null : holdAt(point);
  const jobId = await app.startBytes('first.csv', exportFile(30_000), true);
  for (let passed = 1; passed < times; passed++) hold?.pass();
  await hold?.reached(times);
  await app.jobWhen(jobId, ({ kind }) => kind !== null);
  const cancelled = cancel(jobId);
  unlock?.();
  hold?.release();
  await cancelled;
  await expectNothingChanged(jobId);
  // And the same file again, whole.
  const again = await app.openBytes('first.csv', exportFile(30_000), true);
  expect(again).toMatchObject({ state: 'done', preview: { counts: { inserted: 30_000 } } });
});

it('leaves the previews of others as they are', async () => {
  const other = await app.openBytes('other.csv', exportFile(20));
  const hold = holdAt('rows written');
  const jobId = await app.startBytes('first.csv', exportFile(30_000), true);
  // Held while the other rows come in, so that they are under way when it ends.
  await hold.reached();
  await app.jobIn(jobId, 'planning');
  const cancelled = cancel(jobId);
  hold.release();
  await cancelled;
  const shown = await app.call('imports.rows', { jobId: other.jobId, kind: 'new' });
  expect(shown.total).toBe(20);
  await app.call('imports.commit', { jobId: other.jobId, digest: other.preview!.digest });
  expect(records()).toBe(20);
});

it('one that is done is not cancelled, and says so', async () => {
  const { jobId } = await app.importBytes('first.csv', exportFile(5));
  await expect(cancel(jobId)).rejects.toThrow('import_done');
  expect(await stateOf(jobId)).toBe('done');
  expect(records()).toBe(5);
});
