/** What goes on beside the pages of pages.bench.ts: passwords, imports, crowds, the owner, a start. */
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { request } from 'node:http';
import { atMost, percentile, stated, type Line } from './line.ts';
import { nearest, Portal, urlOf } from './pages.bench.ts';
import { password } from './pages-password.ts';
import type { Started, Usage } from './pages-portal.ts';

const accepts = { 'Accept-Encoding': 'gzip, deflate, br, zstd' };

export async function measureAround(
  portal: Portal,
  started: Started,
  csv: string,
): Promise<Line[]> {
  const urls = nearest(started.months, 300)
    .slice(0, 100)
    .map((month) => urlOf(started.url, 'en', month));
  const p99 = async (): Promise<number> => {
    await portal.ask({ call: 'change' });
    return (await portal.load([...urls, ...urls, ...urls], 200, accepts)).p99;
  };
  const lines = [await measureGuarded(portal, started), ...(await measureScreens(portal))];
  const idle = await p99();
  const stop = guess(started);
  await wait(500);
  lines.push(atMost('p99 while 4 passwords a second are checked', (await p99()) / idle, '×', 2));
  await stop();
  lines.push(await measureCrowd(portal, started, urls));
  // The same file again: all of it is read and compared, and nothing is left behind.
  const imported = portal.ask({ call: 'import', file: csv });
  let over = false;
  void imported.finally(() => (over = true));
  const times: number[] = [];
  while (!over) times.push((await portal.load(urls, 200, accepts)).p99);
  lines.push(atMost('p99 while all records are imported', percentile(times, 0.5) / idle, '×', 3));
  return lines;
}

/** A page behind a password beside the same page without one. */
async function measureGuarded(portal: Portal, { url, guarded, months }: Started): Promise<Line> {
  const cookie = await signIn(url, guarded);
  const { path } = months[0]!;
  const many = (one: string): string[] => Array<string>(1000).fill(`${url}/en${one}`);
  const headers = { ...accepts, Cookie: cookie };
  const rates: Record<'open' | 'guarded', number[]> = { open: [], guarded: [] };
  for (let round = 0; round < 3; round++) {
    rates.open.push((await portal.load(many(path), 200, headers)).perSecond);
    rates.guarded.push((await portal.load(many(guarded), 200, headers)).perSecond);
  }
  const ratio = percentile(rates.guarded, 0.5) / percentile(rates.open, 0.5);
  return stated('repeated view behind a password, of one without', ratio, '×');
}

async function signIn(url: string, guarded: string): Promise<string> {
  const { status, cookies } = await post(`${url}/en${guarded}`, password, '192.0.2.1');
  if (status !== 303) throw new Error(`signing in answers ${status}`);
  return cookies.find((cookie) => cookie.includes('/en/'))!.split(';')[0]!;
}

interface Posted {
  status: number;
  cookies: string[];
}

const post = (url: string, word: string, client: string): Promise<Posted> =>
  new Promise((done, failed) => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Client': client };
    request(url, { method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () =>
        done({ status: response.statusCode!, cookies: response.headers['set-cookie'] ?? [] }),
      );
    })
      .on('error', failed)
      .end(`password=${encodeURIComponent(word)}`);
  });

/** Four wrong passwords a second, each from another client. */
function guess({ url, guarded }: Started): () => Promise<unknown> {
  const running = new Set<Promise<unknown>>();
  let client = 0;
  const timer = setInterval(() => {
    const answer = post(`${url}/en${guarded}`, 'wrong', `198.51.100.${++client % 250}`);
    running.add(answer);
    void answer.finally(() => running.delete(answer));
  }, 250);
  return () => {
    clearInterval(timer);
    return Promise.allSettled(running);
  };
}

/** Each screen of the owner's app: what it asks the program for. */
async function measureScreens(portal: Portal): Promise<Line[]> {
  const times = await portal.ask<Record<string, number>>({ call: 'screens' });
  return Object.entries(times).map(([name, ms]) =>
    atMost(`the owner's app: ${name}`, ms, 'ms', 300),
  );
}

/** 200 connections on which nothing is asked, and 50 on which page after page is. */
async function measureCrowd(portal: Portal, { url }: Started, urls: string[]): Promise<Line> {
  const { port } = new URL(url);
  const idle: Socket[] = Array.from({ length: 200 }, () => connect(Number(port), 'localhost'));
  for (const socket of idle) socket.on('error', () => undefined);
  let failed = 0;
  try {
    await portal.load(Array.from({ length: 20 }, () => urls).flat(), 200, accepts, 50);
  } catch {
    failed++;
  }
  for (const socket of idle) socket.destroy();
  return atMost('failed requests, 200 idle and 50 busy connections', failed, '', 0);
}

/** The program is started anew on its folder: how long until a client has its first byte. */
export async function measureStart(args: string[]): Promise<Line[]> {
  const times: number[] = [];
  let idle = 0;
  for (let round = 0; round < 3; round++) {
    const begin = performance.now();
    const portal = new Portal(...args);
    try {
      const url = await portal.ask<string>({ call: 'serve' });
      await portal.get(`${url}/en/auth/customer-portal/${'A'.repeat(32)}`);
      times.push(performance.now() - begin);
      await wait(1_000);
      idle = (await portal.ask<Usage>({ call: 'usage' })).rssMb;
    } finally {
      portal.stop();
    }
  }
  return [
    atMost('start: from the process to the first byte', percentile(times, 0.5) / 1000, 's', 0.6),
    atMost('memory when nobody asks', idle, 'MB', 120),
  ];
}
