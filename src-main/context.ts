import type { Topic } from '../src-shared/contract.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Secrets } from './secrets/secrets.ts';
import type { ReadDb } from './store/db.ts';
import type { ReadStore, Store } from './store/open.ts';
import type { WriteQueue } from './store/write-queue.ts';

/** Built worker files (or their sources, in tests): only the composition root knows them. */
export interface WorkerUrls {
  importReader: URL;
  importWriter: URL;
  password: URL;
  backup: URL;
}

/** What the owner may want to know while they look elsewhere. */
export type News =
  | { kind: 'imported'; fileName: string; inserted: number; updated: number }
  | { kind: 'import_waits'; fileName: string; jobId: string }
  | { kind: 'first_view'; shareId: number; label: string };

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
  /** Tells whoever listens what happened by itself. */
  tell(news: News): void;
}
