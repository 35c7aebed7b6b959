/** Files as large as they may be: read to the end, without ever being in memory, or refused. */
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, expect, it } from 'vitest';
import { RowReader } from '../../../../../src-main/import/rows/row-reader.ts';
import { BatchWriter } from '../../../../../src-main/import/rows/batch-writer.ts';
import { analyseFile, readTimesheet } from '../../../../../src-main/import/read/read-file.ts';
import {
  maxFileBytes,
  openFile,
  type ByteSource,
} from '../../../../../src-main/import/read/byte-source.ts';
import { csv, failure, HEADER, readWhole, row } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'huge-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MIB = 2 ** 20;

interface Generated extends ByteSource {
  rows: number;
  /** Line on which the first row begins. */
  firstLine: number;
  /** The most bytes that were asked for at once. */
  mostBytes: number;
}

/**
 * An export of exactly `size` bytes that is on no disk: rows of one length, with ids from 1, two
 * lines each. Empty lines below the header fill what the rows leave.
 */
function generated(size: number, description: string): Generated {
  const digits = 8;
  const line = Buffer.from(`${'0'.repeat(digits)},${row({ description })}\n`);
  const header = Buffer.from(`ID,${HEADER}\n`);
  const rows = Math.floor((size - header.length) / line.length);
  const filling = size - header.length - rows * line.length;
  const head = Buffer.concat([header, Buffer.alloc(filling, '\n')]);

  function fill(bytes: Buffer, offset: number): void {
    let at = offset < head.length ? head.copy(bytes, 0, offset) : 0;
    while (at < bytes.length) {
      const place = offset + at - head.length;
      const index = Math.floor(place / line.length);
      line.write(String(index + 1).padStart(digits, '0'), 0, 'latin1');
      at += line.copy(bytes, at, place % line.length);
    }
  }

  return {
    size,
    changedMs: 0,
    rows,
    firstLine: 2 + filling,
    mostBytes: 0,
    read(offset, length) {
      // As the system does: no place before the file or behind it.
      if (!(offset >= 0 && offset <= size)) throw new RangeError(`offset ${offset}`);
      this.mostBytes = Math.max(this.mostBytes, length);
      const bytes = Buffer.allocUnsafe(Math.min(length, size - offset));
      fill(bytes, offset);
      return Promise.resolve(bytes);
    },
    assertUnchanged: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

it('the largest file, 4 GiB, is read to its last row, and never more than a part of it is held', async () => {
  const source = generated(maxFileBytes, `"${'x'.repeat(50_000)}\n"`);
  const analysis = await analyseFile(source);
  const writer = new BatchWriter();
  const before = process.memoryUsage.rss();
  let peak = before;
  let rows = 0;
  let progress = 0;
  let largestBatch = 0;

  /** Each row is the next one, on its line. */
  function check(): void {
    const batch = writer.take();
    peak = Math.max(peak, process.memoryUsage.rss());
    largestBatch = Math.max(largestBatch, batch.text.length);
    const reader = new RowReader(batch);
    for (let i = 0; i < batch.rows; i += 1) {
      reader.at(i);
      const line = source.firstLine + 2 * rows;
      rows += 1;
      if (reader.kimaiId === rows && reader.line === line) continue;
      throw new Error(`row ${rows}: id ${reader.kimaiId} on line ${reader.line}, not ${line}`);
    }
  }

  await readTimesheet(
    source,
    analysis,
    {
      onRecord: (record) => writer.add(record),
      onProblem({ line, code }) {
        throw new Error(`${code} in line ${line}`);
      },
    },
    {
      onBytes(bytes) {
        if (bytes <= progress) throw new Error(`progress went from ${progress} to ${bytes}`);
        progress = bytes;
      },
      afterChunk: () => (writer.isFull ? check() : undefined),
    },
  );
  check();
  expect(rows).toBe(source.rows);
  expect(progress).toBe(2 ** 32);
  expect(source.mostBytes).toBeLessThan(MIB);
  // 4096 of these rows would be 200 MB.
  expect(largestBatch).toBeLessThan(8 * MIB);
  // With what V8 has collected and not given back yet, which takes longer on a busy machine.
  expect(peak - before).toBeLessThan(1024 * MIB);
  // A busy machine takes minutes for so many bytes.
}, 900_000);

it.each([
  ['2026-03-31,"', 'file_unterminated_quote'],
  ['2026-03-31,', 'file_cell_too_large'],
])('a row %s… that never ends is refused long before the file ends', async (begin, code) => {
  const start = Buffer.concat([csv(HEADER, row()), Buffer.from(begin)]);
  let furthest = 0;
  const endless: ByteSource = {
    size: maxFileBytes,
    changedMs: 0,
    read(offset, length) {
      furthest = Math.max(furthest, offset + length);
      const bytes = Buffer.alloc(length, 'x');
      if (offset < start.length) start.copy(bytes, 0, offset);
      return Promise.resolve(bytes);
    },
    assertUnchanged: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  expect(await failure(readWhole(endless))).toEqual([code, { line: 3 }]);
  // 16 million characters of it are kept at most, and the next part is on its way.
  expect(furthest).toBeLessThan(128 * MIB);
});

it('a place beyond 2 and 4 GB is found in a file on disk', async () => {
  const path = join(folder, 'sparse.csv');
  const places = [2 ** 31 - 3, 2 ** 31 + 7, maxFileBytes - 6];
  const file = openSync(path, 'w');
  // Sparse: no disk is used for what lies between.
  for (const place of places)
    writeSync(file, Buffer.from(`at ${place % 1000}`.padEnd(6)), 0, 6, place);
  closeSync(file);
  const source = await openFile(path);
  try {
    expect(source.size).toBe(maxFileBytes);
    for (const place of places) {
      const text = (await source.read(place, 6)).toString();
      expect(text.trim()).toBe(`at ${place % 1000}`);
    }
    expect(await source.read(maxFileBytes - 2, 100)).toHaveLength(2);
  } finally {
    await source.close();
  }
});

it('a file above 4 GiB is refused by its size', async () => {
  const path = join(folder, 'larger.csv');
  closeSync(openSync(path, 'w'));
  truncateSync(path, maxFileBytes + 1);
  expect(await failure(analyseFile(path))).toEqual(['file_too_large', { limitMb: 4096 }]);
});

it('a workbook above 64 MB is refused before it is in memory', async () => {
  const path = join(folder, 'larger.xlsx');
  const file = openSync(path, 'w');
  writeSync(file, Buffer.from('PK\x03\x04', 'latin1'));
  closeSync(file);
  truncateSync(path, 64 * MIB + 1);
  expect(await failure(analyseFile(path))).toEqual(['file_too_large', { limitMb: 64 }]);
});

it('unreadable rows keep what is shown of a cell, not the whole of it', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const held = (): number => {
    collectGarbage();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + external + arrayBuffers;
  };
  const source = generated(200 * MIB, 'x'.repeat(10 * MIB));
  const analysis = await analyseFile(source);
  const values: string[] = [];
  const before = held();
  await readTimesheet(source, analysis, {
    onRecord: () => undefined,
    onProblem: ({ code, value }) => values.push(`${code} ${value}`, value),
  });
  // V8 gives back the memory of buffers some time after a collection, on another thread.
  await expect.poll(() => held() - before).toBeLessThan(100 * MIB);
  expect(values).toHaveLength(2 * source.rows);
  expect(values[0]).toBe(`text_too_long ${'x'.repeat(200)}`);
});
