/**
 * The program of pages.bench.ts, in a process of its own: the portal on a data folder with as many
 * records as it is asked for. Built by Vite before, as the program itself is. Talks by messages.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { createApp } from '../src-main/app.ts';
import type { Log } from '../src-main/log.ts';
import { loadTexts } from '../src-main/program/texts.ts';
import { loadSecrets } from '../src-main/secrets/secrets.ts';
import { databaseFile } from '../src-main/store/open.ts';
import type { Input, MethodName, Output } from '../src-shared/contract.ts';
import { password } from './pages-password.ts';

/** A month of a customer's share: its path without a language, and how many records it has. */
export interface Month {
  path: string;
  year: number;
  month: number;
  records: number;
}
export interface Started {
  url: string;
  months: Month[];
  /** The path of a share behind `password`, without a language. */
  guarded: string;
}
export interface Usage {
  /** Processor time of the process since its start, in seconds. */
  cpuS: number;
  rssMb: number;
}

const [root = '', dataDir = '', csv = ''] = process.argv.slice(2);
interface Message {
  id: number;
  call: string;
  bytes?: number;
  headers?: Record<string, string>;
  /** A file to import. */
  file?: string;
}

/** With a message `start`, the program's own portal; with `bare`, what Node alone can do. */
process.on('message', (message: Message) => {
  void answerTo(message).then((value) => process.send!({ id: message.id, value }));
});

async function answerTo({ call: name, bytes, headers, file }: Message): Promise<unknown> {
  switch (name) {
    case 'usage': {
      const { user, system } = process.cpuUsage();
      const rssMb = process.memoryUsage.rss() / 2 ** 20;
      return { cpuS: (user + system) / 1e6, rssMb } satisfies Usage;
    }
    case 'start':
      return start();
    case 'serve':
      return serve();
    case 'bare':
      return bare(bytes!, headers!);
    case 'change':
      return change();
    case 'import':
      return importCsv(file!);
    case 'screens':
      return timeScreens();
    default:
      throw new Error(`no call ${name}`);
  }
}
process.on('disconnect', () => process.exit());

let app: ReturnType<typeof createApp> | undefined;
const log: Log = {
  info: () => undefined,
  error: (line, error) => console.error(line, error),
};

async function call<M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>> {
  const reply = await app!.call({ method, input }, { sessionId: 'bench' });
  if (reply.ok) return reply.value as Output<M>;
  throw new Error(`${method}: ${reply.error.code} ${JSON.stringify(reply.error.params)}`);
}

/** The program as it was left, published as it was. Resolves with the address of the portal. */
async function serve(): Promise<string> {
  const worker = (name: string) => pathToFileURL(join(root, 'src-main', name));
  app = createApp({
    dataDir,
    host: 'browser',
    version: '0.0.0',
    homepage: null,
    clock: { now: () => new Date(2025, 11, 15, 12) },
    log,
    readLog: () => '',
    workers: {
      importReader: worker('import/jobs/reader-worker.ts'),
      importWriter: worker('import/jobs/writer-worker.ts'),
      password: worker('passwords/worker.ts'),
      backup: worker('backup/worker.ts'),
    },
    secrets: await loadSecrets(dataDir, null, log),
    desktop: null,
    licencesFile: '',
    sampleDir: join(import.meta.dirname, '../resources/sample'),
    texts: new Map(loadTexts(join(root, 'locales'))),
  });
  await app.start();
  return (await call('publish.status', {})).urls[0] ?? '';
}

async function start(): Promise<Started> {
  await serve();
  if ((await call('customers.list', {})).length === 0) await importCsv(csv);
  const db = new Database(databaseFile(dataDir));
  // Budgets of all kinds, as a business of this size has them.
  db.exec(`UPDATE customers SET budget_e4 = 900000000000, time_budget_s = 36000000;
    UPDATE projects SET budget_e4 = 90000000000, time_budget_s = 3600000,
      budget_type = CASE id % 3 WHEN 0 THEN 'month' END;
    UPDATE data_version SET version = version + 1`);
  const counts = db
    .prepare(
      `SELECT p.customer_id AS customerId, r.day / 100 AS month, count(*) AS records
         FROM records AS r JOIN projects AS p ON p.id = r.project_id GROUP BY 1, 2`,
    )
    .all() as { customerId: number; month: number; records: number }[];
  db.close();
  const all = { showUser: true, showRates: true, budgetStats: true, timeBudgetStats: true };
  const paths = new Map<number, string>();
  for (const { customerId } of counts) {
    if (paths.has(customerId)) continue;
    const { path } = await call('shares.create', { customerId, options: all });
    paths.set(customerId, path.replace('/en/', '/'));
  }
  const guarded = await call('shares.create', {
    customerId: counts[0]!.customerId,
    options: all,
    password,
  });
  await call('publish.set', { enabled: true, port: 0, trustedHeader: 'X-Client' });
  const [url] = (await call('publish.status', {})).urls;
  const months = counts.map(({ customerId, month, records }) => ({
    path: paths.get(customerId)!,
    year: Math.floor(month / 100),
    month: month % 100,
    records,
  }));
  return { url: url!, months, guarded: guarded.path.replace('/en/', '/') };
}

async function importCsv(file: string): Promise<string> {
  const { size } = statSync(file);
  const { uploadId } = await call('uploads.begin', { fileName: 'export.csv', size });
  let offset = 0;
  for await (const part of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    const bytes = part as Buffer;
    await call('uploads.append', { uploadId, offset, base64: bytes.toString('base64') });
    offset += bytes.length;
  }
  const { jobId } = await call('imports.open', { uploadId, auto: true });
  await new Promise<void>((resolve, reject) => {
    const look = async () => {
      const { state, error } = await call('imports.job', { jobId });
      if (state === 'done') resolve();
      if (state === 'failed') reject(new Error(error?.code));
    };
    app!.onChanged((topics) => {
      if (topics.includes('jobs')) void look();
    });
    void look();
  });
  return 'imported';
}

/** Milliseconds until each screen of the owner's app has what it shows. */
async function timeScreens(): Promise<Record<string, number>> {
  const list = { state: 'all', offset: 0, limit: 100 } as const;
  const screens: Record<string, () => Promise<unknown>> = {
    overview: () => call('overview.get', {}),
    customers: () => call('customers.list', {}),
    projects: () => call('projects.list', {}),
    timesheets: () => call('records.list', list),
    'a search over all descriptions': () => call('records.list', { ...list, search: 'hidden mod' }),
    shares: () => call('shares.list', {}),
    imports: () => call('imports.list', {}),
  };
  const times: Record<string, number> = {};
  for (const [name, open] of Object.entries(screens)) {
    const each: number[] = [];
    for (let round = 0; round < 3; round++) {
      const begin = performance.now();
      await open();
      each.push(performance.now() - begin);
    }
    times[name] = each.toSorted((a, b) => a - b)[1]!;
  }
  return times;
}

/** A change of data that every page could show. */
async function change(): Promise<string> {
  const [customer] = await call('customers.list', {});
  await call('customers.update', {
    id: customer!.id,
    patch: { color: `#${randomBytes(3).toString('hex')}` },
  });
  return 'changed';
}

/** The same bytes and headers from Node's own server: what the portal is compared with. */
async function bare(bytes: number, headers: Record<string, string>): Promise<string> {
  const body = Buffer.alloc(bytes, 'x');
  const server = createServer((request, response) => {
    if (request.headers['if-none-match'] !== undefined) {
      response.writeHead(304, headers).end();
      return;
    }
    response.writeHead(200, { ...headers, 'Content-Length': String(bytes) }).end(body);
  });
  server.maxRequestsPerSocket = 100;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
