/**
 * The keys of a share that is published as files. Everything comes from one secret, which stands
 * in the fragment of the address and which browsers do not send. HKDF makes independent values of
 * it: whoever knows the public id, as the web space does, learns nothing about the keys.
 */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { normalPassword } from '../domain/password.ts';
import { bytesToHex, concatBytes, utf8ToBytes } from './bytes.ts';
import { SealedError } from './sealed-error.ts';

/** 192 bits, as base64url in the address. */
const secretBytes = 24;
const keyBytes = 32;
const publicIdBytes = 16;
export const saltBytes = 16;

/** scrypt's parameters for the password of a page in files: 128 MiB and about a second. */
export const scryptCost = { n: 2 ** 17, r: 8, p: 1 } as const;

/** The bytes of a secret as it stands in an address. Throws SealedError `wrong_link`. */
export function readSecret(text: string): Uint8Array {
  if (!/^[\w-]{32}$/.test(text)) throw new SealedError('wrong_link');
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  if (bytes.length !== secretBytes) throw new SealedError('wrong_link');
  return bytes;
}

const derive = (
  input: Uint8Array,
  use: string,
  length: number,
  salt: Uint8Array = new Uint8Array(),
): Uint8Array => hkdf(sha256, input, salt, utf8ToBytes(`customer-portal/1 ${use}`), length);

/** The name of the share's folders on the web space: 32 hexadecimal digits. */
export const publicIdOf = (secret: Uint8Array): string =>
  bytesToHex(derive(secret, 'public id', publicIdBytes));

/** Opens the manifest's outer layer, which says whether a password is needed. */
export const linkKeyOf = (secret: Uint8Array): Uint8Array => derive(secret, 'link key', keyBytes);

/**
 * Opens what the page shows. `salt` is drawn anew with every change of what the share shows, and with every
 * password, so that earlier keys open no later file. `passwordKey`: null without a password.
 */
export const pageKeyOf = (
  secret: Uint8Array,
  salt: Uint8Array,
  passwordKey: Uint8Array | null,
): Uint8Array =>
  derive(
    passwordKey === null ? secret : concatBytes(secret, passwordKey),
    passwordKey === null ? 'page key' : 'page key with password',
    keyBytes,
    salt,
  );

/** scrypt of whatever library the caller has. */
export type Scrypt = (
  password: Uint8Array,
  salt: Uint8Array,
  n: number,
  r: number,
  p: number,
  length: number,
) => Promise<Uint8Array>;

/** What the password adds to the page key. `salt` belongs to this password. */
export const passwordKeyOf = (
  scrypt: Scrypt,
  password: string,
  salt: Uint8Array,
): Promise<Uint8Array> =>
  scrypt(
    utf8ToBytes(normalPassword(password)),
    salt,
    scryptCost.n,
    scryptCost.r,
    scryptCost.p,
    keyBytes,
  );
