import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { ShareKeySecrets } from './share-key.ts';

const ivBytes = 12;
const tagBytes = 16;

/** Seals a text with AES-256-GCM for a purpose; base64. What was sealed for one opens for no other. */
export function sealText(text: string, purpose: string, secrets: ShareKeySecrets): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secrets.shareKey, purpose), iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** The text; null if it was sealed under secrets that are not here (see secrets.ts). */
export function openText(sealed: string, purpose: string, secrets: ShareKeySecrets): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < ivBytes + tagBytes) return null;
  for (const secret of [secrets.shareKey, ...(secrets.otherShareKeys ?? [])]) {
    const iv = bytes.subarray(0, ivBytes);
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret, purpose), iv);
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    try {
      const opened = decipher.update(bytes.subarray(ivBytes + tagBytes));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    } catch {
      // The tag does not fit: sealed under another secret.
    }
  }
  return null;
}

const keyOf = (secret: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
