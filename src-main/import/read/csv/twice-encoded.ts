/** Text that was UTF-8, was taken for Windows-1252 and written as UTF-8 again: `MÃ¼ller`. */
import type { Decoder } from './decoder.ts';

/** Characters that Windows-1252 has for the bytes 128 to 159; the others are their own codes. */
const byteOf = new Map<string, number>();
const windows1252 = new TextDecoder('windows-1252');
for (let byte = 0x80; byte < 0x100; byte += 1) {
  byteOf.set(windows1252.decode(Uint8Array.of(byte)), byte);
  byteOf.set(String.fromCharCode(byte), byte);
}
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text that was meant by a run of characters; null if it was not written twice. */
function onceOf(run: string): string | null {
  const bytes: number[] = [];
  for (const char of run) {
    const byte = byteOf.get(char);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  try {
    return utf8.decode(Uint8Array.from(bytes));
  } catch {
    // No UTF-8: the run is what it looks like.
    return null;
  }
}

/** Whether a text was written twice: all of its runs of other characters than ASCII, or most. */
export function isWrittenTwice(text: string): 'all' | 'some' | 'none' {
  let twice = 0;
  let once = 0;
  // The same few letters come again and again.
  const counts = new Map<string, number>();
  for (const run of text.match(/[^\0-\x7f]+/g) ?? []) counts.set(run, (counts.get(run) ?? 0) + 1);
  counts.delete('\ufeff');
  for (const [run, count] of counts) {
    if (onceOf(run) === null) once += count;
    else twice += count;
  }
  if (twice === 0) return 'none';
  if (once === 0) return 'all';
  // A few such names among others are what Kimai has stored.
  return twice > once ? 'some' : 'none';
}

export function undoTwice(text: string): string {
  return text.replaceAll(/[^\0-\x7f]+/g, (run) => onceOf(run) ?? run);
}

/** Undoes it chunk by chunk; a run at the end of a chunk waits for the next one. */
export class TwiceDecoder implements Decoder {
  readonly #decoder: Decoder;
  #rest = '';

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  decode(bytes: Buffer, last: boolean): string {
    const text = this.#rest + this.#decoder.decode(bytes, last);
    let cut = text.length;
    while (!last && cut > 0 && text.charCodeAt(cut - 1) > 0x7f) cut -= 1;
    this.#rest = text.slice(cut);
    return undoTwice(text.slice(0, cut));
  }
}
