import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorCode } from '../../src-shared/errors.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Client } from '../program/client.ts';
import { uploadFile } from '../program/import-file.ts';

/** Many files may be selected, but nobody looks at more previews. */
const maxFiles = 20;

/** The exports among the words of a command line: paths, or addresses of files as desktops give them. */
export function exportsIn(words: readonly string[], folder: string): string[] {
  return words
    .filter((word) => !word.startsWith('-'))
    .map((word) => pathOf(word, folder))
    .filter((path) => path !== null && isExport(path))
    .slice(0, maxFiles) as string[];
}

function pathOf(word: string, folder: string): string | null {
  if (!word.startsWith('file:')) return resolve(folder, word);
  try {
    return fileURLToPath(word);
  } catch {
    // An address on another computer.
    return null;
  }
}

function isExport(path: string): boolean {
  if (!['.csv', '.xlsx'].includes(extname(path).toLowerCase())) return false;
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

interface Options {
  /** Whoever is at the window asks: without a sign-in, and while it is locked, nothing is read. */
  client: Client;
  /** Shows the preview. */
  show(place: string): void;
  onError(error: unknown): void;
}

const signInErrors: readonly (ErrorCode | null)[] = ['not_signed_in', 'locked'];

/** Files that the owner opened with the program, one after the other. */
export class OpenedFiles {
  readonly #waiting: string[] = [];
  #options: Options | null = null;
  #isBusy = false;

  /** Any time, also before the program is there. */
  add(paths: readonly string[]): void {
    this.#waiting.push(...paths.slice(0, maxFiles));
    void this.next();
  }

  /** The program is there. */
  begin(options: Options): void {
    this.#options = options;
    void this.next();
  }

  /** Again when somebody signed in. */
  async next(): Promise<void> {
    const options = this.#options;
    if (options === null || this.#isBusy) return;
    this.#isBusy = true;
    for (let path = this.#waiting[0]; path !== undefined; path = this.#waiting[0]) {
      try {
        const uploadId = await uploadFile(options.client, path);
        const { jobId } = await options.client('imports.open', { uploadId });
        options.show(`/imports/job/${jobId}`);
      } catch (error) {
        // It waits until somebody has signed in.
        if (error instanceof AppError && signInErrors.includes(error.code)) break;
        options.onError(error);
      }
      this.#waiting.shift();
    }
    this.#isBusy = false;
  }
}
