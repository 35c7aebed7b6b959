/** Settings that hold a secret, sealed under the secrets of this installation. */
import { openSecret, sealedUses, sealSecret } from '../secrets/sealed-secret.ts';
import { openText, sealText } from '../secrets/sealed-text.ts';
import type { ShareKeySecrets } from '../secrets/share-key.ts';
import type { WriteDb } from './db.ts';
import { readSetting, writeSetting } from './settings.ts';

/** What a setting with a sealed secret is called. */
export const sealedSettings = {
  /** The web space, with `credentials`. */
  target: 'alwaysOn',
  /** The connected Kimai, with `token`. */
  kimai: 'kimai',
  /** The secret of the tunnel, a text alone. */
  tunnel: 'publish_secret',
} as const;

export const tunnelPurpose = 'tunnel secret';

/**
 * Seals what other secrets sealed under those of this installation. What `theirs` do not open stays
 * as it is: the owner enters it again.
 */
export function resealSettings(
  db: WriteDb,
  theirs: ShareKeySecrets,
  ours: Pick<ShareKeySecrets, 'shareKey'>,
): void {
  resealField(db, sealedSettings.target, 'credentials', sealedUses.credentials, theirs, ours);
  resealField(db, sealedSettings.kimai, 'token', sealedUses.kimai, theirs, ours);
  const sealed = readSetting(db, sealedSettings.tunnel);
  const text = typeof sealed === 'string' ? openText(sealed, tunnelPurpose, theirs) : null;
  if (text !== null) writeSetting(db, sealedSettings.tunnel, sealText(text, tunnelPurpose, ours));
}

/** One field of a setting that is an object. */
function resealField(
  db: WriteDb,
  name: string,
  field: string,
  use: string,
  theirs: ShareKeySecrets,
  ours: Pick<ShareKeySecrets, 'shareKey'>,
): void {
  const stored = readSetting(db, name);
  if (typeof stored !== 'object' || stored === null) return;
  const sealed = new Map<string, unknown>(Object.entries(stored)).get(field);
  if (typeof sealed !== 'string') return;
  const plain = openSecret(Buffer.from(sealed, 'base64'), use, theirs);
  if (plain === null) return;
  const again = sealSecret(plain, use, ours).toString('base64');
  writeSetting(db, name, { ...stored, [field]: again });
}
