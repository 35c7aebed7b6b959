/** One go over the shares that are always on: uploads what changed, deletes what has to go. */
import { randomBytes } from 'node:crypto';
import { AppError, toWireError } from '../../src-shared/errors.ts';
import { saltBytes } from '../../src-shared/sealed-page/keys.ts';
import type { PortalShare, PortalSource } from '../../src-server/source.ts';
import type { AppContext } from '../context.ts';
import * as rows from '../store/always-on.ts';
import type { SealedPageRow } from '../store/always-on.ts';
import { dropOldAssets, putAssets, removeAllAssets } from './assets.ts';
import type { Documents } from './documents.ts';
import type { KeysOfPages } from './page-keys.ts';
import type { PageNeeds } from './page-needs.ts';
import { scopeDigest, type PageState } from './page-state.ts';
import type { Target } from './targets/target.ts';
import { removePage, uploadPage } from './upload-page.ts';

/** So often a page is begun anew that changes while it is uploaded; then it waits for the next go. */
const maxTurns = 3;

export interface Uploads {
  /** `lookAround`: looks at everything on the web space, whatever is known of it. */
  hasWork(lookAround: boolean): boolean;
  /**
   * Throws what targets throw; what fails for one share alone is kept with it, and the others go
   * on. Resolves with whether something is left to do, since it changed meanwhile.
   */
  run(target: Target, options: UploadOptions): Promise<boolean>;
  /** Where the files were until now they must not stay. */
  emptyTarget(target: Target): Promise<void>;
}
export interface UploadOptions {
  lookAround: boolean;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/** What an upload stands on. */
interface Begun {
  page: SealedPageRow;
  share: PortalShare;
  state: PageState;
}
const gone = { version: 0, stateDigest: '', unfinished: false, uploadedAt: null, failure: null };

export function createUploads(
  context: AppContext,
  parts: {
    source: PortalSource;
    keys: KeysOfPages;
    needs: PageNeeds;
    documents: () => Documents;
  },
): Uploads {
  const { clock, log, store, readStore, writes, changed } = context;
  const { source, keys, needs, documents } = parts;
  const write = <T>(job: () => T): Promise<T> =>
    writes.run(() => store.transaction(job).immediate());
  const find = (publicId: string): SealedPageRow | undefined =>
    rows.listSealedPages(readStore).find((page) => page.publicId === publicId);
  const isDue = (page: SealedPageRow, lookAround: boolean): boolean =>
    lookAround || needs.needOf(page) !== null;

  /** Resolves with whether the page changed so often that it has to wait for the next go. */
  async function handle(
    target: Target,
    publicId: string,
    options: UploadOptions,
  ): Promise<boolean> {
    for (let turn = 0; turn < maxTurns; turn++) {
      options.signal.throwIfAborted();
      // The owner may have changed it since this go began.
      const page = find(publicId);
      if (!page) return false;
      const isAnew = options.lookAround && page.version > 0;
      const need = needs.needOf(page) ?? (isAnew ? 'upload' : null);
      if (need === null) return false;
      if (need === 'forget') await write(() => rows.deleteSealedPage(store, publicId));
      if (need === 'remove') await remove(target, publicId);
      const isDone = need === 'upload' ? await upload(target, publicId, options) : true;
      changed('alwaysOn');
      if (isDone) return false;
    }
    return true;
  }

  async function remove(target: Target, publicId: string): Promise<void> {
    await write(() => rows.updateSealedPage(store, publicId, { unfinished: true }));
    await removeFiles(target, publicId);
    await write(() => {
      const page = find(publicId);
      const isOver =
        !page || page.retired || !rows.isShareKept(store, page.shareId) || keys.isOutdated(page);
      if (isOver) rows.deleteSealedPage(store, publicId);
    });
  }

  async function removeFiles(target: Target, publicId: string): Promise<void> {
    const paths = documents().indexes(publicId);
    await removePage(
      target,
      publicId,
      paths.map(({ path }) => path),
    );
    await write(() => {
      const names = rows.listSealedFiles(store, publicId).map(({ name }) => name);
      rows.deleteSealedFiles(store, publicId, names);
      rows.updateSealedPage(store, publicId, gone);
    });
  }

  /** Within a transaction, so that no change of the share comes between. Null: nothing to upload. */
  function begin(publicId: string): Begun | null {
    const page = find(publicId);
    const share = page ? needs.wantedShare(page) : null;
    if (!page || share === null) return null;
    const state = needs.stateOf(share);
    const scope = scopeDigest(share);
    // What was readable with earlier keys must not be with the new ones: another salt.
    const isNewScope = page.scopeDigest !== '' && page.scopeDigest !== scope;
    const hasPassword = share.passwordHash !== null;
    const begun = {
      ...{ unfinished: true, scopeDigest: scope, passwordVersion: share.passwordVersion },
      salt: isNewScope ? randomBytes(saltBytes) : page.salt,
      passwordKey: hasPassword ? page.passwordKey : null,
      passwordSalt: hasPassword ? page.passwordSalt : null,
    };
    rows.updateSealedPage(store, publicId, begun);
    return { page: { ...page, ...begun }, share, state };
  }

  /** Whether what an upload stands on is still so: the page's data, its scope and its keys. */
  function isCurrent({ page, state }: Begun): boolean {
    const now = find(page.publicId);
    const share = now ? needs.wantedShare(now) : null;
    if (!now || share === null) return false;
    const isSame = (one: Buffer | null, other: Buffer | null): boolean =>
      one === null || other === null ? one === other : one.equals(other);
    return (
      now.salt.equals(page.salt) &&
      isSame(now.passwordSalt, page.passwordSalt) &&
      needs.stateOf(share).digest === state.digest
    );
  }

  /** Resolves with whether it ended; false: what it stands on changed, and the old page stays. */
  async function upload(
    target: Target,
    publicId: string,
    { lookAround, signal, onProgress }: UploadOptions,
  ): Promise<boolean> {
    const before = find(publicId);
    const begun = await write(() => begin(publicId));
    if (!before || begun === null) return false;
    const { page, share, state } = begun;
    const version = await uploadPage({
      ...{ share, source, now: clock.now(), target, state, signal, onProgress },
      keys: keys.open(page),
      indexes: documents().indexes(publicId),
      known: new Map(rows.listSealedFiles(readStore, publicId).map((row) => [row.name, row])),
      lastVersion: page.version,
      anew: lookAround,
      lookAround: lookAround || before.unfinished || page.version === 0,
      isCurrent: () => isCurrent(begun),
      keep: (files) => write(() => rows.putSealedFiles(store, publicId, files)),
      forget: (names) => write(() => rows.deleteSealedFiles(store, publicId, names)),
    });
    if (version === null) return false;
    await write(() =>
      rows.updateSealedPage(store, publicId, {
        ...{ version, unfinished: false, failure: null },
        stateDigest: isCurrent(begun) ? state.digest : '',
        uploadedAt: clock.now().getTime(),
      }),
    );
    return true;
  }

  /** Of the web space, or cancelled: the other shares would fail as well. */
  const concernsAll = (error: unknown, signal: AbortSignal): boolean =>
    signal.aborted || (error instanceof AppError && error.code !== 'always_on_keys_lost');

  return {
    hasWork: (lookAround) =>
      rows.listSealedPages(readStore).some((page) => isDue(page, lookAround)),
    async run(target, options) {
      const { lookAround, signal } = options;
      const due = rows.listSealedPages(readStore).filter((page) => isDue(page, lookAround));
      let isLeft = false;
      await putAssets(context, documents().assets, target, { anew: lookAround, signal });
      for (const { publicId, shareId } of due) {
        try {
          isLeft = (await handle(target, publicId, options)) || isLeft;
        } catch (error) {
          if (concernsAll(error, signal)) throw error;
          log.error(`always on: the upload of share ${shareId} failed`, error);
          const failure = toWireError(error).code;
          await write(() => rows.updateSealedPage(store, publicId, { failure }));
        }
      }
      await dropOldAssets(context, documents().assets, target);
      return isLeft;
    },
    async emptyTarget(target) {
      for (const page of rows.listSealedPages(readStore)) {
        if (page.version > 0 || page.unfinished) await removeFiles(target, page.publicId);
      }
      await removeAllAssets(context, target);
    },
  };
}
