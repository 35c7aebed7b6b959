import { accessSync, constants, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output } from '../../src-shared/contract.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { AppContext } from '../context.ts';
import type { Release } from '../tunnels/cloudflared-release.ts';
import { createSubfolder } from '../store/data-folder.ts';
import { fetchProgram } from '../tunnels/fetch-program.ts';
import { findProgram } from '../tunnels/program.ts';

const program = 'cloudflared';
const suffix = process.platform === 'win32' ? '.exe' : '';

interface Copy {
  file: string;
  version: string;
}

export interface OwnCloudflared {
  /** The program that tunnels use: the computer's own, else the fetched one; null: there is none. */
  find(): string | null;
  report(): Output<'publish.cloudflared'>;
  /** Resolves when it is there. Throws what `fetchProgram` throws, and `program_cancelled`. */
  fetch(version: string): Promise<void>;
  cancel(): Promise<void>;
  remove(): Promise<void>;
}

export interface OwnCloudflaredOptions {
  /** What can be fetched for this system; null: nothing. */
  release: Release | null;
  /** Does this while no tunnel uses the program, and starts the tunnel again. */
  exchange(work: () => Promise<void>): Promise<void>;
}

/** Cloudflare's program in the data folder: fetched when the owner wants it, removed by them. */
export function createOwnCloudflared(
  { dataDir, changed }: Pick<AppContext, 'dataDir' | 'changed'>,
  { release, exchange }: OwnCloudflaredOptions,
): OwnCloudflared {
  const folder = join(dataDir, 'programs');
  let running: { controller: AbortController; done: Promise<void>; received: number } | null = null;

  /** The fetched ones, the newest first. An older version of this program may have fetched another. */
  function copies(): Copy[] {
    return namesIn(folder)
      .flatMap((name): Copy[] => {
        const version = /^cloudflared-(\d+(?:\.\d+)+)(?:\.exe)?$/.exec(name)?.[1];
        return version === undefined ? [] : [{ file: join(folder, name), version }];
      })
      .filter(({ file }) => isExecutable(file))
      .sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
  }

  function report(): Output<'publish.cloudflared'> {
    const own = findProgram(program);
    const copy = own === null ? (copies()[0] ?? null) : null;
    const isWanted = own === null && copy?.version !== release?.version;
    return {
      file: own ?? copy?.file ?? null,
      fetched: copy?.version ?? null,
      offer:
        release !== null && isWanted
          ? { version: release.version, url: release.url, bytes: release.bytes, folder }
          : null,
      receivedBytes: running?.received ?? null,
    };
  }

  async function fetchIt(wanted: Release, signal: AbortSignal): Promise<void> {
    const file = join(folder, `${program}-${wanted.version}${suffix}`);
    createSubfolder(folder);
    let told = 0;
    const onProgress = (received: number): void => {
      if (running !== null) running.received = received;
      // Whoever looks sees each hundredth.
      if (received - told < wanted.bytes / 100) return;
      told = received;
      changed('publish');
    };
    try {
      await fetchProgram(wanted, file, { program, signal, onProgress });
    } catch (error) {
      throw signal.aborted ? new AppError('program_cancelled', {}, { cause: error }) : error;
    }
    await exchange(() => removeCopies(file));
  }

  async function removeCopies(except: string | null): Promise<void> {
    for (const { file } of copies()) if (file !== except) await rm(file, { force: true });
  }

  return {
    find: () => findProgram(program) ?? copies()[0]?.file ?? null,
    report,
    async fetch(version) {
      if (running !== null) return running.done;
      // What is fetched is what the owner was shown.
      if (release === null || release.version !== version)
        throw new AppError('program_not_offered');
      const controller = new AbortController();
      const done = fetchIt(release, controller.signal).finally(() => {
        running = null;
        changed('publish');
      });
      running = { controller, done, received: 0 };
      changed('publish');
      return done;
    },
    async cancel() {
      running?.controller.abort();
      // Whoever fetches is told how it ended.
      await running?.done.catch(() => undefined);
    },
    remove: () => exchange(() => removeCopies(null)),
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing was ever fetched.
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
