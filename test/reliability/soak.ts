/**
 * A long day in short: pages, passwords, previews, and imports that are taken back, at the same time,
 * for as long as it is given (`npm run test:soak`: 30 minutes). No request fails, and after the
 * warm-up memory, open files, the data folder and the time of the slowest pages stay what they are.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { shareDraft } from '../../src-shared/contract/shares.ts';
import type { PartInput, Row } from './part.ts';
import type { Random } from './random.ts';
import { importFile, leftovers, problemsOf, startKillable, type Killable } from './started.ts';
import { bytesIn, usageOf } from './usage.ts';

/** The part of the time after which the program has its size. */
const warmUpShare = 1 / 3;
/** What may be more in the last third than in the one before. */
const maxMoreMemoryMb = 40;
const maxMoreFiles = 10;
/** Notes of what clients opened, of wrong passwords and of imports that were taken back. */
const maxMoreFolderMb = 8;
/** How much slower the slowest hundredth of the pages may be; the machine's own change comes on top. */
const maxSlower = 2;
const sampleMs = 1000;
const importRows = 1_000;
/** Wrong passwords come so seldom that no client is locked out. */
const wrongEvery = 200;

interface Sample {
  atMs: number;
  memoryMb: number;
  files: number;
  folderMb: number;
}
interface Timing {
  atMs: number;
  tookMs: number;
}

const password = 'a right password of the client';
const header = 'Date,From,To,Duration,Rate,Customer,Project,User,Description';

/** Two years of a customer; the last of them is where clients begin to read. */
const history = (customer: string, rows: number, seed: number): string =>
  [
    header,
    ...Array.from({ length: rows }, (_, n) => {
      const month = String(1 + ((n + seed) % 10)).padStart(2, '0');
      const day = String(1 + (n % 28)).padStart(2, '0');
      const year = 2025 + (n % 2);
      return `${year}-${month}-${day},0${n % 9}:00,0${n % 9}:30,1800,40,${customer},Project ${n % 7},User ${n % 5},Line ${seed}.${n}`;
    }),
  ].join('\n');

export async function survivesLongLoad({
  folder,
  random,
  isOver,
  timeMs,
}: PartInput): Promise<Row[]> {
  const dataDir = join(folder, 'data');
  const program = await startKillable(dataDir);
  const reference = await startReference();
  const begin = performance.now();
  const failures: string[] = [];
  const counts: Record<string, number> = {};
  const samples: Sample[] = [];
  const pages: Timing[] = [];
  const plain: Timing[] = [];
  let tried = 0;

  /** Does one thing again and again; what it throws has failed. */
  async function lane(what: string, once: (turn: number) => Promise<void>): Promise<void> {
    for (let turn = 0; !isOver() && failures.length < 100; turn++) {
      tried++;
      counts[what] = (counts[what] ?? 0) + 1;
      await once(turn).catch((error: unknown) => failures.push(`${what}: ${String(error)}`));
    }
  }
  async function timed<T>(into: Timing[], once: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const value = await once();
    into.push({ atMs: start - begin, tookMs: performance.now() - start });
    return value;
  }

  try {
    const load = await prepare(program);
    await Promise.all([
      ...[0, 1].map(() =>
        lane('page', async () => {
          const { path, has } = load.anyPage(random);
          await timed(pages, () => expectPage(path, has));
          // Beside each page one of a server that does nothing: how the machine is just now.
          await timed(plain, () => expectPage(reference.url, 'ok'));
        }),
      ),
      lane('password', (turn) => load.signIn(turn % wrongEvery === wrongEvery - 1)),
      lane('preview', () => load.preview(random)),
      lane('import and undo', (turn) => load.importAndUndo(turn)),
      (async () => {
        while (!isOver()) {
          const usage = usageOf(program.process.pid!);
          const folderMb = bytesIn(dataDir) / 2 ** 20;
          if (usage) samples.push({ atMs: performance.now() - begin, ...usage, folderMb });
          await wait(sampleMs);
        }
      })(),
    ]);
    console.log(`done: ${JSON.stringify(counts)}`);
    failures.push(...grown(samples, timeMs), ...slower(pages, plain, timeMs));
  } finally {
    await reference.stop();
    if ((await program.stop()) !== 0) failures.push('it did not stop cleanly');
  }
  failures.push(...problemsOf(dataDir), ...leftovers(dataDir));
  const minutes = Math.round(timeMs / 60_000);
  return [{ what: `mixed load for ${minutes} minutes: requests`, wanted: tried, tried, failures }];
}

/** Data, two shares, the portal online; and what the lanes do with them. */
async function prepare(program: Killable) {
  await importFile(program, history('Harbour', 5_000, 0));
  const [customer] = await program.call('customers.list', {});
  const customerId = customer!.id;
  const options = { showUser: true, showRates: true, downloads: true };
  const open = await program.call('shares.create', { customerId, label: 'open', options });
  const guarded = await program.call('shares.create', { customerId, password, options });
  await program.call('publish.set', { enabled: true, port: 0 });
  const portal = `http://localhost:${(await program.call('publish.status', {})).port}`;

  return {
    anyPage(random: Random): { path: string; has: string } {
      const year = 2025 + random.below(2);
      const month = 1 + random.below(12);
      const locale = random.pick(['en', 'de', 'fr', 'ar', 'ja']);
      const path = open.path.replace('/en/', `/${locale}/`);
      return { path: `${portal}${path}?year=${year}&month=${month}`, has: 'Harbour' };
    },
    async signIn(isWrong: boolean): Promise<void> {
      const body = new URLSearchParams({ password: isWrong ? 'a wrong one' : password });
      const address = portal + guarded.path;
      const answer = await fetch(address, { method: 'POST', body, redirect: 'manual' });
      await answer.arrayBuffer();
      if (answer.status !== (isWrong ? 403 : 303)) throw new Error(`answered ${answer.status}`);
      if (isWrong) return;
      const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
      await expectPage(address, 'Harbour', { Cookie: cookie.join('; ') });
    },
    async preview(random: Random): Promise<void> {
      const draft = shareDraft.parse({ customerId, options });
      const { html } = await program.call('shares.preview', {
        ...{ draft, locale: random.pick(['en', 'pl']) },
        ...{ year: 2026, month: 1 + random.below(10) },
      });
      if (!html.includes('Harbour')) throw new Error('the preview lacks the customer');
    },
    /** Half of the files are of a customer of their own, and half are of the one that clients read. */
    async importAndUndo(turn: number): Promise<void> {
      const customer = turn % 2 === 0 ? 'Harbour' : 'Passing by';
      await importFile(program, history(customer, importRows, 1 + (turn % 50)));
      const ids = (await program.call('imports.list', {})).map(({ id }) => id);
      await program.call('imports.undo', { importId: Math.max(...ids) });
    },
  };
}

async function expectPage(
  address: string,
  has: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const answer = await fetch(address, { headers });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
  if (!text.includes(has)) throw new Error(`the page lacks ${has}`);
}

/** A server that answers at once, in a thread of its own. */
async function startReference(): Promise<{ url: string; stop(): Promise<unknown> }> {
  const source = `
    const { parentPort } = require('node:worker_threads');
    const server = require('node:http').createServer((request, response) => response.end('ok'));
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;
  const worker = new Worker(source, { eval: true });
  const port = await new Promise((done) => worker.once('message', done));
  return { url: `http://127.0.0.1:${port as number}/`, stop: () => worker.terminate() };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The values after the warm-up, in two halves. */
function halves<T extends { atMs: number }>(all: readonly T[], timeMs: number): [T[], T[]] {
  const warmMs = timeMs * warmUpShare;
  const middleMs = (warmMs + timeMs) / 2;
  return [
    all.filter(({ atMs }) => atMs >= warmMs && atMs < middleMs),
    all.filter(({ atMs }) => atMs >= middleMs),
  ];
}

function grown(samples: readonly Sample[], timeMs: number): string[] {
  const [early, late] = halves(samples, timeMs);
  if (early.length === 0 || late.length === 0) return ['it was too short to be measured'];
  const bounds = [
    { what: 'memory (MB)', of: 'memoryMb', max: maxMoreMemoryMb },
    { what: 'open files', of: 'files', max: maxMoreFiles },
    { what: 'data folder (MB)', of: 'folderMb', max: maxMoreFolderMb },
  ] as const;
  return bounds.flatMap(({ what, of, max }) => {
    const [before, after] = [early, late].map((part) => median(part.map((one) => one[of])));
    const said = `${what}: ${before!.toFixed(1)}, then ${after!.toFixed(1)}; at most ${max} more`;
    console.log(said);
    return after! - before! > max ? [said] : [];
  });
}

function slower(pages: readonly Timing[], plain: readonly Timing[], timeMs: number): string[] {
  const p99 = (timings: readonly Timing[]): number => {
    const sorted = timings.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  };
  const [early, late] = halves(pages, timeMs).map(p99);
  const [plainEarly, plainLate] = halves(plain, timeMs).map(p99);
  const machine = Math.max(1, plainLate! / plainEarly!);
  const said = `p99 of pages: ${early!.toFixed(1)} ms, then ${late!.toFixed(1)} ms; of a server that does nothing ${plainEarly!.toFixed(1)} ms, then ${plainLate!.toFixed(1)} ms`;
  console.log(said);
  return late! / early! > maxSlower * machine ? [said] : [];
}
