import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readShareViews } from '../../../../src-main/store/shares/share-views.ts';
import { kimaiLocales } from '../../../../src-shared/domain/locales.ts';
import { botName, deviceClass } from '../../../../src-server/access/visitors.ts';
import {
  quickHash,
  startGuardedPortal,
  type GuardedPortal,
} from '../../../support/guarded-portal.ts';

const bots: [string, string][] = [
  ['Slack', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'],
  ['Slack', 'Slack-ImgProxy (+https://api.slack.com/robots)'],
  ['WhatsApp', 'WhatsApp/2.23.20.0 A'],
  [
    'Teams',
    'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
  ],
  [
    'Outlook',
    'Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b',
  ],
  [
    'iMessage',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  ],
  ['Telegram', 'TelegramBot (like TwitterBot)'],
  ['Discord', 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)'],
  ['Facebook', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'],
  [
    'LinkedIn',
    'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  ],
  ['Twitter', 'Twitterbot/1.0'],
  ['Google', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
  ['Bing', 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)'],
  [
    'Apple',
    'Mozilla/5.0 (Macintosh) AppleWebKit/600.2.5 Version/8.0.2 Safari/600.2.5 (Applebot/0.1)',
  ],
  ['WhatsApp', 'WhatsApp'],
  ['VK', 'Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)'],
  ['Iframely', 'Iframely/1.3.1 (+https://iframely.com/docs/about)'],
  ['Viber', 'Viber/13.3.0.5 (preview)'],
  ['other', 'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)'],
];

const people: [string, string][] = [
  [
    'phone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1',
  ],
  [
    'phone',
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36',
  ],
  [
    'phone',
    'Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36',
  ],
  [
    'tablet',
    'Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Version/16.0 Mobile/15E148 Safari/604.1',
  ],
  [
    'tablet',
    'Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36',
  ],
  [
    'desktop',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36',
  ],
  [
    'desktop',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 Version/17.6 Safari/605.1.15',
  ],
  [
    'phone',
    'Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 Viber/21.5.0.3',
  ],
  [
    'desktop',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Skype/8.110.0.218 Chrome/120.0.0.0 Electron/28.0.0 Safari/537.36',
  ],
  ['desktop', 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0'],
  ['other', 'curl/8.9.1'],
  ['other', ''],
];

describe('what a program says about itself', () => {
  it.each(bots)('is the bot of %s: %s', (name, agent) => expect(botName(agent)).toBe(name));
  it.each(people)('is a %s and no bot: %s', (device, agent) => {
    expect(botName(agent)).toBeNull();
    expect(deviceClass(agent)).toBe(device);
  });
});

describe('the view log', () => {
  let portal: GuardedPortal;
  beforeAll(async () => {
    portal = await startGuardedPortal();
  });
  afterAll(() => portal.close());

  const logOf = (shareId: number): unknown[] =>
    portal.store
      .prepare(
        'SELECT kind, device, locale, count FROM share_views WHERE share_id = ? ORDER BY kind, device, locale',
      )
      .all(shareId);

  it.each([null, quickHash('right')])(
    'shows bots a page without data and counts no view (password: %s)',
    async (passwordHash) => {
      const share = portal.share({ passwordHash, options: { json: true } });
      const resumed = `${share.path.replace('/en/', '/')}/session/pl`;
      for (const path of [share.path, `${share.path}/p/1`, `${share.path}/data.json`, resumed]) {
        for (const [, agent] of bots) {
          const response = await portal.request(path, { headers: { 'User-Agent': agent } });
          const html = await response.text();
          expect(response.status).toBe(200);
          // The last address names a language.
          const title = path === resumed ? 'Strona chroniona' : 'Protected page';
          expect(parse(html).querySelector('title')?.text).toBe(title);
          expect(html).toContain('data-page="bot"');
          expect(html).not.toMatch(/Acme|Open work|og:|<input|description"/);
          expect(response.headers.get('Set-Cookie')).toBeNull();
        }
      }
      await portal.settled();
      const kinds = portal.store
        .prepare('SELECT DISTINCT kind FROM share_views WHERE share_id = ?')
        .pluck()
        .all(share.id);
      expect(kinds).toEqual(['bot']);
      expect(logOf(share.id)).toContainEqual({
        kind: 'bot',
        device: 'WhatsApp',
        locale: 'en',
        count: 6,
      });
    },
  );

  it('leads a person whose program looks like a bot on to the page, without script', async () => {
    const agent = { 'User-Agent': 'SomeReader (link preview)' };
    for (const passwordHash of [null, quickHash('right')]) {
      const share = portal.share({ passwordHash });
      const path = `${share.path}/p/${portal.projectIds.open}?year=2026&month=11`;
      const form = parse(await (await portal.request(path, { headers: agent })).text());
      expect(form.querySelector('form')?.getAttribute('method')).toBe('post');
      const action = form.querySelector('form')!.getAttribute('action')!;
      const button = form.querySelector('form button')!;
      const body = new URLSearchParams({
        [button.getAttribute('name')!]: button.getAttribute('value')!,
      });
      const on = await portal.request(action, { method: 'POST', body, headers: agent });
      expect([on.status, on.headers.get('Location')]).toEqual([303, path]);
      const cookie = on.headers.getSetCookie().find((set) => set.includes(`Path=${share.path};`))!;
      const page = await portal.request(path, {
        headers: { ...agent, cookie: cookie.split(';')[0]! },
      });
      const expected = passwordHash === null ? 'project' : 'password';
      expect(await page.text()).toContain(`data-page="${expected}"`);
      expect(await (await portal.request(path, { headers: agent })).text()).toContain(
        'data-page="bot"',
      );
    }
  });

  it('keeps the language alone, and the page lists twenty', async () => {
    const share = portal.share();
    for (const code of ['de', 'de_AT', 'de_Latn_CH', 'zh_Hant', 'pt_BR']) {
      expect((await portal.request(share.path.replace('/en/', `/${code}/`))).status).toBe(200);
    }
    await portal.settled();
    const locales = logOf(share.id).map((row) => (row as { locale: string }).locale);
    expect(locales).toEqual(['de', 'pt', 'zh']);
    const insert = portal.store.prepare(
      `INSERT INTO share_views VALUES (?, 20_000, 'view', 'other', ?, 1, 0)`,
    );
    // As version 0.1 did.
    const languages = new Set(kimaiLocales.map((code) => code.split('_')[0]!));
    for (const code of languages) insert.run(share.id, `${code}_XX`);
    const { byLocale } = readShareViews(portal.store, share.id, 0);
    expect(byLocale).toHaveLength(20);
    expect(byLocale[0]).toEqual({ locale: 'de', count: 4 });
  });

  it('counts pages by device and language, and nothing about who it was', async () => {
    const share = portal.share({ options: { json: true } });
    const phone = { 'User-Agent': people[0]![1] };
    await portal.request(share.path, { headers: phone });
    await portal.request(`${share.path}/p/${portal.projectIds.open}`, { headers: phone });
    await portal.request(share.path.replace('/en/', '/de/'));
    // None of these is a page that somebody opened.
    await portal.request(share.path, { method: 'HEAD' });
    await portal.request(share.path, { headers: { 'Sec-Purpose': 'prefetch' } });
    await portal.request(`${share.path}/p/987654`);
    await portal.request(`${share.path}?year=1&month=1`);
    await portal.request(`${share.path}/data.json`);
    await portal.request(share.path.replace('/en/', '/'));
    await portal.settled();
    expect(logOf(share.id)).toEqual([
      { kind: 'view', device: 'other', locale: 'de', count: 1 },
      { kind: 'view', device: 'phone', locale: 'en', count: 2 },
    ]);
    const columns = portal.store.prepare('SELECT name FROM pragma_table_info(?)').pluck();
    expect(columns.all('share_views')).toEqual([
      ...['share_id', 'day', 'kind', 'device', 'locale', 'count', 'last_at'],
    ]);
  });

  it('counts no view of a password page', async () => {
    const share = portal.share({ passwordHash: quickHash('right') });
    await portal.request(share.path);
    await portal.settled();
    expect(logOf(share.id)).toEqual([]);
  });

  it('counts a page that the browser had already', async () => {
    const share = portal.share();
    const first = await portal.request(share.path);
    const etag = first.headers.get('ETag')!;
    // Without the second header fetch itself asks for a fresh page.
    const headers = { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' };
    const again = await portal.request(share.path, { headers });
    expect(again.status).toBe(304);
    await portal.settled();
    expect(logOf(share.id)).toEqual([{ kind: 'view', device: 'other', locale: 'en', count: 2 }]);
  });
});
