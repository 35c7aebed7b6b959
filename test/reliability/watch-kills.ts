/**
 * kill −9 around the import of a file from the watched folder. Afterwards it is there wholly or not
 * at all, and the next start imports it by itself, once.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, databaseFile } from '../../src-main/store/open.ts';
import { writeSetting } from '../../src-main/store/settings.ts';
import { countOf, records, timesheet } from './changes.ts';
import type { PartInput, Row } from './part.ts';
import { copyStoreFiles, leftovers, problemsOf, startKillable, type Killable } from './started.ts';

/** A file is read when it looked the same for two seconds, twice. */
const settlesWithinMs = 5_000;
const longestImportMs = 200;
const longestWaitMs = 60_000;

export async function killWatches(
  { folder, random, isOver }: PartInput,
  wanted: number,
): Promise<Row> {
  const row: Row = { what: 'kill −9: watched folder', wanted, tried: 0, failures: [] };
  const dataDir = join(folder, 'watching');
  const watched = join(folder, 'watched');
  mkdirSync(watched);
  const first = await startKillable(dataDir);
  await first.stop();
  // The folder is chosen with a dialog, which there is none of here.
  const db = connect(databaseFile(dataDir));
  writeSetting(db, 'watch', { enabled: true, folder: watched, everyMinutes: 1440 });
  db.close();

  let program = await startKillable(dataDir);
  while (row.tried < wanted && !isOver()) {
    row.tried++;
    try {
      const before = countOf(dataDir, records);
      const name = `export-${row.tried}.csv`;
      const content = timesheet(row.tried);
      const after = before + content.split('\n').length - 1;
      writeFileSync(join(watched, name), content);
      if (random.below(4) === 0) await wait(random.below(settlesWithinMs));
      else {
        await importBegins(program, name);
        await wait(random.below(longestImportMs));
      }
      await program.kill();
      const copy = copyStoreFiles(dataDir, `${dataDir}-copy`);
      const problems = problemsOf(copy);
      const found = countOf(copy, records);
      if (found !== before && found !== after) {
        problems.push(`half of it is there: ${found}, not ${before} or ${after}`);
      }
      program = await startKillable(dataDir);
      await isImported(program, name);
      const left = countOf(dataDir, records);
      if (left !== after) problems.push(`${left} records after the next start, not ${after}`);
      if (problems.length > 0) row.failures.push(problems.join('; '));
    } catch (error) {
      row.failures.push(String(error));
      await program.kill();
      program = await startKillable(dataDir);
    }
  }
  if ((await program.stop()) !== 0) row.failures.push('the last start did not end cleanly');
  row.failures.push(...leftovers(dataDir));
  return row;
}

/** It is being imported, or was already. */
const importBegins = (program: Killable, name: string): Promise<void> =>
  until(`the import of ${name} begins`, async () => {
    const jobs = await program.call('imports.jobs', {});
    return jobs.some(({ fileName }) => fileName === name);
  });

const isImported = (program: Killable, name: string): Promise<void> =>
  until(`${name} is imported`, async () => {
    const { files } = await program.call('watch.get', {});
    const file = files.find(({ fileName }) => fileName === name);
    if (file !== undefined && file.outcome !== 'imported')
      throw new Error(`${name} is ${file.outcome}`);
    return file !== undefined;
  });

/** Rejects if it takes longer than anything here may. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + longestWaitMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it never came that ${what}`);
    await wait(10);
  }
}
