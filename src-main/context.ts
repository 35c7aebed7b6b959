import type { Topic } from '../src-shared/contract.ts';
import type { ReadDb } from './store/db.ts';
import type { ReadStore, Store } from './store/open.ts';
import type { WriteQueue } from './store/write-queue.ts';

/** Passed in everywhere, so that tests decide what time it is. */
export interface Clock {
  now(): Date;
}

/** Lines for whoever runs the program. Never pass keys, passwords, tokens, e-mails or amounts. */
export interface Log {
  info(line: string): void;
  /** `error` is logged by name, code and stack; its message may be anything and is not. */
  error(line: string, error?: unknown): void;
}

/** Secrets of this installation, 32 random bytes each; see secrets.ts for where they lie. */
export interface Secrets {
  /** Seals share keys in the store, so that the owner can copy an address again. */
  shareKey: Buffer;
  /** Keys under which older shares may be sealed; never used for new ones. */
  otherShareKeys?: readonly Buffer[];
  /** Signs the portal's session cookies. */
  cookie: Buffer;
  /** Keys the digests of client addresses. */
  client: Buffer;
}

/** Built worker files (or their sources, in tests): only the composition root knows them. */
export interface WorkerUrls {
  importReader: URL;
  importWriter: URL;
  password: URL;
}

/** What query handlers get: nothing in it can write to the store. */
export interface QueryContext {
  dataDir: string;
  clock: Clock;
  secrets: Secrets;
  /** Opened read-only: SQLite refuses writes, too. */
  readStore: ReadDb;
}

/** What the features of the main side share. Built once, in app.ts; there are no globals. */
export interface AppContext extends QueryContext {
  log: Log;
  /** For writing, inside `writes.run` only. */
  store: Store;
  readStore: ReadStore;
  writes: WriteQueue;
  workers: WorkerUrls;
  /** Tells the renderer what to fetch again. */
  changed(...topics: Topic[]): void;
}
