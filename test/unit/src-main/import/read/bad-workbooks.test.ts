/** Workbooks, or cells of them, that cannot be read, and those that only look so. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utils, write } from '@e965/xlsx';
import { afterAll, describe, expect, it } from 'vitest';
import {
  analyseFile,
  readCustomers,
  readProjects,
} from '../../../../../src-main/import/read/read-file.ts';
import { memorySource, type ByteSource } from '../../../../../src-main/import/read/byte-source.ts';
import { AppError } from '../../../../../src-shared/errors.ts';
import {
  dayFraction,
  number,
  serialOf,
  text,
  writeWorkbook,
  yesNo,
  type Cell,
} from '../../../../support/kimai-workbook.ts';
import { failure, fixture, readAs, readWhole } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'bad-workbooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const labels = {
  date: 'Date',
  begin: 'From',
  end: 'To',
  duration: 'Duration',
  currency: 'Currency',
  rate: 'Price',
  hourlyRate: 'Hourly price',
  user: 'Name',
  customer: 'Customer',
  project: 'Project',
  activity: 'Activity',
  description: 'Description',
  billable: 'Billable',
};
type Key = keyof typeof labels;
const keys = Object.keys(labels) as Key[];
const header = keys.map((key) => text(labels[key]));

const usual: Record<Key, Cell> = {
  date: { t: 'n', v: serialOf(20260331, 540), z: 'yyyy-mm-dd' },
  begin: text('09:00'),
  end: text('10:30'),
  duration: dayFraction(5400, false),
  currency: text('EUR'),
  rate: number(120),
  hourlyRate: number(80),
  user: text('Ann'),
  customer: text('Acme'),
  project: text('Web'),
  activity: text('Design'),
  description: text('text'),
  billable: yesNo(true),
};
const cellsOf = (cells: Partial<Record<Key, Cell>> = {}): Cell[] =>
  keys.map((key) => (key in cells ? cells[key]! : usual[key]));
const formula = (f: string): Cell => ({ t: 'n', f });

describe('a workbook', () => {
  it('that is empty, has no header or no rows', async () => {
    expect(await failure(analyseFile(writeWorkbook([[null]])))).toEqual(['file_empty', {}]);
    expect(await failure(analyseFile(writeWorkbook([header])))).toEqual(['file_header_only', {}]);
    const rows = [cellsOf(), cellsOf()];
    expect(await failure(analyseFile(writeWorkbook(rows)))).toEqual(['file_no_header', {}]);
  });

  it('with too many columns', async () => {
    const wide = [...header, ...Array.from({ length: 2000 }, (_, i) => text(`c${i}`))];
    expect(await failure(analyseFile(writeWorkbook([wide, cellsOf()])))).toEqual([
      'file_too_many_columns',
      { count: 2000 + header.length, limit: 2000 },
    ]);
  });

  it('that changes while it is read', async () => {
    const path = join(folder, 'changing.xlsx');
    writeFileSync(path, writeWorkbook([header, cellsOf()]));
    const analysis = await analyseFile(path);
    const reading = readAs(path, analysis, {
      afterChunk: () => writeFileSync(path, writeWorkbook([header, cellsOf(), cellsOf()])),
    });
    expect(await failure(reading)).toEqual(['file_changed', {}]);
    expect(await failure(readAs(path, analysis))).toEqual(['file_changed', {}]);
  });

  it('that counts its days from 1904', async () => {
    const book = utils.book_new();
    const date = { t: 'n', v: serialOf(20260331, 540) - 1462, z: 'yyyy-mm-dd' };
    const sheet = utils.aoa_to_sheet([header, cellsOf({ date: date as Cell })] as unknown[][]);
    utils.book_append_sheet(book, sheet, 'Worksheet');
    book.Workbook = { WBProps: { date1904: true } };
    const bytes = write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
    expect((await readWhole(bytes)).records).toMatchObject([{ day: 20260331 }]);
  });
});

describe('a cell of a timesheet', () => {
  it.each<[string, string, string, Partial<Record<Key, Cell>>]>([
    ['formula', 'Price', '=A2*80', { rate: formula('A2*80') }],
    ['formula', 'Duration', '=C2-B2', { duration: formula('C2-B2') }],
    ['formula', 'Date', '=TODAY()', { date: formula('TODAY()') }],
    ['amount_invalid', 'Price', '#REF!', { rate: { t: 'e', v: 23, w: '#REF!' } }],
    ['date_invalid', 'Date', '46112.375', { date: text('46112.375') }],
    // The 29th of February 1900, which spreadsheets have and no calendar.
    ['date_invalid', 'Date', '60', { date: number(60) }],
    ['date_invalid', 'Date', '2026-02-30', { date: text('2026-02-30') }],
    ['date_missing', 'Date', '', { date: null }],
    ['duration_absurd', 'Duration', '745:00:00', { duration: dayFraction(745 * 3600, true) }],
    ['duration_absurd', 'Duration', '-745:00:00', { duration: dayFraction(-745 * 3600, true) }],
    ['time_invalid', 'From', '-0.5', { begin: number(-0.5) }],
    [
      'currency_conflict',
      'Hourly price',
      'CHF 80',
      {
        rate: { t: 'n', v: 120, z: '_("USD"* #,##0.00_)' },
        hourlyRate: { t: 'n', v: 80, z: '_("CHF"* #,##0.00_)' },
      },
    ],
  ])('%s in %s: %j', async (code, column, value, cells) => {
    const { records, problems } = await readWhole(
      writeWorkbook([header, cellsOf(), cellsOf(cells)]),
    );
    expect(records).toHaveLength(1);
    expect(problems).toMatchObject([{ line: 3, code, header: column, value }]);
  });

  it('that is a formula with a result is the result, and a negative duration one', async () => {
    const { records, problems } = await readWhole(
      writeWorkbook([
        header,
        cellsOf({ rate: { t: 'n', v: 12.5, f: 'A2*80' }, duration: dayFraction(-90, true) }),
        // A writer that left no result behind.
        cellsOf({ duration: formula('2700/86400') }),
      ]),
    );
    expect(problems).toEqual([]);
    expect(records).toMatchObject([{ rateE4: 125_000, durationS: -90 }, { durationS: 2700 }]);
  });

  it('is a duration to the second, also where no time of day tells the unit', async () => {
    const { analysis, records, problems } = await readWhole(
      writeWorkbook([
        header,
        cellsOf({ begin: text('09:00'), end: text('09:00'), duration: dayFraction(45, false) }),
        cellsOf({ begin: null, end: null, duration: dayFraction(10, true) }),
      ]),
    );
    expect(problems).toEqual([]);
    expect(analysis.resolution).toBe(1);
    expect(records.map(({ durationS }) => durationS)).toEqual([45, 10]);
  });

  it('may have line breaks of any system', async () => {
    const description = text('one\r\ntwo\rthree');
    const { records } = await readWhole(writeWorkbook([header, cellsOf({ description })]));
    expect(records[0]?.description).toBe('one\ntwo\nthree');
  });
});

describe('a row of a list', () => {
  const customerLabels = {
    id: 'ID',
    name: 'Name',
    currency: 'Currency',
    timezone: 'Timezone',
    budget: 'Budget',
    time: 'Hourly quota',
    type: 'Budget-Type',
    visible: 'Visible',
  };
  const good: Record<string, Cell> = {
    id: number(7),
    name: text('Acme'),
    currency: text('EUR'),
    timezone: text('Europe/Berlin'),
    budget: number(1000.5),
    time: dayFraction(36_000, true),
    type: text('month'),
    visible: yesNo(false),
  };
  const listOf = (names: Record<string, string>, ...rows: Record<string, Cell>[]): Buffer =>
    writeWorkbook([
      Object.values(names).map((label) => text(label)),
      ...rows.map((cells) => Object.keys(names).map((key) => cells[key] ?? null)),
    ]);

  it.each<[string, string, string, Record<string, Cell>]>([
    ['id_invalid', 'ID', 'x', { id: text('x') }],
    ['id_invalid', 'ID', '0', { id: number(0) }],
    ['customer_missing', 'Name', '', { name: null }],
    ['currency_invalid', 'Currency', 'EURO', { currency: text('EURO') }],
    ['currency_invalid', 'Currency', '', { currency: null }],
    ['amount_invalid', 'Budget', 'much', { budget: text('much') }],
    ['amount_invalid', 'Budget', '-5', { budget: number(-5) }],
    ['formula', 'Budget', '=A1', { budget: formula('A1') }],
    ['amount_invalid', 'Budget', '5 hours', { budget: text('5 hours') }],
    ['duration_invalid', 'Hourly quota', '-1', { time: number(-1) }],
    ['duration_invalid', 'Hourly quota', 'long', { time: text('long') }],
    ['word_invalid', 'Budget-Type', 'week', { type: text('week') }],
    ['word_invalid', 'Visible', 'perhaps', { visible: text('perhaps') }],
  ])('%s in %s: %j', async (code, column, value, cells) => {
    const { rows, problems } = await readCustomers(
      listOf(customerLabels, good, { ...good, ...cells }, { ...good, id: number(8) }),
    );
    expect(rows.map(({ kimaiId }) => kimaiId)).toEqual([7, 8]);
    expect(problems).toMatchObject([{ line: 3, code, header: column, value }]);
  });

  it('has its budgets in the cells, or in formulas that were never calculated', async () => {
    const read = { budgetE4: 10_005_000, timeBudgetS: 36_000, budgetType: 'month', visible: false };
    const { rows, problems } = await readCustomers(
      listOf(customerLabels, good, { ...good, id: number(8), time: formula('36000/86400') }),
    );
    expect(problems).toEqual([]);
    expect(rows).toMatchObject([read, read]);
  });

  it('of 1.15, whose budget type has the header of the time budget', async () => {
    const names = { ...customerLabels, time: 'Time budget', type: 'Time budget' };
    const { rows } = await readCustomers(listOf(names, good, { ...good, type: null }));
    expect(rows).toMatchObject([
      { timeBudgetS: 36_000, budgetType: 'month' },
      { timeBudgetS: 36_000, budgetType: null },
    ]);
  });

  it('of a project needs its customer', async () => {
    const names = {
      id: 'ID',
      name: 'Name',
      customer: 'Customer',
      start: 'Project start',
      end: 'Project end',
    };
    const project = { id: number(3), name: text("' =Web"), customer: text('Acme') };
    const { rows, problems } = await readProjects(
      listOf(names, project, { ...project, customer: null }),
    );
    expect(rows).toMatchObject([{ kimaiId: 3, name: '=Web', customer: 'Acme' }]);
    expect(problems).toMatchObject([{ line: 3, code: 'customer_missing', header: 'Customer' }]);
  });

  it.each([
    ['customers', readCustomers],
    ['projects', readProjects],
  ] as const)(
    'of %s is taken only if the file is still the same at the end',
    async (kind, read) => {
      const bytes = readFileSync(fixture(`golden/kimai-2.66-world/${kind}-en.xlsx`));
      const changing: ByteSource = {
        ...memorySource(bytes),
        assertUnchanged: () => Promise.reject(new AppError('file_changed')),
      };
      expect(await failure(read(changing))).toEqual(['file_changed', {}]);
    },
  );
});
