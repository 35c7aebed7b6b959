/** Shares as encrypted files on a web space: switched on and off, and when they are uploaded. */
import type { Output, Topic } from '../../src-shared/contract.ts';
import type { TargetConfig, TargetCredentials } from '../../src-shared/contract/always-on.ts';
import { AppError, toWireError, type WireError } from '../../src-shared/errors.ts';
import type { Messages, PortalShare, PortalSource } from '../../src-server/source.ts';
import { later, type Later } from '../async/later.ts';
import { SerialQueue } from '../async/serial-queue.ts';
import type { AppContext } from '../context.ts';
import type { Passwords } from '../passwords/passwords.ts';
import * as rows from '../store/always-on.ts';
import type { SealedPageRow } from '../store/always-on.ts';
import { createDocuments, type Documents } from './documents.ts';
import { createKeysOfPages } from './page-keys.ts';
import { createPageLinks } from './page-links.ts';
import { createPageNeeds } from './page-needs.ts';
import { digestOf } from './page-state.ts';
import { placeOf, readTarget, writeTarget } from './stored-target.ts';
import { checkTarget } from './targets/check.ts';
import { createTarget } from './targets/targets.ts';
import { createUploads } from './uploads.ts';

/** So long after a change it is uploaded, together with what came meanwhile. */
const settleMs = 4000;
/** So often the program looks whether a day is over: pages say their day, shares expire. */
const lookMs = 15 * 60_000;

export interface AlwaysOnOptions {
  source: PortalSource;
  texts: ReadonlyMap<string, Messages>;
  passwords: Pick<Passwords, 'check' | 'pageKey'>;
  /** Whether this process uploads; a command that ends at once leaves it to the next start. */
  canUpload: boolean;
  /** Only tests have another one. */
  targetOf?: typeof createTarget | undefined;
  /** Only tests have another one, with which they say when an upload begins. */
  later?: Later | undefined;
}

type ShareStatus = Output<'alwaysOn.share'>;

export interface AlwaysOn {
  start(): void;
  close(): Promise<void>;
  status(): Output<'alwaysOn.status'>;
  share(id: number): ShareStatus;
  states(): Output<'alwaysOn.states'>;
  /**
   * The link to a share's pages, with its secret, in a language: null is the share's own.
   * Empty: not switched on, or not to be opened here.
   */
  link(id: number, locale: string | null): string;
  checkTarget(config: TargetConfig, credentials: TargetCredentials | null): Promise<string>;
  setTarget(config: TargetConfig, credentials: TargetCredentials | null): Promise<void>;
  enable(shareId: number, password: string | null): Promise<void>;
  disable(shareId: number): Promise<void>;
  /**
   * A share's password is about to change: derives what its files need, and returns what stores
   * that, to be called within the transaction that changes the password.
   */
  prepareUpdate(shareId: number, password: string | null): Promise<() => void>;
  /** Something changed; it is uploaded some seconds later. */
  noteChange(topics: readonly Topic[]): void;
  /** Uploads at once, and looks at the rest of the web space; the status tells how it goes. */
  upload(): void;
  cancel(): void;
  documents(): Documents;
}

/** Topics of changes that no page could show. */
const irrelevant: readonly Topic[] = [
  'alwaysOn',
  'jobs',
  'views',
  'publish',
  'session',
  'settings',
];

export function createAlwaysOn(context: AppContext, options: AlwaysOnOptions): AlwaysOn {
  const { log, store, readStore, writes, changed } = context;
  const { source, texts, passwords, targetOf = createTarget } = options;
  const runLater = options.later ?? later;
  const queue = new SerialQueue();
  let documents: Documents | null = null;
  /** Calls off the upload that waits. */
  let callOff: (() => void) | null = null;
  /** Calls off the next look at the day. */
  let stopLooking: (() => void) | null = null;
  let running: AbortController | null = null;
  let progress: { done: number; total: number } | null = null;
  let failure: WireError | null = null;
  let isClosed = false;

  const theDocuments = (): Documents => (documents ??= createDocuments(texts));
  const write = <T>(job: () => T): Promise<T> =>
    writes.run(() => store.transaction(job).immediate());
  const keys = createKeysOfPages(context, source, passwords);
  const links = createPageLinks(context, source, keys);
  const needs = createPageNeeds(context, source, keys, () =>
    digestOf(
      theDocuments().assets.map(({ path }) => path),
      [...texts.keys()],
    ),
  );
  const uploads = createUploads(context, { source, keys, needs, documents: theDocuments });

  const existing = (shareId: number): PortalShare => {
    const share = links.shareOf(shareId);
    if (!share) throw new AppError('not_found');
    return share;
  };

  /** Resolves with whether something is left to do. */
  async function run(lookAround: boolean): Promise<boolean> {
    const stored = readTarget(context);
    await keys.replaceOutdated();
    if (!uploads.hasWork(lookAround)) return false;
    if (stored === null) throw new AppError('always_on_no_target');
    if (stored.credentials === null) throw new AppError('target_credentials');
    const target = targetOf(stored.config, stored.credentials);
    const controller = new AbortController();
    running = controller;
    try {
      return await uploads.run(target, {
        lookAround,
        signal: controller.signal,
        onProgress(done, total) {
          progress = { done, total };
          if (done % 20 === 0 || done === total) changed('alwaysOn');
        },
      });
    } catch (error) {
      throw controller.signal.aborted ? new AppError('always_on_cancelled') : error;
    } finally {
      running = null;
      progress = null;
      await target.close();
    }
  }

  const uploadNow = (lookAround: boolean): Promise<void> =>
    queue.run(async () => {
      if (isClosed) return;
      let isLeft = false;
      try {
        isLeft = await run(lookAround);
        failure = null;
      } catch (error) {
        failure = toWireError(error);
        if (!(error instanceof AppError)) log.error('always on: an upload failed', error);
        else log.info(`always on: an upload did not end: ${error.code}`);
      }
      changed('alwaysOn');
      if (isLeft) schedule();
    });

  function schedule(lookAround = false, ms = settleMs): void {
    if (!options.canUpload || isClosed) return;
    // What waits looks at less, so it is done with this one.
    if (lookAround) callOff?.();
    else if (callOff !== null) return;
    callOff = runLater(() => {
      callOff = null;
      return uploadNow(lookAround);
    }, ms);
  }

  function lookLater(): void {
    stopLooking = runLater(() => {
      schedule();
      lookLater();
      return Promise.resolve();
    }, lookMs);
  }

  function errorOf(page: SealedPageRow | null): ShareStatus['error'] {
    if (failure !== null) return { code: failure.code, params: { ...failure.params } };
    return page?.failure ? { code: page.failure, params: {} } : null;
  }

  const alwaysOn: AlwaysOn = {
    start() {
      if (!options.canUpload) return;
      lookLater();
      if (rows.listSealedPages(readStore).length > 0) schedule();
    },
    async close() {
      isClosed = true;
      callOff?.();
      stopLooking?.();
      running?.abort();
      await queue.idle();
    },
    status() {
      const pages = rows.listSealedPages(readStore);
      const moments = pages.flatMap(({ uploadedAt }) => uploadedAt ?? []);
      return {
        target: readTarget(context)?.config ?? null,
        progress,
        waiting: pages.filter((page) => needs.needOf(page) !== null).length,
        error: errorOf(pages.find((page) => page.failure !== null) ?? null),
        uploadedAt: moments.length > 0 ? Math.max(...moments) : null,
      };
    },
    link: links.link,
    states() {
      const ids = new Set(rows.listSealedPages(readStore).map(({ shareId }) => shareId));
      return [...ids].map((id) => ({ id, state: alwaysOn.share(id).state }));
    },
    share(id) {
      const page = rows.findSealedPage(readStore, id);
      const state = needs.describe(page, id, failure !== null);
      const size = page ? rows.sealedSize(readStore, page.publicId) : { files: 0, bytes: 0 };
      const url = links.link(id, null);
      const error = state === 'failed' || state === 'removing' ? errorOf(page) : null;
      return { state, url, uploadedAt: page?.uploadedAt ?? null, ...size, error };
    },
    async checkTarget(config, credentials) {
      const known = credentials ?? readTarget(context)?.credentials;
      if (!known) throw new AppError('target_credentials');
      const target = targetOf(config, known);
      try {
        await checkTarget(target, config.publicUrl);
        return target.hostKey();
      } finally {
        await target.close();
      }
    },
    async setTarget(config, credentials) {
      const before = readTarget(context);
      const known = credentials ?? before?.credentials;
      if (!known) throw new AppError('target_credentials');
      const hostKey = await alwaysOn.checkTarget(config, known);
      await queue.run(async () => {
        const isElsewhere = before !== null && placeOf(before.config) !== placeOf(config);
        if (isElsewhere && before.credentials !== null) {
          const left = targetOf(before.config, before.credentials);
          await uploads.emptyTarget(left).finally(() => left.close());
        }
        const pinned = config.kind === 'sftp' ? { ...config, hostKey } : config;
        await writeTarget(context, pinned, known);
      });
      failure = null;
      changed('alwaysOn');
      schedule();
    },
    async enable(shareId, password) {
      const share = existing(shareId);
      if (readTarget(context) === null) throw new AppError('always_on_no_target');
      if (share.passwordHash !== null) {
        if (password === null) throw new AppError('always_on_password_needed');
        const { ok } = await passwords.check(password, share.passwordHash);
        if (!ok) throw new AppError('password_wrong');
      }
      const sealed = await keys.sealPassword(share.passwordHash === null ? null : password);
      await write(() => {
        const { passwordVersion } = share;
        const page = rows.findSealedPage(store, shareId);
        if (!page) keys.insertPage(share, { ...sealed, passwordVersion });
        else {
          const change = { ...sealed, passwordVersion, stateDigest: '' };
          rows.updateSealedPage(store, page.publicId, change);
        }
      });
      changed('alwaysOn');
      schedule();
    },
    async disable(shareId) {
      const page = rows.findSealedPage(readStore, shareId);
      if (page === null) return;
      await write(() => rows.updateSealedPage(store, page.publicId, { retired: true }));
      changed('alwaysOn');
      schedule();
    },
    async prepareUpdate(shareId, password) {
      const page = rows.findSealedPage(readStore, shareId);
      if (page === null) return () => undefined;
      const sealed = await keys.sealPassword(password);
      return () => {
        const share = source.shareByKeyDigest(page.keyDigest);
        rows.updateSealedPage(store, page.publicId, {
          ...sealed,
          // The transaction raises it by one.
          passwordVersion: (share?.passwordVersion ?? page.passwordVersion) + 1,
        });
      };
    },
    noteChange(topics) {
      if (topics.every((topic) => irrelevant.includes(topic))) return;
      if (rows.listSealedPages(readStore).length > 0) schedule();
    },
    upload: () => schedule(true, 0),
    cancel: () => running?.abort(),
    documents: theDocuments,
  };
  return alwaysOn;
}
