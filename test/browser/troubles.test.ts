/** What the owner reads when the data folder, the database or the clock is not as it should be. */
import Database from 'better-sqlite3';
import { renameSync, rmSync } from 'node:fs';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { ownerNow, startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

let ui: OwnerUi;
let now = ownerNow;
const page = () => ui.page;
const toast = (text: RegExp): Locator => page().getByRole('status').getByText(text).first();
const notice = (title: string): Locator =>
  page().locator('main .notice').filter({ hasText: title });
const choose = (theme: string): Promise<void> => page().getByText(theme, { exact: true }).click();
const themeOf = async (): Promise<string> => (await ui.app.call('app.status')).settings.theme;

beforeAll(async () => {
  ui = await startOwnerUi({ clock: { now: () => now } });
  await ui.app.importBytes('a.csv', 'Date,Duration,Customer,Project\n2026-11-03,1:00,Acme,Web\n');
  await ui.open('/settings');
});
afterAll(async () => {
  await ui.close();
});

it('another program holds the database: nothing is saved, and works once it is free', async () => {
  const other = new Database(ui.app.database);
  other.exec('BEGIN IMMEDIATE');
  await choose('Dark');
  await toast(/^Another program holds the database, so nothing was changed\./).waitFor();
  other.close();
  await choose('Dark');
  await expect.poll(themeOf).toBe('dark');
});

it('the clock was set back by a year: every page says so, with the days', async () => {
  now = new Date(2025, 10, 24, 12);
  await page().reload();
  const clock = notice('The clock of this computer looks wrong');
  await clock.getByText(/clock says .*2025, but .* on .*2026 already/).waitFor();
  expect(await axeViolations(page(), { within: 'main', rules: ['color-contrast'] })).toEqual([]);
  await clock.getByRole('button', { name: 'Close' }).click();
  await clock.waitFor({ state: 'detached' });
  now = ownerNow;
});

it('the data folder is gone: every page says what to do, until it is back', async () => {
  const { dataDir } = ui.app;
  renameSync(dataDir, `${dataDir}-away`);
  await choose('Light');
  const gone = notice('Nothing can be saved at the moment');
  await gone.getByText(/Customer Portal no longer finds its data/).waitFor();
  expect(await gone.getAttribute('role')).toBe('alert');
  await ui.open('/customers');
  await page().getByText('Acme').first().waitFor();
  expect(await gone.count()).toBe(1);
  renameSync(`${dataDir}-away`, dataDir);
  await ui.open('/settings');
  await choose('Light');
  await expect.poll(themeOf).toBe('light');
  await gone.waitFor({ state: 'detached' });
});

it('a part of the database was deleted: what was saved is safe, and a restart helps', async () => {
  rmSync(`${ui.app.database}-wal`);
  await choose('Dark');
  await notice('Nothing can be saved at the moment')
    .getByText(/What you had saved is safe in portal\.sqlite\. Restart Customer Portal/)
    .waitFor();
  expect(await themeOf()).toBe('light');
});
