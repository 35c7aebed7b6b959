import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkHost } from '../../../../src-main/browser-host/guard.ts';
import { startTestHost, type TestHost } from '../../../support/owner-app.ts';

let host: TestHost;
let cookie: string;

beforeAll(async () => {
  host = await startTestHost();
  cookie = await host.signIn();
});
afterAll(() => host.stop());
beforeEach(() => {
  host.app.calls.length = 0;
});

interface Sent {
  method?: string;
  headers?: Record<string, string | undefined>;
  body?: string;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** `fetch` sets Host and Origin itself and tidies paths; an attacker's tool does not. */
function send(path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(host.url);
    const request = httpRequest({ hostname, port, path, method }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) request.setHeader(name, value);
    }
    request.on('error', reject).end(body);
  });
}

const good = (): Record<string, string> => ({
  Cookie: cookie,
  Origin: host.url,
  'Content-Type': 'application/json',
  'X-Customer-Portal': '1',
});

const call = (
  headers: Record<string, string | undefined>,
  more: Sent = {},
  path = '/api',
): Promise<Answer> =>
  send(path, {
    method: 'POST',
    body: JSON.stringify({ method: 'app.status', input: {} }),
    ...more,
    headers: { ...good(), ...headers },
  });

describe('calls', () => {
  it('from our own page are answered, with a session that is not the cookie', async () => {
    const answer = await call({ 'Sec-Fetch-Site': 'same-origin' });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ ok: true, value: { echo: {} } });
    const [made] = host.app.calls;
    expect(made?.request).toEqual({ method: 'app.status', input: {} });
    expect(made?.caller.sessionId).toMatch(/^[0-9a-f]{64}$/);
    expect(cookie).not.toContain(made?.caller.sessionId);
  });

  it('work under the name localhost too', async () => {
    const name = `localhost:${new URL(host.url).port}`;
    expect((await call({ Host: name, Origin: `http://${name}` })).status).toBe(200);
  });

  it.each<[string, number, Record<string, string | undefined>]>([
    ['another host name (DNS rebinding)', 421, { Host: 'evil.example' }],
    ['our name with another port', 421, { Host: '127.0.0.1:1' }],
    ['our name as a subdomain', 421, { Host: '127.0.0.1.evil.example' }],
    ['another origin', 403, { Origin: 'http://evil.example' }],
    ['another port on this computer', 403, { Origin: 'http://127.0.0.1:1' }],
    ['the other of our names', 403, { Origin: 'http://localhost' }],
    ['a sandboxed frame or a file', 403, { Origin: 'null' }],
    ['no origin', 403, { Origin: undefined }],
    ['another site', 403, { 'Sec-Fetch-Site': 'cross-site' }],
    ['another port, same site', 403, { 'Sec-Fetch-Site': 'same-site' }],
    ['a form', 415, { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['a form that looks like JSON', 415, { 'Content-Type': 'text/plain' }],
    ['no own header', 403, { 'X-Customer-Portal': undefined }],
    ['no cookie', 401, { Cookie: undefined }],
    ['a guessed cookie', 401, { Cookie: 'customer-portal-1=abc' }],
  ])('from %s are refused with %i', async (_name, status, headers) => {
    const answer = await call(headers);
    expect(answer.status).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(host.app.calls).toEqual([]);
  });

  it.each<[string, number, Sent]>([
    // Without a body, which would be the beginning of another request.
    ['GET', 405, { method: 'GET', body: '' }],
    ['the question before a foreign call', 405, { method: 'OPTIONS', body: '' }],
    ['no JSON', 400, { body: '{' }],
    ['no call', 400, { body: '[]' }],
    ['more than a call', 400, { body: '{"method":"app.status","input":{},"caller":{}}' }],
    ['more than one part of an upload', 400, { body: `"${'x'.repeat(2 * 1024 * 1024)}"` }],
  ])('%s is refused with %i', async (_name, status, sent) => {
    expect((await call({}, sent)).status).toBe(status);
    expect(host.app.calls).toEqual([]);
  });
});

it('on port 80 our names stand alone, as browsers send them', () => {
  const from = (localPort: number) =>
    checkHost({ headers: { host: 'localhost' }, socket: { localPort } } as never);
  expect(from(80)).toBeNull();
  expect(from(8080)).toMatchObject({ status: 421 });
});

describe('the one-time address', () => {
  it('works once and sets a cookie that scripts and other sites cannot use', async () => {
    const url = new URL(host.oneTimeUrl());
    const first = await send(`${url.pathname}${url.search}`);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    const [set] = first.headers['set-cookie'] ?? [];
    expect(set).toMatch(/^customer-portal-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);

    const second = await send(`${url.pathname}${url.search}`);
    expect(second.status).toBe(401);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  it('opened again by a browser that is signed in leads to the app', async () => {
    const answer = await send('/open?token=used', { headers: { Cookie: cookie } });
    expect(answer.status).toBe(303);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('is not used up by a browser that fetches ahead', async () => {
    const url = new URL(host.oneTimeUrl());
    const path = `${url.pathname}${url.search}`;
    expect((await send(path, { headers: { 'Sec-Purpose': 'prefetch' } })).status).toBe(401);
    expect((await send(path, { method: 'HEAD' })).status).toBe(401);
    expect((await send(path)).status).toBe(303);
  });

  it('ends with the next one', async () => {
    const url = new URL(host.oneTimeUrl());
    host.oneTimeUrl();
    expect((await send(`${url.pathname}${url.search}`)).status).toBe(401);
  });

  it('without a session the page says how to get in, in the language of the browser', async () => {
    const answer = await send('/', { headers: { 'Accept-Language': 'de-AT,de;q=0.9' } });
    expect(answer.status).toBe(401);
    expect(answer.body).toContain('einmalige Adresse');
    expect((await send('/', { headers: { 'Accept-Language': '*' } })).body).toContain('one-time');
  });
});

describe('files', () => {
  it('the page has a strict policy and is not cached blindly', async () => {
    const { status, headers, body } = await send('/', { headers: { Cookie: cookie } });
    expect(status).toBe(200);
    expect(body).toContain('<h1>Owner');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    const again = { Cookie: cookie, 'If-None-Match': headers.etag };
    expect((await send('/', { headers: again })).status).toBe(304);
  });

  it('a script has its type', async () => {
    const { headers, body } = await send('/assets/app-1a2b.js');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(body).toBe('export {};');
  });

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/assets/..%5c..%5cpackage.json',
    '//etc/passwd',
    '//',
    '/assets/../index.html',
    '/etc/passwd%00.js',
    '/assets',
    '/constructor',
    '/__proto__',
  ])('%s is not there', async (path) => {
    const answer = await send(path, { headers: { Cookie: cookie } });
    expect([401, 404]).toContain(answer.status);
    expect(answer.body).not.toContain('root:');
    expect(answer.body).not.toContain('"name"');
  });

  it('an absolute address in the request line is no way around', async () => {
    const answer = await call({}, {}, 'http://evil.example/api');
    expect(answer.status).toBe(405);
    expect(host.app.calls).toEqual([]);
  });

  it('nothing but reading', async () => {
    expect((await send('/', { method: 'PUT', headers: { Cookie: cookie } })).status).toBe(405);
  });
});

describe('events', () => {
  it('carry topics to our own page', async () => {
    const response = await fetch(`${host.url}/api/events`, { headers: { Cookie: cookie } });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('retry: 2000\n\n');
    host.app.announce('catalog', 'views');
    expect((await reader.read()).value).toBe('data: ["catalog","views"]\n\n');
    await reader.cancel();
  });

  it.each<[string, number, Record<string, string>]>([
    ['no cookie', 401, {}],
    ['another origin', 403, { Origin: 'http://evil.example' }],
    ['a sandboxed frame', 403, { Origin: 'null' }],
    ['another site', 403, { 'Sec-Fetch-Site': 'cross-site' }],
    ['another host name', 421, { Host: 'evil.example' }],
  ])('are refused: %s', async (name, status, headers) => {
    const own = name === 'no cookie' ? {} : { Cookie: cookie };
    expect((await send('/api/events', { headers: { ...own, ...headers } })).status).toBe(status);
  });

  it('a web socket is refused', async () => {
    const { port } = new URL(host.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://evil.example\r\n` +
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    const answer = await new Promise<string>((resolve) => {
      socket.setEncoding('utf8').once('data', resolve);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });
});

it('only this computer is listened to', () => {
  expect(new URL(host.url).hostname).toBe('127.0.0.1');
});

it('nothing that signs in is logged', () => {
  expect(host.logged).toEqual([]);
});

it('stopping ends event streams', async () => {
  const other = await startTestHost();
  const headers = { Cookie: await other.signIn() };
  const response = await fetch(`${other.url}/api/events`, { headers });
  await other.stop();
  expect(await response.text()).toBe('retry: 2000\n\n');
});
