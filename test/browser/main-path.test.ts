import { fileURLToPath } from 'node:url';
/**
 * The whole main job as a user does it (issue 3): import a real export, make a share with a
 * password, open its address elsewhere, look around; and again after a restart.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { findFreePort } from '../support/free-port.ts';
import { startProgram, type StartedProgram } from '../support/started-program.ts';

const goldenFile = fileURLToPath(
  new URL('../fixtures/golden/kimai-2.66-world/full-en.csv', import.meta.url),
);
const customer = 'Hafenkontor Brandt & Söhne GmbH';
const password = 'anchor chain, 7 links';

describe('from an export to a published page', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'main-path-'));
  const exportFile = join(dataDir, 'Müller & Söhne/full-en.csv');
  // Undefined if the set-up failed.
  let browser: Browser | undefined;
  let program: StartedProgram | undefined;
  let owner: Page;
  let clientContext: BrowserContext;
  let client: Page;
  let address = '';
  const failures: string[] = [];

  /** A page whose script errors and refused contents fail the test. */
  async function openPage(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', (error) => failures.push(String(error)));
    return page;
  }

  /** What the client's address says. */
  const shown = (name: string) => () => new URL(client.url()).searchParams.get(name);

  async function openOwner(): Promise<void> {
    owner = await openPage(await browser!.newContext({ locale: 'en-GB' }));
    await owner.goto(program!.ownerUrl);
  }

  beforeAll(async () => {
    cpSync(goldenFile, exportFile);
    // A shell without a locale: the files that are chosen are found all the same.
    vi.stubEnv('LC_ALL', 'C');
    browser = await launchChromium();
    program = await startProgram(dataDir);
    await openOwner();
    clientContext = await browser!.newContext({ locale: 'en-GB' });
    client = await openPage(clientContext);
  });
  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    vi.unstubAllEnvs();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('imports a file chosen by dialog, after a preview', async () => {
    await owner.goto(new URL('/#/imports', owner.url()).href);
    const [chooser] = await Promise.all([
      owner.waitForEvent('filechooser'),
      owner.locator('button', { hasText: 'Choose files' }).click(),
    ]);
    await chooser.setFiles(exportFile);
    await owner.getByRole('button', { name: 'Import 616 records' }).click();
    await owner.getByRole('heading', { name: 'Imported' }).waitFor();
  });

  it('lists customers and projects with their hours', async () => {
    await owner.getByRole('link', { name: 'See customers' }).click();
    const row = owner.getByRole('row').filter({ hasText: customer });
    await row.waitFor();
    expect(await row.innerText()).toMatch(/\d+:\d\d/);
    await owner.getByRole('link', { name: customer }).click();
    await owner.getByText('Hosting & Support').first().waitFor();
  });

  it('makes a share with a password and goes online', async () => {
    await owner.goto(new URL('/#/shares/new', owner.url()).href);
    await owner.getByLabel('Customer', { exact: true }).selectOption({ label: customer });
    await owner.locator('label', { hasText: /^Rates$/ }).click();
    await owner.getByRole('button', { name: 'Set a password' }).click();
    await owner.locator('input[type=password]').fill(password);
    await owner.getByRole('button', { name: 'Create share' }).click();
    await owner.getByText('The share is made, but your client cannot open it yet').waitFor();

    await owner.goto(new URL('/#/publish', owner.url()).href);
    // Of its own: another program could have the usual one when this one starts again.
    await owner.getByLabel('Port').fill(String(await findFreePort()));
    await owner.getByRole('button', { name: 'Save 1 change' }).click();
    await owner.getByText('1 change not saved').waitFor({ state: 'detached' });
    await owner.getByRole('button', { name: 'Publish', exact: true }).click();
    await owner.getByText('Your portal is online').first().waitFor();

    await owner.goto(new URL('/#/shares', owner.url()).href);
    const shown = owner.locator('code', { hasText: /^http:.*\/auth\/customer-portal\// }).first();
    await shown.waitFor();
    address = (await shown.getAttribute('title')) ?? '';
    expect(address).toMatch(/^http:\/\/[^/]+\/en\/auth\/customer-portal\/[\w-]{22,}$/);
  });

  it('lets the client in with the right password only', async () => {
    const answer = await client.goto(address);
    expect(await answer?.text()).not.toContain(customer);
    await client.getByLabel('Password').fill('anchor chain');
    await client.getByRole('button', { name: 'Open the page' }).click();
    expect(await client.getByRole('alert').innerText()).toContain('not right');
    await client.getByLabel('Password').fill(password);
    await client.getByRole('button', { name: 'Open the page' }).click();
    await client.getByRole('heading', { level: 1, name: customer }).waitFor();
  });

  it('changes month and year', async () => {
    await client.goto(withQuery(client.url(), { year: '2026', month: '9' }));
    const sum = client.locator('[data-footer] [data-column=duration]');
    const before = await sum.innerText();
    await client.locator('[data-period] a[rel=prev]').click();
    await expect.poll(shown('month')).toBe('8');
    await expect.poll(() => sum.innerText()).not.toBe(before);
    await client.goto(withQuery(client.url(), { year: '2026', month: '1' }));
    await client.locator('[data-period] a[rel=prev]').click();
    await expect.poll(shown('year')).toBe('2025');
    expect(shown('month')()).toBe('12');
    // Bars of the annual chart are links to their months.
    await client.locator('section[data-chart=annual] a[href*="month=3"]').first().click();
    await expect.poll(shown('month')).toBe('3');
  });

  it('changes the language, and stays signed in on the same month', async () => {
    const here = new URL(client.url()).search;
    await client.goto(client.url().replace('/en/', '/de/'));
    expect(await client.locator('html').getAttribute('lang')).toBe('de');
    expect(new URL(client.url()).search).toBe(here);
    await client.getByRole('heading', { level: 1, name: customer }).waitFor();
    await client.goto(client.url().replace('/de/', '/en/'));
    await client.getByRole('heading', { level: 1, name: customer }).waitFor();
  });

  it('shows the chart in place of the table, and the same hours', async () => {
    await client.goto(withQuery(client.url(), { year: '2026', month: '8' }));
    const sum = await client.locator('[data-footer] [data-column=duration]').innerText();
    await client.locator('a[data-details=chart]').click();
    const monthly = client.locator('section[data-chart=monthly]');
    await monthly.waitFor();
    expect(await client.locator('[data-table=details]').count()).toBe(0);
    await expect.poll(() => monthly.innerText()).toContain(sum);
  });

  it('opens a project and returns to the same month', async () => {
    const search = new URL(client.url()).search;
    await client.locator('[data-project-link]', { hasText: 'Hosting & Support' }).click();
    await client.getByRole('heading', { level: 1, name: 'Hosting & Support' }).waitFor();
    expect(new URL(client.url()).search).toBe(search);
    await client.getByRole('link', { name: customer }).click();
    await client.getByRole('heading', { level: 1, name: customer }).waitFor();
    expect(new URL(client.url()).search).toBe(search);
  });

  it('keeps everything over a restart: address, session, password, owner’s data', async () => {
    expect(await program!.stop()).toBe(0);
    program = await startProgram(dataDir);

    await client.reload();
    await client.getByRole('heading', { level: 1, name: customer }).waitFor();
    const stranger = await openPage(await browser!.newContext({ locale: 'en-GB' }));
    await stranger.goto(address);
    await stranger.getByLabel('Password').fill(password);
    await stranger.getByRole('button', { name: 'Open the page' }).click();
    await stranger.getByRole('heading', { level: 1, name: customer }).waitFor();

    await openOwner();
    await owner.goto(new URL('/#/imports', owner.url()).href);
    await owner.getByText('full-en.csv').first().waitFor();
  });

  it('never told a secret on the way, and no script failed', () => {
    const key = address.split('/').at(-1)!;
    expect(program!.output()).not.toContain(key);
    expect(program!.output()).not.toContain(password);
    expect(failures).toEqual([]);
  });
});

function withQuery(url: string, query: Record<string, string>): string {
  const next = new URL(url);
  for (const [name, value] of Object.entries(query)) next.searchParams.set(name, value);
  return next.href;
}
