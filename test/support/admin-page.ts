import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { createBrowserHost } from '../../src-main/browser-host/server.ts';
import { createTestApp, type TestApp } from './app.ts';
import { launchChromium } from './chromium.ts';
import { loadTexts } from './texts.ts';

const rendererDir = fileURLToPath(new URL('../../out/renderer', import.meta.url));

export const goldenFile = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/golden/kimai-2.66-world/${name}`, import.meta.url));

export interface AdminTest extends TestApp {
  browser: Browser;
  /** A browser of its own, signed in, on a page such as `/customers`. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** What went wrong in any page: script errors, refused contents. */
  pageErrors: string[];
}

/** The built owner's app in a real browser, on the real program and the real browser host. */
export async function startAdminTest(): Promise<AdminTest> {
  if (!existsSync(rendererDir)) throw new Error('Build first: npm run build makes out/renderer.');
  const testApp = await createTestApp();
  const host = await createBrowserHost({
    app: testApp.app,
    rendererDir,
    texts: loadTexts(),
    log: { info: (line) => testApp.logged.push(line), error: (line) => testApp.logged.push(line) },
    port: 0,
  });
  const browser = await launchChromium();
  const pageErrors: string[] = [];
  return {
    ...testApp,
    browser,
    pageErrors,
    async open(path, options = {}) {
      const context = await browser.newContext({ locale: 'en-GB', ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on('pageerror', (error) => pageErrors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') pageErrors.push(message.text());
      });
      await page.goto(host.oneTimeUrl());
      await page.goto(`${host.url}/#${path}`);
      await page.locator('main h1').waitFor();
      return page;
    },
    async close() {
      await browser.close();
      await host.stop();
      await testApp.close();
    },
  };
}
