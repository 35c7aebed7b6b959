import { statSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { AppError, type ErrorCode } from '../../../src-shared/errors.ts';
import { partName, type Target } from './target.ts';

const codes: Partial<Record<string, ErrorCode>> = {
  EACCES: 'target_not_writable',
  EPERM: 'target_not_writable',
  EROFS: 'target_not_writable',
  ENOENT: 'target_folder_missing',
  ENOTDIR: 'target_folder_missing',
  ENOSPC: 'target_full',
  EDQUOT: 'target_full',
};

/** A folder of this computer, for what syncs it or serves it. It has to be there. */
export function createFolderTarget({ folder }: { folder: string }): Target {
  const at = (path: string): string => join(folder, ...path.split('/'));

  async function told<T>(work: () => Promise<T>): Promise<T> {
    try {
      // A disk that is not mounted must not become a folder of the disk below.
      if (!isAbsolute(folder) || !statSync(folder).isDirectory()) {
        throw new AppError('target_folder_missing');
      }
      return await work();
    } catch (error) {
      if (error instanceof AppError) throw error;
      const code = codes[(error as NodeJS.ErrnoException).code ?? ''];
      throw new AppError(code ?? 'target_failed', {}, { cause: error });
    }
  }

  return {
    parallel: 4,
    list: (path) =>
      told(async () => {
        try {
          return await readdir(at(path));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
          throw error;
        }
      }),
    put: (path, bytes) =>
      told(async () => {
        const file = at(path);
        await mkdir(dirname(file), { recursive: true });
        const handle = await open(partName(file), 'w');
        try {
          await handle.writeFile(bytes);
        } finally {
          await handle.close();
        }
        await rename(partName(file), file);
      }),
    remove: (path) =>
      told(async () => {
        await rm(at(path), { force: true });
        await rm(partName(at(path)), { force: true });
      }),
    removeFolder: (path) =>
      told(async () => {
        try {
          await rmdir(at(path));
        } catch (error) {
          // Something of somebody else's lies in it, or it is gone already.
          if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as { code: string }).code)) {
            throw error;
          }
        }
      }),
    hostKey: () => '',
    close: () => Promise.resolve(),
  };
}
