/**
 * An entry whose time or day was corrected in Kimai comes as a new row, and its record is missing in
 * the file: that is offered as a replacement, and nothing counts twice without a word.
 */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportJob } from '../../../../src-shared/contract/imports.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { dumpStore } from '../../../support/store-state.ts';
import { fixture } from './read/support.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

const report = (name: string): Buffer => readFileSync(fixture(`cases/import/${name}`));
const header =
  'Date,From,To,Duration,Currency,Price,Name,User,Customer,Project,Activity,Description,Billable';
interface Cells {
  day: number;
  begin?: string;
  end?: string;
  person?: string;
  project?: string;
  activity?: string;
  text?: string;
  id?: number;
}
const line = ({ day, begin = '09:00', end = '10:00', ...rest }: Cells): string => {
  const { person = 'ann', project = 'Web', activity = 'Dev', text = 'Standup' } = rest;
  const date = `2026-11-${String(day).padStart(2, '0')}`;
  return `${date},${begin},${end},1:00,EUR,100,${person},${person},Acme,${project},${activity},${text},1`;
};
const file = (...rows: Cells[]): string => [header, ...rows.map(line), ''].join('\n');
const fileWithIds = (...rows: Cells[]): string =>
  [`ID,${header}`, ...rows.map((row) => `${row.id},${line(row)}`), ''].join('\n');

async function total(): Promise<[records: number, hours: number]> {
  const { rows } = await app.call('records.list', {});
  return [rows.length, rows.reduce((sum, { durationS }) => sum + durationS, 0) / 3600];
}
const offered = ({ preview }: ImportJob): number => preview!.corrections.offered;
async function corrected({ jobId }: ImportJob) {
  return (await app.call('imports.rows', { jobId, kind: 'corrected' })).rows;
}
async function replace({ jobId }: ImportJob, all: boolean, except: number[] = []) {
  await app.call('imports.replace', { jobId, all, except });
  return app.call('imports.job', { jobId });
}
const commit = ({ jobId, preview }: ImportJob) =>
  app.call('imports.commit', { jobId, digest: preview!.digest });

describe('a corrected entry', () => {
  it.each([
    ['c15-b.csv', 'begin', '09:00', '08:30', 2.5],
    ['c15-c.csv', 'day', '2026-11-03', '2026-11-04', 2],
  ])(
    '%s: is offered with both values, and replaces what it was',
    async (name, field, was, is, hours) => {
      await app.importBytes('c15-a.csv', report('c15-a.csv'));
      const before = dumpStore(app.database);
      const records = await app.call('records.list', {});
      const job = await app.openBytes(name, report(name));
      expect(job.preview).toMatchObject({
        counts: { inserted: 1, updated: 0, unchanged: 1 },
        corrections: { offered: 1, replaced: null },
        mustSee: ['corrected'],
      });
      const [row] = await corrected(job);
      expect(row).toMatchObject({
        customer: 'Acme',
        before: { [field]: was },
        after: { [field]: is, description: 'Write offer' },
        replaces: { isReplaced: false },
      });
      // Nothing is written before the owner has answered.
      await expect(commit(job)).rejects.toThrow('import_unseen');
      expect(dumpStore(app.database)).toBe(before);
      const decided = await replace(job, true);
      expect(decided.preview).toMatchObject({
        counts: { inserted: 0, updated: 1, unchanged: 1 },
        corrections: { offered: 1, replaced: 1 },
        mustSee: [],
      });
      expect(await corrected(decided)).toMatchObject([{ replaces: { isReplaced: true } }]);
      const { importId } = await commit(decided);
      expect(await total()).toEqual([2, hours]);
      // The same file again has nothing to tell.
      const again = await app.openBytes(name, report(name));
      expect(again.preview).toMatchObject({
        counts: { unchanged: 2 },
        corrections: { offered: 0 },
      });
      await app.call('imports.undo', { importId });
      expect(await app.call('records.list', {})).toEqual(records);
    },
  );

  it('stays beside the stored one if the owner says so', async () => {
    await app.importBytes('c15-a.csv', report('c15-a.csv'));
    const kept = await replace(await app.openBytes('b.csv', report('c15-b.csv')), false);
    expect(kept.preview).toMatchObject({
      counts: { inserted: 1, updated: 0 },
      corrections: { offered: 1, replaced: 0 },
      mustSee: [],
    });
    await commit(kept);
    expect(await total()).toEqual([3, 3.5]);
  });

  it('is chosen one by one', async () => {
    await app.importBytes('a.csv', file({ day: 2, text: 'A' }, { day: 3, text: 'B' }));
    const job = await app.openBytes(
      'b.csv',
      file({ day: 2, text: 'A', begin: '08:00' }, { day: 3, text: 'B', begin: '08:00' }),
    );
    expect(offered(job)).toBe(2);
    const [first] = await corrected(job);
    const decided = await replace(job, true, [first!.replaces!.recordId]);
    expect(decided.preview!.counts).toMatchObject({ inserted: 1, updated: 1 });
    expect(decided.preview!.corrections).toMatchObject({ offered: 2, replaced: 1 });
    expect((await corrected(decided)).map(({ replaces }) => replaces!.isReplaced)).toEqual([
      false,
      true,
    ]);
  });

  it('never is imported unattended', async () => {
    await app.importBytes('c15-a.csv', report('c15-a.csv'));
    const job = await app.openBytes('b.csv', report('c15-b.csv'), true);
    expect(job.state).toBe('preview');
    expect(await total()).toEqual([2, 2]);
  });

  it('is told by its id where there are any', async () => {
    const stored = { day: 2, text: 'Offer', id: 1 };
    await app.importBytes('a.csv', fileWithIds(stored, { day: 3, id: 2 }));
    // The same id: a change, whatever it says. Another id: another entry, however alike.
    const moved = { ...stored, day: 4, begin: '08:00' };
    const other = await app.openBytes('b.csv', fileWithIds(moved, { day: 3, id: 2 }), true);
    expect(other).toMatchObject({
      state: 'done',
      preview: { counts: { updated: 1, inserted: 0 } },
    });
    const alike = { ...moved, begin: '08:30', id: 9 };
    const next = await app.openBytes('c.csv', fileWithIds(alike, { day: 3, id: 2 }));
    expect(next.preview).toMatchObject({ counts: { inserted: 1 }, corrections: { offered: 0 } });
  });
});

describe('nothing is offered', () => {
  it.each<[string, Cells[], Cells[]]>([
    ['of the next week', [{ day: 2 }, { day: 3 }], [{ day: 9 }, { day: 10 }]],
    [
      'of an export that overlaps the one before',
      [{ day: 2 }, { day: 3 }, { day: 9 }, { day: 10 }],
      [{ day: 9 }, { day: 10 }, { day: 16 }, { day: 17 }],
    ],
    [
      'of what was not exported yet, which leaves out what was',
      [{ day: 2 }, { day: 5 }],
      [{ day: 4 }, { day: 6 }],
    ],
    ['of another person', [{ day: 2 }], [{ day: 2, begin: '08:00', person: 'bob' }]],
    ['of another project', [{ day: 2 }], [{ day: 2, begin: '08:00', project: 'Shop' }]],
    ['with another text', [{ day: 2 }], [{ day: 2, begin: '08:00', text: 'Review' }]],
    [
      'where the stored one still is in the file',
      [{ day: 2 }],
      [{ day: 2 }, { day: 2, begin: '14:00', end: '15:00' }],
    ],
    [
      'without a text, at another time',
      [{ day: 2, text: '' }],
      [{ day: 2, text: '', begin: '13:00', end: '14:30', activity: 'Ops' }],
    ],
  ])('%s', async (_, stored, next) => {
    await app.importBytes('a.csv', file(...stored));
    expect(offered(await app.openBytes('b.csv', file(...next)))).toBe(0);
  });
});
