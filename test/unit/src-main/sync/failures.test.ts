/** What people meet who connect a Kimai: each has a sentence of its own (docs/kimai-sync.md). */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Connection } from '../../../../src-main/sync/connection.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';

let test: TestApp;
const servers: Server[] = [];

beforeAll(async () => {
  test = await createTestApp();
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
afterAll(() => test.close());

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const token = 'a-token-that-nobody-may-see';
const json = { 'content-type': 'application/json' };
const html = { 'content-type': 'text/html; charset=UTF-8' };
const page = '<!DOCTYPE html><title>Sign in</title>';

describe('connecting a Kimai', () => {
  it.each([
    [
      'a wrong or expired token',
      'kimai_token',
      401,
      { 'www-authenticate': 'Bearer error="invalid_token"' },
      '',
    ],
    [
      'a header that a proxy removed',
      'kimai_token_missing',
      401,
      json,
      '{"code":401,"message":"Unauthorized"}',
    ],
    ['a proxy that asks for a password', 'kimai_login', 401, html, page],
    [
      'a user without the right',
      'kimai_forbidden',
      403,
      json,
      '{"code":403,"message":"Forbidden"}',
    ],
    ['a wrong path', 'kimai_path', 404, html, page],
    ['a Kimai below another path', 'kimai_path', 404, json, '{"code":404,"message":"Not Found"}'],
    ['a page of another site', 'kimai_page', 200, html, page],
    [
      'a login page of a sub-path install',
      'kimai_login',
      302,
      { ...html, location: '/kimai/en/login' },
      page,
    ],
    [
      'a login page elsewhere',
      'kimai_login',
      302,
      { ...html, location: 'https://sso.example.com/auth?to=x' },
      page,
    ],
    ['a redirect to nowhere', 'kimai_login', 302, { location: 'http://' }, ''],
    [
      'https instead of http',
      'kimai_moved',
      301,
      { location: 'https://127.0.0.1/api/version' },
      '',
    ],
    ['PHP that is down', 'kimai_down', 502, html, page],
    ['a server under maintenance', 'kimai_down', 503, { ...html, 'retry-after': '120' }, page],
    [
      'a database that is down',
      'kimai_failed',
      500,
      json,
      '{"code":500,"message":"Internal Server Error"}',
    ],
    ['too many questions', 'kimai_busy', 429, { 'retry-after': '60' }, ''],
    ['a bad request', 'kimai_refused', 400, json, '{"code":400,"message":"Bad Request"}'],
    ['something that is no version', 'kimai_answer', 200, json, '{"name":"another program"}'],
    ['something that is no JSON', 'kimai_answer', 200, json, '{'],
    [
      'a Kimai without tokens',
      'kimai_too_old',
      200,
      json,
      '{"version":"2.13.0","versionId":21300}',
    ],
  ] as const)('says what %s is', async (_, code, status, headers, body) => {
    const address = await serve((_request, response) =>
      response.writeHead(status, headers).end(body),
    );
    await expect(test.call('sync.look', { address, token })).rejects.toMatchObject({ code });
    expect(test.logged.join('\n')).not.toContain(token);
    expect(await test.call('sync.status')).toMatchObject({ state: 'off', kimai: null });
  });

  it('says that nobody answers', async () => {
    const address = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    await expect(test.call('sync.look', { address, token })).rejects.toMatchObject({
      code: 'kimai_unreachable',
    });
  });

  it('says that the connection is not safe', async () => {
    const address = await serve((_request, response) => response.end());
    const overTls = address.replace('http:', 'https:');
    await expect(test.call('sync.look', { address: overTls, token })).rejects.toMatchObject({
      code: 'kimai_certificate',
    });
  });

  it('offers where Kimai moved, and sends the token there neither at once nor later', async () => {
    let asked = 0;
    const elsewhere = await serve((_request, response) => {
      asked++;
      response.writeHead(200, json).end('{"version":"2.66.0","versionId":26600}');
    });
    const address = await serve((request, response) =>
      response.writeHead(301, { location: `${elsewhere}${request.url}` }).end(),
    );
    const error: unknown = await test
      .call('sync.look', { address, token })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'kimai_moved', params: { address: elsewhere } });
    expect(asked).toBe(0);
  });
});

describe('a connection', () => {
  const open = (address: string, timeoutMs?: number): Connection =>
    new Connection(address, token, 'test', timeoutMs);

  it('takes compressed answers, and stays one connection', async () => {
    let connections = 0;
    const address = await serve((request, response) => {
      expect(request.headers.authorization).toBe(`Bearer ${token}`);
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'));
    });
    servers.at(-1)!.on('connection', () => connections++);
    const connection = open(address);
    for (let n = 0; n < 5; n++) {
      expect((await connection.read('api/version')).body.toString()).toBe('{"a":1}');
    }
    expect([connections, connection.traffic.requests]).toEqual([1, 5]);
    connection.close();
  });

  it('ends an answer that is too large, also one that was packed small', async () => {
    const address = await serve((request, response) => {
      const body = Buffer.alloc(65 * 2 ** 20, ' ');
      if (request.url === '/plain') response.writeHead(200, json).end(body);
      else response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(body));
    });
    const connection = open(address);
    for (const path of ['plain', 'packed']) {
      await expect(connection.read(path)).rejects.toMatchObject({ code: 'kimai_answer_too_large' });
    }
    connection.close();
  });

  it('does not wait for ever', async () => {
    const connection = open(await serve(() => undefined), 50);
    await expect(connection.read('api/version')).rejects.toMatchObject({ code: 'kimai_timeout' });
    connection.close();
  });

  it('ends when it is closed', async () => {
    const connection = open(await serve(() => connection.close()));
    await expect(connection.read('api/version')).rejects.toMatchObject({ code: 'kimai_cancelled' });
    await expect(connection.read('api/version')).rejects.toMatchObject({ code: 'kimai_cancelled' });
  });

  it('never leads elsewhere', async () => {
    const connection = open('https://kimai.example.com');
    await expect(connection.read('//evil.example/x')).rejects.toThrow('must not lead elsewhere');
    connection.close();
  });
});
