import {
  mkdtempSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  appendFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyseFile, readTimesheet } from '../../../../../src-main/import/read/read-file.ts';
import { csv, failure, HEADER, readAs, readWhole, row } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'import-read-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The problem of a file's only row. */
async function problemOf(line: string, header = HEADER): Promise<[string, string, string]> {
  const { records, problems } = await readWhole(csv(header, line));
  expect(records).toEqual([]);
  expect(problems).toHaveLength(1);
  expect(problems[0]!.line).toBe(2);
  const { code, header: column, value } = problems[0]!;
  return [code, column, value];
}

describe('files that cannot be read', () => {
  it('an empty file', async () => {
    expect(await failure(analyseFile(Buffer.alloc(0)))).toEqual(['file_empty', {}]);
    expect(await failure(analyseFile(Buffer.from('\ufeff\r\n \n')))).toEqual(['file_empty', {}]);
  });

  it('a file that is not there, or a folder', async () => {
    expect(await failure(analyseFile(join(folder, 'nothing.csv')))).toEqual([
      'file_unreadable',
      {},
    ]);
    expect((await failure(analyseFile(folder)))[0]).toBe('file_unreadable');
  });

  it('a binary file', async () => {
    const picture = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000', 'hex');
    expect(await failure(analyseFile(picture))).toEqual(['file_binary', { line: 1 }]);
    const noise = Buffer.from(Array.from({ length: 4000 }, (_, i) => ((i * 7919) % 31) + 1));
    expect((await failure(analyseFile(noise)))[0]).toBe('file_binary');
  });

  it('NUL bytes, with their line', async () => {
    const bytes = csv(HEADER, row(), row({ description: 'a\0b' }));
    expect(await failure(analyseFile(bytes))).toEqual(['file_binary', { line: 1 }]);
    const late = csv(HEADER, ...Array.from({ length: 5000 }, () => row()), row({ user: 'a\0b' }));
    expect(await failure(readWhole(late))).toEqual(['file_binary', { line: 5002 }]);
  });

  it('a header without rows', async () => {
    expect(await failure(analyseFile(csv(HEADER)))).toEqual(['file_header_only', {}]);
    expect(await failure(analyseFile(csv(HEADER, '', '')))).toEqual(['file_header_only', {}]);
  });

  it('rows without a header', async () => {
    expect(await failure(analyseFile(csv(row(), row())))).toEqual(['file_no_header', {}]);
    // A record may have a word in it that is a label too.
    const named = csv(row({ activity: 'Activity' }), row());
    expect(await failure(analyseFile(named))).toEqual(['file_no_header', {}]);
    const prose = Buffer.from('Dear Sir or Madam,\nplease find enclosed my hours.\n');
    expect(await failure(analyseFile(prose))).toEqual(['file_no_header', {}]);
    expect((await failure(analyseFile(Buffer.from('<!doctype html><p>404'))))[0]).toBe(
      'file_no_header',
    );
    expect((await failure(analyseFile(Buffer.from('{"a": [1, 2, 3]}'))))[0]).toBe('file_no_header');
  });

  it('a million columns', async () => {
    const many = csv(`${HEADER},${','.repeat(1_000_000)}`, row());
    const [code, params] = await failure(analyseFile(many));
    expect(code).toBe('file_too_many_columns');
    expect(params).toMatchObject({ limit: 2000 });
    const named = csv(Array.from({ length: 1_000_000 }, (_, i) => `c${i}`).join(','));
    expect((await failure(analyseFile(named)))[0]).toBe('file_too_many_columns');
    // One more than may be, in a header that is read whole.
    const more = csv(`${HEADER}${',x'.repeat(2001 - 16)}`, row());
    expect(await failure(analyseFile(more))).toEqual([
      'file_too_many_columns',
      { count: 2001, limit: 2000 },
    ]);
    const most = csv(`${HEADER}${',x'.repeat(2000 - 16)}`, row() + ','.repeat(2000 - 16));
    expect((await readWhole(most)).records).toHaveLength(1);
  });

  it('a million cells in one row: a problem of that row', async () => {
    const { records, problems } = await readWhole(csv(HEADER, ','.repeat(1_000_000) + 'x', row()));
    expect(problems.map(({ code, line }) => [code, line])).toEqual([]);
    expect(records.map(({ line }) => line)).toEqual([3]);
    const wide = await readWhole(csv(HEADER, row() + ','.repeat(1_000_000) + 'x', row()));
    expect(wide.problems.map(({ code, line }) => [code, line])).toEqual([['row_too_long', 2]]);
    expect(wide.records).toHaveLength(1);
  });

  it('an unterminated quote, with its line', async () => {
    const atEnd = csv(HEADER, row(), row({ description: '"never closed' }));
    expect(await failure(analyseFile(atEnd))).toEqual(['file_unterminated_quote', { line: 3 }]);
    // The quote of a later cell seems to close it: what follows gives it away.
    const within = csv(HEADER, row(), row({ description: '"open' }), row({ description: '"x"' }));
    expect(await failure(analyseFile(within))).toEqual(['file_unterminated_quote', { line: 3 }]);
    const rows = Array.from({ length: 5000 }, () => row());
    const late = csv(HEADER, ...rows, row({ tags: '"a' }), ...rows);
    expect(await failure(readWhole(late))).toEqual(['file_unterminated_quote', { line: 5002 }]);
  });

  it('damaged UTF-8 and yet other encodings', async () => {
    const damaged = Buffer.concat([
      csv(HEADER, row({ customer: 'Söhne äöü' })),
      Buffer.from([0xff, 0x0a]),
    ]);
    expect(await failure(readWhole(damaged))).toEqual(['file_encoding', {}]);
    // A few letters are too little to tell the encoding by: the owner is asked.
    const shiftJis = Buffer.concat([
      csv(HEADER),
      Buffer.from([0x83, 0x65, 0x81, 0x5b, 0x83, 0x8f, 0x2c, 0x0a]),
    ]);
    expect(await failure(readWhole(shiftJis))).toEqual(['mapping_incomplete', { reason: 'open' }]);
    const odd = Buffer.concat([
      Buffer.from(`\ufeff${HEADER}\n${row()}\n`, 'utf16le'),
      Buffer.from([65]),
    ]);
    expect(await failure(readWhole(odd))).toEqual(['file_encoding', {}]);
  });

  it('UTF-8 that breaks after megabytes', async () => {
    const rows = Array.from({ length: 5000 }, () => row({ customer: 'Söhne' }));
    const late = Buffer.concat([csv(HEADER, ...rows), Buffer.from([0xe4, 0x0a])]);
    expect(await failure(readWhole(late))).toEqual(['file_encoding', {}]);
  });

  it('a file that changes while it is read, or after it was analysed', async () => {
    const path = join(folder, 'changing.csv');
    writeFileSync(path, csv(HEADER, ...Array.from({ length: 20_000 }, () => row())));
    const analysis = await analyseFile(path);
    let chunks = 0;
    const growing = readAs(path, analysis, {
      afterChunk: () => {
        chunks += 1;
        if (chunks === 1) appendFileSync(path, `${row()}\n`);
      },
    });
    expect(await failure(growing)).toEqual(['file_changed', {}]);
    expect(await failure(readAs(path, analysis))).toEqual(['file_changed', {}]);
    const again = await analyseFile(path);
    const shrinking = readAs(path, again, { afterChunk: () => truncateSync(path, 100_000) });
    expect(await failure(shrinking)).toEqual(['file_changed', {}]);
    // Another file of the same size.
    writeFileSync(path, csv(HEADER, ...Array.from({ length: 20_000 }, () => row())));
    const third = await analyseFile(path);
    const replaced = readAs(path, third, { afterChunk: () => utimesSync(path, 1, 1) });
    expect(await failure(replaced)).toEqual(['file_changed', {}]);
  });

  it('stops at once when cancelled', async () => {
    const bytes = csv(HEADER, ...Array.from({ length: 20_000 }, () => row()));
    const abort = new AbortController();
    let records = 0;
    const reading = readTimesheet(
      bytes,
      await analyseFile(bytes),
      { onRecord: () => (records += 1), onProblem: () => undefined },
      { signal: abort.signal, afterChunk: () => abort.abort() },
    );
    expect(await failure(reading)).toEqual(['import_cancelled', {}]);
    expect(records).toBeLessThan(20_000);
  });

  it('a 2 GB file: only the part that is asked for is ever in memory', async () => {
    const path = join(folder, 'huge.csv');
    writeFileSync(path, csv(HEADER, row()));
    // Sparse: the rest is zeros, which are not text.
    truncateSync(path, 2 * 1024 ** 3);
    expect(await failure(analyseFile(path))).toEqual(['file_binary', { line: 1 }]);
  });
});

describe('rows that cannot be read', () => {
  it.each([
    ['date_missing', 'Date', '', { date: '' }],
    ['date_invalid', 'Date', '2026-02-30', { date: '2026-02-30' }],
    ['date_invalid', 'Date', 'soon', { date: 'soon' }],
    ['time_invalid', 'From', '25:00', { begin: '25:00' }],
    ['time_invalid', 'To', 'late', { end: 'late' }],
    ['duration_invalid', 'Duration', '', { duration: '' }],
    ['duration_invalid', 'Duration', '1:75', { duration: '1:75' }],
    ['duration_invalid', 'Duration', 'long', { duration: 'long' }],
    ['duration_absurd', 'Duration', '745:00', { duration: '745:00' }],
    ['duration_absurd', 'Duration', '-745:00', { duration: '-745:00' }],
    ['amount_invalid', 'Price', 'free', { rate: 'free' }],
    ['amount_invalid', 'Hourly price', '1.2.3.4', { hourlyRate: '1.2.3.4' }],
    ['amount_invalid', 'Fixed price', '--1', { fixedRate: '--1' }],
    ['currency_invalid', 'Currency', 'EURO', { currency: 'EURO' }],
    ['currency_invalid', 'Price', 'XXQ 5.00', { rate: 'XXQ 5.00' }],
    ['currency_conflict', 'Currency', 'EUR', { rate: 'USD 5.00' }],
    ['currency_conflict', 'Hourly price', 'CHF 5.00', { rate: 'USD 5.00', hourlyRate: 'CHF 5.00' }],
    ['word_invalid', 'Billable', 'perhaps', { billable: 'perhaps' }],
    ['customer_missing', 'Customer', '', { customer: '' }],
    ['customer_missing', 'Customer', ' ', { customer: ' ' }],
    ['project_missing', 'Project', '', { project: '' }],
    ['formula', 'Date', '=TODAY()', { date: '=TODAY()' }],
    ['formula', 'From', '=NOW()', { begin: '=NOW()' }],
    ['formula', 'Duration', '=1+1', { duration: '=1+1' }],
    ['formula', 'Price', '=A1*B1', { rate: '=A1*B1' }],
    ['formula', 'Currency', '=A1', { currency: '=A1' }],
    ['formula', 'Billable', '=TRUE()', { billable: '=TRUE()' }],
  ])('%s in %s: %j', async (code, header, value, cells) => {
    expect(await problemOf(row(cells))).toEqual([code, header, value]);
  });

  it('a formula as a description or a name is a text', async () => {
    const { records } = await readWhole(csv(HEADER, row({ description: '=1+1', activity: '=x' })));
    expect(records[0]).toMatchObject({ description: '=1+1', activity: '=x' });
  });

  it('negative durations and amounts are read', async () => {
    const { records } = await readWhole(csv(HEADER, row({ duration: '-0:06', rate: '-8.5' })));
    expect(records[0]).toMatchObject({ durationS: -360, rateE4: -85_000 });
  });

  it('rows with too few or too many cells, and what a spreadsheet leaves behind', async () => {
    expect(await problemOf('2026-03-31,09:00')).toEqual(['row_too_short', '', '']);
    expect(await problemOf(`${row()},more`)).toEqual(['row_too_long', '', '']);
    expect((await readWhole(csv(HEADER, `${row()},,,`))).records).toHaveLength(1);
    // A short row never takes cells of the next one.
    const { records, problems } = await readWhole(csv(HEADER, '2026-03-31,09:00', row()));
    expect(records.map(({ line }) => line)).toEqual([3]);
    expect(problems.map(({ line }) => line)).toEqual([2]);
  });

  it('an unclear id', async () => {
    // An empty one too: of two rows with and without id nobody knows whether they are one record.
    for (const id of ['', '0', '-1', '1.5', 'x', '99999999999999999']) {
      expect(await problemOf(`${id},${row()}`, `ID,${HEADER}`)).toEqual(['id_invalid', 'ID', id]);
    }
  });

  it('records of plugins', async () => {
    expect(await problemOf(`${row()},expense`, `${HEADER},Type`)).toEqual([
      'type_other',
      'Type',
      'expense',
    ]);
  });

  it('a 10 MB description is one problem, a 1 MB one is a description', async () => {
    const huge = 'x'.repeat(10 * 1024 * 1024);
    const { records, problems } = await readWhole(csv(HEADER, row({ description: huge }), row()));
    expect(problems).toMatchObject([
      { line: 2, code: 'text_too_long', header: 'Description', value: 'x'.repeat(200) },
    ]);
    expect(records.map(({ line }) => line)).toEqual([3]);
    const large = 'é'.repeat(1024 * 1024);
    const { records: read } = await readWhole(csv(HEADER, row({ description: large })));
    expect(read[0]?.description).toBe(large);
    expect((await problemOf(row({ customer: 'x'.repeat(10_001) })))[0]).toBe('text_too_long');
    expect((await problemOf(row({ tags: `${large}x` }))).slice(0, 2)).toEqual([
      'text_too_long',
      'Tags',
    ]);
  });

  it('totals rows and empty rows are no problems', async () => {
    const totals = ',,,12:00,,1234.5,,,,,,,,,,';
    const { records, problems } = await readWhole(
      csv(HEADER, row(), '', ',,,,,,,,,,,,,,,', totals),
    );
    expect(problems).toEqual([]);
    expect(records).toHaveLength(1);
  });

  it('never repeats an internal rate or an e-mail', async () => {
    const header = `${HEADER},E-mail,Internal price`;
    const result = await readWhole(csv(header, `${row({ date: 'x' })},secret@example.com,77.77`));
    const text = JSON.stringify(result);
    expect(result.problems).toHaveLength(1);
    expect(text).not.toContain('secret@example.com');
    expect(text).not.toContain('77.77');
  });
});
