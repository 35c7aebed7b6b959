/** The scanner of CSV: a text in parts gives the rows of the text in one. */
import { expect, it } from 'vitest';
import { cellText, CsvRows } from '../../../../../src-main/import/read/cells/csv-rows.ts';

type Row = [line: number, ...cells: string[]];

function scan(parts: string[], delimiter = ','): Row[] {
  const found: Row[] = [];
  const rows = new CsvRows(delimiter, 8, (row) => {
    found.push([row.line, ...Array.from({ length: row.count }, (_, i) => cellText(row, i))]);
    return true;
  });
  parts.forEach((part, index) => rows.push(part, index === parts.length - 1));
  return found;
}

const text = 'a,"b ""c""",d\r\n"e\r\nf","g,h" ,\r\n\r\ni,"",j\rk,"l\rm","""n"\n"o\n\n",p,q';
const rows: Row[] = [
  [1, 'a', 'b "c"', 'd'],
  [2, 'e\r\nf', 'g,h', ''],
  [4, ''],
  [5, 'i', '', 'j'],
  [6, 'k', 'l\rm', '"n'],
  [8, 'o\n\n', 'p', 'q'],
];

it('reads quotes, breaks within cells and any kind of row end, with lines', () => {
  expect(scan([text])).toEqual(rows);
  for (const delimiter of [';', '\t']) {
    const other = text.replaceAll(',', delimiter);
    expect(scan([other], delimiter)).toEqual(
      rows.map(([line, ...cells]) => [line, ...cells.map((c) => c.replaceAll(',', delimiter))]),
    );
  }
});

it('wherever a part of the file ends', () => {
  for (let cut = 0; cut <= text.length; cut += 1) {
    expect(scan([text.slice(0, cut), text.slice(cut)]), `cut at ${cut}`).toEqual(rows);
  }
  expect(scan([...text])).toEqual(rows);
});
