/** kill −9 at random moments of the start that brings a folder of the first version up to this one. */
import Database from 'better-sqlite3';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { migrate } from '../../src-main/store/migrate.ts';
import { migrations } from '../../src-main/store/migrations/index.ts';
import { databaseFile } from '../../src-main/store/open.ts';
import { countOf } from './changes.ts';
import type { PartInput, Row } from './part.ts';
import type { Random } from './random.ts';
import { leftovers, problemsOf, spawnProgram, startKillable } from './started.ts';

export async function killMigrations(
  { folder, random, isOver }: PartInput,
  wanted: number,
): Promise<Row> {
  const row: Row = { what: 'kill −9: migration', wanted, tried: 0, failures: [] };
  while (row.tried < wanted && !isOver()) await killMigration(join(folder, 'old'), random, row);
  return row;
}

/** A folder of the first version, killed while the program brings it up to this one. */
async function killMigration(dataDir: string, random: Random, row: Row): Promise<void> {
  row.tried++;
  try {
    rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(dataDir);
    const old = new Database(databaseFile(dataDir));
    migrate(old, migrations.slice(0, 1), () => undefined);
    old.exec(`INSERT INTO customers (name) VALUES ('From before')`);
    const insert = old.prepare(
      `INSERT INTO undo_steps (made_at, what, changes) VALUES (1, 'x', '[]')`,
    );
    old.transaction(() => {
      for (let n = 0; n < 20_000; n++) insert.run();
    })();
    old.close();
    const program = spawnProgram(dataDir);
    await wait(300 + random.below(700));
    await program.kill();
    const next = await startKillable(dataDir);
    const [customer] = await next.call('customers.list', {});
    await next.stop();
    const problems = leftovers(dataDir);
    problems.push(...problemsOf(dataDir));
    if (customer?.name !== 'From before') problems.push('the customer is gone');
    const steps = countOf(dataDir, 'SELECT COUNT(*) FROM change_steps');
    if (steps !== 20_000) problems.push(`${steps} of 20000 steps are there`);
    const db = new Database(databaseFile(dataDir), { readonly: true });
    if (db.pragma('user_version', { simple: true }) !== migrations.at(-1)!.version) {
      problems.push('it is not of this version');
    }
    db.close();
    if (problems.length > 0) row.failures.push(problems.join('; '));
  } catch (error) {
    row.failures.push(String(error));
  }
}
