/**
 * The manifest: the one file of a share that is written over. Its outer layer opens with the link
 * alone and says what is needed to go on; the inner layer, the contents, is what the page shows in
 * every month, and the list of data files.
 */
import {
  bytesToHex,
  concatBytes,
  hexToBytes,
  readUint32,
  textOf,
  uint32Bytes,
  utf8ToBytes,
} from './bytes.ts';
import { isOver } from '../domain/share-state.ts';
import { linkKeyOf, pageKeyOf } from './keys.ts';
import { fileNameOf, open, seal, sealedVersion } from './seal.ts';
import { SealedError } from './sealed-error.ts';

/** A data file: the name under which it lies, and the version that it was sealed as. */
export interface FileEntry {
  file: string;
  version: number;
}

/** `Head`: what the page shows in every month. */
export interface Contents<Head = unknown> {
  head: Head;
  /** By what the file is: `{project id or 0}/{YYYY-MM}`. */
  files: Record<string, FileEntry>;
}

export interface ManifestOptions {
  secret: Uint8Array;
  version: number;
  salt: Uint8Array;
  /** What the password adds, and the salt that it was made with; null: there is none. */
  password: { key: Uint8Array; salt: Uint8Array } | null;
  /** `YYYY-MM-DD`, the last day on which the page is shown; null: for ever. */
  expiresDay: string | null;
}

interface Outer {
  salt: string;
  /** Null: no password is needed. */
  passwordSalt: string | null;
  expiresDay: string | null;
}

const manifestName = 'manifest';
const contentsName = 'contents';

export async function sealManifest(
  options: ManifestOptions,
  contents: Contents,
): Promise<Uint8Array> {
  const { secret, version, salt, password, expiresDay } = options;
  const inner = await seal(
    pageKeyOf(secret, salt, password?.key ?? null),
    { name: contentsName, version },
    utf8ToBytes(JSON.stringify(contents)),
  );
  const passwordSalt = password && bytesToHex(password.salt);
  const outer: Outer = { salt: bytesToHex(salt), passwordSalt, expiresDay };
  const head = utf8ToBytes(JSON.stringify(outer));
  const content = concatBytes(uint32Bytes(head.length), head, inner);
  return seal(linkKeyOf(secret), { name: manifestName, version }, content);
}

/** What the outer layer says. The contents still need the password, if there is one. */
export interface OpenedManifest {
  version: number;
  salt: Uint8Array;
  /** Null: no password is needed. */
  passwordSalt: Uint8Array | null;
  expiresDay: string | null;
  contents: Uint8Array;
}

/** Throws SealedError `damaged`, `newer_format`. */
export async function openManifest(secret: Uint8Array, file: Uint8Array): Promise<OpenedManifest> {
  const version = sealedVersion(file);
  const content = await open(linkKeyOf(secret), { name: manifestName, version }, file);
  const headEnd = 4 + readUint32(content);
  const outer = JSON.parse(textOf(content.subarray(4, headEnd))) as Outer;
  return {
    version,
    salt: hexToBytes(outer.salt),
    passwordSalt: outer.passwordSalt === null ? null : hexToBytes(outer.passwordSalt),
    expiresDay: outer.expiresDay,
    contents: content.subarray(headEnd),
  };
}

/** A page whose key is known. */
export interface OpenedPage<Head> extends Contents<Head> {
  version: number;
  key: Uint8Array;
}

/**
 * Throws SealedError `wrong_password`: the outer layer vouches for the bytes, so only the password
 * can be at fault.
 */
export async function openContents<Head>(
  secret: Uint8Array,
  manifest: OpenedManifest,
  passwordKey: Uint8Array | null,
): Promise<OpenedPage<Head>> {
  const { version, salt } = manifest;
  const key = pageKeyOf(secret, salt, passwordKey);
  let bytes: Uint8Array;
  try {
    bytes = await open(key, { name: contentsName, version }, manifest.contents);
  } catch (error) {
    if (!(error instanceof SealedError) || manifest.passwordSalt === null) throw error;
    throw new SealedError('wrong_password');
  }
  return { ...(JSON.parse(textOf(bytes)) as Contents<Head>), version, key };
}

/** Seals a data file; `key` is the page key. */
export const sealPart = (
  key: Uint8Array,
  name: string,
  version: number,
  part: unknown,
): Promise<Uint8Array> => seal(key, { name, version }, utf8ToBytes(JSON.stringify(part)));

/**
 * The content of a data file. Throws SealedError `exchanged` for another file of the same share,
 * `damaged` for anything else that is not the file of the manifest.
 */
export async function openPart<Part>(
  page: Pick<OpenedPage<unknown>, 'key' | 'files'>,
  name: string,
  file: Uint8Array,
): Promise<Part> {
  const entry = page.files[name];
  if (!entry) throw new SealedError('damaged');
  const found = fileNameOf(file);
  if (found !== entry.file) {
    const isAnother = Object.values(page.files).some((other) => other.file === found);
    throw new SealedError(isAnother ? 'exchanged' : 'damaged');
  }
  return JSON.parse(textOf(await open(page.key, { name, version: entry.version }, file))) as Part;
}

/**
 * Throws SealedError `rolled_back` for a manifest that is older than one that this reader has seen
 * (null: none), and `expired` after its last day. `today`: `YYYY-MM-DD`.
 */
export function checkManifest(
  manifest: Pick<OpenedManifest, 'version' | 'expiresDay'>,
  seenVersion: number | null,
  today: string,
): void {
  if (seenVersion !== null && manifest.version < seenVersion) throw new SealedError('rolled_back');
  if (isOver(manifest.expiresDay, today)) throw new SealedError('expired');
}
