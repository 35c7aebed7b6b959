/**
 * The manifest: the one file of a share that is written over. Its outer layer opens with the link
 * alone and says what is needed to go on; the inner layer, the contents, is what the page shows in
 * every month, the part that a first visit shows, and the names of the data files.
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
import { fileNameLength, fileNameOf, open, seal, sealedVersion } from './seal.ts';
import { SealedError } from './sealed-error.ts';

/** A data file: the name under which it lies, and the version that it was sealed as. */
export interface FileEntry {
  file: string;
  version: number;
}

/** `Head`: what the page shows in every month. Parts go by their name, which is sealed with them. */
export interface Contents<Head = unknown> {
  head: Head;
  files: Record<string, FileEntry>;
  /** Parts that have no file of their own: what a first visit shows, so that it reads no second file. */
  inside: Record<string, unknown>;
}

/** Names of all parts of a page, always in the same order: so no list of them has to travel. */
export type NamesOf<Head> = (head: Head) => readonly string[];

/** `Contents` as it travels: every visit reads it, also of a page that has a thousand files. */
interface PackedContents<Head> extends Pick<Contents<Head>, 'head' | 'inside'> {
  /** The files' names one behind the other, in the order of their parts. */
  names: string;
  versions: number[];
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
/** At least what the outer layer adds to the inner one, so that they are padded once. */
const outerBytes = 512;

export async function sealManifest<Head>(
  options: ManifestOptions,
  contents: Contents<Head>,
  namesOf: NamesOf<Head>,
): Promise<Uint8Array> {
  const { secret, version, salt, password, expiresDay } = options;
  const inner = await seal(
    pageKeyOf(secret, salt, password?.key ?? null),
    { name: contentsName, version },
    utf8ToBytes(JSON.stringify(pack(contents, namesOf))),
    outerBytes,
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
  namesOf: NamesOf<Head>,
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
  const contents = JSON.parse(textOf(bytes)) as PackedContents<Head> | EarlierContents<Head>;
  const unpacked = 'names' in contents ? unpack(contents, namesOf) : { ...contents, inside: {} };
  return { ...unpacked, version, key };
}

/** Of format 1: readers see it until a page is uploaded by a program that writes format 2. */
type EarlierContents<Head> = Omit<Contents<Head>, 'inside'>;

const namesOfFiles = <Head>(
  { head, inside }: Pick<Contents<Head>, 'head' | 'inside'>,
  namesOf: NamesOf<Head>,
): string[] => namesOf(head).filter((name) => !Object.hasOwn(inside, name));

function pack<Head>(contents: Contents<Head>, namesOf: NamesOf<Head>): PackedContents<Head> {
  const { head, inside, files } = contents;
  const entries = namesOfFiles(contents, namesOf).map((name) => files[name]!);
  return {
    ...{ head, inside },
    names: entries.map(({ file }) => file).join(''),
    versions: entries.map((entry) => entry.version),
  };
}

function unpack<Head>(packed: PackedContents<Head>, namesOf: NamesOf<Head>): Contents<Head> {
  const { head, inside, names, versions } = packed;
  const files = Object.fromEntries(
    namesOfFiles(packed, namesOf).map((name, index) => {
      const at = index * fileNameLength;
      return [name, { file: names.slice(at, at + fileNameLength), version: versions[index]! }];
    }),
  );
  return { head, inside, files };
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
  // In format 1 names were twice as long.
  const isFound = ({ file: name }: FileEntry): boolean => name.startsWith(found);
  if (!isFound(entry)) {
    const isAnother = Object.values(page.files).some(isFound);
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
