import { parseDay } from '../../../src-shared/domain/day.ts';
import type { importMethods } from '../../../src-shared/contract/imports.ts';
import type { watchMethods } from '../../../src-shared/contract/watch.ts';
import type { FolderReach } from '../../import/jobs/folder-choice.ts';
import type { Imports } from '../../import/jobs/imports.ts';
import type { Sessions } from '../../sign-in/sessions.ts';
import type { Caller } from '../../sign-in/caller.ts';
import type { ChangesOf, QueriesOf } from '../handlers.ts';

type Methods = typeof importMethods & typeof watchMethods;

/** Only the owner sees folders that may belong to others who work on this computer. */
export const reachOf = (sessions: Pick<Sessions, 'profileOf'>, caller: Caller): FolderReach =>
  sessions.profileOf(caller).role === 'ROLE_SUPER_ADMIN' ? 'everywhere' : 'home';

/** What imports are doing, their history and the watch folder. */
export function createImportQueries(
  {
    watch,
    ...imports
  }: Pick<Imports, 'jobs' | 'job' | 'rows' | 'list'> & {
    watch: Pick<Imports['watch'], 'get' | 'folders'>;
  },
  sessions: Pick<Sessions, 'profileOf'>,
): QueriesOf<Methods> {
  return {
    'imports.jobs': () => imports.jobs(),
    'imports.job': ({ jobId }) => imports.job(jobId),
    'imports.rows': ({ jobId, ...wanted }) => imports.rows(jobId, wanted),
    'imports.list': () => imports.list(),
    'watch.get': () => watch.get(),
    'watch.folders': ({ inside }, caller) => watch.folders(inside, reachOf(sessions, caller)),
  };
}

/** Uploads, imports and the watch folder. The work itself is in src-main/import. */
export function createImportChanges(
  imports: Imports,
  sessions: Pick<Sessions, 'profileOf'>,
): ChangesOf<Methods> {
  const { uploads, watch } = imports;
  return {
    'uploads.begin': async ({ fileName, size }) => ({
      uploadId: await uploads.begin(fileName, size),
    }),
    'uploads.append': async ({ uploadId, offset, base64 }) => ({
      received: await uploads.append(uploadId, offset, Buffer.from(base64, 'base64')),
    }),
    'imports.open': async ({ uploadId, others, auto }) => ({
      jobId: await imports.open([uploadId, ...others], auto),
    }),
    'imports.map': async ({ jobId, columns, choices }) => {
      await imports.map(jobId, { ...choices, columns });
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
    'imports.replace': async ({ jobId, ...replace }) => {
      await imports.replace(jobId, replace);
      return {};
    },
    'imports.commit': ({ jobId, digest, seen }) => imports.commit(jobId, digest, seen),
    'imports.cancel': async ({ jobId }) => {
      await imports.cancel(jobId);
      return {};
    },
    'imports.undo': async ({ importId }) => {
      await imports.undo(importId);
      return {};
    },
    'watch.set': async (patch, caller) => {
      const changes = {
        ...(patch.enabled === undefined ? {} : { enabled: patch.enabled }),
        ...(patch.folderToken === undefined ? {} : { folderToken: patch.folderToken }),
        ...(patch.everyMinutes === undefined ? {} : { everyMinutes: patch.everyMinutes }),
      };
      await watch.set(changes, reachOf(sessions, caller));
      return {};
    },
  };
}
