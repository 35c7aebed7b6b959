import { expect, it } from 'vitest';
import { passRows } from '../../../../src-main/import/jobs/pass-rows.ts';
import type { ImportWorkers } from '../../../../src-main/import/jobs/import-workers.ts';
import type { FileAnalysis } from '../../../../src-main/import/rows/types.ts';
import { AppError } from '../../../../src-shared/errors.ts';

const file = { jobId: '1', path: 'export.csv', analysis: {} as FileAnalysis };

/** Answers of both workers: an error, or null if all went well. */
async function pass(reading: Error | null, taking: Error | null) {
  const stops: AppError[] = [];
  const reader = {
    request: () => (reading ? Promise.reject(reading) : Promise.resolve()),
    stop: (reason: AppError) => Promise.resolve(stops.push(reason)),
  } as unknown as ImportWorkers['reader'];
  const passed = await passRows(reader, file, (port) => {
    port.close();
    return taking ? Promise.reject(taking) : Promise.resolve('rows');
  });
  return { ...passed, stops: stops.length };
}

const full = new AppError('disk_full');
const changed = new AppError('file_changed');
const defect = new Error('a defect');
const ended = new AppError('worker_ended');
const stopped = new AppError('import_cancelled');

it('gives what was taken', async () => {
  expect(await pass(null, null)).toEqual({ taken: 'rows', error: null, stops: 0 });
});

it.each([
  ['the reader fails, so that the port of the writer closes', changed, ended, changed],
  ['the writer fails, so that the reader is stopped', stopped, full, full],
  ['the writer dies, so that the reader is stopped', stopped, ended, ended],
  ['the reader meets a defect', defect, ended, defect],
  ['the owner cancels', stopped, null, stopped],
])('tells the cause if %s', async (_, reading, taking, cause) => {
  const { error, stops } = await pass(reading, taking);
  expect(error).toBe(cause);
  expect(stops).toBe(taking ? 1 : 0);
});
