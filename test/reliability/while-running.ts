/**
 * What happens to the data folder while the program runs: it says so, writes nothing into the void,
 * and everything that it had confirmed is there afterwards.
 */
import Database from 'better-sqlite3';
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { databaseFile } from '../../src-main/store/open.ts';
import { dumpStore } from '../support/store-state.ts';
import type { Row } from './part.ts';
import { importFile, leftovers, problemsOf, startKillable } from './started.ts';

interface Trouble {
  what: string;
  /** Returns what mends it; null: only a new start does. */
  begin(dataDir: string): (() => void) | null;
  code: string;
}

const deleting = (end: string): Trouble => ({
  what: `portal.sqlite${end} deleted`,
  begin(dataDir) {
    rmSync(databaseFile(dataDir) + end);
    return null;
  },
  code: 'database_log_gone',
});

const troubles: readonly Trouble[] = [
  {
    what: 'folder gone and back',
    begin(dataDir) {
      renameSync(dataDir, `${dataDir}-away`);
      return () => renameSync(`${dataDir}-away`, dataDir);
    },
    code: 'data_folder_gone',
  },
  deleting('-wal'),
  deleting('-shm'),
  {
    what: 'database held by another program',
    begin(dataDir) {
      const other = new Database(databaseFile(dataDir));
      other.exec('BEGIN IMMEDIATE');
      return () => other.close();
    },
    code: 'database_locked',
  },
];

/** `whole`: a data folder. */
export async function whileRunning(whole: string, folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, trouble] of troubles.entries()) {
    const row: Row = { what: `running: ${trouble.what}`, wanted: 1, tried: 1, failures: [] };
    rows.push(row);
    const dataDir = join(folder, `running-${index}`);
    cpSync(whole, dataDir, { recursive: true });
    await tryTrouble(trouble, dataDir, row).catch((error: unknown) => {
      row.failures.push(String(error));
    });
  }
  return rows;
}

async function tryTrouble({ begin, code }: Trouble, dataDir: string, row: Row): Promise<void> {
  let program = await startKillable(dataDir);
  await importFile(program, 'Date,Duration,Customer,Project\n2026-11-04,1:00,Beta,Site\n');
  // A connection to a folder that goes has to be there before.
  await program.call('settings.set', { theme: 'light' });
  const before = dumpStore(databaseFile(dataDir));
  const call = program.caller();
  const mend = begin(dataDir);
  const attempts = [
    () => call('settings.set', { theme: 'dark' }),
    () => call('shares.create', { customerId: 1 }),
  ];
  for (const attempt of attempts) {
    const said = await attempt().then(
      () => 'no error',
      (error: unknown) => String(error),
    );
    if (!said.includes(code)) row.failures.push(said);
  }
  if (mend !== null) mend();
  else {
    if ((await program.stop()) !== 0) row.failures.push('it did not end cleanly');
    program = await startKillable(dataDir);
  }
  if (dumpStore(databaseFile(dataDir)) !== before) row.failures.push('what was there has changed');
  await program.call('settings.set', { theme: 'dark' });
  await importFile(program, 'Date,Duration,Customer,Project\n2026-11-05,1:00,Beta,Site\n');
  if ((await program.stop()) !== 0) row.failures.push('it did not stop cleanly');
  row.failures.push(...problemsOf(dataDir), ...leftovers(dataDir));
  if (existsSync(`${dataDir}-away`)) row.failures.push('another folder was made in its place');
}
