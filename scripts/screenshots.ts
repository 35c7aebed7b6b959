/**
 * Takes the two pictures of the README: the built program, filled with the sample, in a folder that
 * is removed afterwards. `npm run build` first; then `npm run screenshots`.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright';
import { launchChromium } from '../test/support/chromium.ts';
import { startProgram } from '../test/support/started-program.ts';

const docs = resolve(import.meta.dirname, '../docs');
/** In CSS pixels, which are the picture's own. */
const size = { width: 1280, height: 800 };

const dataDir = mkdtempSync(join(tmpdir(), 'screenshots-'));
try {
  const program = await startProgram(dataDir, '--sample');
  const browser = await launchChromium();
  try {
    const shareUrl = /http:\/\/localhost:\d+\/\S+/.exec(program.output())?.[0];
    if (shareUrl === undefined) throw new Error(`No link of the sample:\n${program.output()}`);
    const portal = await openPage(browser);
    await portal.goto(shareUrl);
    await portal.locator('.chart-container svg').waitFor();
    await take(portal, 'screenshot-portal.png');

    const app = await openPage(browser);
    await app.goto(program.ownerUrl);
    await app.locator('main h1').waitFor();
    await app.goto(new URL('/#/shares/1', program.ownerUrl).href);
    // The client's real page beside the form.
    await app.frameLocator('iframe').locator('h1').waitFor();
    await take(app, 'screenshot-app.png');
  } finally {
    await browser.close();
    await program.stop();
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: size,
    locale: 'en-GB',
    colorScheme: 'light',
    // Charts are drawn at once.
    reducedMotion: 'reduce',
  });
  return context.newPage();
}

async function take(page: Page, name: string): Promise<void> {
  const path = join(docs, name);
  await page.screenshot({ path, animations: 'disabled' });
  console.log(`docs/${name}: ${Math.round(statSync(path).size / 1000)} kB`);
}
