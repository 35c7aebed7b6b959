import { createHash } from 'node:crypto';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTexts } from '../../support/texts.ts';
import { findLocale, negotiateLocale } from '../../../src-server/locale.ts';
import { kimaiLocales } from '../../../src-shared/domain/locales.ts';
import { startOpenPortal, type TestPortal } from '../../support/portal.ts';
import { seedCustomer, seedProject, seedRecords, seedShare } from '../../support/seed.ts';

let portal: TestPortal;
let key: string;
let plainKey: string;
let rangeKey: string;
let protectedKey: string;
let projectId: number;
let quietId: number;

beforeAll(async () => {
  portal = await startOpenPortal();
  const { store } = portal;
  const customerId = seedCustomer(store, { name: 'Harbour' });
  projectId = seedProject(store, { customerId, name: 'Website' });
  seedRecords(
    store,
    ['2025-11-03', '2026-01-31', '2026-10-01', '2026-12-24'].map((day) => ({
      projectId,
      day,
      durationS: 3600,
      rateE4: 12_345_600,
    })),
  );
  quietId = seedProject(store, { customerId, name: 'Logo' });
  seedRecords(store, [{ projectId: quietId, day: '2026-12-01', durationS: 60 }]);
  key = seedShare(store, { customerId, options: { locale: 'de', showRates: true } }).key;
  plainKey = seedShare(store, { customerId, options: { monthlyChart: false } }).key;
  rangeKey = seedShare(store, {
    customerId,
    options: { range: { kind: 'rolling', span: 'last_month' } },
  }).key;
  protectedKey = seedShare(store, { customerId, passwordHash: 'x' }).key;
});
afterAll(() => portal.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${portal.url}${path}`, { redirect: 'manual', headers });

const base = (locale = 'en', share = key) => `/${locale}/auth/customer-portal/${share}`;

describe('year, month and details of an address', () => {
  it.each([
    ['', null],
    ['?year=2026&month=10', null],
    ['?year=2026&month=3', null],
    ['?year=2026&month=10&details=chart', null],
    ['?year=2026&month=10&details=table', null],
    ['?utm_source=mail', null],
    ['?year=2026&month=13', '?year=2026&month=12'],
    ['?year=2026&month=0', '?year=2026&month=1'],
    ['?year=2026&month=abc', '?year=2026&month=10'],
    ['?year=abc&month=abc', '?year=2026&month=10'],
    ['?year=2026', '?year=2026&month=10'],
    ['?month=1', '?year=2026&month=1'],
    ['?year=1999&month=5', '?year=2025&month=11'],
    ['?year=2099&month=5', '?year=2026&month=12'],
    ['?year=-1&month=-1', '?year=2025&month=11'],
    ['?year=99999999999999999999&month=1', '?year=2026&month=1'],
    ['?year=2026&year=2025&month=10', '?year=2026&month=10'],
    ['?year=2026&month=10&details=pie', '?year=2026&month=10'],
    ['?year=2026&month=13&details=chart', '?year=2026&month=12&details=chart'],
    ['?year[]=2026&month=1', '?year=2026&month=1'],
    ['?year=%00&month=%F0%9F%92%A9', '?year=2026&month=10'],
  ])('%s leads to %s', async (query, expected) => {
    for (const path of [base(), `${base()}/p/${projectId}`]) {
      const answer = await get(`${path}${query}`);
      if (expected === null) expect(answer.status).toBe(200);
      else {
        expect(answer.status).toBe(302);
        expect(answer.headers.get('location')).toBe(`${path}${expected}`);
        // What it leads to is a page, not another redirect.
        expect((await get(`${path}${expected}`)).status).toBe(200);
      }
    }
  });

  it('has no chart where the share has none', async () => {
    const path = base('en', plainKey);
    const answer = await get(`${path}?year=2026&month=10&details=chart`);
    expect(answer.headers.get('location')).toBe(`${path}?year=2026&month=10`);
    expect(await (await get(path)).text()).not.toContain('data-details');
  });

  it("stays within the share's visible days", async () => {
    const path = base('en', rangeKey);
    const answer = await get(`${path}?year=2026&month=1`);
    expect(answer.headers.get('location')).toBe(`${path}?year=2026&month=10`);
    const page = parse(await (await get(path)).text());
    expect(page.querySelector('[rel=prev], [rel=next]')).toBeNull();
  });

  it('rolls ‹ and › over years, and ends them with the records', async () => {
    const links = async (query: string) => {
      const page = parse(await (await get(`${base()}${query}`)).text());
      return ['prev', 'next'].map(
        (rel) =>
          page.querySelector(`[data-period] [rel=${rel}]`)?.getAttribute('href')?.split('?')[1],
      );
    };
    expect(await links('?year=2026&month=1')).toEqual(['year=2025&month=12', 'year=2026&month=2']);
    expect(await links('?year=2025&month=11')).toEqual([undefined, 'year=2025&month=12']);
    expect(await links('?year=2026&month=12')).toEqual(['year=2026&month=11', undefined]);
    expect(await links('?year=2026&month=1&details=chart')).toEqual([
      'year=2025&month=12&details=chart',
      'year=2026&month=2&details=chart',
    ]);
  });
});

describe('the chooser of months', () => {
  /** The last four months of 2026, as their links say them. */
  const autumn = async (path: string) => {
    const page = parse(await (await get(path)).text());
    return page
      .querySelectorAll('.chooser a')
      .filter((link) => /year=2026&month=(9|1\d)\b/.test(link.getAttribute('href')!))
      .map((link) => [link.classList.contains('none'), link.querySelector('.unseen')!.text]);
  };

  it('shows which months have records, also to those who only hear it', async () => {
    expect(await autumn(base())).toEqual([
      [true, 'No time was tracked in September 2026.'],
      [false, 'October 2026'],
      [true, 'No time was tracked in November 2026.'],
      [false, 'December 2026'],
    ]);
  });

  it('shows those of the project on its page, and nothing of hidden days', async () => {
    expect((await autumn(`${base()}/p/${quietId}`)).map(([isEmpty]) => isEmpty)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(await autumn(base('en', rangeKey))).toEqual([[false, 'October 2026']]);
  });
});

describe('languages', () => {
  const path = '/auth/customer-portal/';

  it.each([
    [{ 'accept-language': 'fr-CA,fr;q=0.9,en;q=0.8' }, 'fr'],
    [{ 'accept-language': 'xx,*;q=0.5' }, 'de'],
    [{ 'accept-language': '' }, 'de'],
    [{ 'accept-language': 'zh-TW' }, 'zh_Hant'],
  ] as const)('sends an address without one by %j to %s', async (headers, locale) => {
    const answer = await get(`${path}${key}/p/${projectId}?year=2026&month=1`, headers);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(`${base(locale)}/p/${projectId}?year=2026&month=1`);
  });

  it('sends an unknown one to the same page in the fallback', async () => {
    const answer = await get(`${base('xx')}/p/${projectId}?year=2026&month=1&details=chart`, {
      'accept-language': '',
    });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(
      `${base('de')}/p/${projectId}?year=2026&month=1&details=chart`,
    );
  });

  it.each(kimaiLocales)('shows a page in %s, with its own formats', async (locale) => {
    const answer = await get(`${base(locale)}?year=2026&month=10`);
    expect(answer.status).toBe(200);
    const page = parse(await answer.text());
    const tag = locale.replace('_', '-');
    const rtl = ['ar', 'fa', 'he'].includes(locale);
    expect(page.querySelector('html')?.attributes).toMatchObject({
      lang: tag,
      dir: rtl ? 'rtl' : 'ltr',
    });
    const total = new Intl.NumberFormat(tag, { style: 'currency', currency: 'EUR' });
    expect(page.querySelector('[data-row] [data-amount]')?.text).toBe(total.format(1234.56));
    const date = new Intl.DateTimeFormat(tag, {
      day: 'numeric',
      timeZone: 'UTC',
      calendar: 'gregory',
    });
    const digits = date.formatToParts(new Date('2026-10-01')).find(({ type }) => type === 'day');
    expect(page.querySelector('[data-row] time')?.text).toContain(digits?.value);
    // Every link keeps locale, period and view.
    for (const link of page.querySelectorAll('a[href^="/"]:not([hreflang])')) {
      expect(link.getAttribute('href')).toMatch(
        new RegExp(`^/${locale}/.*[?]year=20\\d\\d&month=`),
      );
    }
  });

  it('leads an address in other letters to the one in its own', async () => {
    const own = `/auth/customer-portal/${key}`;
    const places: [string, string][] = [
      [`/Auth/Customer-Portal/${key}`, `/en${own}`],
      [`/en/AUTH/customer-portal/${key}?year=2026&month=10`, `/en${own}?year=2026&month=10`],
      [`/de/Auth/Customer-Portal/${key}/P/${projectId}`, `/de${own}/p/${projectId}`],
      [`/EN${own}`, `/en${own}`],
    ];
    for (const [sent, led] of places) {
      const response = await get(sent, { 'Accept-Language': 'en' });
      expect([response.status, response.headers.get('Location')]).toEqual([302, led]);
      expect((await get(led)).status).toBe(200);
    }
  });

  it('knows regions of its languages, and nothing that is no locale', () => {
    expect(findLocale('de_AT')).toEqual({ code: 'de_AT', tag: 'de-AT', direction: 'ltr' });
    expect(findLocale('en_GB')?.tag).toBe('en-GB');
    for (const code of ['xx', 'de-AT', 'DE', 'de_XQ', 'en_', '', '__proto__', 'tlh_DE']) {
      expect(findLocale(code)).toBeNull();
    }
  });

  it.each([
    ['de-AT,de;q=0.9', 'de'],
    ['de-CH', 'de_CH'],
    ['pt-BR;q=0.5,fr;q=0.7', 'fr'],
    ['nn-NO', 'nb_NO'],
    ['zh-HK', 'zh_Hant'],
    ['zh', 'zh_CN'],
    ['en;q=0', null],
    ['*', null],
    [';;;,q=,', null],
    ['de;q=abc,fr', 'fr'],
  ])('matches %s with %s', (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });

  it('never mixes languages of pages that are made at the same time', async () => {
    const locales = ['de', 'en', 'fr', 'ar', 'ja', 'pl'] as const;
    const rounds = Array.from({ length: 20 }, () => locales).flat();
    const pages = await Promise.all(
      rounds.map(
        async (locale) =>
          [locale, parse(await (await get(`${base(locale)}?year=2026&month=10`)).text())] as const,
      ),
    );
    for (const [locale, page] of pages) {
      expect(page.querySelector('html')?.getAttribute('lang')).toBe(locale);
      const month = new Intl.DateTimeFormat(locale, { month: 'long', calendar: 'gregory' });
      expect(page.querySelectorAll('[data-chart-table] tbody th')[0]?.text).toBe(
        month.format(new Date(2026, 0, 1)),
      );
      const { details: words } = loadTexts().get(locale)!.portal as { details: { chart: string } };
      expect(page.querySelector('a[data-details=chart]')?.text).toBe(words.chart);
    }
  });
});

describe('caching', () => {
  it('does not take any page for one that the browser has', async () => {
    const headers = { 'If-None-Match': '*', 'Cache-Control': 'max-age=0' };
    const base = `/en/auth/customer-portal/${key}`;
    expect((await get(`${base}/p/987654`, headers)).status).toBe(404);
    expect((await get(base, headers)).status).toBe(200);
  });

  it('answers 304 until something changes', async () => {
    const first = await get(base());
    // fetch itself would ask with `no-cache`, which is never answered by 304.
    const known = { 'if-none-match': first.headers.get('etag')!, 'cache-control': 'max-age=0' };
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const again = await get(base(), known);
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get(base('de'), known)).status).toBe(200);
    seedRecords(portal.store, []);
    expect((await get(base(), known)).status).toBe(200);
  });

  it('keeps nothing of a protected page', async () => {
    const answer = await get(base('en', protectedKey));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('etag')).toBeNull();
    const page = parse(await answer.text());
    expect(page.querySelector('form:has([data-logout])')?.attributes).toEqual({
      method: 'post',
      action: `${base('en', protectedKey)}/logout`,
    });
  });

  it('has its style sheet inside, which the policy knows by its hash', async () => {
    const answer = await get(base());
    const page = parse(await answer.text());
    expect(page.querySelector('link[rel=stylesheet]')).toBeNull();
    const style = page.querySelector('style')!.innerHTML;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(answer.headers.get('content-security-policy')).toContain(
      `; style-src 'self' 'sha256-${hash}'; `,
    );
  });

  it('serves style sheet and scripts for ever, under names made from their bytes', async () => {
    const page = parse(await (await get(base())).text());
    const other = parse(await (await get('/nothing')).text());
    const paths = [
      other.querySelector('link[rel=stylesheet]')?.getAttribute('href'),
      page.querySelector('script')?.getAttribute('src'),
      page.querySelector('script')?.getAttribute('data-charts'),
    ];
    for (const path of paths) {
      const answer = await get(path!);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      const plain = await get(path!, { 'accept-encoding': 'identity' });
      expect(await plain.text()).toBe(await answer.text());
      expect(plain.headers.get('content-encoding')).toBeNull();
    }
    expect((await get('/assets/portal-0000.css')).status).toBe(404);
    expect((await get('/assets/../package.json')).status).toBe(404);
  });
});
