import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** The secrets that seal share keys in the store, so that the owner can copy an address again. */
export interface ShareKeySecrets {
  shareKey: Buffer;
  /** Keys under which older shares may be sealed; never used for new ones. */
  otherShareKeys?: readonly Buffer[];
}

/** 192 bits: far beyond guessing, and 32 characters in an address. */
const keyBytes = 24;
const ivBytes = 12;
const tagBytes = 16;

/** A share's key as it is stored: a digest to look it up, and sealed for its owner. */
export interface StoredKey {
  digest: Buffer;
  sealed: Buffer;
}

/**
 * A new key, URL-safe, from a cryptographic source. It begins and ends with a letter or a digit:
 * mail programs leave `-` and `_` at the end of an address out of the link. One in sixteen keys is
 * thrown away for that, which leaves 191.9 of the 192 bits.
 */
export function createShareKey(): string {
  for (;;) {
    const key = randomBytes(keyBytes).toString('base64url');
    if (/^[^-_].*[^-_]$/.test(key)) return key;
  }
}

/** SHA-256. The key has 192 random bits, so that neither salt nor stretching is needed. */
export const digestShareKey = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Seals a key with AES-256-GCM; the digest is bound in, so that rows cannot be swapped. */
export function storeShareKey(key: string, secrets: Pick<ShareKeySecrets, 'shareKey'>): StoredKey {
  const digest = digestShareKey(key);
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', secrets.shareKey, iv, { authTagLength: tagBytes });
  cipher.setAAD(digest);
  const sealed = Buffer.concat([cipher.update(key, 'utf8'), cipher.final()]);
  return { digest, sealed: Buffer.concat([iv, cipher.getAuthTag(), sealed]) };
}

/** The key; null if it was sealed under secrets that are not here (see secrets.ts). */
export function openShareKey(
  { digest, sealed }: StoredKey,
  secrets: ShareKeySecrets,
): string | null {
  for (const secret of [secrets.shareKey, ...(secrets.otherShareKeys ?? [])]) {
    const key = tryOpen(digest, sealed, secret);
    if (key !== null) return key;
  }
  return null;
}

function tryOpen(digest: Buffer, sealed: Buffer, secret: Buffer): string | null {
  const iv = sealed.subarray(0, ivBytes);
  const tag = sealed.subarray(ivBytes, ivBytes + tagBytes);
  if (tag.length !== tagBytes) return null;
  const decipher = createDecipheriv('aes-256-gcm', secret, iv, { authTagLength: tagBytes });
  decipher.setAAD(digest);
  decipher.setAuthTag(tag);
  try {
    const opened = decipher.update(sealed.subarray(ivBytes + tagBytes));
    return Buffer.concat([opened, decipher.final()]).toString('utf8');
  } catch {
    // The tag does not fit: sealed under another secret.
    return null;
  }
}
