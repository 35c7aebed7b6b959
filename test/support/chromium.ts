import { existsSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
} from 'playwright';
import { patienceMs } from './patience.ts';

const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** No traffic of the browser's own: what a test sees on the network is the page's. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium follows the machine's proxy variables otherwise.
  '--no-proxy-server',
];

/** Path of the system's Chromium; undefined: Playwright's own is used. */
export const chromiumPath = (): string | undefined =>
  process.env.CUSTOMER_PORTAL_CHROMIUM ?? systemBrowsers.find((path) => existsSync(path));

/**
 * Without a locale of UTF-8 Chromium drops files whose path has other letters than ASCII, as the
 * folder of this repository may: a chooser stays empty, and a test waits for its whole limit.
 */
export const chromiumEnv = (): NodeJS.ProcessEnv => ({ ...process.env, LC_ALL: 'C.UTF-8' });

/**
 * Starts a real, headless Chromium; `args` are added to `chromiumArgs`. The caller closes it.
 * `scrollBars`: pages have scroll bars that take room, which Playwright hides otherwise.
 * Its pages wait as long as `patienceMs`, and a crash of a page or of Chromium is told: the test
 * itself only sees that its page has gone. Throws if neither the system's Chromium nor
 * Playwright's is there.
 */
export async function launchChromium(
  args: readonly string[] = [],
  { scrollBars = false }: { scrollBars?: boolean } = {},
): Promise<Browser> {
  const executablePath = chromiumPath();
  const browser = await chromium.launch({
    args: [...chromiumArgs, ...args],
    env: chromiumEnv(),
    ...(scrollBars ? { ignoreDefaultArgs: ['--hide-scrollbars'] } : {}),
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  let isClosing = false;
  browser.on('disconnected', () => {
    if (!isClosing) console.error(`Chromium ended in the middle of a test: ${memoryText()}`);
  });
  const newContext = browser.newContext.bind(browser);
  const close = browser.close.bind(browser);
  return Object.assign(browser, {
    async newContext(options?: BrowserContextOptions): Promise<BrowserContext> {
      const context = await newContext(options);
      context.setDefaultTimeout(patienceMs);
      context.on('page', (page) => {
        page.on('crash', () => console.error(`A page crashed in Chromium: ${memoryText()}`));
      });
      return context;
    },
    async close(): Promise<void> {
      isClosing = true;
      await close();
    },
  });
}

/** The usual reason why the system ends a browser. */
const memoryText = (): string =>
  `${Math.round(freemem() / 2 ** 20)} of ${Math.round(totalmem() / 2 ** 20)} MiB memory are free`;
