/** 500 hostile connections of each kind: what they do to another client's page, and to memory. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { trustedHeader, type Published } from './access-portal.ts';
import { atMost, median, type Line } from './line.ts';

const connections = 500;
const pages = 300;
const pauseMs = 10;
/** The client that measures has another address of this computer than the hostile one. */
const hostile = '127.0.0.1';
const honest = '127.0.0.2';

/** What each connection sends at first, and then every half second. */
interface Kind {
  name: string;
  first: (portal: Published) => string;
  more: string;
  reads: boolean;
}
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const kinds: Kind[] = [
  { name: 'silent', first: () => '', more: '', reads: true },
  { name: 'slow', first: ({ open }) => `GET ${open} HTTP/1.1\r\nX: `, more: 'x', reads: true },
  { name: 'never read', first: ({ open }) => get(open).repeat(200), more: '', reads: false },
];

export async function run(): Promise<Line[]> {
  const child = fork(join(import.meta.dirname, 'access-portal.ts'));
  try {
    const [portal] = (await once(child, 'message')) as [Published];
    const lines: Line[] = [];
    await readPages(portal);
    for (const kind of kinds) lines.push(...(await benchKind(child, portal, kind)));
    return lines;
  } finally {
    child.send('stop');
  }
}

async function benchKind(child: ChildProcess, portal: Published, kind: Kind): Promise<Line[]> {
  const idle = median(await readPages(portal));
  const before = memoryMb(child);
  const crowd = new Set<Socket>();
  let isOver = false;
  /** Who is thrown out comes back. */
  const attack = Promise.all(Array.from({ length: connections }, () => hold()));
  async function hold(): Promise<void> {
    while (!isOver) {
      const socket = connect({ port: portOf(portal), host: '127.0.0.1', localAddress: hostile });
      socket.on('error', () => undefined);
      crowd.add(socket);
      if (kind.reads) socket.resume();
      else socket.pause();
      socket.write(kind.first(portal));
      await ended(socket);
      crowd.delete(socket);
      await wait(500);
    }
  }
  const dripping = setInterval(() => {
    if (kind.more !== '') for (const socket of crowd) socket.write(kind.more);
  }, 500);
  await wait(1_000);
  const times = await readPages(portal);
  const busy = median(times);
  const grown = memoryMb(child) - before;
  isOver = true;
  clearInterval(dripping);
  for (const socket of crowd) socket.destroy();
  await attack;
  const worst = Math.max(...times);
  console.log(
    `${kind.name.padEnd(12)} page ${idle.toFixed(1)} ms idle, ${busy.toFixed(1)} ms with ${connections} (×${(busy / idle).toFixed(2)}, longest ${worst.toFixed(0)} ms), memory +${grown.toFixed(0)} MB`,
  );
  return [
    atMost(`page with ${connections} connections, ${kind.name}`, busy / idle, '×', 3),
    atMost(`memory with ${connections} connections, ${kind.name}`, Math.max(grown, 0), 'MB', 100),
  ];
}

/** Who is not thrown out goes by itself after 20 s. */
function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const goAway = setTimeout(() => socket.destroy(), 20_000);
    socket.once('close', () => {
      clearTimeout(goAway);
      resolve();
    });
  });
}

const portOf = ({ url }: Published): number => Number(new URL(url).port);

async function readPages({ url, open }: Published): Promise<number[]> {
  const times: number[] = [];
  while (times.length < pages) {
    const start = performance.now();
    await readPage(url.replace('localhost', '127.0.0.1') + open);
    times.push(performance.now() - start);
    await wait(pauseMs);
  }
  return times;
}

/** A connection of its own each time: what is measured is whether a new client gets in. */
function readPage(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { [trustedHeader]: '198.51.100.1' };
    request(url, { agent: false, localAddress: honest, headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`)),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** Resident memory of the portal's process; 0 where there is no /proc. */
function memoryMb(child: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
