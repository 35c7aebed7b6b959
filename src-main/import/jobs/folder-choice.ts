/** Folders that somebody may choose from, by tokens: the renderer never names a path. */
import { randomUUID } from 'node:crypto';
import { readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { AppError } from '../../../src-shared/errors.ts';

export interface FolderList {
  path: string;
  token: string;
  /** Null: there is no folder above, or none that may be seen. */
  parent: string | null;
  folders: { name: string; token: string }[];
}

/** `home`: the home folder and what is below it. */
export type FolderReach = 'everywhere' | 'home';

export class WatchFolders {
  readonly #pathByToken = new Map<string, string>();
  readonly #tokenByPath = new Map<string, string>();

  /** Throws `not_found` for a token of an earlier start, and for a folder out of reach. */
  async pathOf(token: string, reach: FolderReach): Promise<string> {
    const path = this.#pathByToken.get(token);
    if (path === undefined) throw new AppError('not_found');
    // A token may come from somebody who sees more, and a link may lead elsewhere by now.
    if (reach === 'home' && (await pathFromHome(path)) === null) throw new AppError('not_found');
    return path;
  }

  /**
   * The folders inside one (null: the home folder), without hidden ones. Throws `not_found` for a
   * token of an earlier start, and for a folder that is out of reach or cannot be read.
   */
  async list(inside: string | null, reach: FolderReach): Promise<FolderList> {
    const path = inside === null ? homedir() : await this.pathOf(inside, reach);
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      throw new AppError('not_found', {}, { cause: error });
    });
    const folders = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => ({ name: entry.name, token: this.tokenOf(join(path, entry.name)) }))
      .sort((a, b) => a.name.localeCompare(b.name));
    const parent = dirname(path);
    const isTop = parent === path || (reach === 'home' && (await pathFromHome(parent)) === null);
    return {
      path,
      token: this.tokenOf(path),
      parent: isTop ? null : this.tokenOf(parent),
      folders,
    };
  }

  /** The token of a path that the program, not the renderer, names. */
  tokenOf(path: string): string {
    let token = this.#tokenByPath.get(path);
    if (!token) {
      token = randomUUID();
      this.#tokenByPath.set(path, token);
      this.#pathByToken.set(token, path);
    }
    return token;
  }
}

/** Relative to the home folder, links resolved; null: outside of it, or not there. */
async function pathFromHome(path: string): Promise<string | null> {
  try {
    const below = relative(await realpath(homedir()), await realpath(path));
    const isOutside = below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below);
    return isOutside ? null : below;
  } catch {
    // Whoever may not see it is told the same as if it were not there.
    return null;
  }
}
