/** What becomes of connections and answers when a server stops. Its limit is a timer of the test. */
import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listen, type Listener } from '../../../../src-main/http/listen.ts';

let listener: Listener;
const sockets: Socket[] = [];

// Only the limit runs by these: connections have timers of Node's own.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  for (const socket of sockets.splice(0)) socket.destroy();
});

const start = async (handle: RequestListener): Promise<void> => {
  const strangers = { peerOf: () => null };
  listener = await listen(handle, { port: 0, host: '127.0.0.1', headers: {}, strangers });
};

/** A connection that sends this, and what came on it when it has ended. */
async function open(text: string): Promise<{ socket: Socket; answer: Promise<string> }> {
  const socket = connect(listener.port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  let seen = '';
  socket.setEncoding('utf8').on('data', (part) => (seen += part));
  const answer = new Promise<string>((resolve) => socket.once('close', () => resolve(seen)));
  socket.write(text);
  return { socket, answer };
}

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

/** An answer that has begun; the test ends it. */
async function startAnswer(): Promise<{ response: ServerResponse; answer: Promise<string> }> {
  let begin: (response: ServerResponse) => void = () => undefined;
  const begun = new Promise<ServerResponse>((resolve) => (begin = resolve));
  await start((_request, response) => {
    response.write('first half');
    begin(response);
  });
  const { answer } = await open(get);
  return { response: await begun, answer };
}

it('who waits for no answer does not keep it: neither silent, nor half asked, nor answered before', async () => {
  await start((_request, response) => response.end('page'));
  const kept = await open(get);
  await once(kept.socket, 'data');
  const others = [await open(''), await open('GET / HT')];
  // The limit never comes: nothing waits for it.
  await listener.stop();
  expect(await kept.answer).toContain('page');
  expect(await Promise.all(others.map(({ answer }) => answer))).toEqual(['', '']);
});

it('a running answer has five seconds to end, and then the connection goes', async () => {
  const { response, answer } = await startAnswer();
  const stopped = listener.stop();
  vi.advanceTimersByTime(4_999);
  response.end('second half');
  await stopped;
  expect(await answer).toMatch(/first half[^]*second half/);
});

it('one that takes longer is cut, so that the program ends', async () => {
  const { answer } = await startAnswer();
  const stopped = listener.stop();
  vi.advanceTimersByTime(5_000);
  await stopped;
  expect(await answer).toContain('first half');
  expect(await answer).not.toContain('second half');
});
