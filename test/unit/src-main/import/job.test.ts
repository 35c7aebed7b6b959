import { expect, it } from 'vitest';
import { Job } from '../../../../src-main/import/jobs/job.ts';
import type { JobState } from '../../../../src-main/import/jobs/job-state.ts';
import type { FileAnalysis } from '../../../../src-main/import/rows/types.ts';
import type { ImportPreview } from '../../../../src-shared/contract/imports.ts';
import { AppError } from '../../../../src-shared/errors.ts';

const file = { path: '', name: 'a.csv', size: 1, digest: new Uint8Array(32), temporary: false };
const analysis = {
  format: 'csv',
  encoding: 'utf-8',
  delimiter: ',',
  sheet: null,
  skippedRows: 0,
  choices: [],
  doubts: [],
  columns: [],
  samples: [['a']],
  missing: [],
  resolution: 60,
} as unknown as FileAnalysis;
const preview: ImportPreview = {
  digest: 'd',
  counts: { inserted: 2, updated: 1, unchanged: 1, removed: 5, problems: 1 },
  created: { customers: 0, projects: 0, users: 0, activities: 0 },
  learned: [],
  groups: [],
  shares: [],
  firstDay: null,
  lastDay: null,
  notices: [],
  mustSee: [],
  corrections: { offered: 0, replaced: null, answer: null },
};

const changes: JobState[] = [];
const newJob = (): Job => {
  changes.length = 0;
  return new Job(file, false, ({ state }) => changes.push(state));
};

/** What may happen to a job. */
const steps: Record<string, (job: Job) => void> = {
  waitForMapping: (job) => job.waitForMapping(),
  resumeReading: (job) => job.resumeReading(),
  startPlanning: (job) => job.startPlanning(),
  showPreview: (job) => job.showPreview(preview),
  startCommitting: (job) => job.startCommitting(preview),
  finish: (job) => job.finish(1, preview),
  settle: (job) => job.settle(new AppError('disk_full')),
};
/** A way to each state, and the steps that are allowed there. */
const ways: Record<JobState, { way: string[]; allowed: string[] }> = {
  reading: { way: [], allowed: ['waitForMapping', 'startPlanning', 'settle'] },
  mapping: { way: ['waitForMapping'], allowed: ['resumeReading', 'settle'] },
  planning: {
    way: ['startPlanning'],
    allowed: ['showPreview', 'startCommitting', 'finish', 'settle'],
  },
  preview: {
    way: ['startPlanning', 'showPreview'],
    allowed: ['resumeReading', 'startPlanning', 'startCommitting', 'settle'],
  },
  committing: {
    way: ['startPlanning', 'startCommitting'],
    allowed: ['showPreview', 'finish', 'settle'],
  },
  done: { way: ['startPlanning', 'finish'], allowed: [] },
  failed: { way: ['settle'], allowed: [] },
  cancelled: { way: [], allowed: [] },
};

it.each(Object.entries(ways))('that is %s takes the steps of that state only', (state, one) => {
  for (const [name, step] of Object.entries(steps)) {
    const job = newJob();
    for (const before of one.way) steps[before]!(job);
    if (state === 'cancelled') {
      job.requestCancel();
      job.settle(new AppError('import_cancelled'));
    }
    expect(job.state).toBe(state);
    if (one.allowed.includes(name)) step(job);
    else expect(() => step(job), `${state}: ${name}`).toThrow();
    if (!one.allowed.includes(name)) expect(job.state).toBe(state);
  }
});

it('tells of each change', () => {
  const job = newJob();
  job.waitForMapping();
  job.settle(new AppError('disk_full'));
  expect(changes).toEqual(['mapping', 'failed']);
});

it('ends cancelled if the owner wanted that, whatever stopped it, else with the error', () => {
  const cancelled = newJob();
  cancelled.requestCancel();
  cancelled.settle(new AppError('disk_full'));
  expect(cancelled.toContract()).toMatchObject({ state: 'cancelled', error: null });
  const failed = newJob();
  failed.settle(new AppError('file_too_large', { max: 4 }));
  expect(failed.toContract()).toMatchObject({
    state: 'failed',
    error: { code: 'file_too_large', params: { max: 4 } },
  });
});

it('shows no preview once it is cancelled, and takes nothing that it could not show', () => {
  const job = newJob();
  expect(() => job.takeAnalysis({ ...analysis, samples: new Array(1) }, [])).toThrow();
  expect(job.toContract().reading).toBeNull();
  job.takeAnalysis(analysis, ['noRates']);
  job.startPlanning();
  expect(() => job.showPreview({ ...preview, counts: {} as never })).toThrow();
  expect(job.toContract().preview).toBeNull();
  job.requestCancel();
  expect(() => job.showPreview(preview)).toThrow('import_cancelled');
});

it('is settled when its step has ended, and runs only while the step runs', async () => {
  const job = newJob();
  const turn = Promise.withResolvers<undefined>();
  const end = Promise.withResolvers<undefined>();
  let isSettled = false;
  const running = job.run(
    () => end.promise,
    async (task) => {
      await turn.promise;
      return task();
    },
  );
  void job.settled.then(() => (isSettled = true));
  expect(job.isRunning).toBe(false);
  turn.resolve(undefined);
  await expect.poll(() => job.isRunning).toBe(true);
  expect(isSettled).toBe(false);
  end.reject(new Error('broken'));
  await expect(running).rejects.toThrow('broken');
  await job.settled;
  expect(job.isRunning).toBe(false);
});
