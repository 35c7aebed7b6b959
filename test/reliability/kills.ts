/**
 * kill −9 at random moments of everything that changes the store. Afterwards the store is whole, the
 * change is there wholly or not at all, and the next start needs no hand and leaves nothing behind.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { verifyStore } from '../../src-main/store/open.ts';
import { changes, longestMs, timesheet, type Change } from './changes.ts';
import { killMigrations } from './migration-kills.ts';
import type { PartInput, Row } from './part.ts';
import { createRandom, type Random } from './random.ts';
import {
  copyStoreFiles,
  importFile,
  leftovers,
  oneValue,
  problemsOf,
  startKillable,
  type Killable,
} from './started.ts';
import { killWatches } from './watch-kills.ts';

const kills = 200;
/** A fresh folder now and then, so that rounds stay short. */
const turnsOfFolder = 5;

/** Which of the changes were there after a kill. */
const found = { before: 0, after: 0 };

/** Side by side, each on a folder of its own: a start is mostly waited for. */
export async function survivesKills(whole: PartInput): Promise<Row[]> {
  const { folder, random } = whole;
  const each = kills / (changes.length + 2);
  const input = (): PartInput => ({ ...whole, random: createRandom(random.below(2 ** 31)) });
  const half = changes.length / 2;
  const [some, others, migrations, watches] = await Promise.all([
    killChanges(changes.slice(0, half), join(folder, 'some'), input(), each),
    killChanges(changes.slice(half), join(folder, 'others'), input(), each),
    killMigrations(input(), each),
    killWatches(input(), each),
  ]);
  console.log(`${found.after} changes were there afterwards, ${found.before} were not.`);
  return [...some, ...others, migrations, watches];
}

async function killChanges(
  chosen: readonly Change[],
  dataDir: string,
  { random, isOver }: PartInput,
  each: number,
): Promise<Row[]> {
  const rows = chosen.map(({ what }): Row => ({
    what: `kill −9: ${what}`,
    wanted: each,
    tried: 0,
    failures: [],
  }));
  let program: Killable | null = null;
  let round = 0;
  // Each change in turn, so that a short time is spread over all of them.
  for (let turn = 0; turn < each && !isOver(); turn++) {
    if (turn % turnsOfFolder === 0) {
      await program?.stop();
      rmSync(dataDir, { recursive: true, force: true });
      program = await startKillable(dataDir);
      await importFile(program, timesheet(round));
      await importFile(program, timesheet(round).replaceAll('Round', 'Other'));
    }
    for (const [index, change] of chosen.entries()) {
      if (isOver()) break;
      round++;
      const isFirst = turn === 0;
      const kill: Kill = { change, dataDir, program: program!, round, isFirst, random };
      program = await killDuring(kill, rows[index]!);
    }
    // What a kill left behind, and the start after it did not clear away, is there still.
    if ((await program!.stop()) !== 0) rows[0]!.failures.push('a start did not end cleanly');
    rows[0]!.failures.push(...leftovers(dataDir).map((name) => `${name} was left behind`));
    program = await startKillable(dataDir);
  }
  await program?.stop();
  return rows;
}

interface Kill {
  change: Change;
  dataDir: string;
  program: Killable;
  round: number;
  /** The first time the kill comes after the change, which shows that there is one. */
  isFirst: boolean;
  random: Random;
}

/** Returns the program of the next start. */
async function killDuring(kill: Kill, row: Row): Promise<Killable> {
  const { change, dataDir, program, round, isFirst, random } = kill;
  row.tried++;
  try {
    const { run, after } = await change.prepare(program, dataDir, round);
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
    if (problems.length > 0) row.failures.push(problems.join('; '));
  } catch (error) {
    row.failures.push(String(error));
    await program.kill();
  }
  return startKillable(dataDir);
}
