import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { strangerLimits } from '../../../../src-main/http/connections.ts';
import { listen, type Listener } from '../../../../src-main/http/listen.ts';
import { createTurns } from '../../../../src-main/http/turns.ts';

/** Linux gives a computer all of 127.0.0.0/8: each address is a peer. */
const headers = { 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': 'none' };
const listeners: Listener[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const listener of listeners.splice(0)) await listener.stop();
});

async function start(
  limits: Partial<typeof strangerLimits> = {},
  handle: RequestListener = (_request, response) => response.end('page'),
  peerOf = (socket: Socket): string | null => socket.remoteAddress ?? '',
): Promise<Listener> {
  const listener = await listen(handle, {
    port: 0,
    host: '127.0.0.1',
    headers,
    strangers: { peerOf, limits: { ...strangerLimits, ...limits } },
  });
  listeners.push(listener);
  return listener;
}

/** Connected from an address, after having sent a text. */
async function open({ port }: Listener, from: string, text = ''): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  if (text !== '') socket.write(text);
  return socket;
}

const get = (path = '/'): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const closed = (socket: Socket): Promise<unknown> => {
  socket.resume();
  return socket.destroyed ? Promise.resolve() : once(socket, 'close');
};

/** What comes back until the text is in it, or the other side has ended. */
async function answerOf(socket: Socket, text?: string): Promise<string> {
  let answer = '';
  for await (const part of socket.iterator({ destroyOnReturn: false })) {
    answer += String(part);
    if (text !== undefined && answer.includes(text)) break;
  }
  return answer;
}

describe('where one peer has all the connections that it may have', () => {
  it.each([
    ['silent', ''],
    ['half a request', 'GET / HTTP/1.1\r\nHost: x\r\nX: '],
  ])('its oldest idle one goes, and others are not touched (%s)', async (_, text) => {
    const listener = await start({ perPeer: 3 });
    const other = await open(listener, '127.0.0.2');
    const own: Socket[] = [];
    for (let n = 0; n < 4; n++) own.push(await open(listener, '127.0.0.1', text));
    await closed(own[0]!);
    own[3]!.write(text === '' ? get() : 'y\r\n\r\n');
    expect(await answerOf(own[3]!, 'page')).toContain('200 OK');
    other.write(get());
    expect(await answerOf(other, 'page')).toContain('200 OK');
    expect(own.slice(1, 3).map(({ destroyed }) => destroyed)).toEqual([false, false]);
  });

  it('a proxy is no peer', async () => {
    const listener = await start({ perPeer: 2 }, undefined, () => null);
    const all: Socket[] = [];
    for (let n = 0; n < 6; n++) all.push(await open(listener, '127.0.0.1'));
    for (const socket of all) socket.write(get());
    for (const socket of all) expect(await answerOf(socket, 'page')).toContain('200 OK');
  });
});

it('makes room for a new peer when all connections are taken', async () => {
  const listener = await start({ all: 4 });
  const first = await open(listener, '127.0.0.2');
  for (let n = 3; n < 6; n++) await open(listener, `127.0.0.${n}`);
  const late = await open(listener, '127.0.0.9', get());
  expect(await answerOf(late, 'page')).toContain('200 OK');
  await closed(first);
});

describe('answers that nobody reads', () => {
  const large = Buffer.alloc(32 * 1024 * 1024, 'x');
  const sendLarge: RequestListener = (_request, response) => response.end(large);

  it('end their connection', async () => {
    const listener = await start({ stalledMs: 300 }, sendLarge);
    const ended = once(listener.server, 'connection').then(([socket]) =>
      once(socket as Socket, 'close'),
    );
    const socket = await open(listener, '127.0.0.1', get());
    socket.pause();
    await ended;
  });

  it('end it too if they are read bit by bit', async () => {
    const listener = await start({ answerMs: 500 }, sendLarge);
    const socket = await open(listener, '127.0.0.1', get());
    socket.on('readable', () => socket.read(1000));
    const [server] = (await once(listener.server, 'request')) as [{ socket: Socket }];
    await once(server.socket, 'close');
  });

  it('are not made at all for who does not wait for them: that connection ends', async () => {
    let asked = 0;
    const listener = await start({}, (_request, response) => {
      asked++;
      response.end(large);
    });
    const socket = await open(listener, '127.0.0.1', get().repeat(1000));
    socket.pause();
    await once(listener.server, 'request').then(([request]) =>
      once((request as { socket: Socket }).socket, 'close'),
    );
    // The server's turns go on; whoever comes next has the first of them.
    const other = await open(listener, '127.0.0.2', get());
    await once(other, 'readable');
    expect(asked).toBe(1);
    // Nor is that peer let in again soon: reading its thousand requests is work, too.
    const again = await open(listener, '127.0.0.1', get());
    let answer = '';
    again.on('data', (part) => (answer += String(part)));
    await new Promise<void>((done) => again.once('close', () => done()));
    expect(answer).toBe('');
  });

  it('are not the fault of a client whose answer takes the program long to make', async () => {
    const listener = await start({ stalledMs: 20 }, (request, response) => {
      // As a password does that waits for others: nothing has moved twice for as long as may be.
      request.socket.once('timeout', () =>
        request.socket.once('timeout', () => setImmediate(() => response.end('page'))),
      );
    });
    const socket = await open(listener, '127.0.0.1', get());
    expect(await answerOf(socket, 'page')).toContain('200 OK');
  });
});

it('goes round among peers: one who asks a hundred times keeps another waiting for one answer', async () => {
  const order: string[] = [];
  const turns = createTurns();
  const all = Promise.all(
    ['many', 'many', 'many', 'gone', 'one', 'late'].map(
      (peer) =>
        new Promise<void>((done) => {
          turns.take(peer, () => {
            order.push(peer);
            if (peer === 'gone') {
              done();
              return false;
            }
            // At most one thing is started in a turn of the event loop.
            setImmediate(() => {
              order.push('·');
              done();
            });
            return true;
          });
        }),
    ),
  );
  expect(order).toEqual([]);
  await all;
  expect(order.join(' ').replaceAll('gone one', 'one')).toBe('many · one · late · many · many ·');
});

it('ends a connection after its hundredth request', async () => {
  const listener = await start();
  const socket = await open(listener, '127.0.0.1');
  for (let n = 1; n <= 100; n++) {
    socket.write(get());
    const answer = await answerOf(socket, 'page');
    expect(answer).toContain(n === 100 ? 'Connection: close' : 'Connection: keep-alive');
  }
  await closed(socket);
});

describe('what Node answers by itself has the headers of all other answers', () => {
  it.each([
    [400, 'nonsense\r\n\r\n'],
    [400, 'GET / HTTP/1.1\r\n\r\n'],
    [
      413,
      `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}`,
    ],
    [417, 'GET / HTTP/1.1\r\nHost: x\r\nExpect: nonsense\r\n\r\n'],
    [431, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('%i', async (status, text) => {
    // A body is waited for.
    const listener = await start({}, (request, response) => {
      request.on('end', () => response.end('page')).resume();
    });
    const answer = await answerOf(await open(listener, '127.0.0.1', text));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    for (const [name, value] of Object.entries(headers)) {
      expect(answer).toContain(`${name}: ${value}\r\n`);
    }
  });
});

it('a request that does not get done is answered 408, with the headers of all answers', async () => {
  const listener = await start();
  // The timers are Node's own; only their limit is shorter than in the program.
  listener.server.headersTimeout = 50;
  const socket = await open(listener, '127.0.0.1', 'GET / HTTP/1.1\r\nHost: x\r\nX: ');
  const answer = await answerOf(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  for (const [name, value] of Object.entries(headers)) {
    expect(answer).toContain(`\r\n${name}: ${value}\r\n`);
  }
});
