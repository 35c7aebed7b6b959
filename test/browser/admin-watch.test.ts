/** The watched folder as the owner sets it up, and what they see of its files. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportFile } from '../support/import-files.ts';
import { startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

let ui: OwnerUi;
let folder: string;
const page = () => ui.page;
const button = (name: string): Locator => page().getByRole('button', { name });
const inHistory = (file: string): Locator =>
  page().getByRole('table', { name: 'History' }).getByRole('row').filter({ hasText: file });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watched-'));
  // A clock that goes: a file is left until it has not changed for some time.
  ui = await startOwnerUi({ clock: { now: () => new Date() } });
});
afterAll(async () => {
  await ui.close();
  rmSync(folder, { recursive: true });
});

describe('the watched folder', () => {
  it('is off, until the owner chooses a folder', async () => {
    await ui.open('/imports');
    const watching = page().getByRole('switch', { name: 'Import new exports automatically' });
    await watching.waitFor();
    expect(await watching.isChecked()).toBe(false);
    await page().getByText('None chosen').waitFor();
    await watching.press('Space');
    const dialog = page().getByRole('dialog', { name: 'Choose folder' });
    const path = dialog.locator('.mono');
    await path.waitFor();
    for (let here = await path.innerText(); here !== '/'; here = await path.innerText()) {
      await dialog.getByRole('button', { name: 'Folder above' }).click();
      await expect.poll(() => path.innerText()).not.toBe(here);
    }
    let here = '';
    for (const part of folder.split('/').filter(Boolean)) {
      await dialog.getByRole('button', { name: part, exact: true }).click();
      here += `/${part}`;
      await dialog.getByText(here, { exact: true }).waitFor();
    }
    await dialog.getByRole('button', { name: 'Watch this folder' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => watching.isChecked()).toBe(true);
    await page().getByText(folder, { exact: true }).waitFor();
    await page()
      .getByLabel('Check the folder', { exact: true })
      .selectOption({ label: 'every 5 minutes' });
    await expect.poll(() => ui.app.call('watch.get')).toMatchObject({ everyMinutes: 5, folder });
  });

  it('imports a new export, and lets one that needs a decision wait, where it is', async () => {
    writeFileSync(join(folder, 'good.csv'), exportFile(3, 100));
    writeFileSync(join(folder, 'doubtful.csv'), `${exportFile(1, 200)}2026-02-30,x\n`);
    const seen = (file: string): Locator => page().getByRole('listitem').filter({ hasText: file });
    await inHistory('good.csv').waitFor();
    await seen('good.csv').getByText('Imported', { exact: true }).waitFor();
    await seen('doubtful.csv').getByText('Waits for you', { exact: true }).waitFor();
    expect((await ui.app.call('records.list', { search: 'Row 10' })).total).toBeGreaterThan(0);
    expect((await ui.app.call('records.list', { search: 'Row 200' })).total).toBe(0);
    await page().getByRole('link', { name: 'doubtful.csv' }).click();
    await button('Import 1 record').click();
    await page().getByRole('heading', { name: 'Imported' }).waitFor();
    await ui.open('/imports');
    await seen('doubtful.csv').getByText('Imported', { exact: true }).waitFor();
    for (const file of ['good.csv', 'doubtful.csv'])
      expect(existsSync(join(folder, file))).toBe(true);
    expect(
      (await ui.app.call('imports.list')).filter(({ fileName }) => fileName === 'good.csv'),
    ).toHaveLength(1);
  });

  it('never logged an error', () => {
    expect(ui.failures).toEqual([]);
  });
});
