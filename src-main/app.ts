import type { Topic } from '../src-shared/contract.ts';
import type { DesktopSettings } from '../src-shared/contract/desktop.ts';
import { localDay } from '../src-shared/domain/day.ts';
import { createPortal } from '../src-server/portal.ts';
import type { WireError } from '../src-shared/errors.ts';
import type { Messages } from '../src-server/source.ts';
import { createAlwaysOn, type AlwaysOnOptions } from './always-on/always-on.ts';
import { createSnapshots } from './always-on/snapshot.ts';
import { createAlwaysOnChanges, createAlwaysOnQueries } from './api/handlers/always-on.ts';
import { createAppChanges, createAppQueries } from './api/handlers/app.ts';
import { createBackupChanges, createBackupQueries } from './api/handlers/backups.ts';
import { createCatalogChanges } from './api/handlers/catalog-changes.ts';
import { createCatalogQueries } from './api/handlers/catalog.ts';
import { createDiagnosticsQueries } from './api/handlers/diagnostics.ts';
import { createImportChanges, createImportQueries } from './api/handlers/imports.ts';
import { createOverviewQueries } from './api/handlers/overview.ts';
import { createPublishChanges, createPublishQueries } from './api/handlers/publish.ts';
import { createSessionChanges, createSessionQueries } from './api/handlers/session.ts';
import { createSampleChanges } from './api/handlers/sample.ts';
import { createShareChanges } from './api/handlers/share-changes.ts';
import { createShareQueries } from './api/handlers/shares.ts';
import { createSyncChanges, createSyncQueries } from './api/handlers/sync.ts';
import { createRouter, type Call } from './api/router.ts';
import { createBackups } from './backup/backups.ts';
import {
  createDesktopChanges,
  createDesktopQueries,
  readDesktopSettings,
  type DesktopHost,
} from './api/handlers/desktop.ts';
import type { Clock } from './clock.ts';
import type { AppContext, News, WorkerUrls } from './context.ts';
import { createImports } from './import/jobs/imports.ts';
import { progressOf } from './import/jobs/job-progress.ts';
import type { KeptLog, Log } from './log.ts';
import { createPasswords } from './passwords/passwords.ts';
import { createPublisher } from './publish/publisher.ts';
import type { PublisherOptions, PublishStatus } from './publish/publishing.ts';
import type { LoadedSecrets } from './secrets/secrets.ts';
import { createSessions } from './sign-in/sessions.ts';
import { createAccessJournal } from './store/access-journal.ts';
import { createDataFolder, protectDataFolder } from './store/data-folder.ts';
import { openReadStore, openStore } from './store/open.ts';
import { createPortalSource } from './store/portal-source.ts';
import { countViews } from './store/shares/share-views.ts';
import { purgeDeletedShares } from './store/shares/shares.ts';
import { createSync } from './sync/sync.ts';
import { watchStoreFiles } from './store/store-files.ts';
import { createTroubles } from './store/troubles.ts';
import { WriteQueue } from './store/write-queue.ts';

export type { DesktopHost, News };

export interface AppOptions {
  dataDir: string;
  host: 'electron' | 'browser' | 'cli';
  version: string;
  homepage: string | null;
  clock: Clock;
  log: Log;
  /** What was logged lately. */
  readLog: KeptLog['read'];
  workers: WorkerUrls;
  secrets: LoadedSecrets;
  /** What only a desktop app can do; null: the program is none. */
  desktop: DesktopHost | null;
  /** The licences of all packages inside, made by the build. */
  licencesFile: string;
  /** Holds the lists of the sample business. */
  sampleDir: string;
  /** Locale code → texts, for the portal. */
  texts: ReadonlyMap<string, Messages>;
  /** Only tests have other ones. */
  alwaysOn?: Pick<AlwaysOnOptions, 'targetOf' | 'later'>;
  publish?: Pick<PublisherOptions, 'release'>;
}

/** What a host shows and does without anybody signed in: no name, no link. */
export interface Presence {
  /** `paused`: clients reach it, and read that it is paused. */
  portal: PublishStatus['state'] | 'paused';
  /** By clients, of all shares. */
  viewsToday: number;
  /** Part of the imports that run, 0 to 1; 2: they cannot tell; null: none runs. */
  importing: number | null;
  settings: DesktopSettings;
}

export interface App {
  call: Call;
  /**
   * Takes note of an error that nobody caught: it is logged, and the owner is told. The program goes
   * on: what was committed is on the disk, and what was not is rolled back.
   */
  noteUnexpected(error: unknown): void;
  presence(): Presence;
  /** What happened by itself. Returns the function that ends the subscription. */
  onNews(listener: (news: News) => void): () => void;
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
  const writes = new WriteQueue(() => troubles.check());
  const listeners = new Set<(topics: Topic[]) => void>();
  const newsListeners = new Set<(news: News) => void>();
  const context: AppContext = {
    dataDir,
    clock,
    log,
    store,
    readStore,
    writes,
    workers,
    secrets: options.secrets.secrets,
    changed: (...changed) => {
      for (const listener of listeners) listener(changed);
    },
    tell: (news) => {
      for (const listener of newsListeners) listener(news);
    },
  };

  const troubles = createTroubles(context, watchStoreFiles(store));
  const passwords = createPasswords(workers.password);
  const sessions = createSessions(context, passwords);
  const backups = createBackups(context, {
    async onRestored(isMoved) {
      sessions.endAll();
      if (isMoved) await publisher.reload();
    },
  });
  const imports = createImports(context, backups);
  const sync = createSync(context, {
    imports,
    userAgent: `CustomerPortal/${options.version} (reads only)`,
    random: Math.random,
  });
  const portalDeps = {
    source: createPortalSource(readStore),
    journal: createAccessJournal(context),
    passwords,
    clock,
    secrets: { cookie: context.secrets.cookie, client: context.secrets.client },
    texts: options.texts,
    trustedHeader: () => publisher.trustedHeader(),
    publicUrl: () => publisher.publicUrl(),
    paused: () => publisher.paused(),
    answerCheck: (question: string) => publisher.answerCheck(question),
    log,
  };
  const publisher = createPublisher(context, createPortal(portalDeps), {
    canListen: options.host !== 'cli',
    ...options.publish,
  });

  const { source } = portalDeps;
  const alwaysOn = createAlwaysOn(context, {
    ...{ source, passwords, texts: options.texts },
    canUpload: options.host !== 'cli',
    ...options.alwaysOn,
  });
  listeners.add((topics) => {
    alwaysOn.noteChange(topics);
  });
  const snapshots = createSnapshots({
    ...{ readStore, clock, source, passwords },
    documents: () => alwaysOn.documents(),
  });

  let unexpected = 0;
  const call = createRouter({
    writes,
    log,
    authorise: (permission, caller) => sessions.authorise(permission, caller),
    handlers: {
      ...createAlwaysOnQueries(alwaysOn),
      ...createAlwaysOnChanges(alwaysOn, snapshots),
      ...createAppQueries(context, {
        ...options,
        sessions,
        troubles: () => [...troubles.list(), ...[backups.failure() ?? []].flat()],
        unexpected: () => unexpected,
        othersMayWrite,
        someSealed: options.secrets.someSealed,
      }),
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
      ...createSampleChanges(context, imports, options.sampleDir),
      ...createShareQueries(context, portalDeps, alwaysOn),
      ...createShareChanges(context, { passwords, sessions, source, alwaysOn }),
      ...createPublishQueries(context, publisher),
      ...createPublishChanges(publisher),
      ...createSyncQueries(sync),
      ...createSyncChanges(sync),
      ...createDiagnosticsQueries(context, {
        ...options,
        unexpected: () => unexpected,
        publishing: () => publisher.status(),
      }),
      ...createDesktopQueries(context, options),
      ...createDesktopChanges(context, { ...options, watch: imports.watch, sessions }),
    },
  });

  return {
    call,
    noteUnexpected(error) {
      unexpected++;
      log.error('an error that nobody foresaw; the program goes on', error);
      context.changed('session');
    },
    presence: () => ({
      portal: stateOf(publisher.status()),
      viewsToday: countViews(readStore, localDay(clock.now())),
      importing: progressOf(imports.jobs()),
      settings: readDesktopSettings(readStore),
    }),
    onNews(listener) {
      newsListeners.add(listener);
      return () => newsListeners.delete(listener);
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      await writes.run(() => purgeDeletedShares(store, context));
      await publisher.start();
      imports.start();
      sync.start();
      backups.start();
      troubles.start();
      alwaysOn.start();
      return publisher.failure();
    },
    async close() {
      troubles.stop();
      await alwaysOn.close();
      await publisher.stop();
      await sync.close();
      await imports.close();
      await backups.close();
      await passwords.close();
      sessions.close();
      await writes.close();
      readStore.close();
      store.close();
      listeners.clear();
      newsListeners.clear();
    },
  };
}

const stateOf = ({ state, pause }: PublishStatus): Presence['portal'] =>
  state === 'online' && pause !== null ? 'paused' : state;
