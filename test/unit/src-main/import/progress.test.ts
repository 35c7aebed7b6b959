/**
 * What the owner is told of a running import: rows, rate and time left, exactly. The import is held
 * at a known point, and the clock of the main side shows what the test says.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { heldWorkers, holdAt, releaseAll } from '../../../support/held-import.ts';
import { exportFile, readUpTo } from '../../../support/import-files.ts';

const rows = 30_000;
const bytes = Buffer.from(exportFile(rows));

let app: TestApp;
let seconds: number;

beforeEach(async () => {
  app = await createTestApp({ workers: heldWorkers });
  seconds = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => seconds * 1000);
});
afterEach(async () => {
  vi.restoreAllMocks();
  releaseAll();
  await app.close();
});

const progressOf = async (jobId: string) => (await app.call('imports.job', { jobId })).progress;

it('while a file is read: rows so far, and the rest by the bytes', async () => {
  const hold = holdAt('rows read');
  const jobId = await app.startBytes('long.csv', bytes);
  for (const batch of [1, 2]) {
    await hold.reached(batch);
    const { rows: read, bytes: readBytes } = readUpTo(bytes, batch);
    // What was told before the reader stopped here arrives in its order.
    await app.jobWhen(jobId, ({ progress }) => progress.rows === read);
    const progress = await progressOf(jobId);
    const estimatedRows = Math.round((read * bytes.length) / readBytes);
    expect(progress).toMatchObject({ rows: read, estimatedRows });
    // Later rows are a little longer, so that it is close, not equal.
    expect(Math.abs(estimatedRows - rows)).toBeLessThan(rows / 50);
    const rowsPerSecond = seconds === 0 ? 0 : read / seconds;
    expect(progress.rowsPerSecond).toBe(rowsPerSecond);
    expect(progress.secondsLeft).toBe(
      seconds === 0 ? null : (estimatedRows - read) / rowsPerSecond,
    );
    // The second batch is read eight seconds after the file was begun.
    seconds = 8;
    hold.pass();
  }
  hold.release();
  const preview = await app.jobIn(jobId, 'preview');
  expect(preview.progress).toMatchObject({ rows, estimatedRows: rows });
});

it('while it is committed: rows written of all, counted anew', async () => {
  const { jobId, preview } = await app.openBytes('long.csv', bytes);
  seconds = 100;
  const hold = holdAt('rows written');
  const commit = app.call('imports.commit', { jobId, digest: preview!.digest });
  await hold.reached(1);
  expect(await app.call('imports.job', { jobId })).toMatchObject({
    state: 'committing',
    progress: { rows: 0, estimatedRows: rows, rowsPerSecond: 0, secondsLeft: null },
  });
  seconds = 104;
  hold.pass();
  await hold.reached(2);
  const { rows: written } = readUpTo(bytes, 1);
  await app.jobWhen(jobId, ({ progress }) => progress.rows === written);
  expect(await progressOf(jobId)).toEqual({
    rows: written,
    estimatedRows: rows,
    rowsPerSecond: written / 4,
    secondsLeft: (rows - written) / (written / 4),
  });
  // What the task bar of the desktop app shows.
  expect(app.app.presence().importing).toBe(written / rows);
  hold.release();
  await commit;
  expect(app.app.presence().importing).toBeNull();
});

it('in the list of all imports as well', async () => {
  const hold = holdAt('rows read');
  const jobId = await app.startBytes('long.csv', bytes, true);
  await hold.reached();
  const { rows: read } = readUpTo(bytes, 1);
  await app.jobWhen(jobId, ({ progress }) => progress.rows === read);
  expect(await app.call('imports.jobs')).toMatchObject([
    { jobId, state: 'reading', fileName: 'long.csv', progress: { rows: read } },
  ]);
  hold.release();
  await app.jobIn(jobId, 'done');
});
