import { randomBytes } from 'node:crypto';
import type { Output } from '../../src-shared/contract.ts';
import type { TargetConfig, TargetCredentials } from '../../src-shared/contract/always-on.ts';
import type { Topic } from '../../src-shared/contract.ts';
import { localDay } from '../../src-shared/domain/day.ts';
import { sharePath } from '../../src-shared/domain/share-link.ts';
import { shareState } from '../../src-shared/domain/share-state.ts';
import { AppError, toWireError, type WireError } from '../../src-shared/errors.ts';
import { publicIdOf, readSecret, saltBytes } from '../../src-shared/sealed-page/keys.ts';
import type { Messages, PortalShare, PortalSource } from '../../src-server/source.ts';
import { SerialQueue } from '../async/serial-queue.ts';
import type { AppContext } from '../context.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { openSecret, sealedUses, sealSecret } from '../secrets/sealed-secret.ts';
import { createShareKey } from '../secrets/share-key.ts';
import * as rows from '../store/always-on.ts';
import type { SealedPageRow } from '../store/always-on.ts';
import { createDocuments, type Documents } from './documents.ts';
import { readTarget, writeTarget } from './stored-target.ts';
import { checkTarget } from './targets/check.ts';
import { publicAddress, type Target } from './targets/target.ts';
import { createTarget } from './targets/targets.ts';
import { digestOf, readState, scopeDigest } from './page-state.ts';
import { inParallel, removePage, uploadPage, type PageKeys } from './upload-page.ts';

/** So long after a change it is uploaded, together with what came meanwhile. */
const settleMs = 4000;
/** So often the program looks whether a day is over: pages say their day, shares expire. */
const lookMs = 15 * 60_000;
/** So long assets of earlier versions of the program stay. */
const keepAssetsMs = 90 * 86_400_000;

export interface AlwaysOnOptions {
  source: PortalSource;
  texts: ReadonlyMap<string, Messages>;
  passwords: Pick<Passwords, 'check' | 'pageKey'>;
  /** Whether this process uploads; a command that ends at once leaves it to the next start. */
  canUpload: boolean;
  /** Only tests have another one. */
  targetOf?: typeof createTarget | undefined;
  settleMs?: number | undefined;
  onBuilt?: ((alwaysOn: AlwaysOn, context: AppContext) => void) | undefined;
}

export type AlwaysOnStatus = Output<'alwaysOn.status'>;
type ShareStatus = Output<'alwaysOn.share'>;

export interface AlwaysOn {
  start(): void;
  close(): Promise<void>;
  status(): AlwaysOnStatus;
  share(id: number): ShareStatus;
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
  /** Uploads what waits, without looking at the rest of the web space. */
  uploadChanges(): Promise<void>;
  /** Uploads at once. Resolves when the upload has ended; the status tells how. */
  uploadNow(): Promise<void>;
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
const { link: secretUse, password: passwordUse } = sealedUses;

export function createAlwaysOn(context: AppContext, options: AlwaysOnOptions): AlwaysOn {
  const { clock, log, store, readStore, writes, secrets, changed } = context;
  const { source, texts, passwords, targetOf = createTarget } = options;
  const queue = new SerialQueue();
  let documents: Documents | null = null;
  let timer: NodeJS.Timeout | null = null;
  let looking: NodeJS.Timeout | null = null;
  let running: AbortController | null = null;
  let progress: { done: number; total: number } | null = null;
  let failure: WireError | null = null;
  let isClosed = false;

  const theDocuments = (): Documents => (documents ??= createDocuments(texts));
  const write = <T>(job: () => T): Promise<T> =>
    writes.run(() => store.transaction(job).immediate());

  /** A share whose files should be there, as the portal has it; null: they should not. */
  function wantedShare(page: SealedPageRow): PortalShare | null {
    if (page.retired) return null;
    const digest = rows.shareKeyDigest(readStore, page.shareId);
    if (digest === null || !digest.equals(page.keyDigest)) return null;
    const share = source.shareByKeyDigest(digest);
    if (share === null) return null;
    return shareState(share, localDay(clock.now())) === 'active' ? share : null;
  }

  /** Whether the share has a password that the program cannot seal with. */
  const lacksPassword = (page: SealedPageRow, share: PortalShare): boolean =>
    share.passwordHash !== null &&
    (page.passwordVersion !== share.passwordVersion || page.passwordKey === null);

  function openKeys(page: SealedPageRow): PageKeys {
    const secret = openSecret(page.secret, secretUse, secrets);
    const key = page.passwordKey && openSecret(page.passwordKey, passwordUse, secrets);
    // They were sealed under secrets that are not here, see secrets.ts.
    if (secret === null || (page.passwordKey !== null && key === null)) {
      throw new AppError('always_on_keys_lost');
    }
    return {
      publicId: page.publicId,
      secret: readSecret(secret.toString('utf8')),
      salt: page.salt,
      password: key && { key, salt: page.passwordSalt! },
    };
  }

  const documentsDigest = (): string =>
    digestOf(
      theDocuments().assets.map(({ path }) => path),
      [...texts.keys()],
    );
  const stateOf = (share: PortalShare) =>
    readState(readStore, { share, source, now: clock.now() }, documentsDigest());

  /** What has to be done for a page; null: nothing. */
  function needOf(page: SealedPageRow): 'upload' | 'remove' | 'forget' | null {
    const share = wantedShare(page);
    const isThere = page.version > 0 || page.unfinished;
    if (share === null || lacksPassword(page, share)) {
      if (isThere) return 'remove';
      const isOver = page.retired || !rows.isShareKept(readStore, page.shareId);
      return isOver || hasNewKey(page) ? 'forget' : null;
    }
    return page.unfinished || page.stateDigest !== stateOf(share).digest ? 'upload' : null;
  }

  function hasNewKey(page: SealedPageRow): boolean {
    const digest = rows.shareKeyDigest(readStore, page.shareId);
    return digest !== null && !digest.equals(page.keyDigest);
  }

  /** A share with a new key gets a new secret, and with it another folder. */
  async function replaceKeys(): Promise<void> {
    for (const page of rows.listSealedPages(readStore)) {
      if (page.retired || !hasNewKey(page)) continue;
      const share = source.shareByKeyDigest(rows.shareKeyDigest(readStore, page.shareId)!);
      if (share === null) continue;
      await write(() => {
        rows.updateSealedPage(store, page.publicId, { retired: true });
        // The password stays, and so does what it adds to the key.
        insertPage(share, page);
      });
    }
  }

  function insertPage(
    share: PortalShare,
    password: Pick<SealedPageRow, 'passwordVersion' | 'passwordKey' | 'passwordSalt'>,
  ): void {
    const { passwordVersion, passwordKey, passwordSalt } = password;
    const secret = createShareKey();
    rows.insertSealedPage(store, {
      publicId: publicIdOf(readSecret(secret)),
      shareId: share.id,
      secret: sealSecret(secret, secretUse, secrets),
      keyDigest: rows.shareKeyDigest(store, share.id)!,
      salt: randomBytes(saltBytes),
      ...{ passwordVersion, passwordKey, passwordSalt },
    });
  }

  /** What a password adds to the page key, sealed for the store. */
  async function sealPassword(
    password: string | null,
  ): Promise<Pick<SealedPageRow, 'passwordKey' | 'passwordSalt'>> {
    if (password === null) return { passwordKey: null, passwordSalt: null };
    const passwordSalt = randomBytes(saltBytes);
    const key = await passwords.pageKey(password, passwordSalt);
    return { passwordKey: sealSecret(key, passwordUse, secrets), passwordSalt };
  }

  const existing = (shareId: number): PortalShare => {
    const digest = rows.shareKeyDigest(readStore, shareId);
    const share = digest && source.shareByKeyDigest(digest);
    if (!share) throw new AppError('not_found');
    return share;
  };

  async function run(lookAround: boolean): Promise<void> {
    const stored = readTarget(context);
    await replaceKeys();
    const pages = rows.listSealedPages(readStore);
    const due = pages.filter((page) => lookAround || needOf(page) !== null);
    if (due.length === 0) {
      failure = null;
      return;
    }
    if (stored === null) throw new AppError('always_on_no_target');
    if (stored.credentials === null) throw new AppError('target_credentials');
    const target = targetOf(stored.config, stored.credentials);
    const controller = new AbortController();
    running = controller;
    try {
      await putAssets(target, lookAround, controller.signal);
      for (const page of due) {
        controller.signal.throwIfAborted();
        await handle(target, page, lookAround, controller.signal);
      }
      await dropOldAssets(target);
      failure = null;
    } catch (error) {
      throw controller.signal.aborted ? new AppError('always_on_cancelled') : error;
    } finally {
      running = null;
      progress = null;
      await target.close();
    }
  }

  async function handle(
    target: Target,
    page: SealedPageRow,
    lookAround: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const need = needOf(page) ?? (lookAround && page.version > 0 ? 'upload' : null);
    const { publicId } = page;
    if (need === 'forget') await write(() => rows.deleteSealedPage(store, publicId));
    if (need === 'remove') {
      await write(() => rows.updateSealedPage(store, publicId, { unfinished: true }));
      const paths = theDocuments()
        .indexes(publicId)
        .map(({ path }) => path);
      await removePage(target, publicId, paths);
      await write(() => {
        const names = rows.listSealedFiles(store, publicId).map(({ name }) => name);
        rows.deleteSealedFiles(store, publicId, names);
        const gone = { version: 0, stateDigest: '', unfinished: false, uploadedAt: null };
        rows.updateSealedPage(store, publicId, gone);
        const over = page.retired || !rows.isShareKept(store, page.shareId) || hasNewKey(page);
        if (over) rows.deleteSealedPage(store, publicId);
      });
    }
    if (need === 'upload') await upload(target, page, lookAround, signal);
    if (need !== null) changed('alwaysOn');
  }

  async function upload(
    target: Target,
    page: SealedPageRow,
    lookAround: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const share = wantedShare(page)!;
    const state = stateOf(share);
    const scope = scopeDigest(share);
    const { publicId } = page;
    // What was readable with earlier keys must not be with the new ones: another salt.
    const isNewScope = page.scopeDigest !== '' && page.scopeDigest !== scope;
    const salt = isNewScope ? randomBytes(saltBytes) : page.salt;
    const hasPassword = share.passwordHash !== null;
    const passwordKey = hasPassword ? page.passwordKey : null;
    const passwordSalt = hasPassword ? page.passwordSalt : null;
    await write(() =>
      rows.updateSealedPage(store, publicId, {
        ...{ unfinished: true, scopeDigest: scope, salt, passwordKey, passwordSalt },
        passwordVersion: share.passwordVersion,
      }),
    );
    const version = await uploadPage({
      ...{ share, source, now: clock.now(), target, state, signal },
      keys: openKeys({ ...page, salt, passwordKey, passwordSalt }),
      indexes: theDocuments().indexes(publicId),
      known: new Map(rows.listSealedFiles(readStore, publicId).map((row) => [row.name, row])),
      lastVersion: page.version,
      anew: lookAround,
      lookAround: lookAround || page.unfinished || page.version === 0,
      keep: (files) => write(() => rows.putSealedFiles(store, publicId, files)),
      forget: (names) => write(() => rows.deleteSealedFiles(store, publicId, names)),
      onProgress(done, total) {
        progress = { done, total };
        if (done % 20 === 0 || done === total) changed('alwaysOn');
      },
    });
    await write(() =>
      rows.updateSealedPage(store, publicId, {
        ...{ version, stateDigest: state.digest, unfinished: false, failure: null },
        uploadedAt: clock.now().getTime(),
      }),
    );
  }

  /** What all shares have in common stands in the table under an id that no share has. */
  const common = '';

  async function putAssets(
    target: Target,
    lookAround: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const known = new Set(rows.listSealedFiles(readStore, common).map(({ path }) => path));
    const missing = theDocuments().assets.filter(({ path }) => lookAround || !known.has(path));
    await inParallel(missing, target.parallel, async ({ path, bytes }) => {
      signal.throwIfAborted();
      await target.put(path, bytes);
      const version = clock.now().getTime();
      const row = { name: path, path, version, digest: '', state: '', size: bytes.length };
      await write(() => rows.putSealedFiles(store, common, [row]));
    });
  }

  /** Browsers may keep a document that refers to them for weeks; at once if no share is always on. */
  async function dropOldAssets(target: Target): Promise<void> {
    const isNeeded = rows.listSealedPages(readStore).some(({ version }) => version > 0);
    const current = new Set(isNeeded ? theDocuments().assets.map(({ path }) => path) : []);
    const until = isNeeded ? clock.now().getTime() - keepAssetsMs : Infinity;
    const old = rows
      .listSealedFiles(readStore, common)
      .filter(({ path, version }) => !current.has(path) && version < until);
    if (old.length === 0) return;
    for (const { path } of old) await target.remove(path);
    if (!isNeeded) await target.removeFolder('assets');
    await write(() =>
      rows.deleteSealedFiles(
        store,
        common,
        old.map(({ name }) => name),
      ),
    );
  }

  const uploadNow = (lookAround: boolean): Promise<void> =>
    queue.run(async () => {
      if (isClosed || !options.canUpload) return;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      try {
        await run(lookAround);
      } catch (error) {
        failure = toWireError(error);
        if (!(error instanceof AppError)) log.error('always on: an upload failed', error);
        else log.info(`always on: an upload did not end: ${error.code}`);
      }
      changed('alwaysOn');
    });

  function schedule(): void {
    if (!options.canUpload || isClosed || timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      void uploadNow(false);
    }, options.settleMs ?? settleMs);
  }

  function errorOf(): ShareStatus['error'] {
    return failure && { code: failure.code, params: { ...failure.params } };
  }

  function describe(page: SealedPageRow | null, shareId: number): ShareStatus['state'] {
    if (page === null) {
      const left = rows.listSealedPages(readStore).some((other) => other.shareId === shareId);
      return left ? 'removing' : 'off';
    }
    const share = wantedShare(page);
    const isThere = page.version > 0 || page.unfinished;
    if (share === null) return isThere ? 'removing' : hasNewKey(page) ? 'waiting' : 'hidden';
    if (lacksPassword(page, share)) return isThere ? 'removing' : 'password_needed';
    if (needOf(page) === null) return 'up_to_date';
    return failure === null ? 'waiting' : 'failed';
  }

  function urlOf(page: SealedPageRow, share: PortalShare): string {
    const stored = readTarget(context);
    const secret = openSecret(page.secret, secretUse, secrets)?.toString('utf8');
    if (stored === null || secret === undefined) return '';
    const path = sharePath(share.options.locale, page.publicId).slice(1);
    return `${publicAddress(stored.config.publicUrl, path)}/#${secret}`;
  }

  const alwaysOn: AlwaysOn = {
    start() {
      if (!options.canUpload) return;
      looking = setInterval(schedule, lookMs);
      looking.unref();
      if (rows.listSealedPages(readStore).length > 0) schedule();
    },
    async close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      if (looking !== null) clearInterval(looking);
      running?.abort();
      await queue.idle();
    },
    status() {
      const pages = rows.listSealedPages(readStore);
      const moments = pages.flatMap(({ uploadedAt }) => uploadedAt ?? []);
      return {
        target: readTarget(context)?.config ?? null,
        progress,
        waiting: pages.filter((page) => needOf(page) !== null).length,
        error: errorOf(),
        uploadedAt: moments.length > 0 ? Math.max(...moments) : null,
      };
    },
    share(id) {
      const page = rows.findSealedPage(readStore, id);
      const digest = rows.shareKeyDigest(readStore, id);
      const share = digest && source.shareByKeyDigest(digest);
      const state = describe(page, id);
      const size = page ? rows.sealedSize(readStore, page.publicId) : { files: 0, bytes: 0 };
      const url = page && share && !hasNewKey(page) ? urlOf(page, share) : '';
      const error = state === 'failed' || state === 'removing' ? errorOf() : null;
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
        if (isElsewhere && before.credentials !== null) await emptyTarget(before);
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
      const sealed = await sealPassword(share.passwordHash === null ? null : password);
      await write(() => {
        const { passwordVersion } = share;
        const page = rows.findSealedPage(store, shareId);
        if (!page) insertPage(share, { ...sealed, passwordVersion });
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
      const sealed = await sealPassword(password);
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
    uploadChanges: () => uploadNow(false),
    uploadNow: () => uploadNow(true),
    cancel: () => running?.abort(),
    documents: theDocuments,
  };
  options.onBuilt?.(alwaysOn, context);
  return alwaysOn;

  /** Where the files were until now they must not stay. */
  async function emptyTarget(before: NonNullable<ReturnType<typeof readTarget>>): Promise<void> {
    const target = targetOf(before.config, before.credentials!);
    try {
      for (const page of rows.listSealedPages(readStore)) {
        if (page.version === 0 && !page.unfinished) continue;
        const paths = theDocuments()
          .indexes(page.publicId)
          .map(({ path }) => path);
        await removePage(target, page.publicId, paths);
        const names = rows.listSealedFiles(readStore, page.publicId).map(({ name }) => name);
        await write(() => {
          rows.deleteSealedFiles(store, page.publicId, names);
          const gone = { version: 0, stateDigest: '', unfinished: false, uploadedAt: null };
          rows.updateSealedPage(store, page.publicId, gone);
        });
      }
      const assets = rows.listSealedFiles(readStore, common);
      for (const { path } of assets) await target.remove(path);
      await target.removeFolder('assets');
      const names = assets.map(({ name }) => name);
      await write(() => rows.deleteSealedFiles(store, common, names));
    } finally {
      await target.close();
    }
  }
}

/** What makes it the same web space, whatever else is corrected. */
function placeOf(config: TargetConfig): string {
  const { publicUrl: _public, ...place } = config;
  return JSON.stringify({ ...place, hostKey: '', user: '', accessKeyId: '' });
}
