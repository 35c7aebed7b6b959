/** What a client does with the details of a month where scripts run, under the real policy. */
import { readFileSync } from 'node:fs';
import { read, utils, type CellObject } from '@e965/xlsx';
import type { Browser, BrowserContext, Locator, Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { securityHeaders } from '../../src-server/access/headers.ts';
import { axeViolations } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { startOpenPortal, type TestPortal } from '../support/portal.ts';
import { seedCustomer, seedProject, seedRecords, seedShare } from '../support/seed.ts';

let portal: TestPortal;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let path: (locale: string) => string;
let withoutDownloads: string;
const failures: string[] = [];

beforeAll(async () => {
  portal = await startOpenPortal({ securityHeaders });
  browser = await launchChromium();
  context = await browser.newContext({
    acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { store } = portal;
  const customerId = seedCustomer(store, { name: 'Harbour: "Quay" / Co' });
  const projectId = seedProject(store, { customerId, name: 'Website' });
  const shared = { projectId, user: 'tom', hourlyRateE4: 800_000 };
  seedRecords(store, [
    { ...shared, day: '2026-10-01', durationS: 5_400, rateE4: 1_200_000, description: 'Müller' },
    {
      ...{ ...shared, day: '2026-10-02', durationS: 90_015, rateE4: 20_003_333 },
      description: '=HYPERLINK("http://x.example")\nsecond, line',
    },
    {
      ...{ ...shared, day: '2026-10-02', durationS: 1_800, rateE4: 0, billable: false },
      description: '=2+2',
    },
    { ...shared, day: '2026-10-10', durationS: 600, rateE4: null, description: 'Ångström 20' },
    { ...shared, day: '2026-09-10', durationS: 600, rateE4: null, description: 'before' },
  ]);
  const options = { showRates: true, showUser: true };
  const { key } = seedShare(store, { customerId, options: { ...options, downloads: true } });
  path = (locale) => `${portal.url}/${locale}/auth/customer-portal/${key}?year=2026&month=10`;
  const other = seedShare(store, { customerId, options }).key;
  withoutDownloads = `${portal.url}/en/auth/customer-portal/${other}`;
  page = await context.newPage();
  page.on('pageerror', (error) => failures.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') failures.push(message.text());
  });
});
afterAll(async () => {
  expect(failures).toEqual([]);
  await browser.close();
  await portal.close();
});

const tools = (): Locator => page.locator('[data-table-tools]');
const search = (): Locator => page.getByRole('searchbox');
const descriptions = (): Promise<string[]> =>
  page.locator('[data-row]:visible [data-description]').allTextContents();
const heads = (): Locator => page.locator('[data-table="details"] th[data-column]');

async function download(name: string): Promise<{ fileName: string; bytes: Buffer }> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  return { fileName: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

describe('the details of a month', () => {
  beforeEach(async () => {
    await page.goto(path('en'));
    await search().waitFor();
  });

  it('are searched without case and accents, and say how long what was found took', async () => {
    await search().fill('MULLER');
    expect(await descriptions()).toEqual(['Müller']);
    expect(await tools().getByRole('status').innerText()).toBe('1 / 4 · 1:30');
    await search().fill('line second');
    // 25:00:15: seconds count, although a row does not show them.
    expect(await tools().getByRole('status').innerText()).toBe('1 / 4 · 25:00');
    await search().fill('nobody');
    await page.getByText('No entry has these words.').waitFor();
    expect(await descriptions()).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
    await search().fill('');
    expect(await descriptions()).toHaveLength(4);
    expect(await tools().getByRole('status').innerText()).toBe('');
  });

  it('are sorted by any column, the other way, and again as they were', async () => {
    const before = await descriptions();
    const duration = heads().filter({ hasText: 'Duration' });
    await duration.getByRole('button').click();
    expect(await duration.getAttribute('aria-sort')).toBe('ascending');
    expect(await descriptions()).toEqual(['Ångström 20', '=2+2', 'Müller', before.find(isLink)!]);
    await duration.getByRole('button').click();
    expect(await duration.getAttribute('aria-sort')).toBe('descending');
    expect((await descriptions()).at(-1)).toBe('Ångström 20');
    await duration.getByRole('button').click();
    expect(await duration.getAttribute('aria-sort')).toBeNull();
    expect(await descriptions()).toEqual(before);
    // What has no amount comes last in both directions.
    const total = heads().filter({ hasText: 'Total price' });
    for (const direction of ['ascending', 'descending']) {
      await total.getByRole('button').press('Enter');
      expect(await total.getAttribute('aria-sort')).toBe(direction);
      expect((await descriptions()).at(-1)).toBe('Ångström 20');
    }
    expect(await axeViolations(page)).toEqual([]);
  });

  it('show a day once where rows of it follow each other, in whatever order', async () => {
    const repeated = () => page.locator('[data-row].same:visible').count();
    expect(await repeated()).toBe(1);
    await heads().filter({ hasText: 'Description' }).getByRole('button').click();
    expect(await repeated()).toBe(1);
    await search().fill('2+2');
    expect(await repeated()).toBe(0);
  });

  it('are copied as they are shown, as a table and as cells', async () => {
    await search().fill('website');
    await heads().filter({ hasText: 'Duration' }).getByRole('button').click();
    await page.getByRole('button', { name: 'Copy the table' }).click();
    await page.getByText('Copied').waitFor();
    const clipboard = (type: string): Promise<string> =>
      page.evaluate(async (wanted) => {
        const [item] = await navigator.clipboard.read();
        return (await item!.getType(wanted)).text();
      }, type);
    const lines = (await clipboard('text/plain')).split('\r\n');
    expect(lines[0]).toBe(
      'Date\tUser\tProject\tDescription\tDuration\tHourly price (EUR)\tTotal price (EUR)',
    );
    expect(lines[1]).toBe('2026-10-10\ttom\tWebsite\tÅngström 20\t0:10\t80.00\t');
    expect(lines[2]).toBe("2026-10-02\ttom\tWebsite\t'=2+2 [not billed]\t0:30\t80.00\t0.00");
    expect(await clipboard('text/html')).toContain('<td>2026-10-02</td>');
  });

  it('are taken along as CSV, with no formula in it', async () => {
    const { fileName, bytes } = await download('Download CSV');
    expect(fileName).toBe('Harbour Quay Co 2026-10.csv');
    const text = bytes.toString();
    expect(text.startsWith('\ufeffDate,User,Project,Description,Duration,')).toBe(true);
    expect(text).toContain('2026-10-01,tom,Website,Müller,1:30,80.00,120.00\r\n');
    expect(text).toContain(
      `"'=HYPERLINK(""http://x.example"")\nsecond, line",25:00:15,80.00,2000.3333\r\n`,
    );
    await search().fill('muller');
    expect((await download('Download CSV')).bytes.toString().trim().split('\r\n')).toHaveLength(2);
  });

  it('are taken along as a workbook with typed cells and their sums', async () => {
    const { fileName, bytes } = await download('Download XLSX');
    expect(fileName).toBe('Harbour Quay Co 2026-10.xlsx');
    const book = read(bytes, { cellStyles: true, cellNF: true });
    expect(book.SheetNames).toEqual(['2026-10']);
    const sheet = book.Sheets['2026-10']!;
    const cell = (place: string) => sheet[place] as CellObject;
    expect(utils.sheet_to_json(sheet, { header: 1 })[0]).toEqual([
      ...['Date', 'User', 'Project', 'Description', 'Duration'],
      ...['Hourly price (EUR)', 'Total price (EUR)'],
    ]);
    const row = [2, 3, 4, 5].find((line) => isLink(String(cell(`D${line}`).v)))!;
    expect(cell(`D${row}`)).toMatchObject({ t: 's' });
    expect(cell(`D${row}`).f).toBeUndefined();
    expect(cell(`A${row}`)).toMatchObject({ t: 'n', v: 46_297, w: '2026-10-02' });
    expect(cell(`E${row}`)).toMatchObject({ t: 'n', v: 90_015 / 86_400, w: '25:00' });
    expect(cell(`G${row}`)).toMatchObject({ t: 'n', v: 2000.3333, w: '2,000.33' });
    expect(cell('E6').v).toBeCloseTo(97_815 / 86_400, 12);
    expect(cell('G6')).toMatchObject({ t: 'n', v: 2120.3333 });
    expect(sheet.F6).toBeUndefined();
  });

  it('follow the arrow keys to the months beside, but not while somebody types', async () => {
    await search().press('ArrowLeft');
    await page.locator('h1').click();
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/month=9/);
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/month=10/);
  });
});

const isLink = (text: string): boolean => text.includes('HYPERLINK');

it('a language with commas in its numbers separates cells as its spreadsheets do', async () => {
  await page.goto(path('de'));
  await search().waitFor();
  const { bytes } = await download('Herunterladen CSV');
  expect(bytes.toString()).toContain('2026-10-01;tom;Website;Müller;1:30;80,00;120,00\r\n');
});

it('a page that reads from the right turns its months and its workbook round', async () => {
  await page.goto(path('ar'));
  await search().waitFor();
  expect((await download('تنزيل XLSX')).bytes.toString('latin1')).toContain('rightToLeft="1"');
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/month=9/);
});

it('files are offered only where the owner allows them', async () => {
  await page.goto(withoutDownloads);
  await page.getByRole('button', { name: 'Copy the table' }).waitFor();
  expect(await page.locator('[data-download]').count()).toBe(0);
});

it('without scripts nothing is shown that could not work', async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(path('en'));
  await still.locator('[data-table="details"]').waitFor();
  expect(await still.locator('[data-table-tools]').isVisible()).toBe(false);
  expect(await still.locator('th button').count()).toBe(0);
  await plain.close();
});
