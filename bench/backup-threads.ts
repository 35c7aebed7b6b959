/** A thread of backups.bench.ts: reads as a page does, writes as an import does, or makes the copy. */
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { workInBackground } from '../src-main/async/background-thread.ts';
import { copyStore } from '../src-main/store/copies.ts';
import { connectForImport, openReadStore, databaseFile } from '../src-main/store/open.ts';

export interface ThreadInput {
  role: 'read' | 'import' | 'backup';
  dataDir: string;
  /** Element 0: not 0 once it is to end. A backup ends by itself. */
  flag: SharedArrayBuffer;
}
/** Milliseconds of each step; of a backup, one step: all of it. */
export type ThreadResult = number[];

const { role, dataDir, flag } = workerData as ThreadInput;
const isOver = (): boolean => Atomics.load(new Int32Array(flag), 0) !== 0;

function timed(step: () => void): number {
  const begin = performance.now();
  step();
  return performance.now() - begin;
}

/** Between two pages of a client. */
const pauseMs = 10;

/** The rows of one month of a project, which is what a page reads. */
async function read(): Promise<ThreadResult> {
  const db = openReadStore(dataDir);
  const projects = db.prepare<[], number>('SELECT id FROM projects').pluck().all();
  const rows = db.prepare(
    'SELECT * FROM records WHERE project_id = ? AND day BETWEEN ? AND ? ORDER BY day',
  );
  const steps: number[] = [];
  for (let n = 0; !isOver(); n++) {
    const month = (2018 + (n % 8)) * 10_000 + (1 + (n % 12)) * 100;
    steps.push(timed(() => rows.all(projects[n % projects.length], month, month + 31)));
    await wait(pauseMs);
  }
  db.close();
  return steps;
}

const rowsOfStep = 500;
const stepsOfCommit = 20;

/** Transactions of 10 000 new records on the connection that imports have, one after the other. */
function importRows(): ThreadResult {
  const db = connectForImport(databaseFile(dataDir));
  const columns = db
    .prepare<[], { name: string }>('PRAGMA table_info(records)')
    .all()
    .map(({ name }) => name)
    .filter((name) => !['id', 'kimai_id'].includes(name))
    .join(', ');
  const insert = db.prepare(
    `INSERT INTO records (${columns}) SELECT ${columns} FROM records WHERE id > ? LIMIT ?`,
  );
  const steps: number[] = [];
  for (let n = 0; !isOver(); n++) {
    steps.push(
      timed(() => {
        if (n % stepsOfCommit === 0) db.exec('BEGIN IMMEDIATE');
        insert.run(n * rowsOfStep, rowsOfStep);
        if (n % stepsOfCommit === stepsOfCommit - 1) db.exec('COMMIT');
      }),
    );
  }
  if (db.inTransaction) db.exec('COMMIT');
  db.close();
  return steps;
}

async function backUp(): Promise<ThreadResult> {
  workInBackground();
  const begin = performance.now();
  await copyStore(databaseFile(dataDir), `${databaseFile(dataDir)}-copy`);
  return [performance.now() - begin];
}

const result = role === 'read' ? await read() : role === 'import' ? importRows() : await backUp();
parentPort!.postMessage(result);
