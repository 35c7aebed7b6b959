/**
 * One file that only a passphrase opens: a head, then sealed parts. The first part is a JSON text,
 * the others are the bytes of a gzip stream. Parts are numbered and the last one is marked, so that
 * none can be left out, doubled, swapped or cut off without being noticed.
 *
 * Head: `CPORTAL1`, 16 bytes of salt. The key is scrypt (N 131072, r 8, p 1) of the passphrase's
 * normal form. A part: its length as 4 bytes, big-endian, then AES-256-GCM: text, 16 bytes of tag.
 * Nonce: 11 bytes of number, 1 byte that is 1 for the last part. Head is bound in.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { createReadStream, createWriteStream, openSync, readSync, closeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { normalPassword } from '../../src-shared/domain/password.ts';
import { AppError } from '../../src-shared/errors.ts';

const magic = Buffer.from('CPORTAL1');
const saltBytes = 16;
const tagBytes = 16;
const headBytes = magic.length + saltBytes;
/** Bytes of text in a part, at most. */
const maxPartBytes = 256 * 1024;
const scrypt = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };

const keyOf = (passphrase: string, salt: Buffer): Buffer =>
  scryptSync(normalPassword(passphrase), salt, 32, scrypt);

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Writes `file` with a note and the content of another file. The note holds secrets. */
export async function sealFile(
  file: string,
  passphrase: string,
  note: object,
  content: string,
): Promise<void> {
  const head = Buffer.concat([magic, randomBytes(saltBytes)]);
  const key = keyOf(passphrase, head.subarray(magic.length));
  const seal = (text: Buffer, number: number, isLast: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, isLast));
    cipher.setAAD(head);
    const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(sealed.length);
    return Buffer.concat([length, sealed]);
  };
  async function* parts(): AsyncGenerator<Buffer> {
    yield head;
    let number = 0;
    yield seal(Buffer.from(JSON.stringify(note)), number++, false);
    const packed = createReadStream(content).pipe(createGzip({ chunkSize: maxPartBytes }));
    for await (const part of packed) yield seal(part as Buffer, number++, false);
    yield seal(Buffer.alloc(0), number, true);
  }
  await pipeline(Readable.from(parts()), createWriteStream(file, { mode: 0o600, flush: true }));
}

/**
 * Writes the content of a sealed file to `content` and returns its note. Throws
 * `passphrase_wrong`, and `export_unreadable` for another kind of file and for a damaged one.
 */
export async function openSealedFile(
  file: string,
  passphrase: string,
  content: string,
): Promise<unknown> {
  const parts = readParts(file, passphrase);
  const note: unknown = JSON.parse(String((await parts.next()).value));
  try {
    await pipeline(
      Readable.from(parts),
      createGunzip(),
      createWriteStream(content, { mode: 0o600, flush: true }),
    );
  } catch (error) {
    // zlib's: what was sealed was no gzip stream.
    if ((error as { code?: string }).code?.startsWith('Z_') !== true) throw error;
    throw new AppError('export_unreadable', {}, { cause: error });
  }
  return note;
}

async function* readParts(file: string, passphrase: string): AsyncGenerator<Buffer> {
  const handle = openSync(file, 'r');
  const take = (size: number): Buffer => {
    const bytes = Buffer.alloc(size);
    if (readSync(handle, bytes, 0, size, null) < size) throw new AppError('export_unreadable');
    return bytes;
  };
  try {
    const head = take(headBytes);
    if (!head.subarray(0, magic.length).equals(magic)) throw new AppError('export_unreadable');
    const key = keyOf(passphrase, head.subarray(magic.length));
    for (let number = 0; ; number++) {
      const length = take(4).readUInt32BE();
      // gzip may give somewhat more than it was asked for.
      if (length < tagBytes || length > 2 * maxPartBytes) throw new AppError('export_unreadable');
      const sealed = take(length);
      const part = openPart(sealed, key, head, number, false);
      if (part !== null) yield part;
      else if (number > 0 && openPart(sealed, key, head, number, true) !== null) return;
      else throw new AppError(number === 0 ? 'passphrase_wrong' : 'export_unreadable');
    }
  } finally {
    closeSync(handle);
  }
}

/** The text of a part; null if it was not sealed like this. */
function openPart(
  sealed: Buffer,
  key: Buffer,
  head: Buffer,
  number: number,
  isLast: boolean,
): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, isLast));
  decipher.setAAD(head);
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const text = decipher.update(sealed.subarray(0, -tagBytes));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    return null;
  }
}
