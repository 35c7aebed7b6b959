/** What only a row far below tells: beyond the rows that are evidence, and beyond the first part. */
import { describe, expect, it } from 'vitest';
import type { DoubtCode } from '../../../../../src-shared/contract/import-words.ts';
import { analyseFile } from '../../../../../src-main/import/read/read-file.ts';
import { csv, HEADER, readAs, row } from './support.ts';

type Cells = Parameters<typeof row>[0];

/** `count` equal rows of these bytes below the header, and others below them. */
function rows(count: number, line: Buffer, ...last: Buffer[]): Buffer {
  return Buffer.concat([csv(HEADER), Buffer.alloc(count * line.length, line), ...last]);
}
const file = (count: number, cells: Cells, ...last: Cells[]): Buffer =>
  rows(count, csv(row(cells)), ...last.map((one) => csv(row(one))));

/** The bytes of a text in an encoding of one byte for each letter. */
function encode(text: string, encoding: string): Buffer {
  const decoder = new TextDecoder(encoding);
  const byteOf = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
  );
  return Buffer.from([...text].map((letter) => byteOf.get(letter)!));
}

describe.each([600, 100_001])('below %i rows one row tells', (count) => {
  it.each([
    ['03/04/2026', '13/04/2026', 'dmy'],
    ['03/04/2026', '04/13/2026', 'mdy'],
    // Points alone mean the day first.
    ['09.05.2025', '09.13.2025', 'mdy'],
  ])('the order of dates: %s, %s', async (date, last, dateOrder) => {
    const analysis = await analyseFile(file(count, { date }, { date: last }));
    expect(analysis).toMatchObject({ needsMapping: false, rules: { dateOrder } });
  });

  it.each([
    ['"12,50"', true],
    ['12.50', false],
  ])('the decimal mark: %s', async (rate, decimalComma) => {
    const open = { rate: '1.947', hourlyRate: '' };
    expect((await analyseFile(file(count, open))).needsMapping).toBe(true);
    const bytes = file(count, open, { rate, hourlyRate: '' });
    const analysis = await analyseFile(bytes);
    expect(analysis).toMatchObject({ needsMapping: false, rules: { decimalComma } });
    const { records } = await readAs(bytes, analysis);
    expect(records[0]!.rateE4).toBe(decimalComma ? 19_470_000 : 19_470);
  });

  it.each([
    ['windows-1250', 'Zażółć', ['Łódź Żółw', 'Wdrożenie części', 'Przegląd zgłoszeń', 'Źródło']],
    [
      'windows-1251',
      'Ромашка',
      ['Разработка сайта', 'Встреча с клиентом', 'Исправление ошибок', 'Проверка договора'],
    ],
  ])('the encoding: %s', async (encoding, few, rich) => {
    const line = (cells: Cells): Buffer => encode(`${row(cells)}\n`, encoding);
    const open = rows(count, line({ customer: few }));
    const asked = (await analyseFile(open)).choices.find(({ about }) => about === 'encoding')!;
    expect(asked).toMatchObject({ chosen: null });
    expect(asked.options.every(({ samples }) => samples.length > 0)).toBe(true);
    const told = rich.map((description) => line({ description }));
    const analysis = await analyseFile(rows(count, line({ customer: few }), ...told));
    expect(analysis).toMatchObject({ encoding, needsMapping: false });
  });

  it('that rows below were pasted from a file with another unit', async () => {
    const pasted = Array.from({ length: 40 }, () => ({ duration: '90' }));
    const bytes = file(count, {}, ...pasted);
    const analysis = await analyseFile(bytes);
    expect(analysis.doubts).toEqual([]);
    const doubts: DoubtCode[] = [];
    await readAs(bytes, analysis, { onDoubts: (found) => doubts.push(...found) });
    expect(doubts).toContain('timesContradict');
  });
});
