import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RowsFile } from '../../../../../src-main/store/bulk/rows-file.ts';

type Value = number | string | null;

let folder: string;
let files = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rows-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `c${at}`);

/** Writes rows; returns which fitted, and what SQLite reads. */
function write(rows: Value[][]): { fitted: boolean[]; read: Value[][]; path: string } {
  const path = join(folder, `${++files}.rows`);
  const file = new RowsFile(path, names(rows[0]!.length));
  const fitted = rows.map((row) => {
    for (const value of row) {
      if (typeof value !== 'string') file.addNumber(value);
      else {
        const bytes = Buffer.from(`before${value}after`);
        file.addText(bytes, 6, bytes.length - 5);
      }
    }
    return file.endRow();
  });
  file.finish();
  const db = new Database(path, { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  const read = db.prepare('SELECT * FROM rows ORDER BY rowid').raw().all() as Value[][];
  db.close();
  return { fitted, read, path };
}

/** Numbers around every border between two lengths. */
const borders = [7, 8, 15, 16, 31, 32, 47, 48, 53]
  .flatMap((bits) => [2 ** bits - 1, 2 ** bits])
  .flatMap((value) => [value, -value, -value - 1])
  .filter((value) => Number.isSafeInteger(value));

describe('a file of rows', () => {
  it('holds numbers of every length', () => {
    const rows = [0, 1, 2, -1, null, ...borders].map((value) => [value]);
    expect(write(rows).read).toEqual(rows);
  });

  it('holds any rows as they were', () => {
    const value = fc.oneof(
      fc.maxSafeInteger(),
      fc.constantFrom(null, 0, 1, ...borders),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      // A NUL ends a text for some readers; not here.
      fc.constantFrom('', 'a\0b', 'é'.repeat(57), 'é'.repeat(58), 'x'.repeat(8186)),
    );
    const rows = fc
      .integer({ min: 1, max: 25 })
      .chain((width) =>
        fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1 }),
      );
    fc.assert(
      fc.property(rows, (drawn) => {
        const { read, fitted } = write(drawn);
        expect(fitted.every(Boolean) ? read : read.length).toEqual(
          fitted.every(Boolean) ? drawn : fitted.filter(Boolean).length,
        );
      }),
      { numRuns: 60 },
    );
  });

  // One page, a page above two, and rowids of one, two and three bytes.
  it.each([1, 127, 128, 1500, 40_000])('holds %i rows', (count) => {
    const rows = Array.from({ length: count }, (_, at) => [at, `row ${at} ${'.'.repeat(at % 90)}`]);
    expect(write(rows).read).toEqual(rows);
  });

  it('leaves out a row that is too long, and goes on', () => {
    const long = 'x'.repeat(2 ** 15);
    const longest = 'x'.repeat(2 ** 15 - 6);
    const { fitted, read } = write([
      [1, 'first'],
      [2, long],
      [3, longest],
      [4, `${longest}xx`],
      [5, 'last'],
    ]);
    expect(fitted).toEqual([true, false, true, false, true]);
    expect(read.map(([id]) => id)).toEqual([1, 3, 5]);
  });

  it('is for its owner only, and never written over another', () => {
    const { path } = write([[1]]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => new RowsFile(path, ['a'])).toThrow('EEXIST');
  });
});
