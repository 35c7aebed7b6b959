/**
 * What the owner sees of imports: a long one while it runs, the history, and what they changed by
 * hand. On the real program; a running import is held at a known point.
 */
import type { Locator } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { heldWorkers, holdAt, releaseAll } from '../support/held-import.ts';
import { exportFile, exportHeader, exportRows, readUpTo } from '../support/import-files.ts';
import { loaded, startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';
import { dumpStore } from '../support/store-state.ts';

const long = Buffer.from(exportFile(30_000));

let ui: OwnerUi;
const page = () => ui.page;
const button = (name: string | RegExp): Locator => page().getByRole('button', { name });
const toast = (text: string | RegExp): Locator =>
  page().getByRole('status').getByText(text).first();
const heading = (name: string): Promise<void> =>
  page().getByRole('heading', { level: 1, name }).waitFor();
const choose = (name: string, content: string | Buffer): Promise<void> =>
  page()
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
const inHistory = (file: string): Locator =>
  page().getByRole('table', { name: 'History' }).getByRole('row').filter({ hasText: file });
const jobId = (): string => new URL(page().url()).hash.split('/').at(-1)!;

beforeAll(async () => {
  ui = await startOwnerUi({ workers: heldWorkers });
});
afterEach(() => {
  releaseAll();
  vi.restoreAllMocks();
});
afterAll(() => ui.close());

describe('a long import', () => {
  /** The page shows just these numbers, which are the program's own. */
  async function expectProgress(state: string, rows: number): Promise<void> {
    const job = await ui.app.jobWhen(jobId(), ({ progress }) => progress.rows === rows);
    const { estimatedRows, rowsPerSecond, secondsLeft } = job.progress;
    await page().getByRole('heading', { name: state }).waitFor();
    await page()
      .getByText(`${rows.toLocaleString('en-GB')} rows`, { exact: true })
      .waitFor();
    const speed = Math.round(rowsPerSecond).toLocaleString('en-GB');
    await page().getByText(`${speed} a second`, { exact: true }).waitFor();
    await page()
      .getByText(`about ${Math.ceil(secondsLeft!)} seconds left`)
      .waitFor();
    const percent = Math.round((100 * rows) / estimatedRows!);
    await page().getByText(`${percent}%`, { exact: true }).waitFor();
  }

  /** So many seconds later, for the program. */
  function later(seconds: number): void {
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + seconds * 1000);
  }

  it('shows how far it is while it is read, and leaves the other pages as they are', async () => {
    await ui.app.importBytes('first.csv', exportFile(50));
    const before = dumpStore(ui.app.database);
    await ui.open('/imports');
    const hold = holdAt('rows read');
    await choose('long.csv', long);
    await heading('long.csv');
    await hold.reached();
    later(10);
    hold.pass();
    await hold.reached(2);
    await expectProgress('Reading the file', readUpTo(long, 2).rows);

    await ui.open('/customers');
    await page().getByRole('link', { name: 'Acme' }).click();
    await heading('Acme');
    await ui.open('/records');
    await page().getByText('50 records').waitFor();
    await ui.open('/imports');
    await page().getByRole('progressbar', { name: 'long.csv' }).waitFor();
    await page().getByRole('link', { name: 'long.csv' }).click();

    await button('Cancel import').click();
    await toast('Import cancelled, nothing was changed').waitFor();
    expect(dumpStore(ui.app.database)).toBe(before);
  });

  it('shows how far it is while it is written, and changes nothing if it is cancelled', async () => {
    const before = dumpStore(ui.app.database);
    await ui.open('/imports');
    await choose('long.csv', long);
    await button('Import 29,950 records').waitFor();
    const hold = holdAt('rows written');
    await button('Import 29,950 records').click();
    await hold.reached();
    later(10);
    hold.pass();
    await hold.reached(2);
    await expectProgress('Importing', readUpTo(long, 1).rows);

    const asked = vi.spyOn(ui.app.app, 'call');
    await button('Cancel import').click();
    const isAsked = () => asked.mock.calls.some(([{ method }]) => method === 'imports.cancel');
    await expect.poll(isAsked).toBe(true);
    hold.release();
    await toast('Import cancelled, nothing was changed').waitFor();
    expect(dumpStore(ui.app.database)).toBe(before);
    await inHistory('first.csv').waitFor();
    expect(await inHistory('long.csv').count()).toBe(0);
  });
});

describe('the history', () => {
  it('lists each import with its file, its time and its counts', async () => {
    // 10 rows as they are, 40 with another text, 5 new ones and one that cannot be read.
    const changed = exportRows(40, 10).replaceAll('Row', 'Other');
    const file = `${exportHeader}\n${exportRows(10)}${changed}${exportRows(5, 50)}2026-02-30,x\n`;
    await ui.app.importBytes('second.csv', file);
    await ui.open('/imports');
    const [entry] = await ui.app.call('imports.list');
    const at = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
    await inHistory('second.csv').waitFor();
    const cells = await inHistory('second.csv').getByRole('cell').allInnerTexts();
    expect(cells.map((cell) => cell.trim())).toEqual([
      'second.csv',
      at.format(entry!.importedAt),
      '5',
      '40',
      '10',
      '0',
      '1',
      'Undo',
    ]);
  });

  it('offers to undo what nothing later touched, and the one before it afterwards', async () => {
    const undoOf = (file: string): Locator => inHistory(file).getByRole('button', { name: 'Undo' });
    await undoOf('second.csv').waitFor();
    expect(await undoOf('first.csv').count()).toBe(0);
    await undoOf('second.csv').click();
    await button('Undo import').click();
    await toast('Undone: second.csv').waitFor();
    await undoOf('first.csv').waitFor();
    expect(await undoOf('second.csv').count()).toBe(0);
    expect((await ui.app.call('records.list', { search: 'Other' })).total).toBe(0);
    expect((await ui.app.call('records.list')).total).toBe(50);
  });
});

describe('records changed by hand', () => {
  const row = (text: string): Locator =>
    page()
      .getByRole('row')
      .filter({ has: page().getByText(text, { exact: true }) });

  it('are hidden and corrected on their page', async () => {
    await ui.open('/records');
    await loaded(page());
    await row('Row 7').getByRole('checkbox').check();
    await page().getByRole('toolbar').getByRole('button', { name: 'Hide from shares' }).click();
    await row('Row 7').getByText('Hidden', { exact: true }).waitFor();
    // The message stays while it has the focus; the actions for the next choice are not under it.
    const message = page().getByRole('status').getByRole('group');
    await message.getByRole('button', { name: 'Undo' }).focus();
    await row('Row 7')
      .getByRole('checkbox')
      .evaluate((box: HTMLInputElement) => box.click());
    const toolbar = page().getByRole('toolbar');
    const gap = async (): Promise<number> => {
      const [above, below] = [await message.boundingBox(), await toolbar.boundingBox()];
      return below!.y - (above!.y + above!.height);
    };
    await expect.poll(gap).toBeGreaterThan(0);
    await toolbar.getByRole('button', { name: 'Not billable' }).click();
    await row('Row 7').getByText('Corrected', { exact: true }).waitFor();
    const [record] = (await ui.app.call('records.list', { search: 'Row 7' })).rows;
    expect(record).toMatchObject({ hidden: true, billable: false, billableEdited: true });
  });

  it('stay so after the file came again, and the preview says so', async () => {
    await ui.open('/imports');
    await choose('again.csv', exportFile(50).replace('Row 8,', 'Row eight,'));
    await page()
      .getByRole('tab', { name: /Unchanged 49/ })
      .click();
    const shown = page().getByRole('listitem').filter({ hasText: 'Row 7' });
    await shown.getByText('Not applied, changed here: Hidden').waitFor();
    await shown.getByText('Not applied, changed here: Billable').waitFor();
    await button('Import 1 record').click();
    await page().getByRole('heading', { name: 'Imported' }).waitFor();
    await ui.open('/records');
    await row('Row eight').waitFor();
    await row('Row 7').getByText('Hidden', { exact: true }).waitFor();
    await row('Row 7').getByText('Corrected', { exact: true }).waitFor();
  });
});

describe('customers and projects', () => {
  const edited = {
    visible: false,
    color: '#123456',
    comment: 'Pays late',
    budgetE4: 12_000_000,
    timeBudgetS: 36_000,
    budgetType: 'month',
    sortOrder: -2,
  };

  async function fillForm(): Promise<void> {
    await page().getByLabel('Budget', { exact: true }).fill('1200');
    await page().getByLabel('Time budget', { exact: true }).fill('10:00');
    await page().getByText('Every month').click();
    await page().getByRole('switch', { name: 'Active' }).press('Space');
    await page().getByLabel('Colour').fill('#123456');
    await page().getByLabel('Order', { exact: true }).fill('-2');
    await page().getByLabel('Comment').fill('Pays late');
  }

  it('are edited in every field', async () => {
    await ui.open('/customers');
    await page().getByRole('link', { name: 'Acme' }).click();
    await page().getByRole('link', { name: 'Edit' }).click();
    await fillForm();
    await page().getByLabel('Currency').fill('chf');
    await page().getByText('8 changes not saved').waitFor();
    await button('Save').click();
    await toast('Saved: Acme').waitFor();
    const [customer] = await ui.app.call('customers.list');
    expect(customer).toMatchObject({ ...edited, currency: 'CHF' });

    await ui.open(`/customers/${customer!.id}`);
    await page().getByRole('link', { name: 'Website' }).click();
    await heading('Website');
    expect(await page().getByLabel('Currency').count()).toBe(0);
    await fillForm();
    await button('Save').click();
    await toast('Saved: Website').waitFor();
    expect(await ui.app.call('projects.list')).toMatchObject([edited]);
  });

  it('a project is merged into another of its customer, and again known by both names', async () => {
    const csv = `${exportHeader.replace(',Currency,Price', '')}\n2026-11-20,09:00,10:00,1:00,Anna,anna,Acme,Web site,Development,Odd name,1\n`;
    await ui.app.importBytes('odd.csv', csv);
    await ui.open('/customers');
    await page().getByRole('link', { name: 'Acme' }).click();
    const odd = page().getByRole('row').filter({ hasText: 'Web site' });
    await odd.getByRole('button', { name: 'More for Web site' }).press('ArrowDown');
    await page().getByRole('menuitem', { name: 'Merge …' }).click();
    await page().getByLabel('Into').selectOption({ label: 'Website' });
    await button('Merge').click();
    await toast('Merged Web site into Website').waitFor();
    await odd.waitFor({ state: 'detached' });
    expect(await ui.app.call('projects.list')).toMatchObject([{ name: 'Website', records: 50 }]);
    const again = await ui.app.openBytes('odd.csv', csv);
    expect(again.preview!.counts).toMatchObject({ inserted: 0, unchanged: 1 });
    await ui.app.call('imports.cancel', { jobId: again.jobId });
  });
});

it('never logged an error', () => {
  expect(ui.failures).toEqual([]);
});
