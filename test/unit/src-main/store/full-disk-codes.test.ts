import { expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/errors.ts';
import { storeError, writeBackLog, type Store } from '../../../../src-main/store/open.ts';

const failure = (code: string): Error => Object.assign(new Error(code), { code });

// A full disk shows in the database, in the index of its log, and in files of our own.
it.each(['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC'])('%s is a full disk', (code) => {
  const error = failure(code);
  expect(storeError(error)).toMatchObject({ code: 'disk_full', cause: error });
});

it('other failures stay what they are', () => {
  expect(storeError(failure('SQLITE_CORRUPT_INDEX'))).toMatchObject({ code: 'database_damaged' });
  const told = new AppError('import_stale');
  const unknown = failure('EPERM');
  expect([storeError(told), storeError(unknown)]).toEqual([told, unknown]);
});

it('a log that cannot be written back waits, and hides no other error', () => {
  const store = (code: string): Store =>
    ({
      pragma() {
        throw failure(code);
      },
    }) as unknown as Store;
  expect(() => writeBackLog(store('SQLITE_FULL'))).not.toThrow();
  expect(() => writeBackLog(store('SQLITE_IOERR_SHMSIZE'))).not.toThrow();
  expect(() => writeBackLog(store('EPERM'))).toThrow('EPERM');
});
