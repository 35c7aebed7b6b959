// Browser tests need a Chromium: the one that is there, else Debian's or Playwright's is installed
// where that is allowed, else one line says what to install.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';

// As in test/support/chromium.ts.
const found = () =>
  [
    process.env.CUSTOMER_PORTAL_CHROMIUM ?? '',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    chromium.executablePath(),
  ].some((path) => existsSync(path));

const quietly = (command, args) =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 10 * 60_000 });

if (!found() && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
  quietly('apt-get', ['update']);
  quietly('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
}
if (!found()) {
  const playwright = fileURLToPath(new URL('../node_modules/playwright/cli.js', import.meta.url));
  quietly(process.execPath, [playwright, 'install', 'chromium']);
}
if (!found()) {
  console.error(
    'The browser tests need Chromium: "apt install chromium", or "npx playwright install --with-deps chromium".',
  );
  process.exit(1);
}
