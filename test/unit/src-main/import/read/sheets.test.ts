/** Workbooks as people keep them: several sheets, hidden ones, cells joined downwards. */
import { utils, write, type WorkSheet } from '@e965/xlsx';
import { describe, expect, it } from 'vitest';
import { analyseFile } from '../../../../../src-main/import/read/read-file.ts';
import { HEADER, readAs, readWhole, row } from './support.ts';

const names = HEADER.replaceAll('"', '').split(',');
const at = (name: string): number => names.indexOf(name);

/** `hidden`: by position, 1 for a hidden sheet, 2 for one that no menu of the spreadsheet shows. */
function workbook(sheets: Record<string, WorkSheet>, hidden: (0 | 1 | 2)[] = []): Buffer {
  const book = utils.book_new();
  for (const [name, sheet] of Object.entries(sheets)) utils.book_append_sheet(book, sheet, name);
  book.Workbook = {
    Sheets: Object.keys(sheets).map((name, index) => ({ name, Hidden: hidden[index] ?? 0 })),
  };
  return write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
}
const table = (customer: string): WorkSheet =>
  utils.aoa_to_sheet([names, row({ customer }).split(',')]);

describe('of several sheets', () => {
  it.each([1, 2] as const)('a hidden one is not read, and is no other table (%i)', async (kind) => {
    const bytes = workbook({ Old: table('Old'), New: table('New') }, [kind, 0]);
    const { analysis, records } = await readWhole(bytes);
    expect(records).toMatchObject([{ customer: 'New' }]);
    expect(analysis.doubts).toEqual([]);
  });

  it('a hidden one is read if there is no other', async () => {
    const notes = utils.aoa_to_sheet([['Notes'], ['Call Ann']]);
    const { records } = await readWhole(workbook({ Old: table('Old'), Notes: notes }, [1, 0]));
    expect(records).toMatchObject([{ customer: 'Old' }]);
  });

  it('the first one with a table is read, the others are told, and each can be chosen', async () => {
    const notes = utils.aoa_to_sheet([['Notes'], ['Call Ann']]);
    const bytes = workbook({ Notes: notes, May: table('May'), June: table('June') });
    const { analysis, records } = await readWhole(bytes);
    expect(records).toMatchObject([{ customer: 'May' }]);
    expect(analysis.doubts).toEqual(['moreSheets']);
    expect(analysis.choices[0]).toMatchObject({
      ...{ about: 'sheet', chosen: 'May' },
      options: [{ value: 'May' }, { value: 'June' }],
    });
    const chosen = await analyseFile(bytes, { choices: { sheet: 'June' } });
    expect(chosen.doubts).toEqual([]);
    expect((await readAs(bytes, chosen)).records).toMatchObject([{ customer: 'June' }]);
  });
});

describe('days of a workbook', () => {
  const dated = (...dates: string[]): Buffer =>
    workbook({
      Sheet1: utils.aoa_to_sheet([names, ...dates.map((date) => row({ date }).split(','))]),
    });

  it('are what they are: nobody is asked for their order', async () => {
    const { analysis, records } = await readWhole(dated('2026-05-01', '2026-13-01'));
    expect(analysis.choices).toEqual([]);
    expect(records).toMatchObject([{ day: 20260501 }]);
  });

  it('are asked about where several texts beside them have no such month', async () => {
    const bytes = dated('2026-05-01', '2026-13-01', '2026-14-01');
    const { choices } = await analyseFile(bytes);
    expect(choices).toMatchObject([{ about: 'dateOrder', chosen: null }]);
    const analysis = await analyseFile(bytes, { choices: { dateOrder: 'ydm' } });
    expect((await readAs(bytes, analysis)).records.at(-1)).toMatchObject({ day: 20260114 });
  });
});

describe('cells that a spreadsheet joined downwards', () => {
  /** Rows 2 to 4 of the sheet; those columns of rows 3 and 4 are empty, and joined where `isJoined`. */
  const joined = (columns: number[], isJoined = true): Buffer => {
    const rows = ['text', 'more', 'last'].map((description) => row({ description }).split(','));
    for (const column of columns) rows[1]![column] = rows[2]![column] = '';
    const sheet = utils.aoa_to_sheet([names, ...rows, row().split(',')]);
    if (isJoined) sheet['!merges'] = columns.map((c) => ({ s: { r: 1, c }, e: { r: 3, c } }));
    return workbook({ Sheet1: sheet });
  };

  it('are the same for each of their rows', async () => {
    const lost = ['Date', 'Name', 'User', 'Customer', 'Project', 'Activity', 'Hourly price'];
    const { records, problems } = await readWhole(joined(lost.map(at)));
    expect(problems).toEqual([]);
    const whole = await readWhole(joined([]));
    expect(whole.records).toHaveLength(4);
    expect(records).toEqual(whole.records);
  });

  it('are problems where each row has its own: a duration is that of all of them', async () => {
    const { records, problems } = await readWhole(joined([at('Customer'), at('Duration')]));
    expect(records.map(({ line }) => line)).toEqual([2, 5]);
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [3, 'duration_invalid'],
      [4, 'duration_invalid'],
    ]);
  });

  it('that lost what each row needs are told, also where they look like sums', async () => {
    const lost = ['Date', 'Name', 'User', 'Customer', 'Project', 'Activity'];
    const { records, problems } = await readWhole(joined(lost.map(at), false));
    expect(records.map(({ line }) => line)).toEqual([2, 5]);
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [3, 'date_missing'],
      [4, 'date_missing'],
    ]);
  });

  it('are not taken for joined where they are only empty', async () => {
    const { problems } = await readWhole(joined([at('Customer')], false));
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [3, 'customer_missing'],
      [4, 'customer_missing'],
    ]);
  });
});
