/**
 * One sealed file: `CPS` | format (1 byte) | version (8 bytes) | nonce (24) | XChaCha20-Poly1305 of the padded
 * content. Its name and version are associated data: a file under another name does not open.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import {
  bytesToHex,
  concatBytes,
  deflate,
  inflate,
  readUint32,
  uint32Bytes,
  utf8ToBytes,
} from './bytes.ts';
import { SealedError } from './sealed-error.ts';

const magic = utf8ToBytes('CPS');
/** Of what is sealed now. Format 1 had a list of names in the manifest; a page in it still opens. */
const format = 2;
const headerBytes = magic.length + 1 + 8;
const nonceBytes = 24;
const tagBytes = 16;
const lengthBytes = 4;
const smallestSize = 2048;

/** What a file is sealed as. Both have to be the same when it is opened. */
export interface SealedName {
  /** What the file is of its share: `manifest`, `contents`, `0/2026-10`. */
  name: string;
  /** Grows with every upload of the share: an integer up to 2^53. */
  version: number;
}

/**
 * Seals with a fresh nonce: the same content never looks the same twice. `spare`: so many bytes
 * less than one of the usual sizes, for what is sealed again together with them.
 */
export async function seal(
  key: Uint8Array,
  as: SealedName,
  content: Uint8Array,
  spare = 0,
): Promise<Uint8Array> {
  const nonce = randomBytes(nonceBytes);
  const cipher = xchacha20poly1305(key, nonce, associatedData(as, format));
  const header = concatBytes(magic, new Uint8Array([format]), versionBytes(as.version));
  return concatBytes(header, nonce, cipher.encrypt(pad(await deflate(content), spare)));
}

/**
 * The content of a sealed file. Throws SealedError `damaged` for what does not open under this key
 * and name, or is no sealed file at all, and `newer_format`.
 */
export async function open(key: Uint8Array, as: SealedName, file: Uint8Array): Promise<Uint8Array> {
  if (sealedVersion(file) !== as.version) throw new SealedError('damaged');
  const nonce = file.subarray(headerBytes, headerBytes + nonceBytes);
  const cipher = xchacha20poly1305(key, nonce, associatedData(as, file[magic.length]!));
  let padded: Uint8Array;
  try {
    padded = cipher.decrypt(file.subarray(headerBytes + nonceBytes));
  } catch (error) {
    throw new SealedError('damaged', { cause: error });
  }
  return inflate(unpad(padded));
}

/** The version that stands in a sealed file. Nothing vouches for it until the file is opened. */
export function sealedVersion(file: Uint8Array): number {
  if (
    file.length < headerBytes + nonceBytes + tagBytes + lengthBytes ||
    magic.some((byte, index) => file[index] !== byte)
  ) {
    throw new SealedError('damaged');
  }
  if (file[magic.length]! > format) throw new SealedError('newer_format');
  const view = new DataView(file.buffer, file.byteOffset + magic.length + 1, 8);
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4);
}

/** Hexadecimal digits of the name of a data file. */
export const fileNameLength = 16;

/**
 * The name under which a data file lies: the first 8 bytes of its SHA-256. That tells a share's
 * files apart; what vouches for the bytes is the seal. Every visit reads the names of all files.
 */
export const fileNameOf = (file: Uint8Array): string =>
  bytesToHex(sha256(file).subarray(0, fileNameLength / 2));

const associatedData = ({ name, version }: SealedName, sealedAs: number): Uint8Array =>
  utf8ToBytes(`customer-portal/${sealedAs}\n${name}\n${version}`);

function versionBytes(version: number): Uint8Array {
  return concatBytes(uint32Bytes(Math.floor(version / 2 ** 32)), uint32Bytes(version % 2 ** 32));
}

/**
 * Sizes are 2, 3, 4, 6, 8, 12 … KiB: what a size tells is which of these steps the content fits.
 */
export function paddedSize(size: number): number {
  let step = smallestSize;
  while (step < size) step *= 2;
  const between = (step / 4) * 3;
  return step > smallestSize && between >= size ? between : step;
}

function pad(content: Uint8Array, spare: number): Uint8Array {
  const padded = new Uint8Array(paddedSize(lengthBytes + content.length + spare) - spare);
  padded.set(uint32Bytes(content.length));
  padded.set(content, lengthBytes);
  return padded;
}

/** Only what opened under the key comes here, so the length is ours. */
const unpad = (padded: Uint8Array): Uint8Array =>
  padded.subarray(lengthBytes, lengthBytes + readUint32(padded));
