import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../src-shared/errors.ts';
import { errorCode } from './error-code.ts';
import { parseJson } from './json-column.ts';

/** How often the holder of a folder says that it is there. */
const beatMs = 3_000;
/** Another holder that was silent for so many beats is gone. */
const watchedBeats = 3;
/** Two that begin at the same moment see each other after this. */
const settleMs = 500;

interface Holder {
  /** New for each start. */
  id: string;
  computer: string;
  pid: number;
  beat: number;
}

/** What the rule asks of the computer. Tests are two of them. */
export interface HolderDeps {
  /** Names this computer since it was switched on. */
  computer: string;
  isAlive(pid: number): boolean;
  /** Whether locks of files surely work in a folder, as on a disk of this computer. */
  isLocal(folder: string): boolean;
  wait(ms: number): Promise<unknown>;
}

/**
 * Makes sure that no program of **another computer** works on a data folder: on a network drive
 * locks may hold on each computer only, or not at all. The holder counts up in a file; whoever
 * comes later sees that, and is refused. A holder that is gone is waited for, since its computer may
 * only be slow. `onTaken`: another one took the folder all the same, as after a long sleep of this
 * computer; nothing may be written from now on.
 * Returns the function that gives the folder up. Throws `data_folder_in_use`.
 */
export async function holdFolder(
  dataDir: string,
  onTaken: () => void,
  deps: HolderDeps = thisComputer,
): Promise<() => void> {
  if (deps.isLocal(dataDir)) return () => undefined;
  const file = join(dataDir, 'holder.json');
  await waitUntilGone(file, deps);
  const own: Holder = { id: randomUUID(), computer: deps.computer, pid: process.pid, beat: 0 };
  const isOwn = (): boolean => {
    const now = readHolder(file);
    // Gone or half written: it is made anew.
    return now === null || now.id === own.id;
  };
  writeHolder(file, own);
  await deps.wait(settleMs);
  if (!isOwn()) throw new AppError('data_folder_in_use');
  const beats = setInterval(() => {
    if (isOwn()) {
      own.beat++;
      writeHolder(file, own);
    } else {
      clearInterval(beats);
      onTaken();
    }
  }, beatMs).unref();
  return () => {
    clearInterval(beats);
    if (isOwn()) rmSync(file, { force: true });
  };
}

async function waitUntilGone(file: string, { computer, isAlive, wait: pause }: HolderDeps) {
  const before = readHolder(file);
  if (before === null || (before.computer === computer && !isAlive(before.pid))) return;
  for (let beat = 0; beat < watchedBeats; beat++) {
    await pause(beatMs);
    const now = readHolder(file);
    if (now !== null && (now.id !== before.id || now.beat !== before.beat)) {
      throw new AppError('data_folder_in_use');
    }
  }
}

function readHolder(file: string): Holder | null {
  try {
    const { id, computer, pid, beat } = parseJson<Holder>(readFileSync(file, 'utf8'));
    const isWhole = typeof id === 'string' && Number.isInteger(pid) && Number.isInteger(beat);
    return isWhole ? { id, computer, pid, beat } : null;
  } catch {
    return null;
  }
}

function writeHolder(file: string, holder: Holder): void {
  try {
    writeFileSync(file, JSON.stringify(holder), { mode: 0o600 });
  } catch {
    // A drive that is away for a moment: the next beat writes it again.
  }
}

const thisComputer: HolderDeps = {
  computer: `${hostname()} ${bootId()}`,
  isAlive(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // EPERM: it is there, and somebody else's.
      return errorCode(error) !== 'ESRCH';
    }
  },
  isLocal: isLocalFolder,
  wait,
};

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Only Linux has one. A process of an earlier boot is not alive, or another one has its number.
    return '';
  }
}

/**
 * Linux's numbers of file systems on disks of this computer (`statfs(2)`): ext, XFS, Btrfs, ZFS,
 * F2FS, bcachefs, JFS, ReiserFS, FAT, exFAT, NTFS, eCryptfs, overlays, and memory.
 */
const localFileSystems = [
  0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0xf2f52010, 0xca451a4e, 0x3153464a, 0x52654973,
  0x4d44, 0x2011bab0, 0x7366746e, 0xf15f, 0x794c7630, 0x01021994, 0x858458f6,
];

/** Elsewhere network drives are known by their path; a drive letter of Windows has locks that hold. */
function isLocalFolder(folder: string): boolean {
  if (process.platform !== 'linux') return !/^(?:\\\\|\/Volumes\/)/.test(folder);
  return localFileSystems.includes(statfsSync(folder).type >>> 0);
}
