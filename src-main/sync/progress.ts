/** How far the reading of a connected Kimai is, as it is stored with what was read. */
import { z } from 'zod';
import type { ReadDb, WriteDb } from '../store/db.ts';
import { kimaiSettings } from '../store/kimai/kimai-imports.ts';
import { readSetting, writeSetting } from '../store/settings.ts';

/** Moments are milliseconds since 1970 UTC. */
const schema = z.object({
  /** The server's clock at the last poll that went well; null: nothing was read yet. */
  cursor: z.number().nullable().default(null),
  /** The first reading, while it lasts: the next page, and the server's clock when it began. */
  first: z.object({ page: z.int(), pages: z.int(), cursor: z.number() }).nullable().default(null),
  /** By our clock: when all ids were compared. */
  wholeAt: z.number().nullable().default(null),
  versionId: z.int().default(0),
  version: z.string().default(''),
  timeZone: z.string().default(''),
  /** Roles and teams of the token when it was last imported. */
  rights: z.string().default(''),
  /** They differ by now: what vanished may only be hidden. */
  hasOtherRights: z.boolean().default(false),
  /** Whether records came with rates the last time that there were any; null: there were none yet. */
  seesRates: z.boolean().nullable().default(null),
  /** Ids of records that changed and whose rates by the hour are still to be asked for. */
  rateless: z.array(z.int()).default([]),
});
export type ReadingProgress = z.infer<typeof schema>;

export const readProgress = (db: ReadDb): ReadingProgress =>
  schema.parse(readSetting(db, kimaiSettings.progress) ?? {});

export const writeProgress = (db: WriteDb, change: Partial<ReadingProgress>): void =>
  writeSetting(db, kimaiSettings.progress, { ...readProgress(db), ...change });
