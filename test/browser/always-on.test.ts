import { mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlwaysOnApp, type AlwaysOnApp } from '../support/always-on.ts';
import { launchChromium } from '../support/chromium.ts';
import { comparable, sealedAddress } from '../support/same-page.ts';
import { filesIn } from '../support/sealed-files.ts';
import { takeCharts } from '../support/taken-charts.ts';
import { missingServers, startWebSpace, type WebSpace } from '../support/web-space.ts';

/** Shown as skipped where the servers are not installed; .ci/run installs them. */
const isSkipped = missingServers.length > 0;
const password = 'bako-lefi-zudo-hane';

let app: AlwaysOnApp;
let space: WebSpace;
let browser: Browser;
let context: BrowserContext;
let liveBase: string;
let folder: string;

interface Published {
  id: number;
  live: string;
  url: string;
}
let open: Published;
let guarded: Published;

const header =
  'Date,From,To,Duration,Rate,Hourly rate,User,Customer,Project,Activity,Description,Tags,Billable\n';
const line = (index: number): string => {
  const day = String((index % 27) + 1).padStart(2, '0');
  const month = String((index % 5) + 6).padStart(2, '0');
  const [project, text] = [index % 3 === 0 ? 'Crane' : 'Quay <b>', `Line ${index} ü مرحبا`];
  return `2025-${month}-${day},09:00,10:30,5400,${index + 0.5},80.25,Ada ${index % 2},Harbour,${project},Building,${text},"on site, urgent",${index % 4 === 0 ? 0 : 1}\n`;
};

beforeAll(async () => {
  if (isSkipped) return;
  space = await startWebSpace();
  folder = join(space.files, 'pages');
  mkdirSync(folder);
  app = await createAlwaysOnApp({ clock: { now: () => new Date(2025, 9, 20, 12) } });
  const lines = Array.from({ length: 60 }, (_, index) => line(index)).join('');
  await app.importBytes('export.csv', header + lines);
  await app.call('publish.set', { enabled: true, reach: 'loopback', port: 0 });
  liveBase = (await app.call('publish.status')).urls[0]!;
  await app.call('alwaysOn.setTarget', {
    config: { kind: 'folder', folder, publicUrl: `${space.url}/pages` },
    credentials: { secret: '', privateKey: '' },
  });
  open = await publish({
    options: {
      ...{ showRates: true, showUser: true, showActivity: true, showTags: true, showTimes: true },
      ...{ budgetStats: true, timeBudgetStats: true, mergeMode: 'merge' },
    },
  });
  guarded = await publish({ password });
  browser = await launchChromium();
  context = await browser.newContext();
});
afterAll(async () => {
  if (isSkipped) return;
  await browser.close();
  await app.close();
  await space.close();
});

async function publish(options: {
  password?: string;
  expiresDay?: string;
  options?: object;
}): Promise<Published> {
  const customer = (await app.call('customers.list'))[0]!;
  const project = (await app.call('projects.list'))[0]!;
  await app.call('customers.update', {
    id: customer.id,
    patch: { currency: 'EUR', budgetE4: 9_000_000, timeBudgetS: 360_000 },
  });
  await app.call('projects.update', {
    id: project.id,
    patch: { budgetE4: 900_000, budgetType: 'month', color: '#ffcc00' },
  });
  const share = await app.call('shares.create', { customerId: customer.id, ...options });
  await app.call('alwaysOn.enable', { id: share.id, password: options.password ?? null });
  await app.uploadChanges();
  const { url, state } = await app.call('alwaysOn.share', { id: share.id });
  expect(state).toBe('up_to_date');
  return { id: share.id, live: liveBase + share.path, url };
}

/** Opens an address in a page of its own; fails on any message of the browser's about it. */
async function visit(url: string, where: BrowserContext = context): Promise<Page> {
  const page = await where.newPage();
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  await page.goto(url);
  await page.waitForFunction(() => !document.body.hasAttribute('aria-busy'));
  expect(said.filter((text) => !/404|Failed to load resource/.test(text))).toEqual([]);
  return page;
}
const shown = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.body.dataset.page);
const heading = (page: Page): Promise<string> => page.locator('h1').innerText();

describe.skipIf(isSkipped)('files behind nginx', () => {
  it('are the same page as the live portal, in languages, months, views and projects', async () => {
    const [live, sealed] = [await context.newPage(), await context.newPage()];
    const projects = await app.call('projects.list');
    const queries = ['', '?year=2025&month=8&details=table', '?year=2025&month=6&details=chart'];
    for (const locale of ['en', 'ar', 'de_CH']) {
      for (const query of queries) {
        for (const path of ['', `/p/${projects[0]!.id}`, `/p/${projects[1]!.id}`]) {
          const address = `${open.live.replace(/\/en\/auth/, `/${locale}/auth`)}${path}${query}`;
          await live.goto(address);
          await sealed.goto('about:blank');
          await sealed.goto(sealedAddress(open.url, live.url(), locale));
          expect(await comparable(sealed), address).toEqual(await comparable(live));
        }
      }
    }
  });

  it('lead from month to month, to projects and languages, and back, by links', async () => {
    const page = await visit(open.url);
    await page.locator('a[rel=prev]').click();
    await expect.poll(() => page.locator('.period summary').innerText()).toContain('September');
    await page.locator('[data-details=chart]').click();
    await page.locator('[data-chart=monthly]').waitFor();
    await page.locator('[data-project-link]').first().click();
    await page.locator('nav.back a').waitFor();
    await page.locator('[data-languages] summary').click();
    await page.locator('[data-languages] a[hreflang=de]').click();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('de');
    await page.locator('[data-chart=monthly]').waitFor();
    expect(await page.locator('.period summary').innerText()).toContain('September');
    await page.goBack();
    await page.goBack();
    await page.locator('[data-table=projects]').waitFor();
    await page.locator('a.skip').focus();
    await page.keyboard.press('Enter');
    expect(await heading(page)).toBe('Harbour');
    // Nothing that a server could write down names the share's month, project or secret.
    expect(new URL(page.url()).search).toBe('');
    await page.close();
  });

  it('ask for the password: wrong, then right, once for all languages, until the log-out', async () => {
    const page = await visit(guarded.url);
    const enter = async (text: string): Promise<void> => {
      await page.locator('#password').fill(text);
      await page.locator('#password').press('Enter');
    };
    const live = await visit(guarded.live);
    expect((await comparable(page)).body).toBe((await comparable(live)).body);
    await enter('wrong one');
    await page.locator('#problem').waitFor();
    await enter(password);
    await page.locator('[data-logout]').waitFor();
    await page.locator('[data-languages] summary').click();
    await page.locator('[data-languages] a[hreflang=fr]').click();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('fr');
    await page.locator('[data-logout]').click();
    await page.locator('#password').waitFor();
    await page.reload();
    await page.locator('#password').waitFor();
    await Promise.all([page.close(), live.close()]);
  });

  it('refuse a wrong link, and files that were exchanged, damaged or rolled back', async () => {
    const id = /[0-9a-f]{32}/.exec(open.url)![0];
    const data = join(folder, 'data', id);
    const names = filesIn(data).filter((name) => name !== 'manifest');
    const original = new Map(
      filesIn(data).map((name) => [name, readFileSync(join(data, name))] as const),
    );
    let changes = 0;
    // A time of its own each: nginx takes files of one size and second for the same.
    const put = (name: string, bytes: Buffer | string): void => {
      writeFileSync(join(data, name), bytes);
      const at = Math.floor(Date.now() / 1000) + ++changes;
      utimesSync(join(data, name), at, at);
    };
    const restore = (): void => {
      for (const [name, bytes] of original) put(name, bytes);
    };
    const pageOf = async (url: string, where?: BrowserContext): Promise<string | undefined> => {
      const page = await visit(url, where);
      const said = await shown(page);
      await page.close();
      return said;
    };
    expect(await pageOf(open.url.slice(0, -1))).toBe('wrong_link');
    expect(await pageOf(open.url.replace(/#.*/, ''))).toBe('wrong_link');
    expect(await pageOf(open.url.replace(/#.*/, guarded.url.replace(/.*#/, '#')))).toBe(
      'wrong_link',
    );
    // The newest month stands in the manifest, the others have a file each.
    const earlier = `${open.url}?year=2025&month=9`;
    const [first] = names;
    for (const name of names) put(name, original.get(first!)!);
    expect(await pageOf(earlier)).toMatch(/^(exchanged|customer)$/);
    const another = names.filter((name) => name !== first)[0]!;
    for (const name of names) put(name, original.get(another)!);
    const months = new Set([await pageOf(earlier), await pageOf(`${open.url}?year=2025&month=7`)]);
    expect(months).toContain('exchanged');
    for (const name of names) {
      const bytes = Buffer.from(original.get(name)!);
      bytes[60]! ^= 1;
      put(name, bytes);
    }
    expect(await pageOf(earlier)).toBe('damaged');
    restore();
    put('manifest', '<!doctype html><title>Sign in</title>'.repeat(20));
    expect(await pageOf(open.url)).toBe('damaged');
    restore();

    await app.importBytes('more.csv', header + line(77));
    await app.uploadChanges();
    expect(await pageOf(open.url)).toBe('customer');
    const newest = readFileSync(join(data, 'manifest'));
    restore();
    expect(await pageOf(open.url)).toBe('rolled_back');
    // Who has never seen the newer page cannot know: the page says its day.
    const stranger = await browser.newContext();
    expect(await pageOf(open.url, stranger)).toBe('customer');
    await stranger.close();
    writeFileSync(join(data, 'manifest'), newest);
    for (const name of names) renameSync(join(data, name), join(data, `${name}.away`));
    expect(await pageOf(earlier)).toBe('gone');
    for (const name of names) renameSync(join(data, `${name}.away`), join(data, name));
    await app.uploadEverything();
  });

  it('that a newer program wrote load the newer viewer, once', async () => {
    /** What the page shows, and how often it asked for a manifest, of which so many are newer. */
    const visitNewer = async (newer: number): Promise<[string | undefined, number]> => {
      const where = await browser.newContext();
      const page = await where.newPage();
      let asked = 0;
      await page.route('**/manifest', async (route) => {
        if (++asked > newer) return route.continue();
        const response = await route.fetch();
        const body = await response.body();
        // The format, after the three letters of every sealed file.
        body[3]! += 1;
        return route.fulfill({ response, body });
      });
      await page.goto(open.url);
      await page.locator('body[data-page]').waitFor();
      const said = await shown(page);
      await where.close();
      return [said, asked];
    };
    expect(await visitNewer(1)).toEqual(['customer', 2]);
    // Nobody has brought a newer viewer: it says so instead of asking for ever.
    expect(await visitNewer(Infinity)).toEqual(['newer_format', 2]);
  });

  it('refuse after the last day, also while the program is off that would delete them', async () => {
    const ending = await publish({ expiresDay: '2025-12-31' });
    const seenOn = async (time: Date): Promise<string | undefined> => {
      const where = await browser.newContext();
      await where.clock.setFixedTime(time);
      const page = await visit(ending.url, where);
      const said = await shown(page);
      await where.close();
      return said;
    };
    expect(await seenOn(new Date(2025, 11, 31, 23))).toBe('customer');
    expect(await seenOn(new Date(2026, 0, 1, 1))).toBe('expired');
  });

  it('open over https as over http', async () => {
    const secure = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await visit(open.url.replace(space.url, space.httpsUrl), secure);
    expect(new URL(page.url()).protocol).toBe('https:');
    expect(await heading(page)).toBe('Harbour');
    await takeCharts(page);
    await page.locator('a[rel=prev]').click();
    await expect.poll(() => page.locator('.period summary').innerText()).toContain('September');
    await secure.close();
  });

  it('say without JavaScript what they need', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false, locale: 'de' });
    const page = await plain.newPage();
    await page.goto(open.url.replace('/en/auth', '/de/auth'));
    expect(await page.locator('noscript').innerText()).toContain('JavaScript');
    await plain.close();
  });

  it('send 80 kB at most for the first visit, and 15 kB for a later month', async () => {
    const fresh = await browser.newContext();
    const page = await fresh.newPage();
    const session = await fresh.newCDPSession(page);
    await session.send('Network.enable');
    let bytes = 0;
    session.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
    await page.goto(open.url);
    await takeCharts(page);
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThanOrEqual(80_000);
    bytes = 0;
    await page.locator('a[rel=prev]').click();
    await expect.poll(() => page.locator('.period summary').innerText()).toContain('September');
    expect(bytes).toBeLessThanOrEqual(15_000);
    await fresh.close();
  });
});

describe.skipIf(isSkipped)('a snapshot', () => {
  it('opens from the disk: all of a share, its months by links, nothing outside its range', async () => {
    const { fileName, html } = await app.call('alwaysOn.snapshot', {
      ...{ id: open.id, year: 2025, locale: 'de' },
    });
    expect(fileName).toBe('Harbour 2025.html');
    const file = join(space.files, fileName);
    writeFileSync(file, html);
    const page = await visit(pathToFileURL(file).href);
    expect(await heading(page)).toBe('Harbour');
    expect(await page.locator('.sub').innerText()).toContain('20. Oktober 2025');
    await takeCharts(page);
    await page.locator('a[rel=prev]').click();
    await expect.poll(() => page.locator('.period summary').innerText()).toContain('September');
    await page.close();

    const month = await app.call('alwaysOn.snapshot', {
      ...{ id: open.id, year: 2025, month: 8, locale: 'en' },
    });
    expect(month.fileName).toBe('Harbour 2025-08.html');
    writeFileSync(file, month.html);
    const single = await visit(pathToFileURL(file).href);
    expect(await single.locator('a[rel=prev], a[rel=next]').count()).toBe(0);
    await single.close();
    await expect(
      app.call('alwaysOn.snapshot', { id: open.id, year: 2019, locale: 'en' }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('with a password holds nothing readable, and opens with it', async () => {
    const { html } = await app.call('alwaysOn.snapshot', {
      ...{ id: open.id, locale: 'en', password },
    });
    for (const word of ['Harbour', 'Crane', 'Line 3']) expect(html).not.toContain(word);
    const file = join(space.files, 'guarded.html');
    writeFileSync(file, html);
    const page = await visit(pathToFileURL(file).href);
    await page.locator('#password').fill(password);
    await page.locator('#password').press('Enter');
    await page.locator('[data-table=projects]').waitFor();
    expect(await heading(page)).toBe('Harbour');
    await page.close();
  });
});
