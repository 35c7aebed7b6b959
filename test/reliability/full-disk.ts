/** A disk without room: each kind of write says so, nothing is lost, and all works when there is room. */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { databaseFile } from '../../src-main/store/open.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { dumpStore } from '../support/store-state.ts';
import { customerList } from './changes.ts';
import type { Row } from './part.ts';
import {
  importFile,
  leftovers,
  problemsOf,
  startKillable,
  startThere,
  type Killable,
} from './started.ts';

const says = /disk_full|The disk is full/;

/** `whole`: a data folder. */
export async function onFullDisk(whole: string): Promise<Row[]> {
  const running: Row = { what: 'full disk: each kind of write', wanted: 0, tried: 0, failures: [] };
  const start: Row = { what: 'full disk: start', wanted: 1, tried: 0, failures: [] };
  const disk = mountSmallDisk(40 * 2 ** 20);
  if (disk === null) {
    for (const row of [running, start]) row.what += ' (not possible here)';
    start.wanted = 0;
    return [running, start];
  }
  const dataDir = join(disk.path, 'data');
  cpSync(whole, dataDir, { recursive: true });
  try {
    await writeAll(disk, dataDir, running);
    await startOn(disk, dataDir, start);
  } catch (error) {
    running.failures.push(String(error));
  } finally {
    disk.remove();
  }
  return [running, start];
}

async function writeAll(disk: SmallDisk, dataDir: string, row: Row): Promise<void> {
  const program = await startKillable(dataDir);
  const [customer] = await program.call('customers.list', {});
  for (const name of ['Twin', 'Undone']) {
    await importFile(program, `Date,Duration,Customer,Project\n2026-11-04,1:00,${name},Web\n`);
  }
  const twin = (await program.call('customers.list', {})).find(({ name }) => name === 'Twin')!;
  const made = await program.call('backups.make', {});
  const [last] = await program.call('imports.list', {});
  const share = await program.call('shares.create', { customerId: customer!.id, label: 'old' });
  const before = dumpStore(databaseFile(dataDir));
  disk.leave(0);
  const attempts = attemptsOf(program, {
    customerId: customer!.id,
    twinId: twin.id,
    backupId: made.id,
    importId: last!.id,
    shareId: share.id,
  });
  row.wanted = attempts.length;
  for (const [what, attempt, mayFit] of attempts) {
    row.tried++;
    const error = await attempt().then(
      () => null,
      (thrown: unknown) => String(thrown),
    );
    if (error === null && !mayFit) row.failures.push(`${what}: no error`);
    if (error !== null && !says.test(error)) row.failures.push(`${what}: ${error}`);
  }
  disk.makeRoom();
  for (const [what, attempt] of attempts.slice(0, -1)) {
    await attempt().catch((error: unknown) => {
      row.failures.push(`${what}, with room again: ${String(error)}`);
    });
  }
  // The last of them takes back all of the others.
  await attempts.at(-1)![1]();
  if ((await program.stop()) !== 0) row.failures.push('it did not stop cleanly');
  row.failures.push(...problemsOf(dataDir), ...leftovers(dataDir));
  if (!dumpStore(databaseFile(dataDir)).includes('"Acme"') || !before.includes('"Acme"'))
    row.failures.push('data is gone');
}

type Attempt = [what: string, run: () => Promise<unknown>, mayFit: boolean];

interface Ids {
  customerId: number;
  twinId: number;
  shareId: number;
  importId: number;
  backupId: string;
}

/** `mayFit`: a small change may still find room in a page of the log that is there. */
function attemptsOf(program: Killable, ids: Ids): Attempt[] {
  const many = Array.from(
    { length: 20_000 },
    (_, n) => `2026-10-0${1 + (n % 9)},1:00,Full,P ${n},x`,
  );
  const timesheet = ['Date,Duration,Customer,Project,User', ...many].join('\n');
  const { customerId, twinId, shareId, importId, backupId } = ids;
  const label = 'x'.repeat(99);
  return [
    ['import', () => importFile(program, timesheet), false],
    ['list import', () => importFile(program, customerList(1)), false],
    ['backup', () => program.call('backups.make', {}), false],
    ['export', () => program.call('backups.export', { passphrase: 'some words' }), false],
    ['new share', () => program.call('shares.create', { customerId, label }), true],
    [
      'edit of a share',
      () => program.call('shares.update', { id: shareId, patch: { label } }),
      true,
    ],
    ['settings', () => program.call('settings.set', { theme: 'dark' }), true],
    ['undo', () => program.call('imports.undo', { importId }), true],
    ['merge', () => program.call('customers.merge', { fromId: twinId, intoId: customerId }), true],
    ['restore', () => program.call('backups.restore', { id: backupId }), false],
  ];
}

/** It ends with the reason, or it runs. */
async function startOn(disk: SmallDisk, dataDir: string, row: Row): Promise<void> {
  row.tried++;
  const before = dumpStore(databaseFile(dataDir));
  disk.leave(0);
  const program = await startThere(dataDir).catch((error: unknown) => String(error));
  if (typeof program !== 'string') await program.stop();
  else if (!says.test(program)) row.failures.push(`it said: ${program}`);
  disk.makeRoom();
  const next = await startThere(dataDir);
  await next.stop();
  if (dumpStore(databaseFile(dataDir)) !== before) row.failures.push('what was there has changed');
  row.failures.push(...problemsOf(dataDir));
  if (readdirSync(dataDir).length === 0) row.failures.push('the folder is empty');
}
