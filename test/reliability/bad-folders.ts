/**
 * Folders that the program cannot work on: it says why in one sentence, changes nothing, and works
 * again once the reason is gone.
 */
import Database from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { databaseFile } from '../../src-main/store/open.ts';
import { dumpStore } from '../support/store-state.ts';
import type { PartInput, Row } from './part.ts';
import { onFullDisk } from './full-disk.ts';
import { importFile, problemsOf, startKillable, startThere } from './started.ts';
import { whileRunning } from './while-running.ts';

interface Trouble {
  what: string;
  /** Spoils the folder; returns what mends it. Null: cannot be tried on this machine. */
  spoil(dataDir: string): (() => void) | null;
  /** What the program says; undefined: it starts all the same. */
  says?: RegExp;
  /** What is there afterwards may be less than before. */
  mayLose?: boolean;
}

const readOnly = (dataDir: string): (() => void) | null => {
  // Modes do not bind root: a mount that is read-only does.
  try {
    execFileSync('mount', ['--bind', dataDir, dataDir], { stdio: 'pipe' });
    execFileSync('mount', ['-o', 'remount,ro,bind', dataDir], { stdio: 'pipe' });
  } catch {
    return null;
  }
  return () => void execFileSync('umount', ['-l', dataDir]);
};

const troubles: Trouble[] = [
  {
    what: 'read-only folder',
    spoil: readOnly,
    says: /cannot be written to|data_folder_unwritable/,
  },
  {
    what: 'database of a newer version',
    spoil(dataDir) {
      const set = (version: number): void => {
        const db = new Database(databaseFile(dataDir));
        db.pragma(`user_version = ${version}`);
        db.close();
      };
      const db = new Database(databaseFile(dataDir));
      const now = db.pragma('user_version', { simple: true }) as number;
      db.close();
      set(99_990);
      return () => set(now);
    },
    says: /newer version/,
  },
  {
    what: 'corrupted first page',
    spoil(dataDir) {
      const file = databaseFile(dataDir);
      const kept = `${file}.kept`;
      copyFileSync(file, kept);
      writeFileSync(
        file,
        Buffer.concat([Buffer.alloc(4096, 'x'), readFileSync(kept).subarray(4096)]),
      );
      return () => renameSync(kept, file);
    },
    says: /damaged/,
  },
  {
    what: 'database cut to half',
    spoil(dataDir) {
      const file = databaseFile(dataDir);
      const kept = `${file}.kept`;
      copyFileSync(file, kept);
      truncateSync(file, Math.floor(statSync(file).size / 2));
      return () => renameSync(kept, file);
    },
    says: /damaged/,
  },
  {
    what: 'a second program on the folder',
    spoil(dataDir) {
      const db = new Database(join(dataDir, 'lock.sqlite'));
      db.exec('BEGIN EXCLUSIVE');
      return () => db.close();
    },
    says: /Another Customer Portal/,
  },
  {
    what: 'database held by another program',
    spoil(dataDir) {
      const db = new Database(databaseFile(dataDir));
      db.pragma('locking_mode = EXCLUSIVE');
      db.exec('BEGIN EXCLUSIVE');
      return () => db.close();
    },
    says: /Another program holds the database/,
  },
  {
    what: 'folder gone and back',
    spoil(dataDir) {
      renameSync(dataDir, `${dataDir}-away`);
      writeFileSync(dataDir, '');
      return () => {
        rmSync(dataDir);
        renameSync(`${dataDir}-away`, dataDir);
      };
    },
    says: /cannot be written to/,
  },
  {
    what: 'log and index of the database deleted after a clean end',
    spoil(dataDir) {
      for (const end of ['-wal', '-shm']) rmSync(databaseFile(dataDir) + end, { force: true });
      return () => undefined;
    },
  },
];

export async function survivesBadFolders({ folder, isOver }: PartInput): Promise<Row[]> {
  const whole = join(folder, 'whole');
  const program = await startKillable(whole);
  await importFile(program, 'Date,Duration,Customer,Project\n2026-11-03,1:00,Acme,Web\n');
  await program.stop();
  const rows: Row[] = [];
  for (const trouble of troubles) {
    const row: Row = { what: `start: ${trouble.what}`, wanted: 1, tried: 0, failures: [] };
    rows.push(row);
    if (isOver()) continue;
    const dataDir = join(folder, 'data');
    rmSync(dataDir, { recursive: true, force: true });
    cpSync(whole, dataDir, { recursive: true });
    await tryStart(trouble, dataDir, row);
  }
  return [...rows, ...(await whileRunning(whole, folder)), ...(await onFullDisk(whole))];
}

async function tryStart({ spoil, says }: Trouble, dataDir: string, row: Row): Promise<void> {
  const before = dumpStore(databaseFile(dataDir));
  const mend = spoil(dataDir);
  if (mend === null) {
    row.wanted = 0;
    row.what += ' (not possible here)';
    return;
  }
  row.tried = 1;
  try {
    if (says !== undefined) {
      const said = await whatIsSaid(dataDir);
      if (!says.test(said)) row.failures.push(`it said: ${said}`);
    }
  } finally {
    mend();
  }
  const mended = await startKillable(dataDir).catch((error: unknown) => String(error));
  if (typeof mended === 'string') {
    row.failures.push(`it does not start afterwards: ${mended}`);
    return;
  }
  await mended.stop();
  if (dumpStore(databaseFile(dataDir)) !== before) row.failures.push('what was there has changed');
  row.failures.push(...problemsOf(dataDir));
}

/** What the program says when it ends, or answers if it does not notice before it is asked. */
async function whatIsSaid(dataDir: string): Promise<string> {
  const program = await startThere(dataDir).catch((error: unknown) => String(error));
  if (typeof program === 'string') return program;
  const answer = await program.call('records.list', {}).catch((error: unknown) => String(error));
  await program.kill();
  return typeof answer === 'string' ? answer : 'nothing';
}
