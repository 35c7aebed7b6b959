/** The client's pages in every language of Kimai, in Chromium: every text has its place. */
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kimaiLocales, tagOf } from '../../src-shared/domain/locales.ts';
import { launchChromium } from '../support/chromium.ts';
import { quickHash, startGuardedPortal, type GuardedPortal } from '../support/guarded-portal.ts';
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

/** What does not fit: the document scrolls sideways, or a text is wider than what holds it. */
function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    /** Texts for screen readers only lie in a clipped element, and charts draw their own. */
    function isUnseen(element: Element): boolean {
      if (element.closest('svg') !== null) return true;
      for (let above: Element | null = element; above; above = above.parentElement) {
        if (getComputedStyle(above).clipPath === 'inset(50%)') return true;
      }
      return false;
    }
    const found: string[] = [];
    const over = document.documentElement.scrollWidth - window.innerWidth;
    if (over > 0) found.push(`the page is ${over} px too wide`);
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '',
      );
      const box = element.getBoundingClientRect();
      if (!hasText || isUnseen(element) || !element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const isCut =
        style.overflowX !== 'visible' &&
        style.display !== 'inline' &&
        element.scrollWidth > element.clientWidth + 1;
      const isOutside = box.left < -1 || box.right > window.innerWidth + 1;
      if (isCut || isOutside) found.push(`${element.tagName}: ${element.textContent!.trim()}`);
    }
    return found;
  });
}

it.each(kimaiLocales)(
  'nothing is cut or pushed out in %s, at 360 and at 1280 px',
  async (locale) => {
    for (const name of ['month', 'password', 'unknown'] as const) {
      await page.goto(portal.url + paths[name].replace('LOCALE', locale));
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(tagOf(locale));
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        // The chart follows a new width a moment later.
        await expect.poll(() => misfits(page), { message: `${name} at ${width} px` }).toEqual([]);
      }
    }
  },
);

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
