import { readdirSync } from 'node:fs';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGuardedPortal, type GuardedPortal } from '../../support/guarded-portal.ts';

describe('a portal that is paused', () => {
  let portal: GuardedPortal;
  beforeAll(async () => {
    portal = await startGuardedPortal();
  });
  afterAll(() => portal.close());

  it('says so at every address alike, and when it is back', async () => {
    const { path } = portal.share();
    portal.pause.now = { backAt: new Date(portal.clock.time + 90_000) };
    const there = await portal.request(path);
    expect(there.status).toBe(503);
    expect(there.headers.get('retry-after')).toBe('90');
    expect(there.headers.get('cache-control')).toBe('no-store');
    const html = await there.text();
    expect(parse(html).querySelector('body')!.getAttribute('data-page')).toBe('paused');
    expect(parse(html).querySelector('p')!.text).toMatch(
      /^This page will be back: November 24, 2026 at 12:01.PM .+\. Your link stays valid\.$/,
    );
    const nowhere = await portal.request('/en/auth/customer-portal/none');
    expect(await nowhere.text()).toBe(html);
    expect((await portal.request(`${path}/data.json`)).status).toBe(503);
    expect((await portal.post(path, 'x')).status).toBe(503);

    portal.pause.now = null;
    expect((await portal.request(path)).status).toBe(200);
  });

  it('speaks the client’s language: that of the address, else of the browser', async () => {
    portal.pause.now = { backAt: null };
    const at = async (path: string, language: string) =>
      parse(
        await (await portal.request(path, { headers: { 'Accept-Language': language } })).text(),
      );
    const japanese = await at('/ja/auth/customer-portal/k', 'de');
    expect(japanese.querySelector('html')!.getAttribute('lang')).toBe('ja');
    const arabic = await at('/', 'ar,en');
    expect(arabic.querySelector('html')!.getAttribute('dir')).toBe('rtl');
    const words = new Set<string>();
    const files = readdirSync('locales').filter((name) => name.endsWith('.json'));
    const codes = files.map((name) => name.slice(0, -'.json'.length));
    for (const code of codes) words.add((await at(`/${code}/x`, '')).querySelector('p')!.text);
    expect(words.size).toBe(codes.length);
  });

  it('its style sheet is there all the same', async () => {
    portal.pause.now = { backAt: null };
    const page = parse(await (await portal.request('/')).text());
    const style = page.querySelector('link[rel=stylesheet]')!.getAttribute('href')!;
    expect((await portal.request(style)).status).toBe(200);
  });
});
