/**
 * Inputs that public reports suggest, and files that real spreadsheets saved again (fixtures/cases):
 * each is read rightly, or asked about; none is read wrongly without a word.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../../src-main/import/read/byte-source.ts';
import { analyseFile, noticesOf } from '../../../../../src-main/import/read/read-file.ts';
import type { ImportRecord } from '../../../../../src-main/import/rows/types.ts';
import { failure, fixture, readAs, readWhole } from './support.ts';

const report = (name: string): Buffer => readFileSync(fixture(`cases/import/${name}`));
const saved = (name: string): Buffer => readFileSync(fixture(`cases/spreadsheets/${name}`));

/** What of a record the spreadsheets must not change. */
function facts(record: ImportRecord): unknown[] {
  const { day, beginMin, endMin, durationS, rateE4, hourlyRateE4, currency, billable } = record;
  return [day, beginMin, endMin, durationS, rateE4, hourlyRateE4, currency, billable];
}
const clocks = (records: ImportRecord[]): unknown[] =>
  records.map(({ day, durationS }) => [day, durationS]);

describe('reports', () => {
  it.each([
    ['c01-cp1250.csv', 'windows-1250', 'Łódź Żółw', 'Wdrożenie części'],
    ['c01-cp1251.csv', 'windows-1251', 'ООО Ромашка', 'Разработка сайта'],
    ['c30-double.csv', 'utf-8-twice', 'Müller & Söhne', 'Büro – Prüfung „A“'],
  ])('%s is %s', async (name, encoding, customer, description) => {
    const { analysis, records, problems } = await readWhole(report(name));
    expect(problems).toEqual([]);
    expect(analysis).toMatchObject({ encoding, needsMapping: false });
    expect(records).toMatchObject([{ customer, description, durationS: 5400 }]);
  });

  it.each([
    'c02-sep-semi.csv',
    'c02-title.csv',
    'c11-tzheader.csv',
    'x02-title.xlsx',
    'x03-second.xlsx',
    'x06-06.xlsx',
    'x15-hidden-first.xlsx',
  ])('%s is one record', async (name) => {
    const { analysis, records, problems } = await readWhole(report(name));
    expect(problems).toEqual([]);
    expect(analysis.needsMapping).toBe(false);
    expect(records).toMatchObject([
      { day: 20261103, beginMin: 540, endMin: 630, durationS: 5400, customer: 'Acme' },
    ]);
  });

  it('c07: from and to are what 0.33 hours mean', async () => {
    const { records } = await readWhole(report('c07-decimal.csv'));
    expect(records.map(({ durationS }) => durationS)).toEqual([1200, 1200, 1200]);
  });

  it.each(['c22-daysfrac.csv', 'x05-general.xlsx'])('%s: fractions of days', async (name) => {
    const { analysis, records } = await readWhole(report(name));
    expect(analysis.rules.durationUnit).toBe('days');
    expect(records.map(({ durationS }) => durationS)).toEqual([5400, 3600]);
  });

  it('c20: cells that Excel left away at the end are empty', async () => {
    const { records, problems } = await readWhole(report('c20-excel16.csv'));
    expect(problems).toEqual([]);
    expect(records).toHaveLength(20);
    const cut = await readWhole(report('c31-short-mid.csv'));
    expect(cut.records).toEqual([]);
    expect(cut.problems).toMatchObject([{ line: 2, code: 'row_too_short' }]);
  });

  it('c19: a stray quote is the problem of its row only', async () => {
    const { records, problems } = await readWhole(report('c19-lo.csv'));
    expect(records.map(({ line }) => line)).toEqual([2, 4]);
    expect(problems).toMatchObject([{ line: 3, code: 'quote_invalid', customer: 'Acme' }]);
  });

  it('c21: a duration under an unknown header is asked about', async () => {
    const analysis = await analyseFile(report('c21-1.csv'));
    expect(analysis.needsMapping).toBe(true);
    expect(analysis.missing).toContain('duration');
  });

  it.each(['c24-dash-us.csv', 'c24-slash-us.csv'])('%s: one date tells the order', async (name) => {
    const { records } = await readWhole(report(name));
    expect(records.map(({ day }) => day)).toEqual([20251128, 20251105, 20251201]);
  });

  it('c24: without evidence the order is asked', async () => {
    const analysis = await analyseFile(report('c24-dash-amb.csv'));
    expect(analysis.needsMapping).toBe(true);
    expect(analysis.choices).toMatchObject([{ about: 'dateOrder', chosen: null }]);
    const chosen = await analyseFile(report('c24-dash-amb.csv'), {
      choices: { dateOrder: 'mdy' },
    });
    const { records } = await readAs(report('c24-dash-amb.csv'), chosen);
    expect(records.map(({ day }) => day)).toEqual([20251105, 20251201]);
  });

  it('c24: a year in front, since the other order would be years after the file was saved', async () => {
    const source = {
      ...memorySource(report('c24-yymmdd.csv')),
      changedMs: Date.UTC(2026, 10, 27),
    };
    const { records } = await readAs(source, await analyseFile(source));
    expect(records.map(({ day }) => day)).toEqual([20251128, 20251129, 20251130]);
    // Nothing else tells: asked.
    expect((await analyseFile(report('c24-yymmdd.csv'))).needsMapping).toBe(true);
  });

  it('c29: minutes and seconds', async () => {
    const { records } = await readWhole(report('c29-0.csv'));
    expect(records.map(({ durationS }) => durationS)).toEqual([18 * 60 + 25]);
  });
});

describe('files that a spreadsheet saved again', () => {
  it.each([
    '01-lo-en-ampm.csv',
    '02-lo-de-minutes-as-seconds.csv',
    '02-lo-de-minutes-as-seconds.xlsx',
    '04-lo-duration-format-1.xlsx',
    '04-pandas-timedelta.xlsx',
    '07-pandas-emoji.xlsx',
    '08-openpyxl-formula-without-value.xlsx',
    '09-lo-minutes.csv',
    '12-lo-de-thousands.csv',
    '15-lo-blank-first-row.xlsx',
    '15-lo-summary-sheet-first.xlsx',
    '15-lo-title-line.xlsx',
    '16-gnumeric.csv',
    '16-pandas-hours.csv',
    '18-lo-en-text-became-time.xlsx',
    '20-lo-date-0.csv',
    '20-lo-date-3.csv',
    '25-lo-de-ui-en-import-vorm.csv',
  ])('%s is what it was made from', async (name) => {
    const base = await readWhole(saved('base.csv'));
    const { analysis, records, problems } = await readWhole(saved(name));
    expect(problems).toEqual([]);
    expect(analysis.needsMapping).toBe(false);
    expect(analysis.doubts).toEqual([]);
    expect(records.map(facts)).toEqual(base.records.map(facts));
    expect(records.map(({ customer, project }) => [customer, project])).toEqual(
      base.records.map(({ customer, project }) => [customer, project]),
    );
  });

  it('02: zeros as seconds are minutes', async () => {
    for (const type of ['csv', 'xlsx']) {
      const analysis = await analyseFile(saved(`02-lo-de-minutes-as-seconds.${type}`));
      expect(analysis.resolution).toBe(60);
    }
    expect((await analyseFile(saved('base-seconds.csv'))).resolution).toBe(1);
  });

  it('03: an amount that became a date is a problem, with the date', async () => {
    const { records, problems } = await readWhole(saved('03-lo-hu-amount-became-date.xlsx'));
    expect(records).toHaveLength(4);
    expect(problems).toMatchObject([{ code: 'amount_invalid', value: '2026-07-06' }]);
  });

  it('05: true and false in German', async () => {
    const { records } = await readWhole(saved('05-lo-de-booleans.csv'));
    expect(records.map(({ billable }) => billable)).toEqual([true, false]);
  });

  it('06: ODS is to be saved as XLSX', async () => {
    expect(await failure(analyseFile(saved('06-lo-en-over-24h.ods')))).toEqual([
      'file_spreadsheet_kind',
      { kind: 'ODS' },
    ]);
  });

  it('07, 18: texts are what they were, also where a cell is a time now', async () => {
    const emoji = await readWhole(saved('07-pandas-emoji.xlsx'));
    expect(emoji.records[1]?.description).toBe('Emoji 🚢 deploy');
    const time = await readWhole(saved('18-lo-en-text-became-time.xlsx'));
    expect(time.records[2]?.description).toBe('10:30:00 AM');
  });

  it('08: 616 durations whose results were dropped', async () => {
    const { records, problems } = await readWhole(saved('08-openpyxl-kimai-2.26.xlsx'));
    expect(problems).toEqual([]);
    expect(records).toHaveLength(616);
    const original = await readWhole(
      readFileSync(fixture('golden/kimai-older-versions/2.26/timesheets-en.xlsx')),
    );
    expect(records).toEqual(original.records);
  });

  it('11: the month first, with dashes, is asked about', async () => {
    const bytes = saved('11-lo-mm-dd-yyyy.csv');
    expect((await analyseFile(bytes)).needsMapping).toBe(true);
    const chosen = await analyseFile(bytes, { choices: { dateOrder: 'mdy' } });
    const base = await readWhole(saved('base.csv'));
    expect((await readAs(bytes, chosen)).records.map(facts)).toEqual(base.records.map(facts));
  });

  it('13: a file without durations says so', async () => {
    const analysis = await analyseFile(saved('13-lo-without-duration.xlsx'));
    expect(noticesOf(analysis)).toContain('noDuration');
  });

  it('17: hours with a comma beside amounts with a point', async () => {
    const { records, problems } = await readWhole(saved('17-lo-de-decimal-comma.csv'));
    expect(problems).toEqual([]);
    expect(clocks(records)).toEqual([
      [20241104, 3600],
      [20241105, 14_400],
      [20241109, 9000],
    ]);
  });

  it('21: a header that lost its letters is asked about', async () => {
    const analysis = await analyseFile(saved('21-lo-hu-1252-duration-header-lost.csv'));
    expect(analysis.needsMapping).toBe(true);
    expect(analysis.missing).toContain('duration');
  });
});

it('every file of the cases is read, asked about or refused with a reason', async () => {
  for (const folder of ['import', 'spreadsheets']) {
    for (const name of readdirSync(fixture(`cases/${folder}`))) {
      const bytes = readFileSync(fixture(`cases/${folder}/${name}`));
      if (name.endsWith('.ods')) continue;
      const analysis = await analyseFile(bytes);
      const count = analysis.needsMapping ? 0 : (await readAs(bytes, analysis)).records.length;
      expect(analysis.needsMapping || count > 0 || name === 'c31-short-mid.csv', name).toBe(true);
    }
  }
});
