import type { Topic } from '../src-shared/contract.ts';
import { createPortal } from '../src-server/portal.ts';
import type { WireError } from '../src-shared/errors.ts';
import type { Messages } from '../src-server/source.ts';
import { createAppChanges, createAppQueries } from './api/handlers/app.ts';
import { createBackupChanges, createBackupQueries } from './api/handlers/backups.ts';
import { createCatalogChanges } from './api/handlers/catalog-changes.ts';
import { createCatalogQueries } from './api/handlers/catalog.ts';
import { createImportChanges, createImportQueries } from './api/handlers/imports.ts';
import { createOverviewQueries } from './api/handlers/overview.ts';
import { createPublishChanges, createPublishQueries } from './api/handlers/publish.ts';
import { createSessionChanges, createSessionQueries } from './api/handlers/session.ts';
import { createShareChanges } from './api/handlers/share-changes.ts';
import { createShareQueries } from './api/handlers/shares.ts';
import { createRouter, type Call } from './api/router.ts';
import { createBackups } from './backup/backups.ts';
import type { Clock } from './clock.ts';
import type { AppContext, WorkerUrls } from './context.ts';
import { createImports } from './import/jobs/imports.ts';
import type { Log } from './log.ts';
import { createPasswords } from './passwords/passwords.ts';
import { createPublisher } from './publish/publisher.ts';
import { loadSecrets, type SecretVault } from './secrets/secrets.ts';
import { createSessions } from './sign-in/sessions.ts';
import { createAccessJournal } from './store/access-journal.ts';
import { createDataFolder, protectDataFolder } from './store/data-folder.ts';
import { openReadStore, openStore } from './store/open.ts';
import { createPortalSource } from './store/portal-source.ts';
import { purgeDeletedShares } from './store/shares/shares.ts';
import { WriteQueue } from './store/write-queue.ts';

export interface AppOptions {
  dataDir: string;
  host: 'electron' | 'browser' | 'cli';
  version: string;
  clock: Clock;
  log: Log;
  workers: WorkerUrls;
  /** The operating system's secret store; null: a file that only the owner can read. */
  vault: SecretVault | null;
  /** Locale code → texts, for the portal. */
  texts: ReadonlyMap<string, Messages>;
}

export interface App {
  call: Call;
  /** Topics to fetch again. Returns the function that ends the subscription. */
  onChanged(listener: (topics: Topic[]) => void): () => void;
  /**
   * Goes online if the owner had published, and starts the watch folder. Resolves with why the
   * portal could not go online; null: it did, or is not to.
   */
  start(): Promise<WireError | null>;
  /** Stops the portal and the workers, waits for the last write, closes the store. */
  close(): Promise<void>;
}

/**
 * Builds the program on a data folder; both hosts, the command line and the tests start here.
 * It opens no port before `start`. Throws what `openStore` throws.
 */
export function createApp(options: AppOptions): App {
  const { dataDir, clock, log, workers } = options;
  createDataFolder(dataDir);
  const { othersMayWrite } = protectDataFolder(dataDir);
  if (othersMayWrite) log.error('others on this computer may write to the data folder');
  const store = openStore(dataDir);
  const readStore = openReadStore(dataDir);
  const writes = new WriteQueue();
  const listeners = new Set<(topics: Topic[]) => void>();
  const context: AppContext = {
    dataDir,
    clock,
    log,
    store,
    readStore,
    writes,
    workers,
    secrets: loadSecrets(dataDir, options.vault, log),
    changed: (...changed) => {
      for (const listener of listeners) listener(changed);
    },
  };

  const passwords = createPasswords(workers.password);
  const sessions = createSessions(context, passwords);
  const backups = createBackups(context, {
    async onRestored(isMoved) {
      sessions.endAll();
      if (isMoved) await publisher.reload();
    },
  });
  const imports = createImports(context, backups);
  const portalDeps = {
    source: createPortalSource(readStore),
    journal: createAccessJournal(context),
    passwords,
    clock,
    secrets: { cookie: context.secrets.cookie, client: context.secrets.client },
    texts: options.texts,
    trustedHeader: () => publisher.trustedHeader(),
    publicUrl: () => publisher.status().publicUrl,
    log,
  };
  const publisher = createPublisher(context, createPortal(portalDeps).callback(), {
    canListen: options.host !== 'cli',
  });

  const call = createRouter({
    writes,
    log,
    authorise: (permission, caller) => sessions.authorise(permission, caller),
    handlers: {
      ...createAppQueries(context, { ...options, sessions, othersMayWrite }),
      ...createAppChanges(context, sessions),
      ...createSessionQueries(context),
      ...createSessionChanges(context, { sessions, passwords }),
      ...createBackupQueries(backups),
      ...createBackupChanges(backups, imports.uploads),
      ...createCatalogQueries(context),
      ...createCatalogChanges(context),
      ...createImportQueries(imports, sessions),
      ...createImportChanges(imports, sessions),
      ...createOverviewQueries(context, portalDeps.source),
      ...createShareQueries(context, portalDeps),
      ...createShareChanges(context, { passwords, sessions, source: portalDeps.source }),
      ...createPublishQueries(publisher),
      ...createPublishChanges(publisher),
    },
  });

  return {
    call,
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      await writes.run(() => purgeDeletedShares(store, context));
      await publisher.start();
      imports.start();
      backups.start();
      return publisher.failure();
    },
    async close() {
      await publisher.stop();
      await imports.close();
      await backups.close();
      await passwords.close();
      sessions.close();
      await writes.close();
      readStore.close();
      store.close();
      listeners.clear();
    },
  };
}
