/** The built program in a process that can be killed, and the store that it left. */
import Database from 'better-sqlite3';
import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Input, MethodName, Output } from '../../src-shared/contract.ts';
import { findRunningProgram } from '../../src-main/program/control.ts';
import { databaseFile, verifyStore } from '../../src-main/store/open.ts';

const host = resolve(import.meta.dirname, '../../out/main/browser-host.js');

/** None outlives this process. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export interface Killable {
  process: ChildProcess;
  /** As the command line calls it. Rejects if the program ends meanwhile. */
  call<M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>>;
  /** The same, found once: for a folder that will not be there. */
  caller(): Killable['call'];
  /** Resolves when the process is gone. */
  kill(): Promise<void>;
  /** As Ctrl+C does. */
  stop(): Promise<number | null>;
  output(): string;
  ended: Promise<number | null>;
}

/** Starts it, and does not wait until it is ready. */
export function spawnProgram(dataDir: string): Killable {
  if (!existsSync(host)) throw new Error('There is no built program: npm run build');
  const child = spawn(process.execPath, [host, '--no-open', '--data', dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', LANG: 'C.UTF-8' },
  });
  children.add(child);
  child.once('close', () => children.delete(child));
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  const ended = new Promise<number | null>((done) => child.once('close', done));
  async function end(signal: NodeJS.Signals): Promise<number | null> {
    child.kill(signal);
    return ended;
  }
  const caller = (): Killable['call'] => {
    const running = findRunningProgram(dataDir);
    if (running === null) throw new Error('not running');
    return async (method, input) => {
      const reply = await running.call({ method, input }, 'reliability');
      if (!reply.ok) throw new Error(`${method}: ${reply.error.code}`);
      return reply.value as never;
    };
  };
  return {
    process: child,
    caller,
    call: async (method, input) => caller()(method, input),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGINT'),
    output: () => output,
    ended,
  };
}

/** Starts it and waits until it answers. Throws with what it said if it ends. */
export async function startKillable(dataDir: string): Promise<Killable> {
  mkdirSync(dataDir, { recursive: true });
  return startThere(dataDir);
}

/** The same where there may be no folder. */
export async function startThere(dataDir: string): Promise<Killable> {
  const program = spawnProgram(dataDir);
  let isOver = false;
  void program.ended.then(() => (isOver = true));
  while (!/\/open\?token=/.test(program.output())) {
    if (isOver) throw new Error(`it ended: ${program.output()}`);
    await wait(20);
  }
  if (/running already/.test(program.output())) throw new Error('an earlier one still runs');
  return program;
}

/** Uploads a file and waits until its job needs a decision, is over, or the program ends. */
export async function openFile(program: Killable, content: string | Buffer): Promise<string> {
  const bytes = Buffer.from(content as Buffer);
  const { uploadId } = await program.call('uploads.begin', {
    fileName: typeof content === 'string' ? 'export.csv' : 'export.xlsx',
    size: bytes.length,
  });
  const base64 = bytes.toString('base64');
  await program.call('uploads.append', { uploadId, offset: 0, base64 });
  const { jobId } = await program.call('imports.open', { uploadId, auto: false });
  return jobId;
}

export async function importFile(program: Killable, content: string | Buffer): Promise<void> {
  const jobId = await openFile(program, content);
  for (;;) {
    const job = await program.call('imports.job', { jobId });
    if (job.state === 'preview') {
      await program.call('imports.commit', { jobId, digest: job.preview!.digest });
      return;
    }
    if (['failed', 'cancelled', 'mapping'].includes(job.state)) {
      throw new Error(`the import is ${job.state}: ${job.error?.code}`);
    }
    if (job.state === 'done') return;
    await wait(5);
  }
}

/** What is wrong with a store that no program has open: pages, references, roll-ups. */
export function problemsOf(dataDir: string): string[] {
  verifyStore(databaseFile(dataDir));
  const db = new Database(databaseFile(dataDir));
  try {
    const sums = (from: string): string =>
      `SELECT project_id, day, billable, duration_s, rate_e4, records FROM (${from})`;
    const byRecords = sums(`
      SELECT project_id, day, billable, SUM(CASE running WHEN 1 THEN 0 ELSE duration_s END) AS duration_s,
             SUM(CASE running WHEN 1 THEN 0 ELSE coalesce(rate_e4, 0) END) AS rate_e4,
             COUNT(*) AS records
        FROM records WHERE hidden = 0 GROUP BY project_id, day, billable`);
    const byDays = sums('SELECT * FROM project_days');
    const differ = db
      .prepare(`SELECT COUNT(*) FROM (${byRecords} EXCEPT ${byDays})`)
      .pluck()
      .get() as number;
    const stray = db
      .prepare(`SELECT COUNT(*) FROM (${byDays} EXCEPT ${byRecords})`)
      .pluck()
      .get() as number;
    return differ + stray === 0
      ? []
      : [`${differ + stray} days whose sums differ from the records`];
  } finally {
    db.close();
  }
}

/** Copies what a process that was killed left of a store, its log too. */
export function copyStoreFiles(dataDir: string, copy: string): string {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  for (const end of ['', '-wal']) {
    const file = databaseFile(dataDir) + end;
    if (existsSync(file)) copyFileSync(file, databaseFile(copy) + end);
  }
  return copy;
}

/** What is in a data folder after a clean end. */
const ownNames =
  /^(?:portal(?:-before-\d+)?\.sqlite|lock\.sqlite|secrets\.json|customer-portal\.log(?:\.old)?|backups|uploads)$/;

/** Files that a start, or the end of that program, should have removed. */
export function leftovers(dataDir: string): string[] {
  const inside = (name: string): string[] => {
    const folder = join(dataDir, name);
    return existsSync(folder) ? readdirSync(folder).map((file) => `${name}/${file}`) : [];
  };
  return [
    ...readdirSync(dataDir).filter((name) => !ownNames.test(name)),
    ...inside('uploads'),
    ...inside('backups').filter((name) => !/\.(?:sqlite|cpdata)$/.test(name)),
  ];
}

export function oneValue(dataDir: string, sql: string): unknown {
  const db = new Database(databaseFile(dataDir));
  try {
    return db.prepare(sql).pluck().get();
  } finally {
    db.close();
  }
}
