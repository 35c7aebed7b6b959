import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../src-main/browser-host/open-browser.ts';
import { launchChromium } from '../support/chromium.ts';
import { quickHash, startGuardedPortal, type GuardedPortal } from '../support/guarded-portal.ts';
import { startTestHost, type TestHost } from '../support/owner-app.ts';

/** What a real browser sends: with forms of other sites to plain http, and from a file. */
let browser: Browser;
let portal: GuardedPortal;
let foreign: Server;
let foreignPage = '';

beforeAll(async () => {
  // Names that are no `localhost`: to those a browser sends no Sec-Fetch-Site over http.
  browser = await launchChromium([
    '--host-resolver-rules=MAP portal.example 127.0.0.1, MAP evil.example 127.0.0.1',
  ]);
  portal = await startGuardedPortal();
  foreign = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Referrer-Policy': 'no-referrer' });
    response.end(foreignPage);
  });
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await browser.close();
  foreign.close();
  await portal.close();
});

describe('over plain http', () => {
  const baseOf = (url: string): string => url.replace('127.0.0.1', 'portal.example');
  const failures = (shareId: number): number =>
    portal.store
      .prepare<[number], number>('SELECT COUNT(*) FROM password_failures WHERE share_id = ?')
      .pluck()
      .get(shareId)!;

  it('the forms of the portal itself work: in, wrong, out', async () => {
    const share = portal.share({ passwordHash: quickHash('right') });
    const context = await browser.newContext();
    const page = await context.newPage();
    const sent: Record<string, string>[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') void request.allHeaders().then((all) => sent.push(all));
    });
    await page.goto(`${baseOf(portal.url)}${share.path}`);
    for (const [password, shown] of [
      ['wrong', 'password'],
      ['right', 'customer'],
    ] as const) {
      await page.fill('#password', password);
      await page.click('button[type=submit]');
      await page.waitForSelector(`body[data-page=${shown}]`);
      if (shown === 'password') expect(await page.textContent('#problem')).toContain('not right');
    }
    await page.click('form[action$="/logout"] button');
    await page.waitForSelector('body[data-page=password]');
    expect(failures(share.id)).toBe(0);
    // Else this would prove nothing about the comparison of origins.
    expect(sent.map((headers) => headers['sec-fetch-site'])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(new Set(sent.map(({ origin }) => origin))).toEqual(new Set([baseOf(portal.url)]));
    await context.close();
  });

  it.each(['evil.example', 'portal.example'])('those of %s are not taken', async (name) => {
    const share = portal.share({ passwordHash: quickHash('right') });
    foreignPage = `<form method="post" action="${baseOf(portal.url)}${share.path}"><input name="password" value="wrong"><button>go</button></form>`;
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`http://${name}:${(foreign.address() as AddressInfo).port}/`);
    await page.click('button');
    await page.waitForSelector('body[data-page=password]');
    expect(await page.textContent('#problem')).toContain('Another website sent this form');
    await portal.settled();
    expect(failures(share.id)).toBe(0);
    await context.close();
  });
});

describe('the page that leads to the one-time address', () => {
  let host: TestHost;
  let dir: string;
  beforeAll(async () => {
    host = await startTestHost();
    dir = mkdtempSync(join(tmpdir(), 'open-'));
  });
  afterAll(async () => {
    await host.stop();
    rmSync(dir, { recursive: true });
  });

  it('signs the browser in, from a file', async () => {
    writeFileSync(join(dir, 'xdg-open'), '#!/bin/sh\n');
    chmodSync(join(dir, 'xdg-open'), 0o700);
    openBrowser(host.oneTimeUrl(), dir, { platform: 'linux', env: { DISPLAY: ':0', PATH: dir } });
    expect(readFileSync(join(dir, 'open.html'), 'utf8')).toContain('/open?token=');
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`file://${dir}/open.html`);
    await page.waitForURL(`${host.url}/`);
    await page.waitForSelector('h1');
    expect(await page.textContent('h1')).toBe('Owner');
    await context.close();
  });
});
