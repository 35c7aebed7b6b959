/** From bytes to text, chunk by chunk. */
import { isAscii, isUtf8 } from 'node:buffer';
import { AppError } from '../../../../src-shared/errors.ts';
import type { Decoder } from './decoder.ts';
import { detectLegacy } from './detect-legacy.ts';
import { TwiceDecoder } from './twice-encoded.ts';
import { completeUtf8, isDamagedUtf8 } from './utf8.ts';

const LF = 10;

/** A decoder for an encoding that `detectEncoding` names, or that the owner chose. */
export function createDecoder(encoding: string): Decoder {
  if (encoding === 'utf-8') return new Utf8Decoder();
  if (encoding === 'utf-8-twice') return new TwiceDecoder(new Utf8Decoder());
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return new Utf16Decoder(encoding);
  return new LegacyDecoder(encoding);
}

/** Bytes that the encoding leaves undefined show that the text is in yet another one. */
class LegacyDecoder implements Decoder {
  readonly #decoder: TextDecoder;

  constructor(encoding: string) {
    try {
      this.#decoder = new TextDecoder(encoding, { fatal: true });
    } catch (cause) {
      throw new AppError('file_encoding', {}, { cause });
    }
  }

  decode(bytes: Buffer, last: boolean): string {
    const text = decodeStrictly(this.#decoder, bytes, last);
    if (/[\x80-\x84\x86-\x9f]/.test(text)) throw new AppError('file_encoding');
    return text;
  }
}

function decodeStrictly(decoder: TextDecoder, bytes: Buffer, last: boolean): string {
  try {
    return decoder.decode(bytes, { stream: !last });
  } catch (cause) {
    throw new AppError('file_encoding', {}, { cause });
  }
}

/**
 * UTF-8 as long as it is UTF-8. A file that was plain ASCII up to here and then is not UTF-8 is in
 * an older encoding: the first umlaut may come after megabytes. One that had UTF-8 before is damaged.
 */
class Utf8Decoder implements Decoder {
  #rest: Buffer = Buffer.alloc(0);
  #asciiSoFar = true;
  #first = true;
  #legacy: Decoder | null = null;

  decode(chunk: Buffer, last: boolean): string {
    if (this.#legacy) return this.#legacy.decode(chunk, last);
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
    // The first part of the file, which the owner was asked about, did not show it.
    const legacy = detectLegacy(whole);
    if (!legacy?.isCertain) throw new AppError('file_encoding');
    this.#legacy = new LegacyDecoder(legacy.encoding);
    return this.#legacy.decode(bytes, last);
  }

  #withoutMark(text: string): string {
    const first = this.#first;
    this.#first = false;
    return first && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}

class Utf16Decoder implements Decoder {
  readonly #decoder: TextDecoder;
  #bytes = 0;

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    this.#decoder = new TextDecoder(encoding);
  }

  decode(bytes: Buffer, last: boolean): string {
    this.#bytes += bytes.length;
    if (last && this.#bytes % 2 !== 0) throw new AppError('file_encoding');
    // TextDecoder drops the mark by itself.
    return this.#decoder.decode(bytes, { stream: !last });
  }
}
