/** What a client takes along of the details, as text; the workbook is looked at in table-tools.test. */
import { expect, it } from 'vitest';
import {
  toDelimited,
  toHtml,
  type FileTable,
} from '../../../src-server/table-tools/table-files.ts';

const table = (values: FileTable['rows'][number][], decimals = 2): FileTable => ({
  columns: [
    { title: 'Description', kind: 'text' },
    { title: 'Duration', kind: 'duration' },
    { title: 'Total', kind: 'amount' },
  ],
  rows: values,
  decimals,
});
const line = (row: FileTable['rows'][number], language = 'en', decimals = 2): string =>
  toDelimited(table([row], decimals), language).split('\r\n')[1]!;

it.each(['=1+1', '+49 30', '-x', '@SUM(A1)', '\t=1', '＝1'])('%j is no formula', (text) => {
  expect(line([text, 60, 0])).toBe(`'${text},0:01,0.00`);
});

it('durations have their seconds and their sign', () => {
  expect(line(['a', 5_415, 0])).toBe('a,1:30:15,0.00');
  expect(line(['a', 90_000, 0])).toBe('a,25:00,0.00');
  expect(line(['a', -15, 0])).toBe('a,-0:00:15,0.00');
  expect(line(['a', -5_400, 0])).toBe('a,-1:30,0.00');
});

it('amounts have all their digits, and at least those of the currency', () => {
  expect(line(['a', 0, 123_456])).toBe('a,0:00,12.3456');
  expect(line(['a', 0, -805_000])).toBe('a,0:00,-80.50');
  expect(line(['a', 0, 805_000], 'de')).toBe('a;0:00;80,50');
  expect(line(['a', 0, 1_000_000], 'ja', 0)).toBe('a,0:00,100');
  expect(line(['a', 0, null])).toBe('a,0:00,');
});

it('quotes and lines stay in their cell, and markup is text', () => {
  expect(line(['say "hi", twice', 0, 0])).toBe('"say ""hi"", twice",0:00,0.00');
  expect(toDelimited(table([['one\ntwo', 0, 0]]), 'en', '\t')).toContain('"one\ntwo"\t0:00\t0.00');
  expect(toHtml(table([['<b>\u0000&\ntwo', 0, 0]]), 'en')).toContain(
    '<td>&lt;b&gt;&amp;<br>two</td>',
  );
});
