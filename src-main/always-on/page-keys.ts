/** The keys of the folders on the web space, which lie sealed in the store. */
import { randomBytes } from 'node:crypto';
import { AppError } from '../../src-shared/errors.ts';
import { publicIdOf, readSecret, saltBytes } from '../../src-shared/sealed-page/keys.ts';
import type { PortalShare, PortalSource } from '../../src-server/source.ts';
import type { AppContext } from '../context.ts';
import type { Passwords } from '../passwords/passwords.ts';
import { openSecret, sealedUses, sealSecret } from '../secrets/sealed-secret.ts';
import { createShareKey } from '../secrets/share-key.ts';
import * as rows from '../store/always-on.ts';
import type { SealedPageRow } from '../store/always-on.ts';

/** The keys of a page, opened. */
export interface PageKeys {
  publicId: string;
  secret: Uint8Array;
  salt: Uint8Array;
  password: { key: Uint8Array; salt: Uint8Array } | null;
}

type SealedPassword = Pick<SealedPageRow, 'passwordKey' | 'passwordSalt'>;

export interface KeysOfPages {
  /** Throws `always_on_keys_lost`. */
  open(page: SealedPageRow): PageKeys;
  /** What stands behind the `#` of the link; null: sealed under secrets that are not here. */
  secretOf(page: SealedPageRow): string | null;
  /** What a password adds to the page key, sealed for the store. */
  sealPassword(password: string | null): Promise<SealedPassword>;
  /** Gives a share a folder with a secret of its own; to be called within a transaction. */
  insertPage(share: PortalShare, password: SealedPassword & { passwordVersion: number }): void;
  /** Whether the share got a new key after this folder was made. */
  isOutdated(page: SealedPageRow): boolean;
  /** Gives each share with a new key a new secret, and with it another folder. */
  replaceOutdated(): Promise<void>;
}

const { link: secretUse, password: passwordUse } = sealedUses;

export function createKeysOfPages(
  { store, readStore, writes, secrets }: AppContext,
  source: PortalSource,
  passwords: Pick<Passwords, 'pageKey'>,
): KeysOfPages {
  const keys: KeysOfPages = {
    open(page) {
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
    },
    secretOf: (page) => openSecret(page.secret, secretUse, secrets)?.toString('utf8') ?? null,
    async sealPassword(password) {
      if (password === null) return { passwordKey: null, passwordSalt: null };
      const passwordSalt = randomBytes(saltBytes);
      const key = await passwords.pageKey(password, passwordSalt);
      return { passwordKey: sealSecret(key, passwordUse, secrets), passwordSalt };
    },
    insertPage(share, { passwordVersion, passwordKey, passwordSalt }) {
      const secret = createShareKey();
      rows.insertSealedPage(store, {
        publicId: publicIdOf(readSecret(secret)),
        shareId: share.id,
        secret: sealSecret(secret, secretUse, secrets),
        keyDigest: rows.shareKeyDigest(store, share.id)!,
        salt: randomBytes(saltBytes),
        ...{ passwordVersion, passwordKey, passwordSalt },
      });
    },
    isOutdated(page) {
      const digest = rows.shareKeyDigest(readStore, page.shareId);
      return digest !== null && !digest.equals(page.keyDigest);
    },
    async replaceOutdated() {
      for (const page of rows.listSealedPages(readStore)) {
        if (page.retired || !keys.isOutdated(page)) continue;
        const share = source.shareByKeyDigest(rows.shareKeyDigest(readStore, page.shareId)!);
        if (share === null) continue;
        await writes.run(() =>
          store
            .transaction(() => {
              rows.updateSealedPage(store, page.publicId, { retired: true });
              // The password stays, and so does what it adds to the key.
              keys.insertPage(share, page);
            })
            .immediate(),
        );
      }
    },
  };
  return keys;
}
