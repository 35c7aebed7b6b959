/** A real disk that is soon full: a file system in memory, of a size that the test chooses. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  path: string;
  /** Fills the disk until about that many bytes are free. */
  leave(bytes: number): void;
  /** Takes the filling away. */
  makeRoom(): void;
  remove(): void;
}

/** Null where it may not be mounted: only root may, and only Linux has it. */
export function mountSmallDisk(bytes: number): SmallDisk | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path], { stdio: 'pipe' });
  } catch {
    // A container without the right to mount.
    rmdirSync(path);
    return null;
  }
  const filling = join(path, 'filling');
  return {
    path,
    leave(free) {
      rmSync(filling, { force: true });
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(filling, Buffer.alloc(Math.max(0, bavail * bsize - free)));
    },
    makeRoom: () => rmSync(filling, { force: true }),
    remove() {
      // At once, also after a test that failed with files open.
      execFileSync('umount', ['-l', path]);
      rmdirSync(path);
    },
  };
}
