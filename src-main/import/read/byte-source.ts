/** Where the bytes of an import come from: a file on disk, or memory (tests, fuzzing). */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../../src-shared/errors.ts';

/** 4 GiB: a Kimai export of 20 million rows. */
export const maxFileBytes = 4 * 2 ** 30;

export interface ByteSource {
  readonly size: number;
  /** Time of the last change, in milliseconds. */
  readonly changedMs: number;
  /** Bytes from `offset`, fewer than `length` only at the end. */
  read(offset: number, length: number): Promise<Buffer>;
  /** Throws `file_changed` if the file is another one than when it was opened. */
  assertUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Throws `file_unreadable` if there is no such file or it may not be read, `file_too_large` above
 * `maxFileBytes`.
 */
export async function openFile(path: string): Promise<ByteSource> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new AppError('file_unreadable', {}, { cause });
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new AppError('file_unreadable');
    if (stat.size > maxFileBytes) refuseSize(maxFileBytes);
    return new FileSource(handle, stat.size, stat.mtimeMs);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class FileSource implements ByteSource {
  readonly size: number;
  readonly changedMs: number;
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, size: number, changedMs: number) {
    this.#handle = handle;
    this.size = size;
    this.changedMs = changedMs;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.min(length, Math.max(this.size - offset, 0)));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.#handle
        .read(buffer, filled, buffer.length - filled, offset + filled)
        .catch((cause: unknown) => {
          throw new AppError('file_unreadable', {}, { cause });
        });
      // Shorter than it was when it was opened.
      if (bytesRead === 0) throw new AppError('file_changed');
      filled += bytesRead;
    }
    return buffer;
  }

  async assertUnchanged(): Promise<void> {
    const stat = await this.#handle.stat();
    if (stat.size !== this.size || stat.mtimeMs !== this.changedMs) {
      throw new AppError('file_changed');
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

export function memorySource(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: bytes.byteLength,
    changedMs: 0,
    // A copy: decoding UTF-16 swaps bytes in place.
    read: (offset, length) =>
      Promise.resolve(Buffer.from(buffer.subarray(offset, offset + length))),
    assertUnchanged: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** All bytes, for workbooks. Throws `file_too_large` above `limit` bytes. */
export async function readAll(source: ByteSource, limit: number): Promise<Buffer> {
  if (source.size > limit) refuseSize(limit);
  return source.read(0, source.size);
}

/** Throws `file_too_large`; the texts know each of the limits (in bytes) there are. */
export function refuseSize(limit: number): never {
  throw new AppError('file_too_large', { limitMb: limit / 2 ** 20 });
}
