/**
 * kill −9 at random moments of everything that changes the store. Afterwards the store is whole, the
 * change is there wholly or not at all, and the next start needs no hand and leaves nothing behind.
 */
import Database from 'better-sqlite3';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { migrate } from '../../src-main/store/migrate.ts';
import { migrations } from '../../src-main/store/migrations/index.ts';
import { connect, databaseFile, verifyStore } from '../../src-main/store/open.ts';
import { number, text, writeWorkbook, yesNo, type Cell } from '../support/kimai-workbook.ts';
import type { PartInput, Row } from './part.ts';
import type { Random } from './random.ts';
import {
  importFile,
  leftovers,
  oneValue,
  problemsOf,
  spawnProgram,
  startKillable,
  type Killable,
} from './started.ts';

const kills = 200;
const importRows = 2_000;
/** A kill comes within this time after the change was asked for, of most changes. */
const longestMs = 250;

/** What tells whether a change is there: the state before it and after it. */
interface Change {
  what: string;
  /** How long after it was asked for a kill may come. */
  withinMs?: number;
  /** A query of one value that the change alters, and nothing else. */
  watched: string;
  /** Prepares; returns the change and the value afterwards. */
  prepare(
    program: Killable,
    dataDir: string,
  ): Promise<{ run: () => Promise<unknown>; after: unknown }>;
}

let round = 0;
const timesheet = (): string =>
  [
    'Date,From,Duration,Customer,Project,Activity,User',
    ...Array.from({ length: importRows }, (_, n) => {
      const day = String(1 + (n % 28)).padStart(2, '0');
      return `2025-11-${day},0${n % 10}:00,1:00,Round ${round},Project ${n % 7},Dev,User ${n}`;
    }),
  ].join('\n');

const listColumns =
  'ID,Name,Company name,Account,VAT-ID,Address,Contact,E-mail,Phone,Mobile,Fax,Homepage,Country,Currency,Timezone,Budget,Hourly quota,Budget-Type,Color,Visible,Comment,Billable';

/** A list of two customers, as Kimai exports one. */
function customerList(): Buffer {
  const columns = listColumns.split(',');
  const rows = ['a', 'b'].map((letter, index) => {
    const cells: Record<string, Cell> = {
      ID: number(1000 + 2 * round + index),
      Name: text(`Listed ${round}${letter}`),
      Account: text(`${round}${letter}`),
      Country: text('DE'),
      Currency: text('EUR'),
      Timezone: text('Europe/Berlin'),
      Budget: number(1000),
      Visible: yesNo(true),
      Billable: yesNo(true),
    };
    return columns.map((column) => cells[column] ?? null);
  });
  return writeWorkbook([columns.map(text), ...rows]);
}

const countOf = (dataDir: string, sql: string): number => Number(oneValue(dataDir, sql));
const records = 'SELECT COUNT(*) FROM records';

const changes: Change[] = [
  {
    what: 'import',
    withinMs: 500,
    watched: `${records}`,
    prepare: (program, dataDir) =>
      Promise.resolve({
        run: () => importFile(program, timesheet()),
        after: countOf(dataDir, records) + importRows,
      }),
  },
  {
    what: 'list import',
    watched: `SELECT COUNT(*) FROM customers WHERE name LIKE 'Listed %'`,
    prepare: (program, dataDir) =>
      Promise.resolve({
        run: () => importFile(program, customerList()),
        after: countOf(dataDir, `SELECT COUNT(*) FROM customers WHERE name LIKE 'Listed %'`) + 2,
      }),
  },
  {
    what: 'undo of an import',
    watched: records,
    async prepare(program, dataDir) {
      await importFile(program, timesheet());
      const id = countOf(dataDir, 'SELECT MAX(id) FROM imports');
      return {
        run: () => program.call('imports.undo', { importId: id }),
        after: countOf(dataDir, records) - importRows,
      };
    },
  },
  {
    what: 'edit of a share',
    watched: `SELECT group_concat(label || session_version) FROM shares`,
    async prepare(program, dataDir) {
      const [customer] = await program.call('customers.list', {});
      const share = await program.call('shares.create', { customerId: customer!.id, label: 'old' });
      const before = String(oneValue(dataDir, this.watched));
      return {
        run: () => program.call('shares.update', { id: share.id, patch: { label: 'new' } }),
        after: before.replace(/old(\d+)$/, 'new$1'),
      };
    },
  },
  {
    what: 'merge of customers',
    watched: `SELECT COUNT(*) FROM customers`,
    async prepare(program, dataDir) {
      await importFile(program, timesheet().replaceAll(`Round ${round}`, `Twin ${round}`));
      const all = await program.call('customers.list', {});
      const twin = all.find(({ name }) => name === `Twin ${round}`)!;
      const other = all.find(({ name }) => name !== `Twin ${round}`)!;
      return {
        run: () => program.call('customers.merge', { fromId: twin.id, intoId: other.id }),
        after: countOf(dataDir, 'SELECT COUNT(*) FROM customers') - 1,
      };
    },
  },
  {
    what: 'backup',
    watched: records,
    prepare: (program, dataDir) =>
      Promise.resolve({
        run: () => program.call('backups.make', {}),
        after: countOf(dataDir, records),
      }),
  },
  {
    what: 'restore',
    withinMs: 600,
    watched: records,
    async prepare(program, dataDir) {
      const made = await program.call('backups.make', {});
      const after = countOf(dataDir, records);
      await importFile(program, timesheet());
      return { run: () => program.call('backups.restore', { id: made.id }), after };
    },
  },
  {
    what: 'settings',
    withinMs: 40,
    watched: `SELECT value FROM settings WHERE key = 'app'`,
    async prepare(program, dataDir) {
      await program.call('settings.set', { theme: 'light' });
      return {
        run: () => program.call('settings.set', { theme: 'dark' }),
        after: String(oneValue(dataDir, this.watched)).replace('light', 'dark'),
      };
    },
  },
];

export async function survivesKills({ folder, random, isOver }: PartInput): Promise<Row[]> {
  const each = Math.ceil(kills / (changes.length + 1));
  const rows = changes.map(({ what }): Row => ({
    what: `kill −9: ${what}`,
    wanted: each,
    tried: 0,
    failures: [],
  }));
  const migration: Row = { what: 'kill −9: migration', wanted: each, tried: 0, failures: [] };
  const found = { before: 0, after: 0 };
  const dataDir = join(folder, 'data');
  // Each change in turn, so that a short time is spread over all of them.
  for (let turn = 0; turn < each && !isOver(); turn++) {
    // A fresh folder now and then, so that rounds stay short.
    if (turn % 5 === 0) rmSync(dataDir, { recursive: true, force: true });
    await fill(dataDir);
    for (const [index, change] of changes.entries()) {
      if (isOver()) break;
      round++;
      await killDuring(change, dataDir, turn === 0, random, rows[index]!, found);
    }
    await killMigration(join(folder, 'old'), random, migration);
  }
  console.log(`${found.after} changes were there afterwards, ${found.before} were not.`);
  return [...rows, migration];
}

async function fill(dataDir: string): Promise<void> {
  const program = await startKillable(dataDir);
  if ((await program.call('customers.list', {})).length < 2) {
    await importFile(program, timesheet());
    await importFile(program, timesheet().replaceAll('Round', 'Other'));
  }
  await program.stop();
}

async function killDuring(
  change: Change,
  dataDir: string,
  /** The first time the kill comes after the change, which shows that there is one. */
  isFirst: boolean,
  random: Random,
  row: Row,
  found: { before: number; after: number },
): Promise<void> {
  row.tried++;
  let program: Killable | undefined;
  try {
    program = await startKillable(dataDir);
    const { run, after } = await change.prepare(program, dataDir);
    const before = oneValue(dataDir, change.watched);
    const running = run();
    if (isFirst) await running;
    else {
      running.catch(() => undefined);
      await wait(random.below(change.withinMs ?? longestMs));
    }
    await program.kill();
    await running.catch(() => undefined);
    // In a copy: the next start shall find what the kill left.
    const copy = copyStoreFiles(dataDir, `${dataDir}-copy`);
    const problems = problemsOf(copy);
    const now = oneValue(copy, change.watched);
    if (isFirst && now !== after)
      problems.push(`it did not work: ${String(now)}, not ${String(after)}`);
    if (now !== before && now !== after) {
      problems.push(
        `half of it is there: ${String(now)}, not ${String(before)} or ${String(after)}`,
      );
    }
    if (before !== after) found[now === after ? 'after' : 'before']++;
    const backups = join(dataDir, 'backups');
    for (const name of existsSync(backups) ? readdirSync(backups) : []) {
      if (name.endsWith('.sqlite') && !name.includes('.part')) {
        verifyStore(join(backups, name));
      }
    }
    const next = await startKillable(dataDir);
    if ((await next.stop()) !== 0) problems.push('the next start did not end cleanly');
    problems.push(...leftovers(dataDir).map((name) => `${name} was left behind`));
    if (problems.length > 0) row.failures.push(problems.join('; '));
  } catch (error) {
    row.failures.push(String(error));
  } finally {
    await program?.kill();
  }
}

function copyStoreFiles(dataDir: string, copy: string): string {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  for (const end of ['', '-wal']) {
    const file = databaseFile(dataDir) + end;
    if (existsSync(file)) copyFileSync(file, databaseFile(copy) + end);
  }
  return copy;
}

/** A folder of the first version, killed while the program brings it up to this one. */
async function killMigration(dataDir: string, random: Random, row: Row): Promise<void> {
  row.tried++;
  try {
    rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(dataDir);
    const old = connect(databaseFile(dataDir));
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
    const problems = problemsOf(dataDir);
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
