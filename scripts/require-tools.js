import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';

// As in test/support/chromium.ts.
const found = () =>
  [
    process.env.CUSTOMER_PORTAL_CHROMIUM || '',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    chromium.executablePath(),
  ].some((path) => existsSync(path));

/** What some tests run, by the packages of Debian; without them those are skipped. */
const servers = [
  ['/usr/sbin/nginx', 'nginx-light'],
  ['/usr/lib/nginx/modules/ngx_http_dav_ext_module.so', 'libnginx-mod-http-dav-ext'],
  ['/usr/sbin/sshd', 'openssh-server'],
  ['/usr/sbin/vsftpd', 'vsftpd'],
  ['/usr/bin/openssl', 'openssl'],
  ['/usr/bin/caddy', 'caddy'],
  ['/usr/sbin/apache2', 'apache2-bin'],
  ['/usr/bin/ip', 'iproute2'],
];

/** A download that hangs must not hang the check. */
const installMs = 10 * 60_000;

/** Runs a command that prints only if it fails; says first which one, since it may take minutes. */
function install(command, args) {
  console.log(`Browser tests need Chromium. Installing it: ${command} ${args.join(' ')}`);
  const { status, error, stderr } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: installMs,
    encoding: 'utf8',
  });
  if (status === 0) return true;
  const lines = (stderr || '').trim().split('\n');
  console.log(`That failed: ${error ? error.message : lines[lines.length - 1]}`);
  return false;
}

function nameSkipped() {
  if (!existsSync('/etc/debian_version')) return;
  const missing = servers.filter(([path]) => !existsSync(path)).map(([, name]) => name);
  if (missing.length === 0) return;
  console.log(
    `Tests of web spaces, proxies and tunnels are skipped; for them "apt install ${missing.join(' ')}".`,
  );
}

/**
 * Says which tests will be skipped, and why.
 * Browser tests need a Chromium: the one that is there, else Debian's or Playwright's is installed
 * where that is allowed. Otherwise says what to install, and ends the process with 1.
 */
export function requireTools() {
  nameSkipped();
  if (found()) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const args = ['install', '-y', '--no-install-recommends', 'chromium'];
    if (install('apt-get', ['update'])) install('apt-get', args);
  }
  if (found()) return;
  const playwright = fileURLToPath(new URL('../node_modules/playwright/cli.js', import.meta.url));
  install(process.execPath, [playwright, 'install', 'chromium']);
  if (found()) return;
  console.error(
    'The browser tests need Chromium: "apt install chromium", or "npx playwright install --with-deps chromium".',
  );
  process.exit(1);
}
