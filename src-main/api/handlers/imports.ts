import { parseDay } from '../../../src-shared/domain/day.ts';
import type { importMethods } from '../../../src-shared/contract/imports.ts';
import type { AppContext } from '../../context.ts';
import type { Imports } from '../../import/jobs/imports.ts';
import type { ColumnMapping } from '../../import/rows/types.ts';
import type { HandlersOf } from '../handlers.ts';

/** Imports, their history and the watch folder; the work itself is in src-main/import. */
export function createImportHandlers(
  _context: AppContext,
  imports: Imports,
): HandlersOf<typeof importMethods> {
  const { uploads, watch } = imports;
  return {
    'uploads.begin': async ({ fileName, size }) => ({
      uploadId: await uploads.begin(fileName, size),
    }),
    'uploads.append': async ({ uploadId, offset, base64 }) => ({
      received: await uploads.append(uploadId, offset, Buffer.from(base64, 'base64')),
    }),
    'imports.open': async ({ uploadId, auto }) => ({ jobId: await imports.open(uploadId, auto) }),
    'imports.jobs': () => imports.jobs(),
    'imports.job': ({ jobId }) => imports.job(jobId),
    'imports.map': async ({ jobId, columns }) => {
      await imports.map(jobId, columns as ColumnMapping[]);
      return {};
    },
    'imports.complete': async ({ jobId, complete }) => {
      await imports.complete(
        jobId,
        complete && {
          firstDay: parseDay(complete.firstDay)!,
          lastDay: parseDay(complete.lastDay)!,
          projectIds: complete.projectIds,
        },
      );
      return {};
    },
    'imports.rows': ({ jobId, ...wanted }) => imports.rows(jobId, wanted),
    'imports.commit': ({ jobId, digest }) => imports.commit(jobId, digest),
    'imports.cancel': async ({ jobId }) => {
      await imports.cancel(jobId);
      return {};
    },
    'imports.list': () => imports.list(),
    'imports.undo': async ({ importId }) => {
      await imports.undo(importId);
      return {};
    },
    'watch.get': () => watch.get(),
    'watch.set': async (patch) => {
      await watch.set({
        ...(patch.enabled === undefined ? {} : { enabled: patch.enabled }),
        ...(patch.folderToken === undefined ? {} : { folderToken: patch.folderToken }),
        ...(patch.everyMinutes === undefined ? {} : { everyMinutes: patch.everyMinutes }),
      });
      return {};
    },
    'watch.folders': ({ inside }) => watch.folders(inside),
  };
}
