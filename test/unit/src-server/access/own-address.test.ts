/** The portal behind a real nginx with TLS, with and without a path, by our own snippet. */
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { proxySnippet } from '../../../../src-shared/domain/proxy-snippets.ts';
import {
  quickHash,
  startGuardedPortal,
  type GuardedPortal,
} from '../../../support/guarded-portal.ts';
import { hasNginx, startNginx, type Nginx } from '../../../support/nginx.ts';

describe.skipIf(!hasNginx)('behind nginx with TLS', () => {
  let portal: GuardedPortal;
  let nginx: Nginx;
  let port: number;

  beforeAll(async () => {
    portal = await startGuardedPortal();
    port = Number(new URL(portal.url).port);
    nginx = await startNginx(
      `${proxySnippet('nginx', 'https://localhost/hours', port)}
      ${proxySnippet('nginx', 'https://localhost', port)}
      location /cut/ {
        proxy_pass http://127.0.0.1:${port}/;
        proxy_set_header Host $http_host;
      }
      location /traefik/ {
        proxy_pass http://127.0.0.1:${port}/;
        proxy_set_header X-Forwarded-Prefix /traefik;
      }`,
    );
  });
  afterAll(async () => {
    await nginx?.stop();
    await portal?.close();
  });

  /** A browser's jar: a cookie goes where its path says. */
  let jar: { path: string; pair: string }[] = [];
  beforeEach(() => {
    jar = [];
  });
  async function open(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin, pathname } = new URL(url);
    const pairs = jar.filter(({ path }) => pathname.startsWith(path)).map(({ pair }) => pair);
    const headers = {
      ...(init.headers as object),
      ...(pairs[0] ? { Cookie: pairs.join('; ') } : {}),
    };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const path = /Path=([^;]+)/.exec(line)![1]!;
      const pair = line.split(';')[0]!;
      const name = pair.split('=')[0];
      jar = jar.filter((old) => old.path !== path || !old.pair.startsWith(`${name}=`));
      if (!line.includes('Max-Age=0')) jar.push({ path, pair });
    }
    const location = answer.headers.get('location');
    return location === null ? answer : open(new URL(location, origin + pathname).href);
  }

  it.each(['/hours', '/cut', '/traefik', ''])('every address begins with "%s"', async (path) => {
    const base = nginx.origin + path;
    portal.hop.publicUrl = base;
    const { key } = portal.share({ passwordHash: quickHash('right') });
    // Without a language: redirected, to the password page.
    const asked = await open(`${base}/auth/customer-portal/${key}`, {
      headers: { 'Accept-Language': 'de' },
    });
    const own = `${base}/de/auth/customer-portal/${key}`;
    expect(asked.url).toBe(own);
    const form = parse(await asked.text()).querySelector('form')!;
    const action = new URL(form.getAttribute('action')!, asked.url).href;
    expect(action).toBe(own);

    const body = new URLSearchParams({ password: 'right' });
    // As a browser that sends no Sec-Fetch-Site: the origin has to be ours.
    const origin = path === '/traefik' ? {} : { Origin: nginx.origin };
    const page = await open(action, { method: 'POST', body, headers: origin });
    expect(page.url).toMatch(new RegExp(`^${own}(\\?|$)`));
    expect(jar.every((cookie) => cookie.path.startsWith(`${path}/`))).toBe(true);
    const text = await page.text();
    expect(page.status, text).toBe(200);
    const html = parse(text);
    expect(html.querySelector('body')!.getAttribute('data-page')).toBe('customer');
    const addresses = html
      .querySelectorAll('[href], [action], [src], [data-charts]')
      .flatMap((tag) =>
        ['href', 'action', 'src', 'data-charts'].flatMap((name) => tag.getAttribute(name) ?? []),
      )
      .filter((address) => !address.startsWith('#'));
    expect(addresses.length).toBeGreaterThan(40);
    expect(addresses.filter((address) => !address.startsWith(`${path}/`))).toEqual([]);
    const script = html.querySelector('script')!.getAttribute('data-charts')!;
    expect((await open(nginx.origin + script)).headers.get('content-type')).toMatch(
      /^text\/javascript/,
    );
    const project = addresses.find((address) => address.includes('/p/'))!;
    expect((await open(nginx.origin + project)).status).toBe(200);
    // In a language whose cookie comes by `resumeSession`.
    const far = await open(`${base}/vi/auth/customer-portal/${key}`);
    expect(
      parse(await far.text())
        .querySelector('body')!
        .getAttribute('data-page'),
    ).toBe('customer');

    const logout = addresses.find((address) => address.endsWith('/logout'))!;
    const left = await open(nginx.origin + logout, { method: 'POST', headers: origin });
    expect(left.url).toBe(own);
    expect(
      parse(await left.text())
        .querySelector('body')!
        .getAttribute('data-page'),
    ).toBe('password');
    const missing = await open(`${base}/nothing`);
    expect(missing.status).toBe(404);
    expect(await missing.text()).toContain(`href="${path}/assets/`);
  });

  it('who comes without the proxy finds addresses without the path', async () => {
    portal.hop.publicUrl = `${nginx.origin}/hours`;
    const { path } = portal.share();
    const html = await (await portal.request(path)).text();
    expect(html).toContain('src="/assets/');
    expect(html).not.toContain('/hours');
  });

  it('counts clients by the header of the snippet, and not by what they write in it', async () => {
    portal.hop.publicUrl = `${nginx.origin}/hours`;
    portal.hop.trustedHeader = 'X-Real-IP';
    const { key, id } = portal.share({ passwordHash: quickHash('right') });
    const url = `${nginx.origin}/hours/en/auth/customer-portal/${key}`;
    for (const forged of ['192.0.2.1', '192.0.2.2']) {
      const body = new URLSearchParams({ password: 'wrong' });
      await open(url, { method: 'POST', body, headers: { 'X-Real-IP': forged } });
    }
    await portal.settled();
    const clients = portal.store
      .prepare('SELECT COUNT(DISTINCT client) FROM password_failures WHERE share_id = ?')
      .pluck()
      .get(id);
    expect(clients).toBe(1);
    portal.hop.trustedHeader = '';
  });
});
