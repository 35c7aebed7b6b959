/** Files on their way in, part by part, into a folder that only the owner can read. */
import { createHash, randomUUID, type Hash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../src-shared/errors.ts';
import { SerialQueue } from '../../async/serial-queue.ts';
import { createSubfolder, folderError } from '../../store/data-folder.ts';
import { maxFileBytes, refuseSize } from '../read/byte-source.ts';

/** A file to import. */
export interface ImportFile {
  path: string;
  /** As the owner knows it. */
  name: string;
  size: number;
  /** SHA-256 of its bytes. */
  digest: Uint8Array;
  /** An upload: it goes when it is no longer needed. A file of the watch folder stays. */
  temporary: boolean;
}

/** Removes what was uploaded, once nothing reads it any more. */
export async function removeUpload({ path, temporary }: ImportFile): Promise<void> {
  if (temporary) await rm(path, { force: true });
}

interface Upload {
  id: string;
  path: string;
  name: string;
  size: number;
  received: number;
  handle: FileHandle;
  hash: Hash;
  /** Parts are written one after the other. */
  parts: SerialQueue;
}

/** Nobody has more unfinished uploads than this; the oldest is discarded. */
const maxUploads = 50;

export class Uploads {
  #folder: string;
  #uploads = new Map<string, Upload>();

  readonly #onBegin: () => void;

  /** `onBegin`: a file is on its way in. */
  constructor(dataDir: string, onBegin: () => void = () => undefined) {
    this.#folder = join(dataDir, 'uploads');
    this.#onBegin = onBegin;
    this.clear();
  }

  /** Removes what an earlier run left behind. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Throws `file_too_large`, `file_empty`, and as `createSubfolder`. */
  async begin(name: string, size: number): Promise<string> {
    if (size > maxFileBytes) refuseSize(maxFileBytes);
    if (size === 0) throw new AppError('file_empty');
    if (this.#uploads.size >= maxUploads) await this.#discard([...this.#uploads.keys()][0]!);
    this.#onBegin();
    const id = randomUUID();
    const path = join(this.#folder, id);
    const handle = await this.#create(path);
    const hash = createHash('sha256');
    const parts = new SerialQueue();
    this.#uploads.set(id, { id, path, name, size, received: 0, handle, hash, parts });
    return id;
  }

  /**
   * Throws `upload_unknown`, `upload_out_of_order`, `disk_full`. Returns the bytes so far. An upload
   * that the disk did not take is over: what was there of it goes, and the owner begins again.
   */
  append(id: string, offset: number, part: Buffer): Promise<number> {
    const upload = this.#find(id);
    return upload.parts.run(() => this.#write(upload, offset, part));
  }

  /** Ends an upload and gives its file to the caller, who removes it. */
  async take(id: string): Promise<ImportFile> {
    const upload = this.#find(id);
    await upload.parts.idle();
    if (upload.received !== upload.size) throw new AppError('upload_out_of_order');
    this.#uploads.delete(id);
    await upload.handle.close();
    const { path, name, size } = upload;
    return { path, name, size, digest: upload.hash.digest(), temporary: true };
  }

  /** Closes and removes all that is unfinished. */
  async close(): Promise<void> {
    for (const id of [...this.#uploads.keys()]) await this.#discard(id);
    this.clear();
  }

  async #create(path: string): Promise<FileHandle> {
    try {
      createSubfolder(this.#folder);
      return await open(path, 'wx', 0o600);
    } catch (error) {
      throw folderError(error);
    }
  }

  async #write(upload: Upload, offset: number, part: Buffer): Promise<number> {
    // One part was refused while this one waited.
    if (!this.#uploads.has(upload.id)) throw new AppError('upload_unknown');
    if (offset !== upload.received || offset + part.length > upload.size) {
      throw new AppError('upload_out_of_order');
    }
    try {
      await writeAll(upload.handle, part, offset);
    } catch (error) {
      await this.#remove(upload);
      throw folderError(error);
    }
    upload.hash.update(part);
    upload.received += part.length;
    return upload.received;
  }

  async #discard(id: string): Promise<void> {
    const upload = this.#find(id);
    await upload.parts.idle();
    // A part that was refused meanwhile has removed it already.
    if (this.#uploads.has(id)) await this.#remove(upload);
  }

  async #remove(upload: Upload): Promise<void> {
    this.#uploads.delete(upload.id);
    try {
      await upload.handle.close();
    } finally {
      await rm(upload.path, { force: true });
    }
  }

  #find(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (!upload) throw new AppError('upload_unknown');
    return upload;
  }
}

/** A disk that is nearly full takes a part of a write, and fails at the next one only. */
async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
