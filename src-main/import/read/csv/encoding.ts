/** From bytes to text: which encoding a file has, and decoding it chunk by chunk. */
import { isAscii, isUtf8 } from 'node:buffer';
import { AppError } from '../../../../src-shared/errors.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const LF = 10;

/**
 * The encoding of a file by its first bytes: a byte order mark, else the zeros that UTF-16 leaves
 * in text of Latin letters, else valid UTF-8, else Windows-1252 (what Excel calls ANSI).
 * Throws `file_binary` for bytes that are no text.
 */
export function detectEncoding(head: Buffer): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  const zeros = countZeros(head);
  // A header row alone has dozens of Latin letters, separators and blanks.
  if (zeros.odd > head.length / 8 && zeros.even * 8 < zeros.odd) return 'utf-16le';
  if (zeros.even > head.length / 8 && zeros.odd * 8 < zeros.even) return 'utf-16be';
  if (zeros.odd + zeros.even > 0) throw new AppError('file_binary', { line: 1 });
  const whole = head.subarray(0, completeUtf8(head));
  if (isUtf8(whole) || isDamagedUtf8(whole)) return 'utf-8';
  return 'windows-1252';
}

/** Not valid, but more of its non-ASCII characters are valid than not: no other encoding does that. */
function isDamagedUtf8(bytes: Buffer): boolean {
  const foreign = bytes.toString('utf8').match(/[^\0-\x7f]/gu) ?? [];
  const broken = foreign.filter((char) => char === '\ufffd').length;
  return foreign.length - broken > broken;
}

function countZeros(bytes: Buffer): { even: number; odd: number } {
  const zeros = { even: 0, odd: 0 };
  for (let i = bytes.indexOf(0); i >= 0; i = bytes.indexOf(0, i + 1)) {
    if (i % 2 === 0) zeros.even += 1;
    else zeros.odd += 1;
  }
  return zeros;
}

/** Length of `bytes` without a UTF-8 character that is cut off at the end. */
function completeUtf8(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

export interface Decoder {
  /** The text of the next bytes; keeps what is not complete yet. Throws `file_encoding`. */
  decode(bytes: Buffer, last: boolean): string;
}

export function createDecoder(encoding: Encoding): Decoder {
  if (encoding === 'utf-8') return new Utf8Decoder();
  if (encoding === 'windows-1252') return { decode: decodeAnsi };
  return new Utf16Decoder(encoding === 'utf-16be');
}

const ansi = new TextDecoder('windows-1252');

/** Bytes that Windows-1252 leaves undefined show that the text is in yet another encoding. */
function decodeAnsi(bytes: Buffer): string {
  const text = ansi.decode(bytes);
  if (/[\x81\x8d\x8f\x90\x9d]/.test(text)) throw new AppError('file_encoding');
  return text;
}

/**
 * UTF-8 as long as it is UTF-8. A file that was plain ASCII up to here and then is not UTF-8 is
 * Windows-1252: the first umlaut may come after megabytes. One that had UTF-8 before is damaged.
 */
class Utf8Decoder implements Decoder {
  #rest: Buffer = Buffer.alloc(0);
  #asciiSoFar = true;
  #first = true;
  #isAnsi = false;

  decode(chunk: Buffer, last: boolean): string {
    if (this.#isAnsi) return decodeAnsi(chunk);
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    // Cutting after a line break gives texts of whole rows, nearly always.
    const cut = last ? bytes.length : bytes.lastIndexOf(LF) + 1 || completeUtf8(bytes);
    const whole = bytes.subarray(0, cut);
    if (isAscii(whole)) {
      this.#rest = Buffer.from(bytes.subarray(cut));
      return this.#withoutMark(whole.toString('latin1'));
    }
    if (isUtf8(whole)) {
      this.#rest = Buffer.from(bytes.subarray(cut));
      this.#asciiSoFar = false;
      return this.#withoutMark(whole.toString('utf8'));
    }
    if (!this.#asciiSoFar || isDamagedUtf8(whole)) throw new AppError('file_encoding');
    this.#isAnsi = true;
    return decodeAnsi(bytes);
  }

  #withoutMark(text: string): string {
    const first = this.#first;
    this.#first = false;
    return first && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}

class Utf16Decoder implements Decoder {
  readonly #decoder = new TextDecoder('utf-16le');
  readonly #swap: boolean;
  #rest: Buffer = Buffer.alloc(0);

  constructor(bigEndian: boolean) {
    this.#swap = bigEndian;
  }

  decode(chunk: Buffer, last: boolean): string {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const even = bytes.length - (bytes.length % 2);
    if (last && even !== bytes.length) throw new AppError('file_encoding');
    this.#rest = Buffer.from(bytes.subarray(even));
    const whole = bytes.subarray(0, even);
    if (this.#swap) whole.swap16();
    // TextDecoder drops the mark by itself.
    return this.#decoder.decode(whole, { stream: !last });
  }
}
