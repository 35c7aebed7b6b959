/** The first screen, and the command palette. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

const goldenFile = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/golden/kimai-2.66-world/${name}`, import.meta.url));

let ui: OwnerUi;
beforeAll(async () => {
  ui = await startOwnerUi();
});
afterAll(() => ui.close());

const page = () => ui.page;
const heading = (name: string) => page().getByRole('heading', { level: 1, name }).waitFor();

/** Drops files on the window, as from a folder. */
async function drop(names: readonly string[]): Promise<void> {
  const files = names.map((name) => ({
    name: basename(name),
    base64: readFileSync(goldenFile(name)).toString('base64'),
  }));
  await page().evaluate((dropped) => {
    const dataTransfer = new DataTransfer();
    for (const { name, base64 } of dropped) {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    window.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, files);
}

it('an empty app begins with the first steps', async () => {
  await heading('Overview');
  await page().getByText('Show your clients the time you tracked for them').waitFor();
});

it('fills an empty app with the sample by a button, and takes it away again', async () => {
  await page().getByRole('button', { name: 'Load sample data' }).click();
  await page().getByText('This is made-up sample data, up to today.').waitFor();
  await page().getByRole('button', { name: 'Remove sample data' }).click();
  await page().getByText('Show your clients the time you tracked for them').waitFor();
  expect(await ui.app.call('customers.list')).toEqual([]);
});

it('leads from dropped files to a copied link in three clicks', async () => {
  // Of its own: the usual port may be another program's.
  await ui.app.call('publish.set', { port: 0 });
  await page().evaluate(() => {
    window.addEventListener('pointerdown', () => {
      document.documentElement.dataset.clicks = String(
        Number(document.documentElement.dataset.clicks ?? 0) + 1,
      );
    });
  });
  await drop(['projects-en.xlsx', 'full-en.csv', 'customers-en.xlsx']);
  await page()
    .getByRole('button', { name: /^Import \d+/ })
    .click();
  await page().getByText('5 customers, 8 projects, 616 records, 1,032 hours').waitFor();
  const first = page().getByRole('region', { name: /^Your first share: / });
  const { suggestedCustomer } = await ui.app.call('overview.get');
  await page()
    .frameLocator('iframe')
    .getByRole('heading', { level: 1, name: suggestedCustomer!.name })
    .waitFor();
  await first.getByText('This computer only').click();
  // Who has an address that clients reach is not asked.
  await ui.app.call('publish.set', { reach: 'own', publicUrl: 'https://time.example' });
  await first.getByText('This computer only').waitFor({ state: 'detached' });
  await first.getByRole('button', { name: 'Create and publish' }).click();
  await page().getByRole('heading', { name: 'The link is copied' }).waitFor();
  expect(await page().locator('html').getAttribute('data-clicks')).toBe('3');

  const link = await page().evaluate(() => navigator.clipboard.readText());
  const { urls } = await ui.app.call('publish.status');
  const shown = await (await fetch(link.replace(urls[0]!, urls.at(-1)!))).text();
  expect(shown).toContain(suggestedCustomer!.name.replace('&', '&amp;'));
  expect(shown).not.toContain('data-column="user"');
  expect(shown).not.toContain('data-column="rate"');
  const mail = page().getByRole('region', { name: 'Mail to your client' });
  await mail.getByText(link).waitFor();
  await mail.getByRole('combobox').selectOption({ label: 'Français' });
  await mail.getByText(link.replace('/en/', '/fr/')).waitFor();
  expect(await axeViolations(page())).toEqual([]);

  // Only this computer opens it: there is nothing to send, and Publishing is what to do.
  await ui.app.call('publish.set', { reach: 'loopback' });
  await page()
    .getByRole('heading', { name: 'The share is made, but your client cannot open it yet' })
    .waitFor();
  await mail.waitFor({ state: 'detached' });
  await page().getByRole('main').getByRole('link', { name: 'Open Publishing' }).waitFor();
  expect(await axeViolations(page())).toEqual([]);

  // As it was, for what follows.
  const [share] = await ui.app.call('shares.list');
  await ui.app.call('shares.delete', { id: share!.id });
  await ui.app.call('publish.set', { enabled: false, publicUrl: '' });
});

it('shows the year as bars that lead to their records, and as a table', async () => {
  await ui.open('/overview');
  const months = (await ui.app.call('overview.get')).months;
  const bars = page().getByRole('group', { name: 'The last twelve months' }).getByRole('link');
  await bars.first().waitFor();
  expect(await bars.count()).toBe(12);
  await page().getByRole('button', { name: 'Show as table' }).click();
  const rows = page().getByRole('table', { name: 'The last twelve months' }).locator('tbody tr');
  expect(await rows.count()).toBe(months.filter(({ durationS }) => durationS > 0).length);
  await rows.first().getByRole('link', { name: 'November 2026' }).click();
  await heading('Timesheets');
  expect(page().url()).toMatch(/from=2026-11-01&to=2026-11-30$/);
});

it('suggests the first share, lists it once it is there, and says that nobody can open it', async () => {
  await ui.open('/overview');
  const { suggestedCustomer } = await ui.app.call('overview.get');
  await page()
    .getByRole('link', { name: `Share with ${suggestedCustomer!.name}` })
    .click();
  await heading('New share');
  await ui.app.call('shares.create', { customerId: suggestedCustomer!.id, label: 'For Ana' });
  await ui.open('/overview');
  await page()
    .getByRole('table', { name: 'Shares' })
    .getByRole('link', { name: 'For Ana' })
    .waitFor();
  const needs = page().getByRole('region', { name: 'Needs you' });
  await needs.getByText('A share is active, but your portal is not online').waitFor();
  await needs.getByRole('link', { name: 'Publish' }).click();
  await heading('Publishing');
});

it('lists the first steps until a client has opened a page; they can be hidden and brought back', async () => {
  await ui.open('/overview');
  const steps = page().getByRole('region', { name: 'First steps' });
  await steps.getByText('Choose what a client may see (done)').waitFor();
  await steps.getByRole('link', { name: 'Publish the page' }).waitFor();
  await steps.getByRole('button', { name: 'Hide' }).click();
  await steps.waitFor({ state: 'detached' });
  await ui.open('/settings');
  await page().getByText('First steps', { exact: true }).click();
  await page().getByRole('switch', { name: 'First steps', checked: true }).waitFor();
  await ui.open('/overview');
  await steps.waitFor();
  await ui.app.call('publish.set', { enabled: true, port: 0 });
  const base = (await ui.app.call('publish.status')).urls[0]!;
  const [share] = await ui.app.call('shares.list');
  await (await fetch(base + share!.path)).text();
  await steps.waitFor({ state: 'detached' });
});

it('the palette goes to a project by a few letters, by keyboard alone', async () => {
  const [project] = await ui.app.call('projects.list');
  await page().keyboard.press('Control+k');
  const palette = page().getByRole('dialog', { name: 'Go to or do something' });
  await palette.getByRole('combobox').waitFor();
  await page().keyboard.type(`${project!.name} ${project!.customerName}`);
  await palette.getByRole('option', { name: project!.name, selected: true }).waitFor();
  await page().keyboard.press('Enter');
  await palette.waitFor({ state: 'detached' });
  await heading(project!.name);
});

it('the palette says when nothing is found, and closes on Escape', async () => {
  await page().getByRole('button', { name: 'Go to …' }).click();
  const palette = page().getByRole('dialog', { name: 'Go to or do something' });
  await palette.getByRole('combobox').fill('no such thing');
  await palette.getByText('Nothing has these words.').waitFor();
  await page().keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });
});

it('never logged an error', () => {
  expect(ui.failures).toEqual([]);
});
