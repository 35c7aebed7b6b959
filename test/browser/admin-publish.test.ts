/** Publishing, in Chromium on the real program: links, what they need, and programs that make tunnels. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderQr } from '../../src-main/api/handlers/qr.ts';
import { findProgram } from '../../src-main/tunnels/program.ts';
import { axeViolations } from '../support/axe.ts';
import { startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

/** Cloudflare's program as its stand-in, which says what the real one says, and where it comes from. */
const program = Buffer.from(`#!/bin/sh
echo 'INF |  https://seasonal-deck-organisms-sf.trycloudflare.com  |' >&2
echo 'INF Registered tunnel connection connIndex=0' >&2
exec sleep 600
`);
let source: Server;
let sent: Buffer;

let ui: OwnerUi;
const page = () => ui.page;
/** Retries until it holds. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read);
const button = (name: string | RegExp): Locator => page().getByRole('button', { name });
const toast = (text: string): Locator => page().getByRole('status').getByText(text).first();

beforeAll(async () => {
  source = createServer((_request, response) => response.end(sent));
  await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve));
  ui = await startOwnerUi({
    publish: {
      release: {
        ...{ name: 'cloudflared', version: '2026.10.0', bytes: program.length },
        url: `http://127.0.0.1:${(source.address() as AddressInfo).port}/cloudflared`,
        sha256: createHash('sha256').update(program).digest('hex'),
        mayComeFrom: () => false,
      },
    },
  });
});
afterAll(async () => {
  await ui.close();
  source.close();
});

it('says that a proxy makes all clients one, and trusts its header when asked to', async () => {
  await ui.app.call('publish.set', { enabled: true, port: 0 });
  const [url] = (await ui.app.call('publish.status')).urls;
  await (await fetch(url!, { headers: { 'X-Real-IP': '192.0.2.1' } })).text();
  await ui.open('/publish');
  const notice = page().getByText('All clients count as one');
  await notice.waitFor();
  await button('Trust X-Real-IP').click();
  await notice.waitFor({ state: 'detached' });
  expect((await ui.app.call('publish.status')).trustedHeader).toBe('X-Real-IP');
  await ui.app.call('publish.set', { enabled: false, trustedHeader: '' });
});

it('says what the firewall of this system needs', async () => {
  const { port, platform } = await ui.app.call('publish.status');
  const hints: Record<string, string> = {
    linux: `sudo ufw allow ${port}/tcp`,
    darwin: 'macOS asks once',
    win32: 'Windows asks once',
  };
  await page()
    .getByRole('radio', { name: /Devices in my network/ })
    .check();
  await page().getByText('Your firewall has to let it through').waitFor();
  await page()
    .getByText(hints[platform] ?? `Let TCP port ${port} through`)
    .waitFor();
  await button('Discard').click();
  await page().getByText('Your firewall has to let it through').waitFor({ state: 'detached' });
});

it('lists who holds an old link, with the new one to copy, as a code and in a mail', async () => {
  await ui.app.importBytes(
    'export.csv',
    'Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description\n' +
      '2026-10-03,09:00,10:00,3600,80,Ada,Harbour,Quay,Building,Wall\n',
  );
  const [customer] = await ui.app.call('customers.list');
  const { path } = await ui.app.call('shares.create', {
    customerId: customer!.id,
    label: 'Hours of the harbour',
  });
  const [first, second] = ['http://localhost:1/a', 'http://localhost:1/b'];
  await ui.app.call('publish.set', { enabled: true, port: 0, reach: 'own', publicUrl: first });
  await ui.app.call('publish.set', { publicUrl: second });
  await ui.open('/publish');
  const list = page().getByRole('region', { name: 'Clients with an old link' });
  await list.getByText(`Links began with ${first} before.`).waitFor();
  const client = list.getByRole('listitem').filter({ hasText: 'Hours of the harbour' });
  const clipboard = () => page().evaluate(() => navigator.clipboard.readText());
  await client.getByRole('button', { name: 'Copy', exact: true }).click();
  await soon(clipboard).toBe(second + path);
  await client.getByRole('button', { name: 'Copy mail' }).click();
  await soon(clipboard).toContain(`has a new address:\n${second}${path}`);
  await client.getByRole('button', { name: 'QR code' }).click();
  const code = client.getByRole('img', { name: 'QR code of the link' });
  await code.waitFor();
  const svg = renderQr(second + path);
  expect(await code.getAttribute('src')).toBe(`data:image/svg+xml,${encodeURIComponent(svg)}`);
  expect(await axeViolations(page(), { within: 'main' })).toEqual([]);
  await list.getByRole('button', { name: 'All have their new link' }).click();
  await list.waitFor({ state: 'detached' });
});

it('says with each share whether its link works', async () => {
  await ui.open('/shares');
  const row = page().locator('tr, li, article').filter({ hasText: 'Hours of the harbour' });
  await row.getByText('The proxy does not answer').first().waitFor();
  await ui.app.call('publish.set', { reach: 'loopback' });
  await row.getByText('Works on this computer').first().waitFor();
});

it('looks at the link each minute as long as the page is open', async () => {
  let opened = 0;
  const proxy = createServer((_request, response) => {
    opened++;
    response.writeHead(502).end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const publicUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await ui.app.call('publish.set', { reach: 'own', publicUrl });
  await page().getByText('Not reached').first().waitFor();
  // One may still be on its way from the choice of the address.
  const before = opened + 1;
  for (let minutes = 1; minutes <= 2; minutes++) {
    await page().clock.runFor(60_000);
    await soon(() => opened >= before + minutes - 1).toBe(true);
  }
  await ui.app.call('publish.set', { enabled: false });
  proxy.close();
});

/** Chooses a tunnel on the page, and waits until it is stored. */
async function chooseTunnel(name: string): Promise<void> {
  await page()
    .getByRole('radio', { name: /through a tunnel/ })
    .check();
  await page().getByLabel('Through', { exact: true }).selectOption({ label: name });
  await button(/^Save/).click();
  await page()
    .getByText(/not saved$/)
    .waitFor({ state: 'detached' });
}

// A computer that has the program fetches none; Windows runs no shell scripts.
const isThere = process.platform === 'win32' || findProgram('cloudflared') !== null;
describe.skipIf(isThere)('a tunnel by a program that is not there', () => {
  const missing = (name: string): Locator =>
    page().getByText(`The program ${name} is not on this computer`);

  it('cloudflared is fetched if the owner agrees, kept if its digest is right, and removed again', async () => {
    await ui.app.call('publish.set', { enabled: true, port: 0, reach: 'loopback' });
    const folder = join(ui.app.dataDir, 'programs');
    await ui.open('/publish');
    await chooseTunnel('Cloudflare, quick tunnel');
    await missing('cloudflared').waitFor();
    await page()
      .getByText(/version 2026\.10\.0, .+, from 127\.0\.0\.1:/)
      .waitFor();
    expect(existsSync(folder)).toBe(false);

    sent = Buffer.from(program.toString().replace('seasonal', 'poisoned'));
    const fetchIt = button(/^Fetch /);
    await fetchIt.click();
    await page().getByText('What came is not the cloudflared that was published.').waitFor();
    expect(readdirSync(folder)).toEqual([]);
    await missing('cloudflared').waitFor();

    sent = program;
    await fetchIt.click();
    await toast('cloudflared is there').waitFor();
    await page().getByText('cloudflared 2026.10.0, fetched by this program').waitFor();
    await page()
      .getByText('https://seasonal-deck-organisms-sf.trycloudflare.com', { exact: true })
      .first()
      .waitFor();
    expect(readdirSync(folder)).toEqual(['cloudflared-2026.10.0']);
    expect(await axeViolations(page(), { within: 'main' })).toEqual([]);

    await button('Remove it').click();
    await toast('cloudflared is removed').waitFor();
    await fetchIt.waitFor();
    expect(readdirSync(folder)).toEqual([]);
    await missing('cloudflared').waitFor();
  });

  it('Tailscale: once it is installed, "Try again" connects', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'programs '));
    const path = process.env.PATH;
    try {
      process.env.PATH = folder;
      await chooseTunnel('Tailscale Funnel, everybody');
      await missing('tailscale').waitFor();
      const file = join(folder, 'tailscale');
      writeFileSync(file, `#!/bin/sh\necho 'https://desk.tail1234.ts.net/'\nexec sleep 600\n`);
      chmodSync(file, 0o755);
      process.env.PATH = `${folder}${delimiter}${path}`;
      await button('Try again').click();
      await page().getByText('https://desk.tail1234.ts.net', { exact: true }).first().waitFor();
      expect(await ui.app.call('publish.status')).toMatchObject({ tunnel: { state: 'online' } });
    } finally {
      process.env.PATH = path;
      await ui.app.call('publish.set', { enabled: false });
      rmSync(folder, { recursive: true });
    }
  });
});
