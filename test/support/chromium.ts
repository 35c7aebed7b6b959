import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright';

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
];

/** Path of the system's Chromium; undefined: Playwright's own is used. */
export const chromiumPath = (): string | undefined =>
  process.env.CUSTOMER_PORTAL_CHROMIUM ?? systemBrowsers.find((path) => existsSync(path));

/**
 * Starts a real, headless Chromium; `args` are added to `chromiumArgs`. The caller closes it.
 * Throws if neither the system's Chromium nor Playwright's is there.
 */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const executablePath = chromiumPath();
  return chromium.launch({
    args: [...chromiumArgs, ...args],
    ...(executablePath === undefined ? {} : { executablePath }),
  });
}
