/** Files that are dropped together are one import: one job, one preview, one commit, one undo. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportJob } from '../../../../src-shared/contract/imports.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { exportFile, exportHeader } from '../../../support/import-files.ts';
import { fixture } from './read/support.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

type File = [name: string, content: Uint8Array | string];
const golden = (name: string): File => [
  name,
  readFileSync(fixture(`golden/kimai-2.66-world/${name}`)),
];
const picture = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const lists = [golden('customers-en.xlsx'), golden('projects-en.xlsx')];
const times = golden('full-en.csv');

async function upload([fileName, content]: File, to: TestApp): Promise<string> {
  const bytes = Buffer.from(content as Uint8Array);
  const { uploadId } = await to.call('uploads.begin', { fileName, size: bytes.length });
  for (let offset = 0; offset < bytes.length; offset += 2 ** 20) {
    const base64 = bytes.subarray(offset, offset + 2 ** 20).toString('base64');
    await to.call('uploads.append', { uploadId, offset, base64 });
  }
  return uploadId;
}

/** Opens files together; the job waits for the owner or is over. */
async function open(files: File[], auto = false): Promise<ImportJob> {
  const ids: string[] = [];
  for (const file of files) ids.push(await upload(file, app));
  const [uploadId, ...others] = ids;
  const { jobId } = await app.call('imports.open', { uploadId: uploadId!, others, auto });
  return app.jobIn(jobId, 'mapping', 'preview', 'done', 'failed', 'cancelled');
}
const commit = ({ jobId, preview }: ImportJob) =>
  app.call('imports.commit', { jobId, digest: preview!.digest, seen: preview!.mustSee });

/** What is stored, without ids, which follow the order of the files. */
async function stored(of: TestApp): Promise<unknown> {
  const plain = (row: object): string => {
    const {
      id: _,
      customerId: __,
      projectId: ___,
      userId: ____,
      ...rest
    } = row as never as {
      id: number;
      customerId: number;
      projectId: number;
      userId: number;
    };
    return JSON.stringify(rest);
  };
  const pages = [];
  for (let offset = 0; ; offset += 200) {
    const { rows, total } = await of.call('records.list', { offset, limit: 200 });
    pages.push(...rows);
    if (pages.length >= total) break;
  }
  const [customers, projects] = [
    await of.call('customers.list', {}),
    await of.call('projects.list', {}),
  ];
  return [customers, projects, pages].map((rows) => rows.map(plain).toSorted());
}

describe('timesheets and lists in any order', () => {
  it.each([
    ['lists first', [...lists, times]],
    ['lists last', [times, lists[1]!, lists[0]!]],
  ])('%s: are what they are one after the other, and go with one undo', async (_, files) => {
    const job = await open(files);
    expect(job).toMatchObject({
      state: 'preview',
      kind: 'timesheet',
      files: [
        { fileName: 'customers-en.xlsx', kind: 'customers', error: null },
        { fileName: 'projects-en.xlsx', kind: 'projects', error: null },
        { fileName: 'full-en.csv', kind: 'timesheet', error: null },
      ],
    });
    expect(job.preview!.created).toMatchObject({ customers: 5, projects: 8 });
    // Nothing stays of what the preview wrote.
    expect(await stored(app)).toEqual([[], [], []]);
    const { importId, counts } = await commit(job);
    expect(counts).toEqual(job.preview!.counts);
    const other = await createTestApp();
    for (const [name, content] of [...lists, times]) await other.importBytes(name, content);
    expect(await stored(app)).toEqual(await stored(other));
    await other.close();
    expect(await app.call('imports.list')).toMatchObject([
      { fileName: 'customers-en.xlsx', otherFiles: ['projects-en.xlsx', 'full-en.csv'], counts },
    ]);
    await app.call('imports.undo', { importId });
    expect(await stored(app)).toEqual([[], [], []]);
  });
});

describe('timesheets', () => {
  /** Entries of one day, hour after hour. */
  const part = (from: number, count: number): string =>
    [
      exportHeader,
      ...Array.from({ length: count }, (_, index) => {
        const hour = 6 + from + index;
        const times = [hour, hour + 1].map((at) => `${String(at).padStart(2, '0')}:00`).join(',');
        return `2026-11-09,${times},1:00,EUR,90,Anna,anna,Acme,Website,Development,Row ${from + index},1`;
      }),
      '',
    ].join('\n');

  it('that overlap count each entry once, and the later one has the last word', async () => {
    const job = await open([
      ['2.csv', part(5, 10).replace('Row 7,', 'Seven,')],
      ['1.csv', part(0, 10)],
      ['3.csv', part(0, 15).replace('Row 7,', 'Seven,').replace('Row 8,', 'Eight,')],
    ]);
    expect(job.preview!.counts).toMatchObject({ inserted: 15, updated: 2, unchanged: 18 });
    const changed = await app.call('imports.rows', { jobId: job.jobId, kind: 'changed' });
    expect(changed.rows).toMatchObject([
      { fileName: '2.csv', before: { description: 'Row 7' }, after: { description: 'Seven' } },
      { fileName: '3.csv', before: { description: 'Row 8' }, after: { description: 'Eight' } },
    ]);
    const page = await app.call('imports.rows', {
      jobId: job.jobId,
      kind: 'new',
      offset: 9,
      limit: 2,
    });
    expect(page).toMatchObject({ total: 15, rows: [{ fileName: '1.csv' }, { fileName: '2.csv' }] });
    const { importId } = await commit(job);
    const { rows, total } = await app.call('records.list', {});
    expect(total).toBe(15);
    expect(rows.map(({ description }) => description)).toEqual(
      expect.arrayContaining(['Seven', 'Eight', 'Row 9']),
    );
    await app.call('imports.undo', { importId });
    expect((await app.call('records.list', {})).total).toBe(0);
  });

  it('of thousands of rows are what they are one after the other', async () => {
    const two = (value: number): string => String(value).padStart(2, '0');
    const rows = Array.from({ length: 4500 }, (_, at) => {
      const [hour, minute, day] = [Math.floor(at / 60) % 23, at % 60, 1 + Math.floor(at / 1380)];
      const times = [hour, hour + 1].map((one) => `${two(one)}:${two(minute)}`).join(',');
      return `2026-11-${two(day)},${times},1:00,EUR,90,Anna,anna,Acme,Website,Dev,Row ${at},1`;
    });
    const files = [0, 1, 2, 3].map((at): File => {
      const some = rows.slice(at * 1100, at * 1100 + 1200);
      return [`${at}.csv`, [exportHeader, ...some, ''].join('\n')];
    });
    const job = await open(files);
    expect(job.preview!.counts).toMatchObject({ inserted: 4500, unchanged: 300 });
    expect((await app.call('records.list', {})).total).toBe(0);
    const { importId } = await commit(job);
    const other = await createTestApp();
    for (const [name, content] of files) await other.importBytes(name, content);
    expect(await stored(app)).toEqual(await stored(other));
    await other.close();
    await app.call('imports.undo', { importId });
    expect(await stored(app)).toEqual([[], [], []]);
  });

  it('that both change a stored record give it back as it was', async () => {
    await app.importBytes('0.csv', part(0, 3));
    const before = await app.call('records.list', {});
    const job = await open([
      ['a.csv', part(0, 3).replace('Row 1,', 'One,')],
      ['b.csv', part(0, 3).replace('Row 1,', 'Uno,').replace('EUR,90', 'EUR,95')],
    ]);
    const { importId } = await commit(job);
    expect((await app.call('records.list', { search: 'Uno' })).total).toBe(1);
    await app.call('imports.undo', { importId });
    expect(await app.call('records.list', {})).toEqual(before);
  });

  it('of one period offer no entry as corrected that another of them has', async () => {
    const entry = (begin: string, end: string): string =>
      `${exportHeader}\n2026-11-02,${begin},${end},1:00,EUR,90,Anna,anna,Acme,Website,Dev,Standup,1\n`;
    await app.importBytes('0.csv', entry('09:00', '10:00'));
    const both = await open([
      ['a.csv', entry('09:00', '10:00')],
      ['b.csv', entry('14:00', '15:00')],
    ]);
    expect(both.preview!.corrections.offered).toBe(0);
    const moved = await open([
      ['a.csv', part(0, 1)],
      ['b.csv', entry('14:00', '15:00')],
    ]);
    expect(moved.preview).toMatchObject({ corrections: { offered: 1 }, mustSee: ['corrected'] });
    await app.call('imports.replace', { jobId: moved.jobId, all: true });
    const decided = await app.call('imports.job', { jobId: moved.jobId });
    expect(decided.preview!.counts).toMatchObject({ inserted: 1, updated: 1 });
    await commit(decided);
    expect((await app.call('records.list', { search: 'Standup' })).total).toBe(1);
  });

  it('are planned again when another import changed the store', async () => {
    const job = await open([
      ['a.csv', part(0, 4)],
      ['b.csv', part(4, 4)],
    ]);
    await app.importBytes('0.csv', part(0, 2));
    await expect(commit(job)).rejects.toThrow('import_stale');
    const fresh = await app.call('imports.job', { jobId: job.jobId });
    expect(fresh.preview!.counts).toMatchObject({ inserted: 6, unchanged: 2 });
    await commit(fresh);
    expect((await app.call('records.list', {})).total).toBe(8);
  });
});

describe('a file of several', () => {
  it('that cannot be read is named, and the others are imported', async () => {
    const broken: File = ['broken.csv', picture];
    const job = await open([broken, ['a.csv', exportFile(3)], ['b.csv', exportFile(3, 3)]], true);
    // Unattended nothing is left out.
    expect(job).toMatchObject({ state: 'preview', preview: { counts: { inserted: 6 } } });
    expect(job.files.find(({ fileName }) => fileName === 'broken.csv')).toMatchObject({
      error: { code: 'file_binary' },
    });
    await commit(job);
    expect(await app.call('imports.list')).toMatchObject([
      { fileName: 'a.csv', otherFiles: ['b.csv'] },
    ]);
  });

  it('fails with its error if no other can be read', async () => {
    const job = await open([
      ['a.csv', picture],
      ['b.csv', picture],
    ]);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'file_binary' } });
  });

  it('is asked about by its name, one after the other', async () => {
    const odd = (customer: string): string => exportFile(2).replace('Customer', customer);
    const job = await open([
      ['a.csv', odd('Who')],
      ['b.csv', exportFile(2, 2)],
      ['c.csv', odd('Whom')],
    ]);
    const map = async ({ jobId, reading }: ImportJob, header: string): Promise<ImportJob> => {
      const columns = reading!.columns.map((one) =>
        one.header === header ? { ...one, column: 'customer' as const } : one,
      );
      await app.call('imports.map', { jobId, columns });
      return app.jobWhen(
        jobId,
        ({ state, fileName }) =>
          state === 'preview' || (state === 'mapping' && fileName !== 'a.csv'),
      );
    };
    expect(job).toMatchObject({ state: 'mapping', fileName: 'a.csv' });
    const next = await map(job, 'Who');
    expect(next).toMatchObject({ state: 'mapping', fileName: 'c.csv' });
    const { jobId, reading } = next;
    const columns = reading!.columns.map((one) =>
      one.header === 'Whom' ? { ...one, column: 'customer' as const } : one,
    );
    await app.call('imports.map', { jobId, columns });
    const read = await app.jobIn(jobId, 'preview', 'failed');
    expect(read.preview!.counts).toMatchObject({ inserted: 4, unchanged: 2 });
  });

  it('commits by itself where nothing has to be decided', async () => {
    const job = await open(
      [
        ['a.csv', exportFile(3)],
        ['b.csv', exportFile(3, 3)],
      ],
      true,
    );
    expect(job.state).toBe('done');
    expect((await app.call('records.list', {})).total).toBe(6);
  });

  it('that contradicts itself far below waits for the owner, and so do the others', async () => {
    const right = exportFile(600);
    const wrong = Array.from(
      { length: 40 },
      () => '2026-11-10,09:00,10:00,8:00,EUR,90,Anna,anna,Acme,Website,Development,Work,1\n',
    );
    const job = await open(
      [
        ['a.csv', exportFile(3)],
        ['b.csv', right + wrong.join('')],
      ],
      true,
    );
    expect(job).toMatchObject({ state: 'preview', preview: { mustSee: ['timesContradict'] } });
    expect((await app.call('records.list', {})).total).toBe(0);
    const { jobId, preview } = job;
    const unseen = app.call('imports.commit', { jobId, digest: preview!.digest });
    await expect(unseen).rejects.toThrow('import_unseen');
  });
});
