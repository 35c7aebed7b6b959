import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { ShareKeySecrets } from './share-key.ts';

const ivBytes = 12;
const tagBytes = 16;

/** What is sealed: a value of one use does not open as another. */
export const sealedUses = {
  link: 'always-on secret',
  password: 'always-on password',
  credentials: 'always-on credentials',
  kimai: 'kimai token',
} as const;

/**
 * Seals what the store keeps but must not show: credentials, keys of pages. AES-256-GCM under the
 * secret that also seals share keys; `use` says what it is, so that values cannot be swapped.
 */
export function sealSecret(
  plain: Uint8Array | string,
  use: string,
  secrets: Pick<ShareKeySecrets, 'shareKey'>,
): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', secrets.shareKey, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(use));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** What was sealed for this use; null if it was sealed under secrets that are not here. */
export function openSecret(sealed: Buffer, use: string, secrets: ShareKeySecrets): Buffer | null {
  for (const secret of [secrets.shareKey, ...(secrets.otherShareKeys ?? [])]) {
    const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, ivBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(use));
    decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
    try {
      return Buffer.concat([
        decipher.update(sealed.subarray(ivBytes + tagBytes)),
        decipher.final(),
      ]);
    } catch {
      // The tag does not fit: sealed under another secret.
    }
  }
  return null;
}
