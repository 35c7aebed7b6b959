/** The client's pages in every language of Kimai, in Chromium: every text has its place. */
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kimaiLocales, tagOf } from '../../src-shared/domain/locales.ts';
import { launchChromium } from '../support/chromium.ts';
import { quickHash, startGuardedPortal, type GuardedPortal } from '../support/guarded-portal.ts';
import { keepFindMisfits, misfits } from '../support/misfits.ts';
import { seedCustomer, seedProject, seedRecords } from '../support/seed.ts';

let portal: GuardedPortal;
let browser: Browser;
let page: Page;
let paths: Record<'month' | 'password' | 'unknown', string>;

beforeAll(async () => {
  portal = await startGuardedPortal();
  browser = await launchChromium();
  page = await browser.newPage();
  const { store } = portal;
  const budget = { budgetE4: 50_000_000, timeBudgetS: 360_000 };
  const customerId = seedCustomer(store, { name: 'Harbour Coffee Roasters', ...budget });
  const projectId = seedProject(store, { customerId, name: 'Website relaunch', ...budget });
  seedProject(store, { customerId, name: 'Archive search', visible: false });
  seedRecords(
    store,
    Array.from({ length: 12 }, (_, index) => ({
      projectId,
      day: `2026-11-${String(index + 2).padStart(2, '0')}`,
      durationS: 5400 * (index + 1),
      rateE4: 1_350_000 * (index + 1),
      hourlyRateE4: 900_000,
      user: 'Anna Keller',
      description: 'Product filter by origin, roast and grind',
      billable: index % 4 !== 0,
      running: index === 11,
      tags: 'shop',
      beginMin: 600,
      endMin: 700,
    })),
  );
  const options = {
    showRates: true,
    showUser: true,
    showActivity: true,
    showTags: true,
    showTimes: true,
    budgetStats: true,
    timeBudgetStats: true,
    downloads: true,
  };
  const open = portal.share({ customerId, options } as never);
  const locked = portal.share({ customerId, options, passwordHash: quickHash('x') } as never);
  const inOrder = (path: string): string => path.replace('/en/', '/LOCALE/');
  paths = {
    month: inOrder(open.path),
    password: inOrder(locked.path),
    unknown: inOrder(open.path.slice(0, -6)),
  };
});
afterAll(async () => {
  await browser.close();
  await portal.close();
});

/** The HTML of every kind of page, as the portal sends it to a browser. */
async function pagesIn(locale: string): Promise<{ month: string[]; messages: string[] }> {
  const get = async (path: string, agent = 'Mozilla/5.0'): Promise<string> => {
    const headers = { 'User-Agent': agent };
    return (await fetch(portal.url + path.replace('LOCALE', locale), { headers })).text();
  };
  const month = [await get(paths.month)];
  const messages = [
    await get(paths.password),
    await get(paths.unknown),
    await get(paths.month, 'WhatsApp/2.23'),
  ];
  portal.pause.now = { backAt: new Date(portal.clock.time + 90_000) };
  messages.push(await get(paths.month));
  portal.pause.now = null;
  return { month, messages };
}

interface Seen {
  page: string | undefined;
  lang: string;
  /** Charts that the page's script has drawn. */
  charts: number;
  misfits: string[];
}

/**
 * Shows pages one after the other in a window that shows one with the same head, and runs their
 * script: several times as quick as to go there.
 */
const lookAt = (window: Page, pages: readonly string[]): Promise<Seen[]> =>
  window.evaluate(async (texts) => {
    const stylesOf = (of: Document) =>
      [...of.head.querySelectorAll('link, style')].map((element) => element.outerHTML).join('');
    const scriptsOf = (of: Document) => [
      ...of.head.querySelectorAll<HTMLScriptElement>('script[data-charts]'),
    ];
    const seen: Seen[] = [];
    for (const text of texts) {
      const next = new DOMParser().parseFromString(text, 'text/html');
      if (stylesOf(next) !== stylesOf(document)) throw new Error('Another head.');
      const { lang, dir } = next.documentElement;
      Object.assign(document.documentElement, { lang, dir });
      document.body.replaceWith(document.adoptNode(next.body));
      for (const { src, dataset } of scriptsOf(next)) {
        const script = Object.assign(document.createElement('script'), { src });
        script.dataset.charts = dataset.charts ?? '';
        document.body.append(script);
        await new Promise((resolve, reject) => {
          Object.assign(script, { onload: resolve, onerror: reject });
        });
      }
      for (const bars of document.querySelectorAll('.bars')) {
        bars.dispatchEvent(new Event('pointerover'));
      }
      while (document.querySelector('.picture:not(.taken)')) {
        await new Promise((resolve) => setTimeout(resolve));
      }
      seen.push({
        page: document.body.dataset.page,
        lang,
        charts: document.querySelectorAll('.taken').length,
        misfits: globalThis.findMisfits!(),
      });
    }
    return seen;
  }, pages);

describe('nothing is cut, pushed out or laid over another text', () => {
  const widths = [360, 1280];
  let windows: { width: number; month: Page; messages: Page }[];

  beforeAll(async () => {
    const openAt = async (width: number, path: string): Promise<Page> => {
      const window = await browser.newPage({ viewport: { width, height: 900 } });
      await window.goto(portal.url + path.replace('LOCALE', 'en'));
      await keepFindMisfits(window);
      return window;
    };
    windows = [];
    for (const width of widths) {
      const month = await openAt(width, paths.month);
      windows.push({ width, month, messages: await openAt(width, paths.unknown) });
    }
  });

  it.each(kimaiLocales)('on any page in %s, at 360 and at 1280 px', async (locale) => {
    const pages = await pagesIn(locale);
    const lang = tagOf(locale);
    for (const { width, month, messages } of windows) {
      expect(await lookAt(month, pages.month), `the month at ${width} px`).toEqual([
        { page: 'customer', lang, charts: 1, misfits: [] },
      ]);
      expect(await lookAt(messages, pages.messages), `messages at ${width} px`).toEqual(
        ['password', 'not-found', 'bot', 'paused'].map((page) => ({
          page,
          lang,
          charts: 0,
          misfits: [],
        })),
      );
    }
  });

  it.each(['ar', 'de'])('when a window gets narrow and wide again, in %s', async (locale) => {
    await page.goto(portal.url + paths.month.replace('LOCALE', locale));
    for (const width of [360, 1280, 360]) {
      await page.setViewportSize({ width, height: 900 });
      // The chart follows a new width a moment later.
      await expect.poll(() => misfits(page), { message: `at ${width} px` }).toEqual([]);
    }
  });
});

it('finds what does not fit, of every kind', async () => {
  const bad = await browser.newPage({ viewport: { width: 360, height: 400 } });
  await bad.setContent(`
    <div style="inline-size: 500px">far</div>
    <div style="inline-size: 40px; overflow: hidden; white-space: nowrap">much too long</div>
    <div style="block-size: 10px; overflow: hidden"><p>below</p></div>
    <p style="margin: 0">under</p><p style="margin-block-start: -1em">over</p>
    <div style="overflow: auto; inline-size: 40px"><p style="inline-size: 300px">scrolls</p></div>
    <p style="position: absolute; clip-path: inset(50%); inset-inline-start: 350px">read out</p>`);
  expect(await misfits(bad)).toEqual([
    'the page is 148 px too wide',
    'outside: DIV: far',
    'wider than its place: DIV: much too long',
    'cut: DIV: much too long',
    'cut: P: below',
    'one over the other: P: under · P: over',
  ]);
  await bad.close();
});

it('the menu of languages can be opened, read and used on a phone', async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(portal.url + paths.month.replace('LOCALE', 'en'));
  await page.locator('[data-languages] summary').click();
  const menu = page.locator('[data-languages] ul');
  const box = (await menu.boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(360);
  expect(box.height).toBeLessThan(700);
  await menu.getByRole('link', { name: 'Українська' }).click();
  await page.locator('html[lang="uk"]').waitFor();
});
