import { fileURLToPath } from 'node:url';
/** What the owner sees of an import before it is applied, on the real program. */
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportFile } from '../support/import-files.ts';
import { startOwnerUi, type OwnerUi } from '../support/owner-ui.ts';

const goldenFile = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/golden/kimai-2.66-world/${name}`, import.meta.url));

let ui: OwnerUi;
const page = () => ui.page;
const button = (name: string | RegExp): Locator => page().getByRole('button', { name });
const item = (text: string | RegExp): Locator =>
  page().getByRole('listitem').filter({ hasText: text });

async function choose(name: string, csv: string): Promise<void> {
  await ui.open('/imports');
  await page()
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page().getByRole('heading', { level: 1, name }).waitFor();
}
async function cancel(): Promise<void> {
  await button('Cancel import').click();
  await expect.poll(() => new URL(page().url()).hash).toBe('#/imports');
}

beforeAll(async () => {
  ui = await startOwnerUi();
});
afterAll(async () => {
  expect(ui.failures).toEqual([]);
  await ui.close();
});

describe('columns that are not recognised', () => {
  it('have their own values beside them, and are settled once for this header', async () => {
    const csv = 'Tag X;Von;Bis;Kunde X;Werk\n2026-11-02;09:15;10:30;Acme;Site\n';
    await choose('by-hand.csv', csv);
    const beside = async (header: string): Promise<string[]> =>
      page()
        .locator('form li')
        .filter({ has: page().getByText(header, { exact: true }) })
        .getByRole('list', { name: 'Sample values' })
        .getByRole('listitem')
        .allInnerTexts();
    await page().getByText('Still needed:').waitFor();
    expect(await beside('Tag X')).toEqual(['2026-11-02']);
    expect(await beside('Kunde X')).toEqual(['Acme']);
    expect(await beside('Werk')).toEqual(['Site']);
    expect(await button('Read the file like this').isDisabled()).toBe(true);
    // From and to say how long it took: no duration is needed.
    const columns = { 'Tag X': 'date', Von: 'begin', Bis: 'end', 'Kunde X': 'customer' };
    for (const [header, column] of Object.entries({ ...columns, Werk: 'project' })) {
      await page().getByLabel(`“${header}” is read as`).selectOption(column);
    }
    await button('Read the file like this').click();
    await item('Site').getByText('1:15').first().waitFor();
    await cancel();
    await choose('again.csv', csv);
    await button('Import 1 record').waitFor();
    await cancel();
  });
});

describe('a preview', () => {
  it('says that a file is coarse, and how to make an export without loss', async () => {
    await ui.open('/imports');
    await page().locator('input[type=file]').setInputFiles(goldenFile('default-en.csv'));
    await button('Import 616 records').waitFor();
    const notice = item('durations to the minute');
    await notice.getByText('each record may be up to 59 seconds short').waitFor();
    await notice.getByText('in Kimai choose Export, then XLSX').waitFor();
    await notice.getByText('columns ID, date, from, to, duration with seconds').waitFor();
    await cancel();
  });

  it('says what the pages will lack', async () => {
    await ui.open('/imports');
    await page().locator('input[type=file]').setInputFiles(goldenFile('my-times-no-rates-en.csv'));
    await item('The file has no amounts').getByText('pages cannot show rates').waitFor();
    await cancel();
  });

  it('shows unreadable rows with line, column, value and reason', async () => {
    await ui.app.importBytes('a.csv', exportFile(3));
    const [acme] = await ui.app.call('customers.list');
    await ui.app.call('shares.create', { label: 'For Acme', customerId: acme!.id, password: null });
    const rows = exportFile(4).replace('2026-11-02', '2026-02-30').replace('Row 2', 'Other text');
    await choose('b.csv', rows);
    await page()
      .getByRole('tab', { name: /Unreadable 1/, selected: true })
      .waitFor();
    const row = item('This is not a date, or there is no such day.');
    await row.getByText('Line 3', { exact: true }).waitFor();
    await row.getByText('Date', { exact: true }).waitFor();
    await row.locator('code').getByText('2026-02-30', { exact: true }).waitFor();
  });

  it('counts per project, and names the shares that will show something new', async () => {
    const group = page().getByRole('row').filter({ hasText: 'Website' });
    expect((await group.getByRole('cell').allInnerTexts()).map((text) => text.trim())).toEqual([
      expect.stringMatching(/^Website\s*Acme$/),
      expect.any(String),
      ...['1', '1', '1', '1'],
    ]);
    const headers = await page().getByRole('columnheader').allInnerTexts();
    expect(headers.slice(2)).toEqual(['New', 'Changed', 'Unchanged', 'Unreadable']);
    await page().getByText('This share will show something new:').waitFor();
    await page().getByRole('link', { name: 'For Acme' }).waitFor();
  });

  it('is made anew, and nothing applied, if its records were changed meanwhile', async () => {
    const changed = page().getByRole('tab', { name: /Changed 1/ });
    await changed.click();
    await item('Other text').locator('del').getByText('Row 2').waitFor();
    const { rows } = await ui.app.call('records.list', { search: 'Row 2' });
    await ui.app.call('records.update', { ids: [rows[0]!.id], patch: { billable: false } });
    await button('Import 2 records').click();
    await page().getByText('The data changed since this preview was made').first().waitFor();
    expect((await ui.app.call('records.list', {})).total).toBe(3);
    // The fresh one says what stays as it was changed here.
    await changed.click();
    await item('Other text').getByText('Not applied, changed here: Billable').waitFor();
    await button('Import 2 records').click();
    await page().getByRole('heading', { name: 'Imported' }).waitFor();
    const after = await ui.app.call('records.list', { search: 'Other text' });
    expect(after.rows).toMatchObject([{ id: rows[0]!.id, billable: false }]);
  });
});

describe('a file that was read wrongly', () => {
  it('is read differently from its preview, with samples that change at once', async () => {
    const dated = exportFile(2)
      .replace('2026-11-01', '11-05-2025')
      .replace('2026-11-02', '12-01-2025');
    await choose('dates.csv', dated);
    const order = page().getByLabel('Order of the dates');
    const samples = page().locator('form li').filter({ has: order }).locator('ol');
    await samples.getByText('month, day, year: 11-05-2025 → 2025-11-05').waitFor();
    await order.selectOption('dmy');
    await samples.getByText('11-05-2025 → 2025-05-11').waitFor();
    await button('Read the file like this').click();
    await page().getByText('Order of the dates: day, month, year').waitFor();
    await button('Read it differently …').click();
    await page().getByText('This is how the file was read').waitFor();
    await order.selectOption('mdy');
    await samples.getByText('11-05-2025 → 2025-11-05').waitFor();
    await button('Read the file like this').click();
    await page().getByText('Order of the dates: month, day, year').waitFor();
    await page().getByText('5 Nov – 1 Dec 2025').first().waitFor();
    await cancel();
  });
});

describe('files that are chosen together', () => {
  it('are one import with one preview and one undo; one that cannot be read is named', async () => {
    await ui.open('/imports');
    const file = (name: string, text: string) => ({
      ...{ name, mimeType: 'text/csv' },
      buffer: Buffer.from(text.replaceAll('Website', 'Together').replaceAll('2026-11', '2026-08')),
    });
    await page()
      .locator('input[type=file]')
      .setInputFiles([
        file('b.csv', exportFile(3, 3)),
        {
          ...file('broken.csv', ''),
          buffer: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
        },
        file('a.csv', exportFile(3)),
      ]);
    await page().getByRole('heading', { level: 1, name: '3 files' }).waitFor();
    await page().getByText('One file cannot be read and is left out').waitFor();
    await item('broken.csv')
      .getByText(/no text file has|not a text file/)
      .waitFor();
    await button('Import 6 records').click();
    await page().getByRole('heading', { name: 'Imported' }).waitFor();
    await ui.open('/imports');
    const entry = page().getByRole('row').filter({ hasText: 'a.csv' }).first();
    await entry.getByText('with b.csv').waitFor();
    await entry.getByRole('button', { name: 'Undo' }).click();
    await button('Undo import').click();
    await page().getByRole('status').getByText('Undone: a.csv').waitFor();
    expect((await ui.app.call('records.list', { search: 'Together' })).total).toBe(0);
  });
});

describe('what the owner must have seen', () => {
  const entry = (day: string, times: string): string =>
    `2026-10-${day},${times},EUR,90,Anna,anna,Acme,Website,Development,Offer ${day},1\n`;
  const csv = (...lines: string[]): string => exportFile(0) + lines.join('');
  const stored = async (): Promise<[string, number][]> =>
    (await ui.app.call('records.list', { search: 'Offer' })).rows
      .map((row): [string, number] => [row.description, row.durationS / 3600])
      .toSorted();

  it('is confirmed notice by notice before anything is written', async () => {
    await choose('doubt.csv', csv(entry('05', '09:00,17:00,0:30')));
    const notice = item('Durations and times contradict each other');
    await button('Import 1 record').click();
    await page().getByRole('status').getByText('Confirm each notice of the preview').waitFor();
    expect(await stored()).toEqual([]);
    await notice.getByRole('checkbox', { name: 'I have checked this' }).check();
    await button('Import 1 record').click();
    await page().getByRole('heading', { name: 'Imported' }).waitFor();
    expect(await stored()).toEqual([['Offer 05', 0.5]]);
  });

  it('corrected entries replace the stored ones, or do not, one by one', async () => {
    const other = entry('08', '11:00,12:00,1:00');
    const before = [entry('06', '09:00,10:00,1:00'), entry('07', '09:00,10:00,1:00'), other];
    await ui.app.importBytes('before.csv', csv(...before));
    const after = [entry('06', '08:00,10:00,2:00'), entry('07', '07:00,10:00,3:00'), other];
    await choose('after.csv', csv(...after));
    await page().getByRole('heading', { name: '2 new entries look like stored ones' }).waitFor();
    await button('Import 2 records').click();
    await page().getByRole('status').getByText('say whether corrected').last().waitFor();
    const row = item('Offer 07').filter({ has: page().getByRole('checkbox') });
    await row.locator('del').getByText('09:00').waitFor();
    await row.locator('ins').getByText('07:00').waitFor();
    await button('Replace all 2').click();
    await page().getByText('2 entries are replaced.').waitFor();
    await row.getByRole('checkbox', { name: 'Replaces the stored entry' }).uncheck();
    await page().getByText('1 entry is replaced.').waitFor();
    await button('Import 2 records').click();
    await page().getByRole('heading', { name: 'Imported' }).waitFor();
    expect(await stored()).toEqual([
      ['Offer 05', 0.5],
      ['Offer 06', 2],
      ['Offer 07', 1],
      ['Offer 07', 3],
      ['Offer 08', 1],
    ]);
  });
});

describe('a file that only says new names', () => {
  const csv = (customer: string, name: string): string =>
    'Date,From,To,Duration,Price,Name,User,Customer,Project,Activity,Account\n' +
    `2026-11-02,09:00,10:00,1:00:00,90,${name},anna,${customer},Names,Dev,N-1\n`;

  it('is told and applied', async () => {
    await choose('names.csv', csv('Nova', 'Anna'));
    await button('Import 1 record').click();
    await page().getByRole('heading', { name: 'Imported' }).waitFor();
    await choose('renamed.csv', csv('نوفا', 'Anna B.'));
    await item(/Nova.* is now called .*نوفا/).waitFor();
    await item(/Anna.* is now shown as .*Anna B\./).waitFor();
    await button('Apply 2 changes').click();
    await page().getByRole('heading', { name: 'Imported' }).waitFor();
    expect((await ui.app.call('customers.list', {})).map(({ name }) => name)).toContain('نوفا');
    await choose('same.csv', csv('نوفا', 'Anna B.'));
    await page().getByText('Nothing in this file is new.').waitFor();
    expect(await button(/^(Apply|Import) \d/).count()).toBe(0);
  });
});
