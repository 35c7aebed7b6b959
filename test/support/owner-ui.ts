import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { createBrowserHost } from '../../src-main/browser-host/server.ts';
import { createTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { launchChromium } from './chromium.ts';
import { installBridge } from './electron/bridge.ts';
import { loadTexts } from './texts.ts';

/** Noon of the day that test apps live in; the browser's clock shows it too. */
export const ownerNow = new Date(2026, 10, 24, 12);

export interface OwnerUi {
  app: TestApp;
  browser: Browser;
  /** The owner's page, signed in. */
  page: Page;
  /** Script errors, and what the page's policy refused. */
  failures: string[];
  /**
   * Another window of the same owner, at such an address. `look`: of another browser, such as one
   * in another language.
   */
  openWindow(path: string, look?: BrowserContextOptions): Promise<Page>;
  /**
   * Goes to an address such as `/shares/1`, as a link does, in the owner's page if no other window
   * is named; that page is there afterwards.
   */
  open(path: string, window?: Page): Promise<void>;
  close(): Promise<void>;
}

export interface OwnerUiOptions extends TestAppOptions {
  /** Shows scroll bars, which take room as on Windows; headless Chromium hides them otherwise. */
  scrollBars?: boolean;
  /**
   * How the page's calls travel. `both`: over the bridge of the desktop app, as it is in the
   * stand-in, and from there over HTTP, so that whatever the app sends and gets has to pass both.
   * `http`: as in a browser.
   */
  transport?: 'both' | 'http';
  /** Added to those of every Chromium. */
  chromiumArgs?: readonly string[];
  /** Runs in each page before its own scripts. */
  initScript?: () => void;
}

/** The real program behind the browser host, with the built UI (out/renderer) in Chromium. */
export async function startOwnerUi({
  scrollBars = false,
  transport = 'both',
  chromiumArgs = [],
  initScript,
  ...options
}: OwnerUiOptions = {}): Promise<OwnerUi> {
  const app = await createTestApp({ clock: { now: () => ownerNow }, ...options });
  const host = await createBrowserHost({
    app: app.app,
    rendererDir: join(import.meta.dirname, '../../out/renderer'),
    texts: loadTexts(),
    log: { info: () => undefined, error: (line) => failures.push(line) },
    clock: { now: () => new Date() },
    port: 0,
  });
  const failures: string[] = [];
  const browser = await launchChromium(chromiumArgs, { scrollBars });
  const usual: BrowserContextOptions = {
    locale: 'en-GB',
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  };
  const context = await browser.newContext(usual);
  async function newPage(of: BrowserContext): Promise<Page> {
    const page = await of.newPage();
    if (initScript) await page.addInitScript(initScript);
    if (transport === 'both') {
      await installBridge(page, preload, ({ args }) =>
        Promise.resolve({ ok: true, value: args[0] }),
      );
      await page.addInitScript(crossBoth);
    } else await page.addInitScript(countCalls);
    await page.clock.setFixedTime(ownerNow);
    page.on('pageerror', (error) => failures.push(String(error)));
    page.on('console', (message) => {
      // The clock of the test is a script, which the sandboxed preview refuses, as it should.
      if (/^Blocked script execution in 'about:srcdoc'/.test(message.text())) return;
      if (message.type() === 'error') failures.push(message.text());
    });
    return page;
  }
  const page = await newPage(context);
  await page.goto(host.oneTimeUrl());
  await page.locator('main h1').waitFor();
  return {
    app,
    browser,
    page,
    failures,
    async openWindow(path, look) {
      const storageState = await context.storageState();
      const window = await newPage(
        look ? await browser.newContext({ ...usual, ...look, storageState }) : context,
      );
      await window.goto(new URL(`#${path}`, page.url()).href);
      await window.locator('main h1').waitFor();
      return window;
    },
    async open(path, window = page) {
      await window.evaluate(goTo, `#${path}`);
    },
    async close() {
      await browser.close();
      await host.stop();
      await app.close();
    },
  };
}

/** `page.goto` would return while the page before is still shown. Runs in the page. */
function goTo(hash: string): Promise<void> {
  return new Promise((resolve) => {
    if (location.hash === hash) return resolve();
    // The app listens since it began, so it has followed when this is called.
    window.addEventListener('hashchange', () => resolve(), { once: true });
    location.hash = hash;
  });
}

/** The built preload, under a name that leaves the app's own to `crossBoth`. */
const preload = readFileSync(
  join(import.meta.dirname, '../../out/preload/preload.cjs'),
  'utf8',
).replace('customerPortal', 'bridgeOfTest');

/**
 * The page finds a bridge, so that it takes itself for the desktop app. Each call crosses to the
 * main side, which sends it back; it goes on over HTTP as it has arrived, and so does its answer.
 * Runs in the page, before its scripts.
 */
function crossBoth(): void {
  const page = window as unknown as Counting &
    Pick<Window, 'customerPortal'> & { bridgeOfTest: NonNullable<Window['customerPortal']> };
  page.callsUnderWay = 0;
  /** There and back over the bridge. */
  const cross = async (input: unknown): Promise<unknown> => {
    const reply = await page.bridgeOfTest.invoke({ method: '', input });
    return ((reply as { value: unknown }).value as { input: unknown }).input;
  };
  page.customerPortal = {
    async invoke(request) {
      page.callsUnderWay++;
      try {
        const response = await fetch('/api', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-Customer-Portal': '1' },
          body: JSON.stringify(await cross(request)),
        });
        return (await cross(await response.json())) as never;
      } finally {
        // A task later: the page has drawn by then what the answer changed.
        setTimeout(() => page.callsUnderWay--);
      }
    },
    onChanged(listener) {
      const events = new EventSource('/api/events');
      events.addEventListener('message', ({ data }: MessageEvent<string>) =>
        listener(JSON.parse(data) as never),
      );
      return () => events.close();
    },
  };
}

interface Counting {
  callsUnderWay: number;
}

/** Counts the calls whose answers the page still waits for. Runs in the page, before its scripts. */
function countCalls(): void {
  const page = window as unknown as Counting & Window;
  const { fetch: send } = window;
  page.callsUnderWay = 0;
  window.fetch = async (address, init) => {
    if (address !== '/api') return send(address, init);
    page.callsUnderWay++;
    // A task later: the page has drawn by then what the answer changed.
    const end = (): void => void setTimeout(() => page.callsUnderWay--);
    try {
      const response = await send(address, init);
      const read = response.json.bind(response);
      response.json = () => read().finally(end);
      return response;
    } catch (error) {
      end();
      throw error;
    }
  };
}

/** Waits until everything that the page asked for is there; several parts may load at once. */
export async function loaded(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('main .skeleton, main [aria-busy="true"]') === null &&
      (window as unknown as Counting).callsUnderWay === 0,
  );
}
