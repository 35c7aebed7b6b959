/** Files of public reports (fixtures/cases) that are about what is stored, or what is said of them. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { utils, write } from '@e965/xlsx';
import { parse } from 'node-html-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explainFile, type Decision } from '../../../../src-main/cli/explain-file.ts';
import type { ImportJob } from '../../../../src-shared/contract/imports.ts';
import { translatorFor } from '../../../../src-main/program/texts.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';
import { exportFile, exportHeader } from '../../../support/import-files.ts';
import { loadTexts } from '../../../support/texts.ts';

const cases = join(import.meta.dirname, '../../../fixtures/cases');
const t = translatorFor(loadTexts(), 'en');

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

it('c09: another currency is not mixed, and the message names the way out that is here', async () => {
  await app.importFile(join(cases, 'import/c09-cur.csv'));
  const { jobId, preview } = await app.openFile(join(cases, 'import/c09-usd-later.csv'));
  expect(preview!.counts).toMatchObject({ inserted: 0, problems: 1 });
  const { rows } = await app.call('imports.rows', { jobId, kind: 'problem' });
  const { code } = rows[0]!.problem!;
  const text = t(`problem.${code}`);
  expect(text).toContain('change it here too, under Customers');
  expect(text).toContain('give them another customer in the file');
  // The first way that it names: the customer's currency is the new one, and the file comes in.
  const [customer] = await app.call('customers.list', {});
  await app.call('customers.update', { id: customer!.id, patch: { currency: 'USD' } });
  const again = await app.openFile(join(cases, 'import/c09-usd-later.csv'));
  expect(again.preview!.counts.problems).toBe(0);
});

it('a workbook without its second row is shown, and so are the jobs beside it', async () => {
  const [header, ...rows] = exportFile(3).trim().split('\n');
  const sheet = utils.aoa_to_sheet([header!.split(',')]);
  // Rows 2 and 4 are not there.
  utils.sheet_add_aoa(sheet, [rows[0]!.split(',')], { origin: 'A3' });
  utils.sheet_add_aoa(sheet, [rows[1]!.split(',')], { origin: 'A5' });
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, 'Worksheet');
  const bytes = write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
  const other = await app.openBytes('other.csv', exportFile(1));
  const job = await app.openBytes('sparse.xlsx', bytes);
  expect(job).toMatchObject({ state: 'preview', preview: { counts: { inserted: 2 } } });
  expect(job.reading!.samples).toHaveLength(2);
  expect(await app.call('imports.jobs')).toEqual([other, job]);
});

it('c08: the client sees that an entry ended three days later', async () => {
  await app.importFile(join(cases, 'import/c08-long.csv'));
  const [customer] = await app.call('customers.list', {});
  await app.call('publish.set', { enabled: true, port: 0 });
  const { urls } = await app.call('publish.status');
  const options = { showTimes: true };
  const share = await app.call('shares.create', { customerId: customer!.id, options });
  const address = `${urls[0]}${share.path}?year=2026&month=11&details=table`;
  const page = parse(await (await fetch(address)).text());
  const later = page.querySelector('[data-days-later]');
  expect(later?.text).toMatch(/^\+3\sd$/);
  expect(later?.closest('tr')?.text).toContain('11:30');
});

describe('dates that mean two days', () => {
  // Someone who begins at nine each day: under the wrong order many look like stored ones, too.
  const clock = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const file = (days: [string, number][]): string => {
    const rows = days.map(
      ([date, minutes]) =>
        `${date},09:00,${clock(540 + minutes)},${clock(minutes)},EUR,90,Anna,anna,Acme,Website,Dev,Work,1`,
    );
    return [exportHeader, ...rows, ''].join('\n');
  };
  const ofMarch = (date: (day: string) => string): string =>
    file(['02', '04', '05', '06', '09', '10'].map((day, index) => [date(day), 60 + 7 * index]));
  const order = ({ reading }: ImportJob) =>
    reading!.choices.find(({ about }) => about === 'dateOrder');

  it('are what is stored already, in whichever order', async () => {
    await app.importBytes(
      'iso.csv',
      ofMarch((day) => `2026-03-${day}`),
    );
    for (const [name, date, value] of [
      ['us.csv', (day: string) => `03/${day}/2026`, 'mdy'],
      ['eu.csv', (day: string) => `${day}/03/2026`, 'dmy'],
    ] as const) {
      const job = await app.openBytes(name, ofMarch(date));
      expect(job).toMatchObject({ state: 'preview', preview: { counts: { inserted: 0 } } });
      expect(order(job)).toMatchObject({ chosen: value, because: 'storedDates' });
    }
  });

  it('are asked about if the day stands behind the year', async () => {
    await app.importBytes(
      'iso.csv',
      ofMarch((day) => `2026-03-${day}`),
    );
    const job = await app.openBytes(
      'ydm.csv',
      ofMarch((day) => `2026-${day}-03`),
    );
    expect(job.state).toBe('mapping');
    expect(order(job)).toMatchObject({ chosen: null, because: 'isoDoubtful' });
  });

  it('are asked about if others are stored', async () => {
    await app.importBytes(
      'iso.csv',
      ofMarch((day) => `2026-04-${day}`),
    );
    const job = await app.openBytes(
      'us.csv',
      ofMarch((day) => `03/${day}/2026`),
    );
    expect(job.state).toBe('mapping');
    expect(order(job)).toMatchObject({ chosen: null });
  });
});

describe('import --explain', () => {
  const files = ['import', 'spreadsheets'].flatMap((folder) =>
    readdirSync(join(cases, folder)).map((name) => join(cases, folder, name)),
  );

  it('says of every file what was decided, with the evidence, or why it is not read', async () => {
    const explain = async (path: string) =>
      (await explainFile((method, input) => app.call(method, input), path, t)) as {
        state: string;
        error: { text: string } | null;
        decisions: Decision[] | undefined;
      };
    for (const path of files) {
      const { state, error, decisions } = await explain(path);
      const name = basename(path);
      if (state === 'failed') {
        expect(error!.text, name).not.toBe('');
        expect(name).toBe('06-lo-en-over-24h.ods');
        continue;
      }
      const origin = name.endsWith('.xlsx') ? ['sheet'] : ['encoding', 'separator'];
      const all = [...origin, 'headerRow', 'columns', 'dateOrder', 'durationUnit'];
      expect(decisions!.map(({ about }) => about).slice(0, all.length), name).toEqual(all);
      for (const { because } of decisions!) expect(because, name).toMatch(/^[A-Z].*\.$/);
    }
    const { decisions } = await explain(join(cases, 'import/c02-sep-semi.csv'));
    expect(decisions).toMatchObject([
      { chosen: 'utf-8' },
      { chosen: ';' },
      { chosen: 2 },
      { chosen: 18 },
      { chosen: 'ymd' },
      { chosen: 'h:mm' },
    ]);
  });

  it('says what else it could be, with cells of the file, and what the owner is told', async () => {
    const explain = async (name: string) =>
      (await explainFile((method, input) => app.call(method, input), join(cases, name), t)) as {
        state: string;
        decisions: Decision[];
        notices: string[];
      };
    const asked = await explain('import/c24-dash-amb.csv');
    expect(asked.state).toBe('asks');
    expect(asked.decisions.find(({ about }) => about === 'dateOrder')).toMatchObject({
      chosen: null,
      because: 'No date of the file tells the order.',
      options: {
        dmy: ['11-05-2025 → 2025-05-11', '12-01-2025 → 2025-01-12'],
        mdy: ['11-05-2025 → 2025-11-05', '12-01-2025 → 2025-12-01'],
      },
    });
    const { decisions } = await explain('spreadsheets/12-lo-de-thousands.csv');
    expect(decisions.find(({ about }) => about === 'decimalMark')).toMatchObject({
      chosen: 'point',
      because: 'The other amounts of the file are written so.',
    });
    const { notices } = await explain('spreadsheets/13-lo-without-duration.xlsx');
    expect(notices).toContain(t('imports.notice.noDuration'));
  });

  it('stores nothing and leaves no import open', async () => {
    await explainFile((method, input) => app.call(method, input), files[0]!, t);
    expect(await app.call('imports.jobs')).toMatchObject([{ state: 'cancelled' }]);
    expect(await app.call('records.list', {})).toMatchObject({ total: 0 });
  });
});
