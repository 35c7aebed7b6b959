import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { securityHeaders } from '../../src-server/access/headers.ts';
import { launchChromium } from '../support/chromium.ts';
import { startOpenPortal, type TestPortal } from '../support/portal.ts';
import { takeCharts } from '../support/taken-charts.ts';
import { seedCustomer, seedProject, seedRecords, seedShare } from '../support/seed.ts';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

let portal: TestPortal;
let browser: Browser;
let key: string;
let activityKey: string;
let fullKey: string;
let projectId: number;

beforeAll(async () => {
  // With the real policy: what it forbids must not be needed.
  portal = await startOpenPortal({ securityHeaders });
  browser = await launchChromium();
  const { store } = portal;
  const budget = { budgetE4: 50_000_000, timeBudgetS: 36_000 };
  const customerId = seedCustomer(store, {
    name: 'Harbour <img src=x onerror=alert(1)>',
    ...budget,
  });
  projectId = seedProject(store, { customerId, name: 'Website', color: '#ffff00', ...budget });
  const old = seedProject(store, {
    customerId,
    name: 'A_very_long_name_'.repeat(8),
    visible: false,
  });
  seedRecords(
    store,
    Array.from({ length: 24 }, (_, index) => ({
      projectId: index % 3 === 0 ? old : projectId,
      day: `2026-${String((index % 10) + 1).padStart(2, '0')}-${String(index + 1).padStart(2, '0')}`,
      durationS: 1800 * (index + 1),
      rateE4: 475_000 * (index + 1),
      hourlyRateE4: 950_000,
      user: index % 2 ? 'tom' : 'مريم',
      description: index % 5 === 0 ? '' : `Line one\nhttps://example.com/${'x'.repeat(90)}`,
      billable: index % 4 !== 0,
      running: index === 19,
      tags: 'urgent,on site',
      beginMin: 600,
      endMin: 700,
    })),
  );
  key = seedShare(store, {
    customerId,
    options: { showRates: true, showUser: true, budgetStats: true, timeBudgetStats: true },
  }).key;
  activityKey = seedShare(store, {
    customerId,
    options: { showRates: true, showUser: true, showActivity: true },
  }).key;
  fullKey = seedShare(store, {
    customerId,
    passwordHash: 'x',
    options: {
      showRates: true,
      showUser: true,
      showActivity: true,
      showTags: true,
      showTimes: true,
      budgetStats: true,
      mergeMode: 'merge',
    },
  }).key;
});
afterAll(async () => {
  await browser.close();
  await portal.close();
});

/** Opens an address, fails on any message of the browser about it, and closes the page. */
async function visit(
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const messages: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) messages.push(message.text());
    });
    page.on('pageerror', (error) => messages.push(error.message));
    await page.goto(`${portal.url}${path}`);
    await look(page);
    expect(messages).toEqual([]);
  } finally {
    await context.close();
  }
}

interface AxeResult {
  violations: { id: string; nodes: { html: string }[] }[];
}

async function findViolations(page: Page): Promise<string[]> {
  // Through the debugger: the page's policy allows no script but its own.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run(),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Nothing, or the document's width and what sticks out of the window, or out of the table's panel. */
const whatIsTooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth } = document.documentElement;
    const region = document.querySelector('.scroll')!;
    const isCaught = getComputedStyle(region).overflowX === 'auto';
    const over = isCaught ? 0 : region.scrollWidth - region.clientWidth;
    if (scrollWidth <= window.innerWidth && over <= 0) return [];
    const outside = [...document.querySelectorAll('body *')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (left < 0 || right > window.innerWidth);
    });
    const names = outside.map(({ tagName, classList }) => [tagName, ...classList].join('.'));
    return [`${scrollWidth} > ${window.innerWidth}, table +${over}`, ...names];
  });

const phone = { viewport: { width: 360, height: 740 } };
const desk = { viewport: { width: 1200, height: 900 } };
const address = (share: string, rest = '', locale = 'en') =>
  `/${locale}/auth/customer-portal/${share}${rest}`;

describe('every page', () => {
  const places: Record<string, () => string> = {
    'a customer': () => address(key),
    'a project': () => address(key, `/p/${projectId}`, 'de'),
    'a chart': () => address(key, '?year=2026&month=10&details=chart'),
    'all columns, right to left': () => address(fullKey, '', 'ar'),
    'a month without records': () => address(key, '?year=2026&month=2'),
  };
  const screens = {
    'a desk, light': desk,
    'a phone, dark': { ...phone, colorScheme: 'dark' as const },
  };
  const cases = Object.keys(places).flatMap((place) =>
    Object.keys(screens).map((screen) => [place, screen as keyof typeof screens] as const),
  );

  it.each(cases)('%s is accessible and not too wide on %s', async (place, screen) => {
    await visit(places[place]!(), screens[screen], async (page) => {
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await findViolations(page)).toEqual([]);
    });
  });

  it.each(['en', 'ar', 'fr', 'vi', 'fi'])('%s: every month fits under its bar', async (locale) => {
    await visit(address(key, '', locale), phone, async (page) => {
      const labels = page.locator('[data-chart=annual] .bars li > * > span:not(.unseen)');
      const sizes = await labels.evaluateAll((spans) =>
        spans.map((span) => [span.scrollWidth > span.clientWidth, span.clientHeight > 5]),
      );
      expect(sizes).toEqual(Array.from({ length: 12 }, () => [false, true]));
    });
  });

  it('keeps a table of all columns within the middle sizes, reachable by keyboard', async () => {
    await visit(address(fullKey), { viewport: { width: 800, height: 900 } }, async (page) => {
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await findViolations(page)).toEqual([]);
    });
  });

  it.each([
    // DejaVu is the widest that a system may have as its only one.
    [
      'ar',
      'a fifth wider',
      "* { font-family: 'DejaVu Sans', sans-serif; letter-spacing: 0.12em; }",
    ],
    [
      'ru',
      'a fifth wider',
      "* { font-family: 'DejaVu Sans', sans-serif; letter-spacing: 0.12em; }",
    ],
    ['ru', 'half larger', ':root { --normal: 22px; }'],
  ])('%s: fits with a font that is %s', async (locale, _much, rule) => {
    for (const share of [key, activityKey, fullKey]) {
      await visit(address(share, '', locale), desk, async (page) => {
        await page.evaluate(
          (text) => {
            const wide = new CSSStyleSheet();
            wide.replaceSync(text);
            document.adoptedStyleSheets = [wide];
          },
          rule.replaceAll(';', ' !important;'),
        );
        for (const width of [1200, 1024, 900, 768, 360]) {
          await page.setViewportSize({ width, height: 900 });
          // The charts are drawn anew for the new size.
          await expect.poll(() => whatIsTooWide(page)).toEqual([]);
        }
      });
    }
  });

  it('is printed without navigation, with the numbers of its charts', async () => {
    await visit(address(key), desk, async (page) => {
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('[data-period]').isVisible()).toBe(false);
      expect(await page.locator('[data-languages]').isVisible()).toBe(false);
      const table = await page.locator('[data-chart-table=annual]').boundingBox();
      expect(table?.width).toBeGreaterThan(100);
      expect(await findViolations(page)).toEqual([]);
    });
  });
});

describe('without JavaScript', () => {
  it('a client reads the charts as tables, changes month and language, and opens a project', async () => {
    await visit(address(key), { ...desk, javaScriptEnabled: false }, async (page) => {
      const table = await page.locator('[data-chart-table=annual]').boundingBox();
      expect(table?.width).toBeGreaterThan(100);
      await page.locator('[data-period] summary').click();
      await page.getByRole('link', { name: 'July 2026', exact: true }).click();
      const july = '?year=2026&month=7';
      await page.waitForURL(portal.url + address(key, july));
      await page.locator('[data-languages] summary').click();
      await page.getByRole('link', { name: 'Deutsch' }).click();
      await page.waitForURL(portal.url + address(key, july, 'de'));
      expect(await page.locator('[data-period] summary').textContent()).toContain('Juli 2026');
      await page.locator('[data-project-link]').first().click();
      await page.waitForURL(portal.url + address(key, `/p/${projectId}${july}`, 'de'));
      await page.locator('.back a').click();
      await page.waitForURL(portal.url + address(key, july, 'de'));
    });
  });
});

describe('charts', () => {
  it('are right before the script runs, and a library draws the same bars once they are looked at', async () => {
    const heights = async (page: Page, selector: string) =>
      (await page.locator(selector).all()).length > 0
        ? page
            .locator(selector)
            .evaluateAll((bars) =>
              bars.map((bar) => Math.round(bar.getBoundingClientRect().height)),
            )
        : [];
    let drawn: number[] = [];
    await visit(address(key), { ...desk, javaScriptEnabled: false }, async (page) => {
      drawn = await heights(page, '[data-chart=annual] .bars i');
    });
    await visit(address(key), desk, async (page) => {
      const scripts = (): Promise<number> =>
        page.evaluate(
          () =>
            performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
              .length,
        );
      // The server gives an empty month a line of 2 px. frappe-charts draws more than once.
      const unlike = async (): Promise<number[]> => {
        const taken = await heights(page, '[data-chart=annual] rect.bar');
        return drawn.filter((height, index) => {
          return !(Math.abs(Math.max(taken[index] ?? NaN, 2) - height) <= 1);
        });
      };
      expect(drawn).toHaveLength(12);
      expect(await scripts()).toBe(1);
      await takeCharts(page);
      await expect.poll(scripts).toBe(2);
      await expect.poll(unlike).toEqual([]);
      expect(await page.locator('[data-chart=annual] rect.bar').count()).toBe(12);
    });
  });

  it('tell duration and amount at a bar, and a click opens the month', async () => {
    await visit(address(key), desk, async (page) => {
      await takeCharts(page);
      await page.locator('[data-chart=annual] .bars li').nth(2).hover();
      const tip = page.locator('[data-chart=annual] .graph-svg-tip');
      await tip.getByText('March').waitFor();
      const row = page.locator('[data-chart-table=annual] [data-point]').nth(2);
      const [duration, total] = await row.locator('td:nth-child(n + 3)').allTextContents();
      expect((await tip.locator('.title').textContent())?.trim()).toContain(
        `March ${duration} · ${total}`,
      );
      await page.locator('[data-chart=annual] .bars li').nth(2).click();
      await page.waitForURL(/year=2026&month=3$/);
    });
  });

  it('go from right to left where the page does', async () => {
    await visit(address(key, '', 'ar'), desk, async (page) => {
      const lastBar = () =>
        page.evaluate(() => {
          const boxOf = (selector: string, index: number) => {
            const found = document.querySelectorAll(`[data-chart=annual] ${selector}`);
            return found[index]!.getBoundingClientRect();
          };
          // October is the tenth from the right: bar 2 from the left.
          const link = boxOf('.bars li', 9);
          const bar = boxOf('rect.bar', 2);
          const apart = Math.abs(bar.x + bar.width / 2 - (link.x + link.width / 2));
          return { isAtItsLink: apart < 2, isThere: bar.height > 10 };
        });
      await takeCharts(page);
      // frappe-charts draws more than once.
      await expect.poll(lastBar).toEqual({ isAtItsLink: true, isThere: true });
      expect(await page.locator('.drawn').getAttribute('data-current')).toBe('2');
    });
  });

  it('never run what is in a name', async () => {
    await visit(address(key, '?year=2026&month=10&details=chart'), desk, async (page) => {
      await takeCharts(page);
      await page.locator('[data-chart=monthly] .picture').hover();
      expect(await page.locator('main img').count()).toBe(0);
    });
  });
});

describe('keyboard', () => {
  it('skips to the details first, and every stop can be seen', async () => {
    await visit(address(key), desk, async (page) => {
      await page.keyboard.press('Tab');
      const skip = page.getByRole('link', { name: 'Skip to the details' });
      expect((await skip.boundingBox())?.width).toBeGreaterThan(50);
      await page.keyboard.press('Enter');
      await page.waitForURL(/#details$/);
      for (let stop = 0; stop < 4; stop++) {
        await page.keyboard.press('Tab');
        const outline = await page.evaluate(
          () => getComputedStyle(document.activeElement!).outlineStyle,
        );
        expect(outline).toBe('solid');
      }
    });
  });
});
