/** Opening an XLSX workbook safely: sizes are checked before anything is unpacked. */
import { inflateRawSync } from 'node:zlib';
import type { CellObject } from '@e965/xlsx';
import { AppError } from '../../../../src-shared/errors.ts';
import { readAll, refuseSize } from '../byte-source.ts';
import type { ByteSource } from '../byte-source.ts';

/** A workbook is unpacked in memory: 200 000 records are about 20 MB packed, 160 MB unpacked. */
export const MAX_PACKED_BYTES = 64 * 1024 * 1024;
export const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
const MAX_ENTRIES = 2000;

export type SheetCell = CellObject | null | undefined;

/** The first sheet of a workbook: raw values, number formats and formulas. */
export interface Sheet {
  rows: SheetCell[][];
  /** Serial dates count from 1904 instead of 1900. */
  date1904: boolean;
}

/** True if the bytes begin as a ZIP archive does, which every XLSX file is. */
export function isZip(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) === 0x04034b50;
}

/**
 * The workbook's first sheet. Throws `file_too_large` for more than `MAX_UNPACKED_BYTES`, whatever
 * the archive claims, and `file_workbook_unreadable` for what is no workbook.
 */
export async function openWorkbook(source: ByteSource): Promise<Sheet> {
  const bytes = await readAll(source, MAX_PACKED_BYTES);
  assertUnpackable(bytes);
  // Loaded when needed: it takes longer than reading a thousand rows of CSV.
  const { read: readXlsx } = await import('@e965/xlsx');
  try {
    const book = readXlsx(bytes, {
      type: 'buffer',
      dense: true,
      cellNF: true,
      cellFormula: true,
      cellText: false,
      cellHTML: false,
    });
    const sheet = book.Sheets[book.SheetNames[0] ?? ''];
    const rows = sheet?.['!data'] as SheetCell[][] | undefined;
    if (!rows) throw new AppError('file_workbook_unreadable');
    return { rows, date1904: book.Workbook?.WBProps?.date1904 === true };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('file_workbook_unreadable', {}, { cause });
  }
}

/** Unpacks every entry up to its claimed size, the claims together being within the limit. */
function assertUnpackable(zip: Buffer): void {
  let total = 0;
  for (const entry of listEntries(zip)) {
    total += entry.unpackedBytes;
    if (total > MAX_UNPACKED_BYTES) refuseSize(MAX_UNPACKED_BYTES);
    if (entry.method === 0) continue;
    if (entry.method !== 8) throw new AppError('file_workbook_unreadable');
    try {
      // The claim may be a lie: a bomb stops here, at its claimed size.
      inflateRawSync(entry.packed, { maxOutputLength: Math.max(entry.unpackedBytes, 1) });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        refuseSize(MAX_UNPACKED_BYTES);
      throw new AppError('file_workbook_unreadable', {}, { cause });
    }
  }
}

interface ZipEntry {
  method: number;
  packed: Buffer;
  unpackedBytes: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** The entries of a ZIP's central directory (APPNOTE.TXT 4.3.12). */
function listEntries(zip: Buffer): ZipEntry[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  try {
    if (end < 0 || zip.readUInt32LE(end) !== END_OF_DIRECTORY) throw new RangeError();
    const count = zip.readUInt16LE(end + 10);
    if (count === 0 || count > MAX_ENTRIES) throw new RangeError();
    const entries: ZipEntry[] = [];
    let at = zip.readUInt32LE(end + 16);
    for (let i = 0; i < count; i += 1) {
      if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new RangeError();
      const packedBytes = zip.readUInt32LE(at + 20);
      const header = zip.readUInt32LE(at + 42);
      const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
      if (start + packedBytes > zip.length) throw new RangeError();
      entries.push({
        method: zip.readUInt16LE(at + 10),
        packed: zip.subarray(start, start + packedBytes),
        unpackedBytes: zip.readUInt32LE(at + 24),
      });
      const lengths = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
      at += 46 + lengths.reduce((sum, length) => sum + length, 0);
    }
    return entries;
  } catch (cause) {
    // Reading beyond the end, or any of the checks above.
    throw new AppError('file_workbook_unreadable', {}, { cause });
  }
}
