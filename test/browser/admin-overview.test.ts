/** The first screen, and the command palette. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

it('an empty app begins with the first steps', async () => {
  await heading('Overview');
  await page().getByText('Show your clients the time you tracked for them').waitFor();
});

it('shows the year as bars that lead to their records, and as a table', async () => {
  await ui.app.importFile(goldenFile('full-en.csv'));
  await ui.app.importFile(goldenFile('projects-en.xlsx'));
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
