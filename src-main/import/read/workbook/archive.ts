/**
 * The ZIP archive that a workbook is. Parts are unpacked as streams and counted while they are: an
 * archive ends at the limit whatever its headers claim. Whoever made the file is a stranger.
 */
import { Readable } from 'node:stream';
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { AppError } from '../../../../src-shared/errors.ts';
import { refuseSize } from '../byte-source.ts';
import type { ByteSource } from '../byte-source.ts';

/** 200 000 records are about 20 MB packed and 160 MB unpacked. */
export const maxPackedBytes = 64 * 1024 * 1024;
export const maxUnpackedBytes = 256 * 1024 * 1024;
const maxParts = 2000;
/** Bytes that are read from the file at once. */
const readBytes = 256 * 1024;

/** Bit 3 of a part's flags: its sizes stand behind the data, the local header has zeros. */
const sizesFollowFlag = 0x8;

/** True if the bytes begin as a ZIP archive does, which every XLSX file is. */
export function isZip(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) === 0x04034b50;
}

export class Archive {
  readonly #zip: ZipFile;
  readonly #parts: ReadonlyMap<string, Entry>;
  /** Bytes unpacked so far, of all parts. */
  #unpackedBytes = 0;
  #packedBytes = 0;

  private constructor(zip: ZipFile, parts: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#parts = parts;
  }

  /**
   * Reads the list of parts. Throws `file_too_large` if the file, or what it says to unpack to, is
   * above the limits, and `file_workbook_unreadable` if it is no archive.
   */
  static async open(source: ByteSource): Promise<Archive> {
    if (source.size > maxPackedBytes) refuseSize(maxPackedBytes);
    try {
      const zip = await fromRandomAccessReaderPromise(new SourceReader(source), source.size, {
        autoClose: false,
        lazyEntries: true,
      });
      if (zip.entryCount > maxParts) throw new AppError('file_workbook_unreadable');
      return new Archive(zip, await listParts(zip));
    } catch (cause) {
      throw asWorkbookError(cause);
    }
  }

  /** Packed bytes of the parts that were read whole, and of the one that is being read. */
  get packedBytesRead(): number {
    return this.#packedBytes;
  }

  has(name: string): boolean {
    return this.#parts.has(partKey(name));
  }

  /**
   * The unpacked bytes of a part. Throws `file_too_large` when all parts together exceed the limit,
   * and `file_workbook_unreadable` if the part is missing, damaged, or not what the headers say.
   */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.#parts.get(partKey(name));
    if (!entry) throw new AppError('file_workbook_unreadable', {}, { cause: `no part ${name}` });
    try {
      await this.#assertHeadersAgree(entry);
      const stream = await this.#zip.openReadStreamPromise(entry);
      const ratio = entry.compressedSize / Math.max(entry.uncompressedSize, 1);
      for await (const chunk of stream) {
        this.#unpackedBytes += (chunk as Buffer).length;
        this.#packedBytes += (chunk as Buffer).length * ratio;
        if (this.#unpackedBytes > maxUnpackedBytes) refuseSize(maxUnpackedBytes);
        yield chunk as Buffer;
      }
    } catch (cause) {
      throw asWorkbookError(cause);
    }
  }

  /** A part has two headers; programs differ in which one they believe, so both must be the same. */
  async #assertHeadersAgree(entry: Entry): Promise<void> {
    const local = await this.#zip.readLocalFileHeaderPromise(entry);
    const sizesFollow = (local.generalPurposeBitFlag & sizesFollowFlag) !== 0;
    const isZip64 = local.compressedSize === 0xffffffff;
    const sameSizes =
      local.compressedSize === entry.compressedSize &&
      local.uncompressedSize === entry.uncompressedSize;
    const agree =
      local.compressionMethod === entry.compressionMethod &&
      (sameSizes || isZip64 || (sizesFollow && local.uncompressedSize === 0));
    if (!agree) throw new Error(`the two headers of ${entry.fileName} differ`);
  }
}

/** Names of parts are compared without case, and with either slash. */
function partKey(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();
}

async function listParts(zip: ZipFile): Promise<Map<string, Entry>> {
  const parts = new Map<string, Entry>();
  let claimedBytes = 0;
  for await (const entry of zip.eachEntry()) {
    claimedBytes += entry.uncompressedSize;
    if (claimedBytes > maxUnpackedBytes) refuseSize(maxUnpackedBytes);
    // Of two parts with one name the first counts, for every reading.
    const key = partKey(entry.fileName);
    if (!parts.has(key)) parts.set(key, entry);
  }
  return parts;
}

/** Everything that is no error of ours comes from bytes that are no workbook. */
export function asWorkbookError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('file_workbook_unreadable', {}, { cause });
}

/** Lets yauzl read from a `ByteSource`. */
class SourceReader extends RandomAccessReader {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(readRange(this.#source, start, end), { objectMode: false });
  }

  /** The source is closed by whoever opened it. */
  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}

async function* readRange(source: ByteSource, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += readBytes) {
    yield await source.read(at, Math.min(readBytes, end - at));
  }
}
