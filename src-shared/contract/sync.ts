/** A connected Kimai, whose customers, projects and records come by themselves. */
import { z } from 'zod';
import { failure, moment, none } from './common.ts';
import { command, query } from './method.ts';

const count = z.int().min(0);
const address = z.string().min(1).max(500);
/** Kimai's are 32 letters and digits or so. */
const token = z.string().trim().min(1).max(500);
/** Minutes between two polls; 0: only by hand. */
const everyMin = z.int().min(0).max(60);

/** What the token of a Kimai can see. Nothing of it is stored by asking. */
export const kimaiSight = z.strictObject({
  /** As it was understood. */
  address: z.string(),
  version: z.string(),
  /** Whose token it is, as Kimai shows the name. */
  user: z.string(),
  records: count,
  /** Names of those whose records it sees, as far as that is known at once. */
  people: z.array(z.string()),
  /** At most 100 of them, and how many there are. */
  customers: z.array(z.string()),
  customerCount: count,
  seesRates: z.boolean(),
  seesBudgets: z.boolean(),
  /** Names of all users; else they come with records only. */
  seesUsers: z.boolean(),
  /** Kimai's names of the user's roles. */
  roles: z.array(z.string()),
});
export type KimaiSight = z.infer<typeof kimaiSight>;

/**
 * `off`: no Kimai is connected; `reading`: a poll runs; `waiting`: for the next one; `by_hand`: for
 * the owner to start it; `failed`; `preview`: what was read waits for a decision.
 */
export const syncStates = [
  'off',
  'reading',
  'importing',
  'waiting',
  'by_hand',
  'paused',
  'failed',
  'preview',
] as const;
export type SyncState = (typeof syncStates)[number];

/** `inserted` …: of what was imported then. */
const logEntry = z.strictObject({
  /** Of several alike in a row: of the last one. */
  at: moment,
  times: z.int().min(1).default(1),
  what: z.enum(['connected', 'read', 'imported', 'preview', 'kept', 'paused', 'resumed', 'failed']),
  requests: count,
  bytes: count,
  inserted: count,
  updated: count,
  removed: count,
  error: failure.nullable(),
});
export type SyncLogEntry = z.infer<typeof logEntry>;

export const syncStatus = z.strictObject({
  state: z.enum(syncStates),
  /** Null: no Kimai is connected. */
  kimai: z
    .strictObject({ address: z.string(), user: z.string(), version: z.string(), records: count })
    .nullable(),
  everyMin,
  /** Of the first reading: pages. Null: none runs. */
  progress: z.strictObject({ done: count, total: count }).nullable(),
  lastAt: moment.nullable(),
  nextAt: moment.nullable(),
  error: failure.nullable(),
  /** The import that waits for a decision, and why it does. */
  preview: z
    .strictObject({
      jobId: z.string(),
      because: z.enum(['first', 'vanished', 'rights', 'currency', 'undone', 'doubt']),
      removed: count,
    })
    .nullable(),
  today: z.strictObject({ requests: count, bytes: count }),
  /** The latest first. */
  log: z.array(logEntry),
});
export type SyncStatus = z.infer<typeof syncStatus>;

export const syncMethods = {
  'sync.status': query('system_configuration', none, syncStatus),
  /** Asks a Kimai what a token can see. */
  'sync.look': command('system_configuration', z.strictObject({ address, token }), kimaiSight),
  /** The same, then stores both and begins to read. */
  'sync.connect': command('system_configuration', z.strictObject({ address, token }), none),
  /** Forgets the token and what was read. What was imported stays. */
  'sync.disconnect': command('system_configuration', none, none),
  /** Starts a poll, also while it is paused. */
  'sync.now': command('system_configuration', none, none),
  /** Ends the poll that runs; what was read stays. */
  'sync.cancel': command('system_configuration', none, none),
  'sync.pause': command('system_configuration', z.strictObject({ paused: z.boolean() }), none),
  'sync.setInterval': command('system_configuration', z.strictObject({ everyMin }), none),
};
