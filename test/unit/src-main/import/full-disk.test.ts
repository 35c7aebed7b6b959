/** A disk that fills up on the way of an import: it is told, nothing is left, and it can be repeated. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { exportFile } from '../../../support/import-files.ts';
import { mountSmallDisk } from '../../../support/small-disk.ts';
import { dumpStore } from '../../../support/store-state.ts';

const MIB = 2 ** 20;
const disk = mountSmallDisk(64 * MIB);
afterAll(() => disk?.remove());

/** 1.9 MB, in two parts. */
const content = exportFile(20_000);

describe.skipIf(disk === null)(
  'on a full disk (skipped where no file system may be mounted)',
  () => {
    let dataDir: string;
    let app: TestApp;
    let before: string;
    const uploads = (): string[] => readdirSync(join(app.dataDir, 'uploads'));

    function brokenReferences(): unknown {
      const db = new Database(app.database, { readonly: true });
      try {
        return db.pragma('foreign_key_check');
      } finally {
        db.close();
      }
    }

    beforeEach(async () => {
      // A new store each time: what an earlier one has freed would be room, too.
      dataDir = mkdtempSync(join(disk!.path, 'data-'));
      app = await createTestApp({ dataDir });
      before = dumpStore(app.database);
    });
    afterEach(async () => {
      disk!.makeRoom();
      await app.close();
      rmSync(dataDir, { recursive: true });
    });

    it('an upload: the part that found some room goes as well', async () => {
      // The first part fits, of the second the disk takes the beginning and no more.
      disk!.leave(MIB + 200_000);
      await expect(app.startBytes('a.csv', content)).rejects.toThrow('disk_full');
      expect(uploads()).toEqual([]);
      disk!.makeRoom();
      const job = await app.openBytes('a.csv', content);
      expect(job).toMatchObject({ state: 'preview', preview: { counts: { inserted: 20_000 } } });
      await app.call('imports.cancel', { jobId: job.jobId });
    });

    it('a part that waited for the one that was refused is told so', async () => {
      disk!.leave(200_000);
      const part = Buffer.alloc(MIB - 1, 'x').toString('base64');
      const { uploadId } = await app.call('uploads.begin', { fileName: 'a.csv', size: 3 * MIB });
      const append = (offset: number) =>
        app.call('uploads.append', { uploadId, offset, base64: part });
      const [first, second] = await Promise.allSettled([append(0), append(0)]);
      expect(first).toMatchObject({ reason: { code: 'disk_full' } });
      expect(second).toMatchObject({ reason: { code: 'upload_unknown' } });
      expect(uploads()).toEqual([]);
      disk!.makeRoom();
    });

    it('a commit', async () => {
      const job = await app.openBytes('a.csv', content);
      disk!.leave(500_000);
      const { jobId } = job;
      const commit = () => app.call('imports.commit', { jobId, digest: job.preview!.digest });
      await expect(commit()).rejects.toThrow('disk_full');
      expect(dumpStore(app.database)).toBe(before);
      disk!.makeRoom();
      await commit();
      await expect.poll(uploads).toEqual([]);
      expect((await app.call('records.list', {})).total).toBe(20_000);
      // The customer and project of the commit that failed are not those of this one.
      expect(brokenReferences()).toEqual([]);
    });

    it('an import that is written while it is read', async () => {
      disk!.leave(content.length + 500_000);
      const job = await app.openBytes('b.csv', content, true);
      expect(job).toMatchObject({ state: 'failed', error: { code: 'disk_full' } });
      expect(dumpStore(app.database)).toBe(before);
      expect(uploads()).toEqual([]);
      disk!.makeRoom();
      expect(await app.openBytes('b.csv', content, true)).toMatchObject({ state: 'done' });
    });
  },
);
