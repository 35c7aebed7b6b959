import { fileURLToPath } from 'node:url';
/** Customers, timesheets and imports as the owner uses them, on the real program. */
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { formatDuration } from '../../src-shared/domain/duration.ts';
import { exportFile } from '../support/import-files.ts';
import { loaded, startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

const goldenFile = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/golden/kimai-2.66-world/${name}`, import.meta.url));
const customer = 'Hafenkontor Brandt & Söhne GmbH';

let ui: OwnerUi;
const page = () => ui.page;
const button = (name: string | RegExp): Locator => page().getByRole('button', { name });
const toast = (text: string | RegExp): Locator =>
  page().getByRole('status').getByText(text).first();
const heading = (name: string): Promise<void> =>
  page().getByRole('heading', { level: 1, name }).waitFor();
const place = (): string => new URL(page().url()).hash;
const focused = (): Promise<string> =>
  page().evaluate(() => document.activeElement?.textContent?.trim() ?? '');

beforeAll(async () => {
  ui = await startOwnerUi();
});
afterAll(async () => {
  await ui.close();
});

describe('imports', () => {
  it('begins with three steps, and a chooser that leads to a preview', async () => {
    await ui.open('/customers');
    await page().getByText('Three steps from a Kimai export').waitFor();
    await page().locator('input[type=file]').setInputFiles(goldenFile('full-en.csv'));
    await heading('full-en.csv');
    await button('Import 616 records').waitFor();
    expect(await ui.app.call('imports.list')).toEqual([]);
  });

  it('applies what the preview showed, and says what to do next', async () => {
    await button('Import 616 records').click();
    await page().getByRole('heading', { name: 'Imported' }).waitFor();
    await page().getByRole('link', { name: 'Make a share' }).waitFor();
    expect((await ui.app.call('imports.list'))[0]?.counts.inserted).toBe(616);
  });

  it('shows old and new values side by side', async () => {
    await ui.open('/imports');
    await page().locator('input[type=file]').setInputFiles(goldenFile('projects-en.xlsx'));
    await page()
      .getByRole('tab', { name: /Changed 5/, selected: true })
      .waitFor();
    const row = page().getByRole('listitem').filter({ hasText: 'Hosting & Support' });
    await row.getByText('800.00').waitFor();
    await row.locator('del').first().getByText('0.00').waitFor();
  });

  it('moves between kinds of rows by the arrow keys', async () => {
    await page().getByRole('tab', { selected: true }).focus();
    await page().keyboard.press('ArrowLeft');
    await page().getByRole('tab', { name: /New 1/, selected: true }).waitFor();
    await page().getByRole('listitem').filter({ hasText: 'Discovery' }).waitFor();
  });

  it('cancels with nothing changed', async () => {
    await button('Cancel import').click();
    await toast('Import cancelled, nothing was changed').waitFor();
    await expect.poll(place).toBe('#/imports');
    expect(await ui.app.call('imports.list')).toHaveLength(1);
  });

  it('asks for columns it does not know, with their values beside', async () => {
    const csv = 'When,Whom for,Job,Took,Note\n2026-11-02,Acme,Site,1:30,Built it\n';
    await page()
      .locator('input[type=file]')
      .setInputFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page().getByText('Still needed:').waitFor();
    await page().getByText('Built it').waitFor();
    const columns = {
      When: 'date',
      'Whom for': 'customer',
      Job: 'project',
      Took: 'duration',
      Note: 'description',
    };
    for (const [header, column] of Object.entries(columns)) {
      await page().getByLabel(`“${header}” is read as`).selectOption(column);
    }
    await button('Read the file like this').click();
    await button('Import 1 record').click();
    await page().getByRole('heading', { name: 'Imported' }).waitFor();
  });

  it('lists what would go before a file that is said to be complete removes it', async () => {
    const csv = 'When,Whom for,Job,Took,Note\n2026-11-03,Acme,Site,2:00,Went on\n';
    await ui.open('/imports');
    await page()
      .locator('input[type=file]')
      .setInputFiles({ name: 'next.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page().getByText('Records that are missing in this file stay as they are.').waitFor();
    await button('This file is complete').click();
    await page().getByLabel('First day').fill('2026-11-01');
    await button('Show what would be removed').click();
    await page().getByText('1 record not in this file will be removed.').waitFor();
    await page()
      .getByRole('tab', { name: /Removed 1/ })
      .click();
    await page().getByRole('listitem').filter({ hasText: 'Built it' }).waitFor();
    await button('Keep them').click();
    await page().getByText('Records that are missing in this file stay as they are.').waitFor();
    await button('Cancel import').click();
    await toast('Import cancelled').waitFor();
  });

  it('shows rows, speed and time left of a long import', async () => {
    const { jobId } = await ui.app.openBytes('long.csv', exportFile(3));
    const progress = {
      rows: 123_456,
      estimatedRows: 1_000_000,
      rowsPerSecond: 61_728.3,
      secondsLeft: 14.2,
    };
    // The real answer, as it would be on a far longer file.
    await page().route('**/api', async (route) => {
      const { method } = route.request().postDataJSON() as { method: string };
      if (method !== 'imports.job') return route.fallback();
      const response = await route.fetch();
      const reply = (await response.json()) as { value: object };
      const value = { ...reply.value, state: 'committing', preview: null, progress };
      await route.fulfill({ response, json: { ...reply, value } });
    });
    await ui.open(`/imports/job/${jobId}`);
    await page().getByText('123,456 rows').waitFor();
    await page().getByText('61,728 a second').waitFor();
    await page().getByText('about 15 seconds left').waitFor();
    await page().getByText('12%').waitFor();
    const bar = page().getByRole('progressbar', { name: 'Importing' });
    expect(await bar.getAttribute('aria-valuenow')).toBe('12');
    await button('Cancel import').waitFor();
    progress.secondsLeft = 200;
    await page().reload();
    await page().getByText('about 3 minutes left').waitFor();
    await page().unroute('**/api');
    await ui.app.call('imports.cancel', { jobId });
    await ui.open('/imports');
  });

  it('watches no folder until one is chosen', async () => {
    const watching = page().getByRole('switch', { name: 'Import new exports automatically' });
    await watching.press('Space');
    await page().getByRole('dialog', { name: 'Choose folder' }).waitFor();
    await page().keyboard.press('Escape');
    await expect.poll(() => watching.isChecked()).toBe(false);
    expect(await ui.app.call('watch.get')).toMatchObject({ enabled: false, folder: '' });
  });

  it('undoes an import after a question', async () => {
    await ui.open('/imports');
    const row = page().getByRole('row').filter({ hasText: 'mine.csv' });
    await row.getByRole('button', { name: 'Undo' }).click();
    await button('Undo import').waitFor();
    // The question follows a language that is changed while it is open, as in another window.
    await ui.app.call('settings.set', { locale: 'de' });
    await button('Import rückgängig machen').waitFor();
    await ui.app.call('settings.set', { locale: 'en' });
    await button('Undo import').click();
    await toast('Undone: mine.csv').waitFor();
    await row.getByText('Undone').waitFor();
    const customers = await ui.app.call('customers.list');
    expect(customers.map(({ name }) => name)).not.toContain('Acme');
  });

  it('says why a file cannot be read', async () => {
    await page()
      .locator('input[type=file]')
      .setInputFiles({ name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.from('') });
    await page().getByText('empty.csv').waitFor();
    await page().getByRole('alert').getByText('The file is empty').waitFor();
    await button('Dismiss').click();
    await page().getByText('empty.csv').waitFor({ state: 'detached' });
  });
});

describe('customers', () => {
  it('goes from row to row by the arrow keys, and in by Enter', async () => {
    await ui.open('/customers');
    await page().getByRole('table').waitFor();
    await loaded(page());
    await page().getByRole('table').getByRole('link').first().focus();
    const names = await page().getByRole('table').getByRole('link').allInnerTexts();
    await page().keyboard.press('ArrowDown');
    await expect.poll(focused).toBe(names[1]);
    await page().keyboard.press('End');
    await expect.poll(focused).toBe(names.at(-1));
    await page().keyboard.press('Enter');
    await heading(names.at(-1)!);
    // As after loading a page: a screen reader starts at the heading.
    await expect.poll(focused).toBe(names.at(-1));
  });

  it('saves a budget as typed, and takes it back', async () => {
    await ui.open('/customers');
    await page().getByRole('link', { name: customer }).click();
    await page().getByRole('link', { name: 'Edit' }).click();
    await page().getByLabel('Budget', { exact: true }).fill('25.000,50');
    await page().getByLabel('Time budget', { exact: true }).fill('10,5');
    await page().getByText('Every month').click();
    await page().getByText('3 changes not saved').waitFor();
    await button('Save').click();
    const stored = async () =>
      (await ui.app.call('customers.list')).find(({ name }) => name === customer);
    // Pointed at, a message stays.
    await toast(`Saved: ${customer}`).hover();
    expect(await stored()).toMatchObject({
      budgetE4: 250_005_000,
      timeBudgetS: 37_800,
      budgetType: 'month',
    });
    await button('Undo').click();
    await expect.poll(stored).toMatchObject({ budgetE4: 0, timeBudgetS: 0, budgetType: null });
    await toast('Undone').waitFor();
    await expect.poll(() => page().getByLabel('Budget', { exact: true }).inputValue()).toBe('');
  });

  it('refuses what is no amount, in place', async () => {
    await page().getByLabel('Budget', { exact: true }).fill('a lot');
    await page().getByText('Please enter an amount').waitFor();
    await page().getByLabel('Budget', { exact: true }).fill('');
    await page().getByText('Please enter an amount').waitFor({ state: 'detached' });
  });

  it('asks before it loses what was typed', async () => {
    const form = place();
    await page().getByLabel('Comment').fill('Pays late');
    await page().getByRole('link', { name: 'Timesheets', exact: true }).click();
    await page().getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await page().keyboard.press('Escape');
    expect(place()).toBe(form);
    expect(await page().getByLabel('Comment').inputValue()).toBe('Pays late');
    await page().getByRole('link', { name: 'Timesheets', exact: true }).click();
    await button('Leave and discard').click();
    await heading('Timesheets');
  });

  it('merges one customer into another of its currency, and takes it back', async () => {
    // The columns of this header were mapped above, and are remembered.
    const csv = 'When,Whom for,Job,Took,Note\n2026-11-02,Hafenkontor,Site,1:30,Built it\n';
    await ui.app.importBytes('other-name.csv', csv);
    await ui.open('/customers');
    const row = page().getByRole('row').filter({ hasText: customer });
    await row.getByRole('button', { name: `More for ${customer}` }).press('ArrowDown');
    await page().getByRole('menuitem', { name: 'Merge …' }).click();
    const dollars = page().getByRole('option', { name: /O'Malley.*other currency/ });
    expect(await dollars.isDisabled()).toBe(true);
    await page().getByLabel('Into').selectOption({ label: 'Hafenkontor' });
    await button('Merge').click();
    await toast(`Merged ${customer}`).hover();
    await row.waitFor({ state: 'detached' });
    await button('Undo').click();
    await row.waitFor();
    const [entry] = await ui.app.call('imports.list');
    await ui.app.call('imports.undo', { importId: entry!.id });
  });
});

describe('timesheets', () => {
  it('finds records by words, and keeps the search in the address', async () => {
    await ui.open('/records');
    await page().getByText('616 records').waitFor();
    await page().keyboard.press('/');
    await page().keyboard.type('login form');
    await expect.poll(place).toContain('search=login+form');
    await page().getByText('616 records').waitFor({ state: 'detached' });
    const { total } = await ui.app.call('records.list', { search: 'login form' });
    await page().getByText(`${total} records`).waitFor();
  });

  it('orders by a column, and keeps a filter under a name', async () => {
    await ui.open('/records');
    await page().getByText('616 records').waitFor();
    const [longest] = (await ui.app.call('records.list', { order: 'duration', limit: 1 })).rows;
    const head = page().getByRole('columnheader', { name: 'Duration' });
    await head.getByRole('button').click();
    await expect.poll(place).toBe('#/records?by=duration');
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('descending');
    const first = page().locator('tbody tr').first().locator('[data-column="duration"]');
    await expect.poll(() => first.innerText()).toBe(formatDuration(longest!.durationS));
    await head.getByRole('button').click();
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('ascending');

    await button('Save filter').click();
    await page().getByLabel('Name of the filter').fill('Shortest');
    await page().keyboard.press('Enter');
    await toast('Filter “Shortest” saved').waitFor();
    await ui.open('/records');
    await page().getByRole('link', { name: 'Shortest' }).click();
    await expect.poll(place).toBe('#/records?by=duration&up=1');
    await button('Remove the filter “Shortest”').click();
    await page().getByRole('link', { name: 'Shortest' }).waitFor({ state: 'detached' });
    await button('Undo').click();
    await page().getByRole('link', { name: 'Shortest' }).waitFor();
  });

  it('hides chosen records from shares, and takes it back', async () => {
    await ui.open('/records');
    await page().getByText('616 records').waitFor();
    await loaded(page());
    await page().getByRole('row').nth(1).getByRole('checkbox').check();
    await page().getByRole('row').nth(2).getByRole('checkbox').check();
    await page().getByRole('toolbar').getByText('2 chosen').waitFor();
    // Their time together; money follows where they have some.
    const { rows } = await ui.app.call('records.list', { limit: 2 });
    const duration = formatDuration(rows.reduce((sum, { durationS }) => sum + durationS, 0));
    await expect.poll(() => page().getByRole('toolbar').innerText()).toContain(duration);
    await button('Hide from shares').click();
    await toast('2 records hidden from shares').hover();
    expect((await ui.app.call('records.list', { state: 'hidden' })).total).toBe(2);
    await page().getByText('Hidden', { exact: true }).first().waitFor();
    await button('Undo').click();
    await expect
      .poll(async () => (await ui.app.call('records.list', { state: 'hidden' })).total)
      .toBe(0);
    await toast('Undone').waitFor();
  });

  it('turns pages', async () => {
    await ui.open('/records');
    await page().getByText('1–100 of 616').waitFor();
    await button('Next').click();
    await page().getByText('101–200 of 616').waitFor();
    expect(place()).toContain('offset=100');
  });
});

describe('a day', () => {
  it('is chosen in the calendar by keyboard, in the form of the language', async () => {
    await ui.open('/records');
    const field = page().getByLabel('First day');
    await field.fill('24/11/2026');
    await expect.poll(place).toContain('from=2026-11-24');
    await field.press('Alt+ArrowDown');
    const calendar = page().getByRole('dialog', { name: 'Calendar' });
    await calendar.getByRole('button', { name: /^Tuesday,? 24 November 2026$/ }).waitFor();
    expect(await axeViolations(page(), { within: '[popover]:popover-open' })).toEqual([]);
    // A week on, then the first day of that week.
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Home');
    await page().keyboard.press('Enter');
    await calendar.waitFor({ state: 'hidden' });
    await expect.poll(place).toContain('from=2026-11-30');
    expect(await field.inputValue()).toBe('30/11/2026');
  });

  it('that is none is told, and leaves what was there', async () => {
    const field = page().getByLabel('First day');
    await field.fill('31/11/2026');
    await field.press('Enter');
    await page().getByText('Please enter a day such as 24/11/2026.').waitFor();
    expect(place()).toContain('from=2026-11-30');
    await field.fill('');
    await expect.poll(place).not.toContain('from=');
  });

  it('has its calendar within a narrow window, from right to left too', async () => {
    await page().setViewportSize({ width: 360, height: 640 });
    for (const direction of ['ltr', 'rtl']) {
      await page().evaluate((dir) => (document.documentElement.dir = dir), direction);
      await page().getByRole('button', { name: 'Open the calendar' }).last().click();
      const calendar = page().getByRole('dialog', { name: 'Calendar' });
      await calendar.getByRole('grid').waitFor();
      const box = (await calendar.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(360);
      expect(box.y + box.height).toBeLessThanOrEqual(640);
      await page().keyboard.press('Escape');
      await calendar.waitFor({ state: 'hidden' });
    }
    await page().evaluate(() => (document.documentElement.dir = 'ltr'));
    await page().setViewportSize({ width: 1280, height: 900 });
  });
});

describe('the shell', () => {
  it('says at all times whether it is online', async () => {
    await ui.open('/records');
    await page()
      .getByRole('link', { name: /^Not online/ })
      .first()
      .waitFor();
  });

  it('goes to places by two keys, and explains them', async () => {
    await heading('Timesheets');
    await page().keyboard.press('g');
    await page().keyboard.press('i');
    await heading('Imports');
    await page().keyboard.press('?');
    const sheet = page().getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('Save the form').waitFor();
    expect(await axeViolations(page(), { within: 'dialog[open]' })).toEqual([]);
    await page().keyboard.press('Escape');
    await page().getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('has a key for a new share, and the palette knows the sheet of keys', async () => {
    await page().keyboard.press('n');
    await heading('New share');
    await page().keyboard.press('Control+k');
    await page().keyboard.type('keyboard');
    await page().getByRole('option', { name: 'Keyboard shortcuts', selected: true }).waitFor();
    await page().keyboard.press('Enter');
    await page().getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page().keyboard.press('Escape');
    await page().getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('takes files dropped anywhere', async () => {
    await ui.open('/settings');
    await heading('Settings');
    const data = await page().evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['Date,Nothing\n'], 'dropped.csv', { type: 'text/csv' }));
      return transfer;
    });
    await page().dispatchEvent('body', 'dragenter', { dataTransfer: data });
    await page().getByText('Drop to import').waitFor();
    await page().dispatchEvent('body', 'drop', { dataTransfer: data });
    await heading('dropped.csv');
  });

  it('has a drawer in a narrow window', async () => {
    await page().setViewportSize({ width: 360, height: 780 });
    await button('Menu').click();
    await page().getByRole('link', { name: 'Customers' }).click();
    await heading('Customers');
    await page().getByRole('link', { name: 'Customers' }).waitFor({ state: 'hidden' });
    await page().setViewportSize({ width: 1280, height: 900 });
  });

  it('locks, and lets in again with the password only', async () => {
    const [owner] = await ui.app.call('profiles.list');
    await ui.app.call('profiles.update', { id: owner!.id, password: 'six words of a poem' });
    await page().getByLabel('Password').fill('wrong');
    await button('Sign in').click();
    await page().getByRole('alert').waitFor();
    expect(await page().getByRole('navigation').count()).toBe(0);
    await page().getByLabel('Password').fill('six words of a poem');
    await button('Sign in').click();
    await heading('Customers');
  });

  it('never logged an error', () => {
    expect(ui.failures).toEqual([]);
  });
});
