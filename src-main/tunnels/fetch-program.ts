import { createHash } from 'node:crypto';
import { chmod, open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseTar } from 'nanotar';
import { AppError } from '../../src-shared/errors.ts';
import type { Release } from './cloudflared-release.ts';

export interface FetchOptions {
  /** Of the program, in texts and in an archive. */
  program: string;
  signal: AbortSignal;
  /** Called with how many bytes have come so far. */
  onProgress(received: number): void;
  /** Only tests have others. */
  totalMs?: number;
  silentMs?: number;
}

const totalMs = 30 * 60_000;
/** How long nothing may come. */
const silentMs = 60_000;
const maxRedirects = 5;
/** The bytes as they are published. */
const headers = { 'Accept-Encoding': 'identity' };
/** Of a program that comes in an archive. */
const maxUnpacked = 200 * 1024 * 1024;

/**
 * Fetches a program and leaves it at `file`, executable; whole and with the published digest, or
 * not at all. Throws `program_not_fetched`, `program_not_genuine`, `program_redirected`,
 * `disk_full`, `data_folder_unwritable`; after `signal` anything.
 */
export async function fetchProgram(
  release: Release,
  file: string,
  options: FetchOptions,
): Promise<void> {
  const { program } = options;
  const part = `${file}.part`;
  try {
    const handle = await open(part, 'w');
    try {
      await receive(release, handle, options);
      // Whole on the disk before it gets its name, also if the power fails.
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (release.name.endsWith('.tgz')) {
      await writeFile(part, await unpack(part, program), { flush: true });
    }
    await chmod(part, 0o755);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw explain(error, program, release);
  }
}

async function receive(
  release: Release,
  handle: FileHandle,
  { program, signal, onProgress, ...limits }: FetchOptions,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), limits.silentMs ?? silentMs);
  const total = AbortSignal.timeout(limits.totalMs ?? totalMs);
  try {
    const response = await follow(release, AbortSignal.any([signal, total, silence.signal]));
    if (!response.ok) throw new Error(`answered with ${response.status}`);
    const hash = createHash('sha256');
    let received = 0;
    for await (const chunk of response.body ?? []) {
      const bytes = chunk as Uint8Array;
      timer.refresh();
      received += bytes.length;
      if (received > release.bytes) throw new AppError('program_not_genuine', { program });
      hash.update(bytes);
      await handle.writeFile(bytes);
      onProgress(received);
    }
    if (received < release.bytes) throw new Error(`ended after ${received} bytes`);
    if (hash.digest('hex') !== release.sha256) {
      throw new AppError('program_not_genuine', { program });
    }
  } finally {
    clearTimeout(timer);
    // Ends a connection that is still open.
    silence.abort();
  }
}

/** Follows redirects, but only to where the release may come from. */
async function follow({ url, mayComeFrom }: Release, signal: AbortSignal): Promise<Response> {
  let next = new URL(url);
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await fetch(next, { redirect: 'manual', signal, headers });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    next = new URL(location, next);
    if (!mayComeFrom(next)) throw new AppError('program_redirected', { host: next.host });
  }
  throw new Error('too many redirects');
}

/** The program in an archive. What is in it is known: its digest was right. */
async function unpack(part: string, program: string): Promise<Uint8Array> {
  const options = { maxOutputLength: maxUnpacked };
  const archive = await promisify(gunzip)(await readFile(part), options);
  const found = parseTar(archive).find(({ name }) => name.split('/').at(-1) === program);
  if (found?.data === undefined) throw new AppError('program_not_genuine', { program });
  return found.data;
}

function explain(error: unknown, program: string, { url }: Release): AppError {
  if (error instanceof AppError) return error;
  const { code, syscall } = error as { code?: string; syscall?: string };
  const cause = { cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('disk_full', {}, cause);
  // Of a file: what the network says is the cause of another error.
  if (syscall !== undefined) return new AppError('data_folder_unwritable', {}, cause);
  return new AppError('program_not_fetched', { program, host: new URL(url).host }, cause);
}
