/**
 * The main path of a new user to a client who is elsewhere: import, share, "let my client reach it
 * from anywhere", the SSH tunnel, green, and the page through it. A real SSH server in between.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { findFreePort } from '../support/free-port.ts';
import { createSshd, hasSshd, type Sshd } from '../support/sshd.ts';
import { startProgram, type StartedProgram } from '../support/started-program.ts';

const exportFile = fileURLToPath(
  new URL('../fixtures/golden/kimai-2.66-world/full-en.csv', import.meta.url),
);
const customer = 'Hafenkontor Brandt & Söhne GmbH';

describe.skipIf(!hasSshd)('from an export to a client anywhere', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ssh-path-'));
  let sshd: Sshd;
  let program: StartedProgram | undefined;
  let browser: Browser | undefined;
  let owner: Page;
  let outside: number;
  const go = (path: string) => owner.goto(new URL(`/#${path}`, owner.url()).href);

  beforeAll(async () => {
    sshd = await createSshd();
    await sshd.start();
    outside = await findFreePort();
    browser = await launchChromium();
    program = await startProgram(dataDir);
    owner = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await owner.goto(program.ownerUrl);
  });
  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    await sshd?.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('imports and shares', async () => {
    await go('/imports');
    const [chooser] = await Promise.all([
      owner.waitForEvent('filechooser'),
      owner.locator('button', { hasText: 'Choose files' }).click(),
    ]);
    await chooser.setFiles(exportFile);
    await owner.getByRole('button', { name: 'Import 616 records' }).click();
    await owner.getByRole('heading', { name: 'Imported' }).waitFor();
    await go('/shares/new');
    await owner.getByLabel('Customer', { exact: true }).selectOption({ label: customer });
    await owner.getByRole('button', { name: 'Create share' }).click();
    await owner.getByText('your client cannot open it yet').waitFor();
  });

  it('chooses the tunnel, accepts the server’s key, and sees green', async () => {
    await go('/publish');
    await owner.getByLabel('Port').fill(String(await findFreePort()));
    await owner.getByRole('radio', { name: /through a tunnel/ }).check();
    await owner.getByLabel('Server', { exact: true }).fill('127.0.0.1');
    await owner.getByLabel('Its number').fill(String(sshd.port));
    await owner.getByLabel('User name there').fill(sshd.user);
    await owner.getByLabel('Key file', { exact: true }).fill(sshd.keys.good);
    await owner.getByLabel('Number', { exact: true }).fill(String(outside));
    await owner.getByLabel('Address for clients').fill(`http://127.0.0.1:${outside}`);
    await owner.getByRole('button', { name: 'Save 3 changes' }).click();
    await owner.getByText('3 changes not saved').waitFor({ state: 'detached' });
    await owner.getByRole('button', { name: 'Publish', exact: true }).click();
    await owner.getByText(`SHA256:${sshd.fingerprint()}`).waitFor();
    await owner.getByRole('button', { name: 'This is my server' }).click();
    await owner.getByText('Works from outside').first().waitFor();
    await owner.getByRole('button', { name: 'Log', exact: true }).click();
    await owner.getByText('signed in').first().waitFor();
  });

  it('the client opens the page through it', async () => {
    await go('/shares');
    const shown = owner.locator('code', { hasText: /\/auth\/customer-portal\// }).first();
    await shown.waitFor();
    await owner.getByRole('main').getByText('Works from outside').first().waitFor();
    const address = (await shown.getAttribute('title')) ?? '';
    expect(address).toMatch(new RegExp(`^http://127.0.0.1:${outside}/en/auth/customer-portal/`));
    const client = await (await browser!.newContext({ locale: 'en-GB' })).newPage();
    await client.goto(address);
    await client.getByRole('heading', { level: 1, name: customer }).waitFor();
  });
});
