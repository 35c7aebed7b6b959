import { once } from 'node:events';
import { Agent } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../../bench/ask.ts';
import { runScript } from '../../support/run-script.ts';

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('a request of a bench', () => {
  /** What the server does with the requests of each connection, one after the other. */
  let does: (request: number, socket: Socket) => void;
  let connections: number;
  const agent = new Agent({ keepAlive: true });
  const server = createServer((socket) => {
    connections++;
    let requests = 0;
    socket.on('error', () => undefined);
    socket.on('data', () => does(requests++, socket));
  });
  let url: string;
  beforeEach(async () => {
    connections = 0;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    agent.destroy();
    server.close();
    await once(server, 'close');
  });

  it('survives that the connection it took again is reset just then', async () => {
    does = (request, socket) => {
      if (request === 0) socket.write(answer);
      else socket.resetAndDestroy();
    };
    for (let n = 0; n < 3; n++) {
      expect(await ask(url, { agent })).toMatchObject({ status: 200, bytes: 2 });
    }
    expect(connections).toBe(3);
  });

  it('fails if a new connection is reset: the server cannot be measured', async () => {
    does = (_request, socket) => socket.resetAndDestroy();
    await expect(ask(url, { agent })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(connections).toBe(1);
  });
});

it('npm run bench says first how long it takes', async () => {
  const bench = runScript(
    ['bench/run.ts', '--only', 'nothing of that name'],
    resolve(import.meta.dirname, '../../..'),
  );
  expect(await bench.ended).toBe(1);
  expect(bench.text()).toMatch(/take about \w+ minutes[^]*no bench is called nothing of that name/);
});
