import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../../src-main/import/read/byte-source.ts';
import { analyseFile } from '../../../../../src-main/import/read/read-file.ts';
import { Archive, maxUnpackedBytes } from '../../../../../src-main/import/read/workbook/archive.ts';
import { text, writeWorkbook, type Cell } from '../../../../support/kimai-workbook.ts';
import { failure, fixture, readWhole } from './support.ts';

describe('workbooks that cannot be read', () => {
  const good = readFileSync(fixture('golden/kimai-2.66-world/customers-en.xlsx'));

  it('damaged, cut off, or another kind of archive', async () => {
    expect((await failure(analyseFile(good.subarray(0, 3000))))[0]).toBe(
      'file_workbook_unreadable',
    );
    const broken = Buffer.from(good);
    broken.fill(0x55, 200, 1200);
    expect((await failure(analyseFile(broken)))[0]).toBe('file_workbook_unreadable');
    expect((await failure(analyseFile(zip('readme.txt', Buffer.from('hello')))))[0]).toBe(
      'file_workbook_unreadable',
    );
  });

  it('one that unpacks to more than the limit, whether it says so or lies', async () => {
    const honest = zip('xl/worksheets/sheet1.xml', Buffer.alloc(1000), 300 * 1024 * 1024);
    expect(await failure(analyseFile(honest))).toEqual(['file_too_large', { limitMb: 256 }]);
    const lying = zip('_rels/.rels', Buffer.alloc(1024 * 1024), 1000);
    expect(await failure(analyseFile(lying))).toEqual(['file_workbook_unreadable', {}]);
  });

  it('one whose parts are read again and again: what is unpacked is counted', async () => {
    const name = 'xl/worksheets/sheet1.xml';
    const bytes = zip(name, Buffer.alloc(maxUnpackedBytes / 2 + 1));
    const archive = await Archive.open(memorySource(bytes));
    const unpack = async (): Promise<number> => {
      let size = 0;
      for await (const chunk of archive.read(name)) size += chunk.length;
      return size;
    };
    expect(await unpack()).toBe(maxUnpackedBytes / 2 + 1);
    expect(await failure(unpack())).toEqual(['file_too_large', { limitMb: 256 }]);
  });

  it('one whose directory says "stored" where the part says "deflated"', async () => {
    const bytes = Buffer.from(good);
    let changed = 0;
    for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4)) {
      bytes.writeUInt16LE(0, at + 10);
      bytes.writeUInt32LE(bytes.readUInt32LE(at + 20), at + 24);
      changed += 1;
    }
    expect(changed).toBeGreaterThan(3);
    expect(await failure(analyseFile(bytes))).toEqual(['file_workbook_unreadable', {}]);
  });

  it('a formula is a text, however many cells its range has', async () => {
    // Quadratic in their number if ranges were filled: this would take hundreds of times as long.
    const sheet = (project: (row: number) => Cell): Buffer => {
      const cells = Array.from({ length: 4000 }, (_, row): Cell[] => [
        text('2026-11-03'),
        text('1:00'),
        text('Acme'),
        row === 0 ? text('Web') : project(row),
      ]);
      const header = ['Date', 'Duration', 'Customer', 'Project'].map((label) => text(label));
      return writeWorkbook([header, ...cells]);
    };
    const plain = sheet((row) => ({ t: 'n', v: row }));
    const formulas = sheet((row) => ({ t: 'n', v: row, f: 'ROW()', F: `D2:D4001` }));
    const processorMs = async (bytes: Buffer): Promise<number> => {
      const before = process.cpuUsage();
      const { records } = await readWhole(bytes);
      expect(records).toHaveLength(4000);
      return process.cpuUsage(before).user;
    };
    await processorMs(plain);
    expect(await processorMs(formulas)).toBeLessThan(20 * (await processorMs(plain)));
  });

  /** A ZIP of one deflated entry that claims to be `claimed` bytes long. */
  function zip(name: string, content: Buffer, claimed = content.length): Buffer {
    const packed = deflateRawSync(content);
    const sizes = Buffer.alloc(30);
    sizes.writeUInt32LE(0x04034b50, 0);
    sizes.writeUInt16LE(8, 8);
    sizes.writeUInt32LE(packed.length, 18);
    sizes.writeUInt32LE(claimed, 22);
    sizes.writeUInt16LE(name.length, 26);
    const local = Buffer.concat([sizes, Buffer.from(name), packed]);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(claimed, 24);
    entry.writeUInt16LE(name.length, 28);
    const directory = Buffer.concat([entry, Buffer.from(name)]);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(1, 8);
    end.writeUInt16LE(1, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(local.length, 16);
    return Buffer.concat([local, directory, end]);
  }
});
