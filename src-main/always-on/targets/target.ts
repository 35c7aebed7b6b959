import { withoutLastSlash } from '../../../src-shared/domain/public-url.ts';

/**
 * A web space that takes files. Paths are relative to the folder that the owner chose, with `/`
 * between their parts. Every method throws AppError `target_…`, as docs/always-on.md explains.
 */
export interface Target {
  /**
   * Names of what lies in a folder, in no particular order, with what uploads that were killed have
   * left there; none if the folder is not there.
   */
  list(folder: string): Promise<string[]>;
  /**
   * Writes a file, and the folders above it. It appears all at once: who reads meanwhile gets the
   * old file or the new one.
   */
  put(path: string, bytes: Uint8Array): Promise<void>;
  /** A file that is not there is fine. */
  remove(path: string): Promise<void>;
  /** Removes a folder that is empty. Anything else is left as it is. */
  removeFolder(folder: string): Promise<void>;
  /** How many requests it does at once. */
  parallel: number;
  /** What the first connection found out and later ones have to find again; '' without any. */
  hostKey(): string;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** What a file is served as; sealed files have no extension. */
export const contentTypeOf = (path: string): string =>
  types[/\.([a-z]+)$/.exec(path)?.[1] ?? ''] ?? 'application/octet-stream';

/** The folders above a path, the outermost first: `a`, `a/b` for `a/b/c`. */
export function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Joins what is not empty with `/`; a leading `/` of the first part stays. */
export const joinPath = (...parts: string[]): string =>
  parts
    .map((part, index) =>
      index === 0 ? withoutLastSlash(part) : withoutLastSlash(part).replace(/^\/+/, ''),
    )
    .filter((part, index) => part !== '' || (index === 0 && parts[0]!.startsWith('/')))
    .join('/');

/** The public address of a path, or of the folder itself. */
export const publicAddress = (publicUrl: string, path: string): string =>
  `${withoutLastSlash(publicUrl)}/${path.split('/').map(encodeURIComponent).join('/')}`;

/** A name beside a file, for the time until it is whole; what a killed upload left has it too. */
export const partName = (path: string): string => `${path}.part`;
