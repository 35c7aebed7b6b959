import type { ColumnName } from '../../../../src-shared/contract/import-words.ts';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import {
  exportFile as file,
  exportHeader as header,
  exportRows as rows,
} from '../../../support/import-files.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

const uploads = (): string[] => {
  try {
    return readdirSync(join(app.dataDir, 'uploads'));
  } catch {
    return [];
  }
};
const records = (): number => {
  const db = new Database(app.database, { readonly: true });
  const count = db.prepare('SELECT count(*) FROM records').pluck().get() as number;
  db.close();
  return count;
};

describe('uploads', () => {
  it('only in order, no more than announced, for the owner only, and removed when decided', async () => {
    const text = Buffer.from(file(1));
    const { uploadId } = await app.call('uploads.begin', { fileName: 'a.csv', size: text.length });
    const base64 = text.toString('base64');
    const append = (offset: number) => app.call('uploads.append', { uploadId, offset, base64 });
    await expect(append(5)).rejects.toThrow('upload_out_of_order');
    await expect(app.call('imports.open', { uploadId })).rejects.toThrow('upload_out_of_order');
    expect(await append(0)).toEqual({ received: text.length });
    await expect(append(text.length)).rejects.toThrow('upload_out_of_order');
    const [name] = uploads();
    expect(statSync(join(app.dataDir, 'uploads', name!)).mode & 0o777).toBe(0o600);
    expect(statSync(join(app.dataDir, 'uploads')).mode & 0o777).toBe(0o700);
    const { jobId } = await app.call('imports.open', { uploadId });
    await app.jobIn(jobId, 'preview');
    await expect(app.call('imports.open', { uploadId })).rejects.toThrow('upload_unknown');
    // As long as it may be read differently it stays.
    expect(uploads()).toEqual([name]);
    await app.call('imports.cancel', { jobId });
    await expect.poll(uploads).toEqual([]);
  });

  it('nothing empty, nothing above 4 GiB', async () => {
    const begin = (size: number) => app.call('uploads.begin', { fileName: 'a.csv', size });
    await expect(begin(0)).rejects.toThrow('file_empty');
    await expect(begin(4 * 2 ** 30 + 1)).rejects.toThrow('file_too_large');
  });

  it('what an earlier run left behind goes at the start', async () => {
    await app.call('uploads.begin', { fileName: 'a.csv', size: 10 });
    expect(uploads()).toHaveLength(1);
    await app.app.close();
    const left = join(app.dataDir, 'uploads');
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, 'left'), 'x');
    app = await createTestApp({ dataDir: app.dataDir });
    expect(uploads()).toEqual([]);
  });
});

describe('a job', () => {
  it('goes from reading to a preview, to done and into the history', async () => {
    const job = await app.openBytes('export.csv', file(20));
    expect(job).toMatchObject({
      state: 'preview',
      kind: 'timesheet',
      fileName: 'export.csv',
      reading: { format: 'csv', delimiter: ',', resolutionS: 60 },
      preview: { counts: { inserted: 20 }, groups: [{ customer: 'Acme', project: 'Website' }] },
      error: null,
    });
    expect(records()).toBe(0);
    const { importId } = await app.call('imports.commit', {
      jobId: job.jobId,
      digest: job.preview!.digest,
    });
    expect(await app.call('imports.job', { jobId: job.jobId })).toMatchObject({
      state: 'done',
      importId,
    });
    expect(await app.call('imports.list')).toMatchObject([
      {
        id: importId,
        fileName: 'export.csv',
        kind: 'timesheet',
        importedAt: new Date(2026, 10, 24, 12).getTime(),
        counts: { inserted: 20, updated: 0, unchanged: 0, removed: 0, problems: 0 },
        undone: false,
        undoable: true,
      },
    ]);
    expect(records()).toBe(20);
    await app.call('imports.undo', { importId });
    expect(records()).toBe(0);
  });

  it('commits by itself if asked to and nothing has to be decided', async () => {
    const job = await app.openBytes('a.csv', file(20), true);
    expect(job).toMatchObject({ state: 'done', preview: { counts: { inserted: 20 } } });
    const more = await app.openBytes('b.csv', file(21), true);
    expect(more).toMatchObject({ state: 'done', preview: { counts: { inserted: 1 } } });
    expect(records()).toBe(21);
    const bad = await app.openBytes('c.csv', `${file(1)}2026-02-30${rows(1).slice(10)}`, true);
    expect(bad).toMatchObject({ state: 'preview', preview: { counts: { problems: 1 } } });
  });

  it('of a file that is none fails, with a code and a line', async () => {
    const cases: [string, string | Uint8Array][] = [
      ['file_header_only', `${header}\n`],
      ['file_unterminated_quote', `${file(3)}2026-11-01,"open`],
      ['file_binary', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ];
    for (const [code, content] of cases) {
      const job = await app.openBytes('a.csv', content);
      expect(job, code).toMatchObject({ state: 'failed', error: { code } });
    }
    expect(uploads()).toEqual([]);
  });

  it('asks for columns once, and remembers them for that header', async () => {
    const odd = file(2).replace('Customer', 'Klient X').replace('Project', 'Vorhaben Y');
    const job = await app.openBytes('odd.csv', odd);
    expect(job.state).toBe('mapping');
    const { jobId } = job;
    const columns = job.reading!.columns;
    await expect(app.call('imports.map', { jobId, columns })).rejects.toThrow('mapping_incomplete');
    const names: Record<string, ColumnName> = { 'Klient X': 'customer', 'Vorhaben Y': 'project' };
    const mapped = columns.map((one) => ({ ...one, column: names[one.header] ?? one.column }));
    await app.call('imports.map', { jobId, columns: mapped });
    const read = await app.jobIn(jobId, 'preview', 'failed');
    expect(read).toMatchObject({ state: 'preview', preview: { counts: { inserted: 2 } } });
    const again = await app.openBytes('odd.csv', odd);
    expect(again.state).toBe('preview');
  });

  it('asks for the order of the dates, and reads the file again if the answer was wrong', async () => {
    const dated = (day: string): string => rows(1).replace('2026-11-01', day);
    const name = 'dates.csv';
    const job = await app.openBytes(
      name,
      `${header}\n${dated('11-05-2025')}${dated('12-01-2025')}`,
    );
    expect(job).toMatchObject({
      state: 'mapping',
      reading: { choices: [{ about: 'dateOrder', chosen: null }] },
    });
    const { jobId } = job;
    const { columns } = job.reading!;
    await expect(app.call('imports.map', { jobId, columns })).rejects.toThrow('mapping_incomplete');
    const read = async (dateOrder: string) => {
      await app.call('imports.map', { jobId, columns, choices: { dateOrder } });
      return app.jobIn(jobId, 'preview', 'failed');
    };
    const days = ({ preview }: { preview: { firstDay: string | null } | null }) =>
      preview?.firstDay;
    expect(days(await read('dmy'))).toBe('2025-01-12');
    const again = await read('mdy');
    expect(days(again)).toBe('2025-11-05');
    expect(again.reading!.choices).toMatchObject([{ chosen: 'mdy', because: 'chosen' }]);
    await app.call('imports.commit', { jobId, digest: again.preview!.digest });
    expect((await app.call('records.list', {})).rows.map(({ day }) => day).toSorted()).toEqual([
      '2025-11-05',
      '2025-12-01',
    ]);
    await expect.poll(uploads).toEqual([]);
    await expect(read('dmy')).rejects.toThrow('import_not_ready');
    // The answer holds for the next file with this header.
    expect((await app.openBytes(name, `${header}\n${dated('11-06-2025')}`)).state).toBe('preview');
  });

  it('is not imported by itself once its owner had it read differently', async () => {
    const doubtful = file(1).replace('10:00,1:00', '17:00,0:30');
    const job = await app.openBytes('a.csv', doubtful, true);
    expect(job.preview!.mustSee).toEqual(['timesContradict']);
    const columns = job.reading!.columns.map((one) =>
      one.header === 'Duration' ? { ...one, column: 'ignored' as const } : one,
    );
    await app.call('imports.map', { jobId: job.jobId, columns });
    const read = await app.jobIn(job.jobId, 'preview', 'done', 'failed');
    expect(read).toMatchObject({ state: 'preview', preview: { mustSee: [] } });
  });

  it('refreshes when another import changed the store', async () => {
    const first = await app.openBytes('a.csv', file(10));
    const second = await app.openBytes('b.csv', file(12));
    await app.call('imports.commit', { jobId: first.jobId, digest: first.preview!.digest });
    const stale = { jobId: second.jobId, digest: second.preview!.digest };
    await expect(app.call('imports.commit', stale)).rejects.toThrow('import_stale');
    const fresh = await app.call('imports.job', { jobId: second.jobId });
    expect(fresh).toMatchObject({ state: 'preview', preview: { counts: { inserted: 2 } } });
    await app.call('imports.commit', { jobId: second.jobId, digest: fresh.preview!.digest });
    expect(records()).toBe(12);
  });

  it('complete for a period and projects: the rest goes, and comes back by undo', async () => {
    await app.importBytes('a.csv', file(9));
    const [project] = await app.call('projects.list', {});
    const job = await app.openBytes('b.csv', file(3));
    const complete = {
      firstDay: '2026-11-01',
      lastDay: '2026-11-05',
      projectIds: [project!.id],
    };
    await app.call('imports.complete', { jobId: job.jobId, complete });
    const shown = await app.call('imports.job', { jobId: job.jobId });
    expect(shown.preview!.counts).toMatchObject({ unchanged: 3, removed: 2 });
    const page = await app.call('imports.rows', { jobId: job.jobId, kind: 'removed' });
    expect(page).toMatchObject({ total: 2, rows: [{ before: { day: '2026-11-04' } }, {}] });
    await app.call('imports.complete', { jobId: job.jobId, complete: null });
    expect((await app.call('imports.job', { jobId: job.jobId })).preview!.counts.removed).toBe(0);
    await app.call('imports.complete', { jobId: job.jobId, complete });
    const { importId } = await app.call('imports.commit', {
      jobId: job.jobId,
      digest: shown.preview!.digest,
    });
    expect(records()).toBe(7);
    await app.call('imports.undo', { importId });
    expect(records()).toBe(9);
  });
});

describe('cancelling', () => {
  it('while reading, waiting or at a preview changes nothing', async () => {
    const text = Buffer.from(file(30_000));
    const ids: string[] = [];
    for (let index = 0; index < 2; index++) {
      const { uploadId } = await app.call('uploads.begin', {
        fileName: 'a.csv',
        size: text.length,
      });
      for (let offset = 0; offset < text.length; offset += 2 ** 20) {
        const base64 = text.subarray(offset, offset + 2 ** 20).toString('base64');
        await app.call('uploads.append', { uploadId, offset, base64 });
      }
      ids.push((await app.call('imports.open', { uploadId })).jobId);
    }
    for (const jobId of ids) {
      await app.call('imports.cancel', { jobId });
      expect((await app.call('imports.job', { jobId })).state).toBe('cancelled');
    }
    // The next file is read as if nothing had been.
    const job = await app.openBytes('b.csv', file(3));
    expect(job.state).toBe('preview');
    await app.call('imports.cancel', { jobId: job.jobId });
    const commit = { jobId: job.jobId, digest: job.preview!.digest };
    await expect(app.call('imports.commit', commit)).rejects.toThrow('import_not_ready');
    expect(records()).toBe(0);
    expect(uploads()).toEqual([]);
    await app.call('imports.cancel', { jobId: job.jobId });
    const left = await app.call('imports.jobs');
    expect(left.map(({ jobId }) => jobId)).not.toContain(job.jobId);
  });

  it('while committing rolls everything back', async () => {
    const job = await app.openBytes('a.csv', file(30_000));
    const { jobId } = job;
    const commit = app.call('imports.commit', { jobId, digest: job.preview!.digest });
    const refused = expect(commit).rejects.toThrow('import_cancelled');
    await app.call('imports.cancel', { jobId });
    await refused;
    expect(await app.call('imports.job', { jobId })).toMatchObject({ state: 'cancelled' });
    expect(records()).toBe(0);
    expect(await app.call('imports.list')).toEqual([]);
  });
});

it('queries answer while a commit runs, and see all of it or nothing', async () => {
  const job = await app.openBytes('a.csv', file(20_000));
  let done = false;
  // Held up at its first write until some queries were answered, however quick it is.
  const holder = new Database(app.database);
  holder.exec('BEGIN IMMEDIATE');
  const commit = app
    .call('imports.commit', { jobId: job.jobId, digest: job.preview!.digest })
    .finally(() => (done = true));
  const seen = new Set<number>();
  for (let answers = 0; !done; answers++) {
    seen.add((await app.call('records.list', { limit: 1 })).total);
    if (answers === 10) holder.exec('ROLLBACK');
    await new Promise((resolve) => setImmediate(resolve));
  }
  await commit;
  holder.close();
  expect(seen).toContain(0);
  expect([...seen].filter((total) => total !== 0 && total !== 20_000)).toEqual([]);
});
