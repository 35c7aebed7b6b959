/** Folders that the owner may choose from, by tokens: the renderer never names a path. */
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../../src-shared/errors.ts';

export interface FolderList {
  path: string;
  token: string;
  parent: string | null;
  folders: { name: string; token: string }[];
}

export class WatchFolders {
  readonly #pathByToken = new Map<string, string>();
  readonly #tokenByPath = new Map<string, string>();

  /** Throws `not_found` for a token of an earlier start. */
  pathOf(token: string): string {
    const path = this.#pathByToken.get(token);
    if (path === undefined) throw new AppError('not_found');
    return path;
  }

  /**
   * The folders inside one (null: the home folder), without hidden ones. Throws `not_found` for a
   * token of an earlier start, or a folder that cannot be read.
   */
  async list(inside: string | null): Promise<FolderList> {
    const path = inside === null ? homedir() : this.pathOf(inside);
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      throw new AppError('not_found', {}, { cause: error });
    });
    const folders = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => ({ name: entry.name, token: this.#tokenOf(join(path, entry.name)) }))
      .sort((a, b) => a.name.localeCompare(b.name));
    const parent = dirname(path);
    return {
      path,
      token: this.#tokenOf(path),
      parent: parent === path ? null : this.#tokenOf(parent),
      folders,
    };
  }

  #tokenOf(path: string): string {
    let token = this.#tokenByPath.get(path);
    if (!token) {
      token = randomUUID();
      this.#tokenByPath.set(path, token);
      this.#pathByToken.set(token, path);
    }
    return token;
  }
}
