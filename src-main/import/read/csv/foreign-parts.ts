/** The parts of a file that tell its encoding: letters that are not ASCII may come after megabytes. */
import { isAscii } from 'node:buffer';
import { headBytes } from '../analysis/limits.ts';
import type { ByteSource } from '../byte-source.ts';
import { decideEncoding } from './encoding.ts';
import type { EncodingDecision } from './encoding.ts';

const lineFeed = 10;
const maxLineBytes = 16 * 2 ** 20;
/** So far a foreign letter is looked for before the file is read: a million entries. */
const maxSearchedBytes = 256 * 2 ** 20;
/** Different cells with such letters that are looked at, and their bytes. */
const maxCells = 200;
const maxKeptBytes = 256 * 1024;

/**
 * The encoding by the first part with foreign letters; where that leaves it open, by the cells with
 * such letters of the whole file. `foreign`: the part that it was decided by, for samples.
 */
export async function findEncoding(
  source: ByteSource,
  head: Buffer,
  wanted: string | undefined,
  knownNames: ReadonlySet<string> | undefined,
): Promise<EncodingDecision & { foreign: Buffer }> {
  const first = await firstForeignPart(source, head);
  const decision = { ...decideEncoding(first, wanted, knownNames), foreign: first };
  const isOpen = decision.choice !== null && decision.choice.chosen === null;
  if (!isOpen || decision.encoding === 'utf-8-twice' || head.length === source.size) {
    return decision;
  }
  const cells = await foreignCells(source, head);
  const byAll = decideEncoding(cells, wanted, knownNames);
  return byAll.choice?.chosen ? { ...byAll, foreign: first } : decision;
}

/**
 * The first part of the file, or where that has ASCII only the lines around the first foreign
 * letter.
 */
async function firstForeignPart(source: ByteSource, head: Buffer): Promise<Buffer> {
  if (!isAscii(head)) return head;
  let lineEnd = head.length;
  const end = Math.min(source.size, maxSearchedBytes);
  for (let at = head.length; at < end; at += headBytes) {
    // A line without an end is refused when it is read.
    if (at - lineEnd > maxLineBytes) return head;
    const part = await source.read(at, headBytes);
    if (part.includes(lineFeed)) lineEnd = at;
    const foreign = isAscii(part) ? -1 : part.findIndex((byte) => byte > 127);
    if (foreign < 0) continue;
    const around = await source.read(at + foreign - headBytes / 2, headBytes);
    const line = around.lastIndexOf(lineFeed, headBytes / 2);
    // The line before stands for the header.
    return around.subarray(line > 0 ? around.lastIndexOf(lineFeed, line - 1) + 1 : 0);
  }
  return head;
}

/** The first line and the first different cells with foreign letters. */
async function foreignCells(source: ByteSource, head: Buffer): Promise<Buffer> {
  const cells = new Set([head.subarray(0, head.indexOf(lineFeed) + 1).toString('latin1')]);
  let kept = 0;
  let rest: Buffer = Buffer.alloc(0);
  const end = Math.min(source.size, maxSearchedBytes);
  for (let at = 0; at < end && cells.size < maxCells && kept < maxKeptBytes; at += headBytes) {
    const bytes = Buffer.concat([rest, await source.read(at, headBytes)]);
    const cut = bytes.lastIndexOf(lineFeed) + 1;
    // A line that does not end is nothing to look at.
    rest = bytes.length - cut > headBytes ? Buffer.alloc(0) : Buffer.from(bytes.subarray(cut));
    const whole = bytes.subarray(0, cut);
    if (isAscii(whole)) continue;
    // None of these is the second byte of a wide character.
    for (const cell of whole.toString('latin1').split(/[\n\r\t,;"]/)) {
      if (cells.size >= maxCells || kept >= maxKeptBytes) break;
      if (!/[\x80-\xff]/.test(cell) || cells.has(cell)) continue;
      cells.add(cell);
      kept += cell.length;
    }
  }
  return Buffer.from([...cells].join('\n'), 'latin1');
}
