/**
 * Power cuts as SQLite sees them: the log that is written before the database ends at any byte, or
 * its last bytes are nonsense. What was committed in the part that is whole must be there, and
 * nothing of what comes after.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, databaseFile, openStore, verifyStore } from '../../src-main/store/open.ts';
import { inTransaction } from '../../src-main/store/transactions.ts';
import type { PartInput, Row } from './part.ts';

const cuts = 500;
const transactions = 40;
const rowsEach = 25;

export function survivesPowerCuts(input: PartInput): Promise<Row[]> {
  return Promise.resolve([cutLog(input, cuts)]);
}

/** Cuts the log `wanted` times. Exported for its short form in `npm test`. */
export function cutLog({ folder, random, isOver }: PartInput, wanted: number): Row {
  const source = join(folder, 'source');
  mkdirSync(source);
  openStore(source).close();
  const db = connect(databaseFile(source));
  db.pragma('wal_autocheckpoint = 0');
  const insert = db.prepare('INSERT INTO customers (name) VALUES (?)');
  const count = db.prepare('UPDATE data_version SET version = version + 1');
  for (let n = 0; n < transactions; n++) {
    inTransaction(db, () => {
      for (let row = 0; row < rowsEach; row++) insert.run(`Customer ${n} ${row}`.padEnd(200, '.'));
      count.run();
    });
  }
  const log = readFileSync(`${databaseFile(source)}-wal`);
  const failures: string[] = [];
  const states = new Set<number>();
  let tried = 0;
  for (; tried < wanted && !isOver(); tried++) {
    const copy = join(folder, 'copy');
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy);
    copyFileSync(databaseFile(source), databaseFile(copy));
    const at = random.below(log.length + 1);
    const left = Buffer.from(log.subarray(0, at));
    // Half of the time the last sector holds what was there before, or nothing.
    if (random.below(2) === 0) left.fill(random.below(256), Math.max(0, at - random.below(4096)));
    writeFileSync(`${databaseFile(copy)}-wal`, left);
    const problem = lookInto(copy, states);
    if (problem !== null) failures.push(`cut at byte ${at}: ${problem}`);
  }
  db.close();
  if (tried === wanted && states.size < 5) failures.push('the cuts left too few different states');
  return { what: 'power cut: the log ends at a random byte', wanted, tried, failures };
}

/** What is wrong with a store after a cut; null: nothing. */
function lookInto(folder: string, states: Set<number>): string | null {
  try {
    const store = openStore(folder);
    try {
      const version = store.prepare<[], number>('SELECT version FROM data_version').pluck().get()!;
      const rows = store.prepare<[], number>('SELECT COUNT(*) FROM customers').pluck().get()!;
      states.add(version);
      if (rows !== (version - 1) * rowsEach) return `${rows} rows after ${version - 1} commits`;
    } finally {
      store.close();
    }
    verifyStore(databaseFile(folder));
    return null;
  } catch (error) {
    return String(error);
  }
}
