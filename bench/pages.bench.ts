/**
 * The client's pages at any size. What a page costs is the processor time that the portal's process
 * takes for it, so that other programs of the machine do not change the figure; only the
 * percentiles are by the clock. Beside it, in the same run, Node's own server sends as many bytes.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';
import { measureAround, measureStart } from './pages-around.ts';
import { measureVisit } from './pages-visit.ts';
import { viewerPlugin } from '../scripts/viewer-plugin.ts';
import { ask, type Answer } from './ask.ts';
import { generateExport } from './generate.ts';
import { atLeast, atMost, median, percentile, stated, type Line } from './line.ts';
import type { Month, Started, Usage } from './pages-portal.ts';

const root = resolve(import.meta.dirname, '..');
const sizes = (process.env['BENCH_ROWS'] ?? '10000,100000,1000000').split(',').map(Number);
/** Keeps the data folders of the sizes there, for whoever measures again and again. */
const kept = process.env['BENCH_FOLDER'];
const locales = ['en', 'de', 'fr', 'ar'];
/** A page of the targets has about as many rows. */
const wantedRows = 300;
const browser = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140',
  Connection: 'keep-alive',
};

export class Portal {
  readonly #child: ChildProcess;
  /** What was asked and is not answered yet. */
  readonly #waiting = new Map<
    number,
    { done: (value: unknown) => void; failed: (error: Error) => void }
  >();
  #nextId = 0;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(...args: string[]) {
    this.#child = fork(join(root, 'out/bench/pages-portal.js'), args, { execArgv: portalFlags });
    this.#child.on('message', (message) => {
      const { id, value } = message as { id: number; value: unknown };
      this.#waiting.get(id)?.done(value);
      this.#waiting.delete(id);
    });
    this.#child.on('exit', () => {
      for (const { failed } of this.#waiting.values()) failed(new Error('the portal ended'));
    });
  }

  ask<Reply>(message: object): Promise<Reply> {
    const id = this.#nextId++;
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done: done as (value: unknown) => void, failed });
      this.#child.send({ ...message, id });
    });
  }

  usage = (): Promise<Usage> => this.ask<Usage>({ call: 'usage' });

  get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return ask(url, { agent: this.#agent, headers: { ...browser, ...headers } });
  }

  /** Asks for all, `connections` at a time. */
  async load(urls: readonly string[], expected: number, headers = {}, connections = 1) {
    const before = await this.usage();
    const times: number[] = [];
    let bytes = 0;
    let next = 0;
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (next < urls.length) {
          const answer = await this.get(urls[next++]!, headers);
          if (answer.status !== expected) throw new Error(`the portal answers ${answer.status}`);
          times.push(answer.ms);
          bytes += answer.bytes;
        }
      }),
    );
    const after = await this.usage();
    return {
      perSecond: urls.length / (after.cpuS - before.cpuS),
      p99: percentile(times, 0.99),
      bytes: Math.round(bytes / urls.length),
    };
  }

  stop(): void {
    this.#agent.destroy();
    // It ends by itself then.
    this.#child.disconnect();
  }
}

const portalFlags = ['--no-warnings', ...(process.env['BENCH_FLAGS']?.split(' ') ?? [])];

export async function buildPortal(): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    mode: 'production',
    plugins: [svelte({ compilerOptions: { css: 'external' } }), viewerPlugin()],
    build: {
      outDir: join(root, 'out/bench'),
      target: 'node24',
      ssr: true,
      minify: false,
      rollupOptions: { input: join(import.meta.dirname, 'pages-portal.ts') },
    },
  });
}

export async function run(): Promise<Line[]> {
  await buildPortal();
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'pages-'));
  const lines: Line[] = [];
  const costs: number[] = [];
  try {
    for (const rows of sizes) {
      const isLast = rows === sizes.at(-1);
      const csv = join(folder, `${rows}.csv`);
      const dataDir = join(folder, `data-${rows}`);
      mkdirSync(dataDir, { recursive: true });
      if (!existsSync(csv)) await generateExport(csv, rows);
      const portal = new Portal(root, dataDir, csv);
      try {
        const started = await portal.ask<Started>({ call: 'start' });
        costs.push(await costOfPage(portal, started));
        if (isLast) lines.push(...(await measureLargest(portal, started, rows)));
        if (isLast) {
          const [page, ...others] = nearest(started.months, wantedRows);
          const later = others.find(({ path }) => path === page!.path)!;
          const urls = [page!, later].map((month) => urlOf(started.url, 'en', month));
          lines.push(...(await measureVisit(urls[0]!, urls[1]!)));
          lines.push(...(await measureAround(portal, started, csv)));
        }
      } finally {
        portal.stop();
      }
      if (isLast) lines.push(...(await measureStart([root, dataDir, csv])));
    }
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true });
  }
  if (costs.length > 1) {
    lines.push(
      atMost(
        `growth: page at ${sizes.at(-1)} records to ${sizes[0]}`,
        costs.at(-1)! / costs[0]!,
        '×',
        1.3,
      ),
    );
  }
  return lines;
}

export const urlOf = (url: string, locale: string, { path, year, month }: Month): string =>
  `${url}/${locale}${path}?year=${year}&month=${month}`;

/** The months whose pages have about `rows` rows, nearest first. */
export const nearest = (months: readonly Month[], rows: number): Month[] =>
  months.toSorted((a, b) => Math.abs(a.records - rows) - Math.abs(b.records - rows));

/** Milliseconds of processor time for a page that nobody asked for, of few rows in any size. */
async function costOfPage(portal: Portal, { url, months }: Started): Promise<number> {
  const some = nearest(months, 30).slice(0, 40);
  const costs: number[] = [];
  for (let round = 0; round < 4; round++) {
    await portal.ask({ call: 'change' });
    const { perSecond } = await portal.load(
      locales.flatMap((locale) => some.map((month) => urlOf(url, locale, month))),
      200,
    );
    // The first rounds pay for the compiler.
    if (round > 0) costs.push(1000 / perSecond);
  }
  return median(costs);
}

async function measureLargest(portal: Portal, started: Started, rows: number): Promise<Line[]> {
  const { url, months } = started;
  const size = `${rows} records`;
  const some = nearest(months, wantedRows).slice(0, 150);
  const urls = locales.flatMap((locale) => some.map((month) => urlOf(url, locale, month)));
  const first = [];
  for (let round = 0; round < 3; round++) {
    await portal.ask({ call: 'change' });
    first.push(await portal.load(urls, 200));
  }
  const views = first.toSorted((a, b) => a.perSecond - b.perSecond)[1]!;
  const rowsOfPage = some.reduce((sum, { records }) => sum + records, 0) / some.length;
  const headers = bareHeaders(await portal.get(urls[0]!));
  const bareUrl = await portal.ask<string>({ call: 'bare', bytes: views.bytes, headers });
  const bareUrls = urls.map(() => bareUrl);
  await portal.load(bareUrls, 200);
  const bare = await portal.load(bareUrls, 200);
  const lines = [
    stated('rows of a page, on average', rowsOfPage, 'rows'),
    stated('bytes of a page, uncompressed', views.bytes, 'bytes'),
    atLeast(`first view, ${size}`, views.perSecond, 'per s', 1000),
    atMost('first view, p99 at one connection', views.p99, 'ms', 5),
    stated(
      'first view, of what node:http does with the same bytes',
      views.perSecond / bare.perSecond,
      '×',
    ),
    ...(await measureRepeated(portal, started, some)),
  ];
  const { rssMb } = await portal.usage();
  return [...lines, atMost('memory under load', rssMb, 'MB', 250)];
}

/** Compressed, as a browser asks. */
async function measureRepeated(portal: Portal, { url }: Started, some: Month[]): Promise<Line[]> {
  const accepts = { 'Accept-Encoding': 'gzip, deflate, br, zstd' };
  const urls = some.slice(0, 20).map((month) => urlOf(url, 'en', month));
  const many = Array.from({ length: 60 }, () => urls).flat();
  // The first time they are made, the second time they are compressed well, beside the answers.
  await portal.load(many, 200, accepts);
  await wait(3_000);
  const page = await portal.get(urls[0]!, accepts);
  const again = await portal.load(many, 200, accepts);
  const headers = bareHeaders(page);
  const bareUrl = await portal.ask<string>({ call: 'bare', bytes: page.bytes, headers });
  const bareUrls = many.map(() => bareUrl);
  await portal.load(bareUrls, 200, accepts);
  const bare = await portal.load(bareUrls, 200, accepts);
  const etag = page.headers.etag ?? '';
  const known = { ...accepts, 'If-None-Match': etag };
  const one = many.map(() => urls[0]!);
  await portal.load(one, 304, known);
  const fresh = await portal.load(one, 304, known);
  await portal.load(bareUrls, 304, known);
  const bareFresh = await portal.load(bareUrls, 304, known);
  return [
    stated('repeated view', again.perSecond, 'per s'),
    stated('bytes of a page, compressed', again.bytes, 'bytes'),
    atLeast('repeated view, of node:http', again.perSecond / bare.perSecond, '×', 0.6),
    stated('304', fresh.perSecond, 'per s'),
    atLeast('304, of node:http', fresh.perSecond / bareFresh.perSecond, '×', 0.6),
  ];
}

/** What the portal says, for the server that it is compared with. */
function bareHeaders({ headers }: Answer): Record<string, string> {
  const leftOut = ['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding'];
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !leftOut.includes(name)) as [string, string][],
  );
}
