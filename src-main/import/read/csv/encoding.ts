/** Which encoding a file has, by its first bytes. */
import { isAscii, isUtf8 } from 'node:buffer';
import { AppError } from '../../../../src-shared/errors.ts';
import type { ReadingChoice } from '../../rows/types.ts';
import { detectLegacy, legacyEncodings } from './detect-legacy.ts';
import { isWrittenTwice } from './twice-encoded.ts';
import { completeUtf8, isDamagedUtf8 } from './utf8.ts';

export interface EncodingDecision {
  /** The likeliest one, also where the owner has to say. */
  encoding: string;
  /** Null where there is nothing to choose. */
  choice: ReadingChoice | null;
}

const choosable = new Set<string>([...legacyEncodings, 'utf-8', 'utf-8-twice']);
/**
 * The encoding: a byte order mark, else the zeros that UTF-16 leaves in text of Latin letters, else
 * valid UTF-8 (once or twice), else what the words of the file tell (docs/kimai-files.md).
 * `wanted`: what the owner chose. The options have no samples yet: which columns may be shown is
 * not known before the header is read. Throws `file_binary` and `file_encoding`.
 */
export function decideEncoding(
  head: Buffer,
  wanted: string | undefined,
  knownNames?: ReadonlySet<string>,
): EncodingDecision {
  const unicode = detectUnicode(head);
  if (unicode !== null && unicode !== 'utf-8') return { encoding: unicode, choice: null };
  if (unicode === 'utf-8') return decideTwice(head, wanted);
  const found = detectLegacy(head, knownNames);
  if (!found) throw new AppError('file_encoding');
  const chosen = wanted !== undefined && choosable.has(wanted) ? wanted : null;
  const encoding = chosen ?? found.encoding;
  const options = [...new Set([encoding, ...found.options, 'windows-1252'])];
  return {
    encoding,
    choice: {
      about: 'encoding',
      chosen: chosen ?? (found.isCertain ? encoding : null),
      because: chosen ? 'chosen' : found.because,
      options: options.map((value) => ({ value, samples: [] })),
    },
  };
}

function decideTwice(head: Buffer, wanted: string | undefined): EncodingDecision {
  const twice = isAscii(head) ? 'none' : isWrittenTwice(head.toString('utf8'));
  if (twice === 'none') return { encoding: 'utf-8', choice: null };
  const chosen = wanted === 'utf-8' || wanted === 'utf-8-twice' ? wanted : null;
  const decided = twice === 'all' ? 'utf-8-twice' : null;
  return {
    encoding: chosen ?? 'utf-8-twice',
    choice: {
      about: 'encoding',
      chosen: chosen ?? decided,
      because: chosen ? 'chosen' : decided ? 'writtenTwice' : 'encodingOpen',
      options: ['utf-8-twice', 'utf-8'].map((value) => ({ value, samples: [] })),
    },
  };
}

function detectUnicode(head: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  const zeros = countZeros(head);
  // A header row alone has dozens of Latin letters, separators and blanks.
  if (zeros.odd > head.length / 8 && zeros.even * 8 < zeros.odd) return 'utf-16le';
  if (zeros.even > head.length / 8 && zeros.odd * 8 < zeros.even) return 'utf-16be';
  if (zeros.odd + zeros.even > 0) throw new AppError('file_binary', { line: 1 });
  const whole = head.subarray(0, completeUtf8(head));
  return isUtf8(whole) || isDamagedUtf8(whole) ? 'utf-8' : null;
}

function countZeros(bytes: Buffer): { even: number; odd: number } {
  const zeros = { even: 0, odd: 0 };
  for (let i = bytes.indexOf(0); i >= 0; i = bytes.indexOf(0, i + 1)) {
    if (i % 2 === 0) zeros.even += 1;
    else zeros.odd += 1;
  }
  return zeros;
}
