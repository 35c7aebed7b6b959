import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startTestHost, type TestHost } from '../support/owner-app.ts';

/**
 * The owner is signed in to the browser host, and opens a hostile page in the same browser. The
 * hostile page knows the port and tries what a page can try.
 */
let host: TestHost;
let hostile: Server;
let hostilePort: number;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  host = await startTestHost();
  hostile = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end('<!doctype html><title>hostile</title>');
  });
  await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve));
  hostilePort = (hostile.address() as AddressInfo).port;
  browser = await launchChromium(['--host-resolver-rules=MAP evil.example 127.0.0.1']);
  context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(host.oneTimeUrl());
  expect(await page.textContent('h1')).toBe('Owner');
});

afterAll(async () => {
  await browser.close();
  await host.stop();
  hostile.close();
});

beforeEach(() => {
  host.app.calls.length = 0;
});

const body = JSON.stringify({ method: 'settings.set', input: {} });

/** Runs `attack` in a fresh page of that origin. */
async function attackFrom<T>(
  origin: string,
  attack: (given: { url: string; body: string }) => Promise<T>,
): Promise<T> {
  const page: Page = await context.newPage();
  try {
    await page.goto(origin);
    return await page.evaluate(attack, { url: host.url, body });
  } finally {
    await page.close();
  }
}

it('the page itself may call (or the attacks below would prove nothing)', async () => {
  const status = await attackFrom(host.url, async ({ body: call }) => {
    const headers = { 'Content-Type': 'application/json', 'X-Customer-Portal': '1' };
    const answer = await fetch('/api', { method: 'POST', headers, body: call });
    return answer.status;
  });
  expect(status).toBe(200);
  expect(host.app.calls).toHaveLength(1);
});

it('the page itself gets events', async () => {
  const page = await context.newPage();
  await page.goto(host.url);
  const opened = page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const events = new EventSource('/api/events');
        events.addEventListener('open', () => void fetch('/opened').then(() => undefined));
        events.addEventListener('message', (event: MessageEvent<string>) => resolve(event.data));
      }),
  );
  await page.waitForRequest(`${host.url}/opened`);
  host.app.announce('shares');
  expect(await opened).toBe('["shares"]');
  await page.close();
});

// The second is the same site for cookies: only the port differs, so the cookie is sent along.
describe.each([
  ['another site', () => `http://evil.example:${hostilePort}/`],
  ['another port on this computer', () => `http://127.0.0.1:${hostilePort}/`],
])('a page of %s', (_name, origin) => {
  it('cannot call with JSON: the browser asks first and gets no permission', async () => {
    const outcome = await attackFrom(origin(), ({ url, body: call }) => {
      const headers = { 'Content-Type': 'application/json', 'X-Customer-Portal': '1' };
      const init: RequestInit = { method: 'POST', headers, body: call, credentials: 'include' };
      return fetch(`${url}/api`, init).then(
        () => 'answered',
        () => 'refused',
      );
    });
    expect(outcome).toBe('refused');
    expect(host.app.calls).toEqual([]);
  });

  it('cannot call without being asked: a simple request gets nothing done', async () => {
    await attackFrom(origin(), async ({ url, body: call }) => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
        const sent = new Blob([call], { type });
        const init: RequestInit = { method: 'POST', mode: 'no-cors', credentials: 'include' };
        // The page must not see the answer (resource policy), but the request has gone out.
        await fetch(`${url}/api`, { ...init, body: sent }).catch(() => undefined);
      }
    });
    expect(host.app.calls).toEqual([]);
  });

  it('cannot send a form', async () => {
    const page = await context.newPage();
    await page.goto(origin());
    const answered = page.waitForResponse(`${host.url}/api`);
    await page.evaluate(
      ({ url, body: call }) => {
        const form = document.createElement('form');
        form.method = 'post';
        form.enctype = 'text/plain';
        form.action = `${url}/api`;
        const field = document.createElement('input');
        field.name = call.slice(0, -1);
        field.value = '}';
        form.append(field);
        document.body.append(form);
        form.submit();
      },
      { url: host.url, body },
    );
    expect((await answered).status()).toBe(403);
    expect(host.app.calls).toEqual([]);
    await page.close();
  });

  it('cannot send a form from a sandboxed frame (origin null)', async () => {
    const page = await context.newPage();
    await page.goto(origin());
    await page.evaluate((url) => {
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', 'allow-scripts allow-forms');
      frame.srcdoc = `<form method="post" action="${url}/api"><button>Win a prize</button></form>`;
      document.body.append(frame);
    }, host.url);
    // Clicked, since Playwright sees nothing of such a frame before it is attached to it.
    const [answered] = await Promise.all([
      page.waitForResponse(`${host.url}/api`),
      page.frameLocator('iframe').getByRole('button').click(),
    ]);
    expect(answered.status()).toBe(403);
    expect(await answered.request().headerValue('origin')).toBe('null');
    expect(host.app.calls).toEqual([]);
    await page.close();
  });

  it('cannot listen to events', async () => {
    const outcome = await attackFrom(
      origin(),
      ({ url }) =>
        new Promise<string>((resolve) => {
          const events = new EventSource(`${url}/api/events`, { withCredentials: true });
          events.addEventListener('open', () => resolve('open'));
          events.addEventListener('error', () => resolve('refused'));
        }),
    );
    expect(outcome).toBe('refused');
  });

  it('cannot open a web socket', async () => {
    const outcome = await attackFrom(
      origin(),
      ({ url }) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(`${url.replace('http', 'ws')}/api/events`);
          socket.addEventListener('open', () => resolve('open'));
          socket.addEventListener('error', () => resolve('refused'));
        }),
    );
    expect(outcome).toBe('refused');
  });

  it('cannot show the app in a frame', async () => {
    const page = await context.newPage();
    await page.goto(origin());
    const refused = page.waitForEvent('console', {
      predicate: (message) => message.text().includes('frame-ancestors'),
    });
    await page.evaluate((url) => {
      const frame = document.createElement('iframe');
      frame.src = `${url}/`;
      document.body.append(frame);
    }, host.url);
    await refused;
    await page.close();
  });

  it("cannot run the app's scripts", async () => {
    const outcome = await attackFrom(
      origin(),
      ({ url }) =>
        new Promise<string>((resolve) => {
          const script = document.createElement('script');
          script.src = `${url}/assets/app-1a2b.js`;
          script.addEventListener('load', () => resolve('loaded'));
          script.addEventListener('error', () => resolve('refused'));
          document.body.append(script);
        }),
    );
    // Same site passes the browser's resource policy only if it is `same-site`: ours is stricter.
    expect(outcome).toBe('refused');
  });
});

it('DNS rebinding: the app does not answer under a name that is not its own', async () => {
  const page = await context.newPage();
  const answer = await page.goto(`http://evil.example:${new URL(host.url).port}/`);
  expect(answer?.status()).toBe(421);
  const status = await page.evaluate(async (call) => {
    const headers = { 'Content-Type': 'application/json', 'X-Customer-Portal': '1' };
    return (await fetch('/api', { method: 'POST', headers, body: call })).status;
  }, body);
  expect(status).toBe(421);
  expect(host.app.calls).toEqual([]);
  await page.close();
});
