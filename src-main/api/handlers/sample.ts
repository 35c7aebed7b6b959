import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { sampleMethods } from '../../../src-shared/contract/sample.ts';
import { shareOptions } from '../../../src-shared/contract/shares.ts';
import { localDay } from '../../../src-shared/domain/day.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { AppContext } from '../../context.ts';
import type { Imports } from '../../import/jobs/imports.ts';
import { writeSampleTimesheets } from '../../sample/sample-timesheets.ts';
import { firstSampleCustomer, samplePeople } from '../../sample/sample-world.ts';
import { readAll } from '../../store/catalog/entity-rows.ts';
import { noteSample, releaseSample, sampleImportOf } from '../../store/changes/sample-data.ts';
import { insertShare } from '../../store/shares/shares.ts';
import type { ChangesOf } from '../handlers.ts';

type SampleImports = Pick<Imports, 'uploads' | 'open' | 'settled' | 'job' | 'commit' | 'undo'>;

const partBytes = 1024 * 1024;

/** `sampleDir`: holds the lists of customers and projects; timesheets are made up to today. */
export function createSampleChanges(
  context: AppContext,
  imports: SampleImports,
  sampleDir: string,
): ChangesOf<typeof sampleMethods> {
  const { clock, store, readStore, writes, changed } = context;
  const isEmpty = (): boolean => readAll(readStore, 'customers').length === 0;

  async function upload(name: string, bytes: Buffer): Promise<string> {
    const uploadId = await imports.uploads.begin(name, bytes.length);
    for (let offset = 0; offset < bytes.length; offset += partBytes) {
      await imports.uploads.append(uploadId, offset, bytes.subarray(offset, offset + partBytes));
    }
    return uploadId;
  }

  /** One import like any other: it has one undo. Returns its id. */
  async function importSample(): Promise<number> {
    const timesheets = Buffer.from(writeSampleTimesheets(localDay(clock.now())));
    // Timesheets first: the import is called after its first file.
    const uploadIds = [await upload('sample-timesheets.csv', timesheets)];
    for (const name of ['1-customers.xlsx', '2-projects.xlsx']) {
      uploadIds.push(
        await upload(`sample-${name.slice(2)}`, await readFile(join(sampleDir, name))),
      );
    }
    const jobId = await imports.open(uploadIds, false);
    await imports.settled(jobId);
    const { preview, error } = imports.job(jobId);
    if (preview === null) throw new Error(`the sample cannot be read: ${error?.code}`);
    return (await imports.commit(jobId, preview.digest, preview.mustSee)).importId;
  }

  function shareFirst(): void {
    const customer = readAll(store, 'customers').find(({ name }) => name === firstSampleCustomer);
    if (customer === undefined) throw new Error(`no ${firstSampleCustomer} in ${sampleDir}`);
    insertShare(
      store,
      context,
      {
        label: customer.name,
        customerId: customer.id,
        projectId: null,
        projectIds: [],
        options: shareOptions.parse({
          showRates: true,
          showUser: true,
          budgetStats: true,
          timeBudgetStats: true,
        }),
        expiresDay: null,
      },
      null,
    );
  }

  return {
    async 'sample.load'() {
      if (!isEmpty()) throw new AppError('sample_not_empty');
      const importId = await importSample();
      await writes.run(() =>
        store
          .transaction(() => {
            noteSample(store, importId);
            shareFirst();
          })
          .immediate(),
      );
      changed('catalog', 'imports', 'shares');
      return {};
    },
    async 'sample.remove'() {
      const importId = sampleImportOf(readStore);
      if (importId === null) throw new AppError('not_found');
      await writes.run(() =>
        store.transaction(() => releaseSample(store, importId, samplePeople)).immediate(),
      );
      await imports.undo(importId);
      changed('catalog', 'imports', 'shares');
      return {};
    },
  };
}
