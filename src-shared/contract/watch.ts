/** The folder whose new files are imported by themselves. */
import { z } from 'zod';
import { moment, none, token } from './common.ts';
import { command, query } from './method.ts';

export const watchMethods = {
  'watch.get': query(
    'importer',
    none,
    z.strictObject({
      enabled: z.boolean(),
      folder: z.string(),
      everyMinutes: z.int(),
      lastLookAt: moment.nullable(),
      files: z.array(
        z.strictObject({
          fileName: z.string(),
          seenAt: moment,
          outcome: z.enum(['imported', 'waiting', 'failed']),
        }),
      ),
    }),
  ),
  /** `folderToken`: from `watch.folders`, which lists what the owner may choose from. */
  'watch.set': command(
    'importer',
    z.strictObject({
      enabled: z.boolean().optional(),
      folderToken: token.optional(),
      everyMinutes: z.int().min(1).max(1440).optional(),
    }),
    none,
  ),
  /** Subfolders of a folder (null: the home folder), as tokens that live until the next start. */
  'watch.folders': query(
    'importer',
    z.strictObject({ inside: token.nullable() }),
    z.strictObject({
      path: z.string(),
      token,
      parent: token.nullable(),
      folders: z.array(z.strictObject({ name: z.string(), token })),
    }),
  ),
};
