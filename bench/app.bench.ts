/**
 * The owner's app in a real Chromium: how many clicks and how much time it takes from the first
 * window to a link that can be sent, and how long each screen takes to be there. Build first.
 * The program runs as `npm start` does, in folders that are removed afterwards.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright';
import { launchChromium } from '../test/support/chromium.ts';
import { findFreePort } from '../test/support/free-port.ts';
import { startProgram } from '../test/support/started-program.ts';
import { atMost, median, type Line } from './line.ts';

const goldenFile = (name: string): string =>
  resolve(import.meta.dirname, '../test/fixtures/golden/kimai-2.66-world', name);
const files = ['projects-en.xlsx', 'full-en.csv', 'customers-en.xlsx'].map(goldenFile);

/** A screen is opened so often; the median counts, so that one pause of the machine does not. */
const rounds = 5;
const targets = { clicks: 3, firstLinkS: 20, screenMs: 300 };

const usual = {
  locale: 'en-GB',
  viewport: { width: 1280, height: 800 },
  permissions: ['clipboard-read', 'clipboard-write'],
};

export async function run(): Promise<Line[]> {
  const browser = await launchChromium();
  try {
    return [...(await measureFirstLink(browser)), ...(await measureScreens(browser))];
  } finally {
    await browser.close();
  }
}

/** The program on a new folder, and its owner's first window. */
async function withOwner<T>(
  browser: Browser,
  args: readonly string[],
  measure: (page: Page, context: BrowserContext) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-app-'));
  const program = await startProgram(dataDir, ...args);
  const context = await browser.newContext(usual);
  try {
    const page = await context.newPage();
    await page.addInitScript(countCalls);
    await page.goto(program.ownerUrl);
    await page.locator('main h1').waitFor();
    return await measure(page, context);
  } finally {
    await context.close();
    await program.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/**
 * Three files dropped at once, their import, a share with its page, and the copied link. A drop is
 * counted as a click. The time ends when the link is in the clipboard.
 */
function measureFirstLink(browser: Browser): Promise<Line[]> {
  return withOwner(browser, [], async (page) => {
    // A port of its own, since another program could have the usual one; and an address that clients
    // reach, since a link that only this computer opens is not copied.
    const publicUrl = 'https://time.example';
    await call(page, 'publish.set', { port: await findFreePort(), reach: 'own', publicUrl });
    await page.reload();
    await page.locator('main h1').waitFor();
    await page.evaluate(() => navigator.clipboard.writeText(''));
    const start = performance.now();
    let clicks = 0;
    const click = async (name: RegExp): Promise<void> => {
      await page.getByRole('button', { name }).click();
      clicks++;
    };
    await page.locator('input[type=file]').first().setInputFiles(files);
    clicks++;
    await click(/^Import \d/);
    await click(/^Create and publish$/);
    await page.getByRole('heading', { name: 'The link is copied' }).waitFor();
    const seconds = (performance.now() - start) / 1000;
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const { urls } = await call<{ urls: string[] }>(page, 'publish.status', {});
    const answer = await fetch(link.replace(publicUrl, urls.at(-1)!));
    if (!answer.ok) throw new Error(`The copied link answers ${answer.status}`);
    return [
      atMost('app: clicks from the first window to a copied link', clicks, '', targets.clicks),
      atMost('app: time from the first window to a copied link', seconds, 's', targets.firstLinkS),
    ];
  });
}

/** Every place, with the sample of two years. A screen is there when all that it asked for is. */
function measureScreens(browser: Browser): Promise<Line[]> {
  return withOwner(browser, ['--sample'], async (page) => {
    const [share] = await call<{ id: number }[]>(page, 'shares.list', {});
    const [project] = await call<{ id: number; customerId: number }[]>(page, 'projects.list', {});
    const customer = `/customers/${project!.customerId}`;
    const screens: Record<string, string> = {
      overview: '/overview',
      customers: '/customers',
      customer,
      project: `${customer}/projects/${project!.id}`,
      timesheets: '/records',
      imports: '/imports',
      shares: '/shares',
      'share editor': `/shares/${share!.id}`,
      'share activity': `/shares/${share!.id}/activity`,
      'new share': '/shares/new',
      publishing: '/publish',
      profiles: '/profiles',
      settings: '/settings',
    };
    const lines: Line[] = [];
    for (const [name, path] of Object.entries(screens)) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await open(page, name === 'settings' ? '/publish' : '/settings');
        times.push(await open(page, path));
      }
      lines.push(atMost(`app: ${name} is there`, median(times), 'ms', targets.screenMs));
    }
    return lines;
  });
}

/**
 * Goes to a screen as a link does. Milliseconds, by the page's own clock, until it was drawn with
 * its own heading, when nothing is loading and no call is under way any more.
 */
const open = (page: Page, path: string): Promise<number> =>
  page.evaluate(
    (hash) =>
      new Promise<number>((done, failed) => {
        const heading = (): Element | null => document.querySelector('main h1');
        const before = heading();
        const start = performance.now();
        location.hash = hash;
        const look = (): void => {
          const isThere =
            heading() !== null &&
            heading() !== before &&
            document.querySelector('main .skeleton, main [aria-busy="true"]') === null &&
            (window as unknown as Counting).callsUnderWay === 0;
          const took = performance.now() - start;
          if (isThere) done(took);
          else if (took < 10_000) requestAnimationFrame(look);
          else failed(new Error(`${hash} did not come: ${document.body.innerText.slice(0, 300)}`));
        };
        requestAnimationFrame(look);
      }),
    `#${path}`,
  );

interface Counting {
  callsUnderWay: number;
}

/** Counts the calls of the app to the program. Runs in the page, before its scripts. */
function countCalls(): void {
  const page = window as unknown as Counting & Window;
  const { fetch: send } = window;
  page.callsUnderWay = 0;
  window.fetch = async (address, init) => {
    page.callsUnderWay++;
    try {
      return await send(address, init);
    } finally {
      page.callsUnderWay--;
    }
  };
}

/** As the app itself calls the program. */
async function call<T>(page: Page, method: string, input: unknown): Promise<T> {
  const reply = await page.evaluate(
    async (request) => {
      const response = await fetch('/api', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Customer-Portal': '1' },
        body: JSON.stringify(request),
      });
      return (await response.json()) as { ok: boolean; value: unknown };
    },
    { method, input },
  );
  if (!reply.ok) throw new Error(`${method}: ${JSON.stringify(reply)}`);
  return reply.value as T;
}
