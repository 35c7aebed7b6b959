import { rmSync } from 'node:fs';
import type { backupMethods } from '../../../src-shared/contract/backups.ts';
import type { Backups } from '../../backup/backups.ts';
import type { Uploads } from '../../import/jobs/uploads.ts';
import type { ChangesOf, QueriesOf } from '../handlers.ts';

export function createBackupQueries(
  backups: Pick<Backups, 'list' | 'failure'>,
): QueriesOf<typeof backupMethods> {
  return {
    'backups.list': () => ({ backups: backups.list(), failure: backups.failure() }),
  };
}

export function createBackupChanges(
  backups: Backups,
  uploads: Uploads,
): ChangesOf<typeof backupMethods> {
  return {
    'backups.make': () => backups.make('asked'),
    'backups.preview': ({ id }) => backups.preview(id),
    'backups.restore': ({ id }) => backups.restore(id),
    'backups.export': ({ passphrase }) => backups.export(passphrase),
    'backups.readExport': async ({ offset }) => ({
      base64: (await backups.readExport(offset)).toString('base64'),
    }),
    'backups.open': async ({ uploadId, passphrase }) => {
      const { path } = await uploads.take(uploadId);
      try {
        return await backups.open(path, passphrase);
      } finally {
        rmSync(path, { force: true });
      }
    },
  };
}
