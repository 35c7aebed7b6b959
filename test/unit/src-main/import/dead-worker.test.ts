/** A worker that dies at any moment ends its own job and says so; everything else goes on. */
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { dieAt, heldWorkers, holdAt, releaseAll } from '../../../support/held-import.ts';
import { workerUrl } from '../../../support/workers.ts';
import type { Point } from '../../../support/held-points.ts';
import { exportFile } from '../../../support/import-files.ts';
import { dumpStore } from '../../../support/store-state.ts';

const projectList = readFileSync(
  new URL('../../../fixtures/golden/kimai-2.66-world/projects-en.xlsx', import.meta.url),
);
const ended = { state: 'failed', error: { code: 'worker_ended' }, importId: null };
const files = {
  timesheet: ['more.csv', exportFile(60)],
  list: ['projects.xlsx', projectList],
} as const;
type File = keyof typeof files;

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp({ workers: heldWorkers });
});
afterEach(async () => {
  releaseAll();
  await app.close();
});

const job = (jobId: string) => app.call('imports.job', { jobId });
const open = (file: File) => app.openBytes(files[file][0], files[file][1]);
const records = (): number => {
  const db = new Database(app.database, { readonly: true });
  const count = db.prepare('SELECT count(*) FROM records').pluck().get() as number;
  db.close();
  return count;
};

/** All jobs still show, and the next import works whole. */
async function expectAllElseWorks(...jobIds: string[]): Promise<void> {
  const shown = await app.call('imports.jobs');
  expect(shown.map(({ jobId }) => jobId)).toEqual(expect.arrayContaining(jobIds));
  const before = records();
  // Of another month: rows that are like stored ones would be taken for corrected.
  const october = exportFile(7).replaceAll('2026-11', '2026-10');
  const next = await app.importBytes('next.csv', october);
  expect(next).toMatchObject({ state: 'done', preview: { counts: { inserted: 7 } } });
  expect(records()).toBe(before + 7);
}

describe('while a file is read', () => {
  it.each<[Point, File]>([
    ['before analyse', 'timesheet'],
    ['after analyse', 'list'],
    ['before read', 'timesheet'],
    ['rows read', 'timesheet'],
    ['after read', 'timesheet'],
    ['before readList', 'list'],
    ['after readList', 'list'],
  ])('the reader dies %s of a %s', async (point, file) => {
    const other = await app.openBytes('other.csv', exportFile(20));
    const before = dumpStore(app.database);
    dieAt(point);
    const failed = await open(file);
    expect(failed).toMatchObject(ended);
    expect(dumpStore(app.database)).toBe(before);
    // The plan of the other one is not lost: it was with the writer.
    expect(await job(other.jobId)).toMatchObject({ state: 'preview' });
    await expectAllElseWorks(other.jobId, failed.jobId);
  });

  it.each<[Point, File]>([
    ['before stream', 'timesheet'],
    ['planning', 'timesheet'],
    ['after stream', 'timesheet'],
    ['before planList', 'list'],
    ['after planList', 'list'],
  ])('the writer dies %s of a %s', async (point, file) => {
    const other = await app.openBytes('other.csv', exportFile(20));
    const before = dumpStore(app.database);
    dieAt(point);
    const failed = await open(file);
    expect(failed).toMatchObject(ended);
    expect(dumpStore(app.database)).toBe(before);
    // Its plan was in the memory that is lost.
    expect(await job(other.jobId)).toMatchObject(ended);
    await expectAllElseWorks(other.jobId, failed.jobId);
  });

  it.each<Point>(['rows written', 'last step', 'written whole'])(
    'that is written at once, the writer dies with %s',
    async (point) => {
      dieAt(point);
      const failed = await app.openBytes('first.csv', exportFile(60), true);
      expect(failed).toMatchObject(ended);
      expect(records()).toBe(0);
      expect(await app.call('imports.list')).toEqual([]);
      await expectAllElseWorks(failed.jobId);
    },
  );

  it('that is written at once, the writer dies after the commit: it is done', async () => {
    dieAt('after stream');
    const done = await app.openBytes('first.csv', exportFile(60), true);
    expect(done).toMatchObject({ state: 'done', error: null });
    expect(records()).toBe(60);
    expect(await app.call('imports.list')).toMatchObject([{ id: done.importId }]);
    await expectAllElseWorks(done.jobId);
  });
});

describe('while columns are mapped', () => {
  it.each<Point>(['before analyse', 'after analyse'])('the reader dies %s', async (point) => {
    const odd = await app.openBytes('odd.csv', exportFile(3).replace('Customer', 'Klient X'));
    expect(odd.state).toBe('mapping');
    const columns = odd.reading!.columns.map((one) =>
      one.header === 'Klient X' ? { ...one, column: 'customer' as const } : one,
    );
    const map = () => app.call('imports.map', { jobId: odd.jobId, columns });
    dieAt(point);
    await expect(map()).rejects.toThrow('worker_ended');
    expect(await job(odd.jobId)).toMatchObject({ state: 'mapping' });
    await map();
    await app.jobIn(odd.jobId, 'preview');
    await expectAllElseWorks(odd.jobId);
  });

  it('the writer dies: the job goes on', async () => {
    const odd = await app.openBytes('odd.csv', exportFile(3).replace('Customer', 'Klient X'));
    dieAt('before stream');
    await open('timesheet');
    expect(await job(odd.jobId)).toMatchObject({ state: 'mapping' });
    await expectAllElseWorks(odd.jobId);
  });
});

describe.each<File>(['timesheet', 'list'])('with the preview of a %s', (file) => {
  it('the writer dies while it shows rows', async () => {
    const shown = await open(file);
    dieAt('before rows');
    const rows = app.call('imports.rows', { jobId: shown.jobId, kind: 'new' });
    await expect(rows).rejects.toThrow('worker_ended');
    expect(await job(shown.jobId)).toMatchObject(ended);
    await expectAllElseWorks(shown.jobId);
  });

  it.each<Point>(['before refresh', 'after refresh'])('the writer dies %s', async (point) => {
    const shown = await open(file);
    const other = await app.openBytes('other.csv', exportFile(20));
    dieAt(point);
    await app.call('imports.commit', { jobId: other.jobId, digest: other.preview!.digest });
    expect(await app.jobIn(shown.jobId, 'failed')).toMatchObject(ended);
    expect(await job(other.jobId)).toMatchObject({ state: 'done' });
    await expectAllElseWorks(shown.jobId, other.jobId);
  });
});

describe('while a job is committed', () => {
  const commit = ({ jobId, preview }: Awaited<ReturnType<typeof open>>) =>
    app.call('imports.commit', { jobId, digest: preview!.digest });

  it.each<[Point, File]>([
    ['before commit', 'timesheet'],
    ['rows written', 'timesheet'],
    ['last step', 'timesheet'],
    ['written whole', 'timesheet'],
    ['before commit', 'list'],
  ])('the writer dies at "%s" of a %s: nothing is left of it', async (point, file) => {
    const other = await app.openBytes('other.csv', exportFile(20));
    const shown = await open(file);
    const before = dumpStore(app.database);
    dieAt(point);
    await expect(commit(shown)).rejects.toThrow('worker_ended');
    expect(await job(shown.jobId)).toMatchObject(ended);
    expect(await job(other.jobId)).toMatchObject(ended);
    expect(dumpStore(app.database)).toBe(before);
    await expectAllElseWorks(shown.jobId, other.jobId);
  });

  it.each<File>(['timesheet', 'list'])(
    'the writer dies after the commit of a %s: it is done',
    async (file) => {
      const shown = await open(file);
      dieAt('after commit');
      const { importId, counts } = await commit(shown);
      expect(counts).toEqual(shown.preview!.counts);
      expect(await job(shown.jobId)).toMatchObject({ state: 'done', importId, error: null });
      expect(await app.call('imports.list')).toMatchObject([{ id: importId, counts }]);
      await expectAllElseWorks(shown.jobId);
    },
  );

  it('the writer dies after it refused: the job says why it was refused', async () => {
    const first = await open('timesheet');
    dieAt('after refresh');
    const stale = app.call('imports.commit', { jobId: first.jobId, digest: 'another' });
    await expect(stale).rejects.toThrow('import_stale');
    expect(await job(first.jobId)).toMatchObject({
      state: 'failed',
      error: { code: 'import_stale' },
    });
    await expectAllElseWorks(first.jobId);
  });

  it('the writer dies while it is cancelled', async () => {
    const shown = await open('timesheet');
    const hold = holdAt('rows written');
    const refused = expect(commit(shown)).rejects.toThrow('worker_ended');
    await hold.reached();
    const cancelled = app.call('imports.cancel', { jobId: shown.jobId });
    dieAt('rows written');
    await Promise.all([refused, cancelled]);
    expect(await job(shown.jobId)).toMatchObject({ state: 'cancelled' });
    expect(records()).toBe(0);
    await expectAllElseWorks(shown.jobId);
  });

  it('the writer dies when it puts a finished one away', async () => {
    const shown = await open('timesheet');
    const deaths = (): number =>
      app.logged.filter((line) => line.includes('the worker that writes imports ended')).length;
    const before = deaths();
    dieAt('before drop');
    await commit(shown);
    expect(await job(shown.jobId)).toMatchObject({ state: 'done' });
    // It is put away after the answer: an import that began before would fail with the writer.
    await expect.poll(deaths).toBe(before + 1);
    await expectAllElseWorks(shown.jobId);
  });
});

it.each<Point>(['before complete', 'after complete'])(
  'the writer dies %s: the job fails',
  async (point) => {
    await app.importBytes('first.csv', exportFile(9));
    const [project] = await app.call('projects.list', {});
    const shown = await app.openBytes('part.csv', exportFile(3));
    const complete = { firstDay: '2026-11-01', lastDay: '2026-11-05', projectIds: [project!.id] };
    dieAt(point);
    const completing = app.call('imports.complete', { jobId: shown.jobId, complete });
    await expect(completing).rejects.toThrow('worker_ended');
    expect(await job(shown.jobId)).toMatchObject(ended);
    await expectAllElseWorks(shown.jobId);
  },
);

describe('while an import is taken back', () => {
  it('the writer dies before: it stays, and can be taken back again', async () => {
    const { importId } = await app.importBytes('first.csv', exportFile(9));
    const other = await app.openBytes('other.csv', exportFile(20));
    dieAt('before undo');
    const undo = () => app.call('imports.undo', { importId: importId! });
    await expect(undo()).rejects.toThrow('worker_ended');
    expect(records()).toBe(9);
    expect(await job(other.jobId)).toMatchObject(ended);
    await undo();
    expect(records()).toBe(0);
    await expectAllElseWorks(other.jobId);
  });

  it('the writer dies after it: it is taken back', async () => {
    const { importId } = await app.importBytes('first.csv', exportFile(9));
    dieAt('after undo');
    await app.call('imports.undo', { importId: importId! });
    expect(records()).toBe(0);
    expect(await app.call('imports.list')).toMatchObject([{ id: importId, undone: true }]);
    await expectAllElseWorks();
  });
});

describe('a worker that cannot be loaded', () => {
  const missing = new URL('no-such-worker.ts', import.meta.url);
  const broken = new URL('data:text/javascript,throw new Error("broken")');

  it.each([
    ['reader is missing', { importReader: missing }],
    ['reader is broken', { importReader: broken }],
    ['writer is missing', { importWriter: missing }],
    ['writer is broken', { importWriter: broken }],
    [
      'address of both is none',
      { importReader: new URL('no:one'), importWriter: new URL('no:one') },
    ],
  ])('fails each job: the %s', async (_what, workers) => {
    await app.close();
    app = await createTestApp({ workers, start: true });
    for (const auto of [false, true]) {
      for (const file of ['timesheet', 'list'] as const) {
        const [name, content] = files[file];
        expect(await app.openBytes(name, content, auto)).toMatchObject(ended);
      }
    }
    expect(await app.call('imports.jobs')).toHaveLength(4);
    await expect(app.call('imports.undo', { importId: 1 })).rejects.toThrow();
  });
});

it('one job that cannot be shown fails, and hides no other one', async () => {
  await app.close();
  const importReader = workerUrl('holeyReader');
  app = await createTestApp({ workers: { importReader } });
  const good = await app.openBytes('good.csv', exportFile(3));
  const bad = await app.openBytes('holes.csv', exportFile(3).replace('Acme', 'Holes'));
  expect(good.state).toBe('preview');
  expect(bad).toMatchObject({ state: 'failed', error: { code: 'internal' } });
  expect(await app.call('imports.jobs')).toMatchObject([good, bad]);
});
