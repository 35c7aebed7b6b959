/**
 * Which encoding a text without Unicode has, by evidence: its words under each encoding must be
 * words. What several encodings read differently and equally well has to be asked.
 */
import { wordsLikelihood } from './letter-statistics.ts';

/** What the WHATWG's decoders know of the encodings that spreadsheets have written, likeliest first. */
export const legacyEncodings = [
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'windows-874',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-kr',
  'euc-jp',
  'koi8-r',
  'koi8-u',
  'iso-8859-2',
  'iso-8859-4',
  'iso-8859-5',
  'iso-8859-6',
  'iso-8859-7',
  'iso-8859-8',
  'iso-8859-10',
  'iso-8859-13',
  'iso-8859-15',
  'iso-8859-16',
  'macintosh',
  'x-mac-cyrillic',
  'ibm866',
] as const;
const wide = new Set<string>(['gb18030', 'big5', 'shift_jis', 'euc-kr', 'euc-jp']);

/** Distinct words that are looked at. */
const maxWords = 120;
/** Two readings as far apart as this are no longer both likely. */
const MARGIN = 5.5;
/** Fewer different letters than this convince only of what is usual anyway. */
const fewLetters = 8;
/** How much likelier an unusual encoding must be before nobody is asked. */
const unusualMargin = 3 * MARGIN;
/** A name that is stored already was decoded rightly. */
const knownName = 12;
/** Something that no text has, such as a sign in the middle of a word. */
const STRANGE = -14;

export interface LegacyDecision {
  encoding: string;
  /** False: the owner has to choose among `options`. */
  isCertain: boolean;
  /** Encodings that give different texts, the likeliest first. */
  options: string[];
  /** Key under `imports.evidence`. */
  because: string;
}

interface Reading {
  encoding: string;
  score: number;
  /** How many stored names there are. */
  known: number;
  /** Whether signs stand where no text has them. */
  isStrange: boolean;
  text: string;
}

/** Hardly anybody writes half-width katakana; bytes of other encodings often read as such. */
const halfWidth = /[\uff61-\uff9f]/;

/** `knownNames`: names of customers, projects, users that are stored, lower case. */
export function detectLegacy(
  bytes: Buffer,
  knownNames: ReadonlySet<string> = new Set(),
): LegacyDecision | null {
  const runs = foreignRuns(bytes);
  const byText = new Map<string, Reading>();
  legacyEncodings.forEach((encoding, rank) => {
    const texts = decodeRuns(runs, encoding);
    if (texts === null) return;
    const known = texts.filter((text) => knownNames.has(text.toLowerCase().trim())).length;
    let score = priorOf(encoding, rank) + known * knownName;
    score += likelihoodOf(texts, encoding);
    const key = texts.join('\n');
    const twin = byText.get(key);
    const isStrange = !wide.has(encoding) && wordsOf(texts).some(hasStrangeSigns);
    if (!twin || twin.score < score) {
      byText.set(key, { encoding, score, known, isStrange, text: key });
    }
  });
  const ranked = [...byText.values()].sort((a, b) => b.score - a.score);
  const [best, second] = ranked;
  if (!best) return null;
  const foreign = new Set(runs.flatMap((run) => [...run].filter((byte) => byte >= 0x80))).size;
  const isUsual = best.encoding === 'windows-1252';
  const lead = second ? best.score - second.score : Infinity;
  const isCertain = isUsual
    ? lead >= MARGIN && !best.isStrange
    : best.known > 0 ||
      (foreign >= fewLetters && lead >= unusualMargin && !halfWidth.test(best.text));
  const near = ranked.filter(({ score }) => best.score - score < MARGIN * 3);
  return {
    encoding: best.encoding,
    isCertain,
    options: (isCertain ? ranked : near).slice(0, 6).map(({ encoding }) => encoding),
    because: !isCertain ? 'encodingOpen' : best.known > 0 ? 'storedNames' : 'letters',
  };
}

/** What Windows writes is by far the most usual; the others are of other systems or times. */
function priorOf(encoding: string, rank: number): number {
  if (encoding === 'windows-1252') return 2;
  const isUsual = encoding.startsWith('windows') || wide.has(encoding) || encoding === 'koi8-r';
  return (isUsual ? 0 : -2) - rank / 100;
}

/** Pieces of cells with bytes above 127 in them, as far as separators and line ends. */
function foreignRuns(bytes: Buffer): Buffer[] {
  const runs = new Map<string, Buffer>();
  // Separators, quotes and line ends are the same bytes in all of these encodings; the second byte
  // of a wide character is none of them.
  const isEnd = (byte: number): boolean =>
    byte === 0x2c ||
    byte === 0x3b ||
    byte === 0x09 ||
    byte === 0x0a ||
    byte === 0x0d ||
    byte === 0x22;
  let start = 0;
  let isForeign = false;
  for (let i = 0; i <= bytes.length; i += 1) {
    const byte = bytes[i] ?? 0x0a;
    if (byte >= 0x80) isForeign = true;
    if (!isEnd(byte)) continue;
    if (isForeign && i - start < 500) {
      const run = bytes.subarray(start, i);
      runs.set(run.toString('latin1'), run);
      if (runs.size >= maxWords) break;
    }
    start = i + 1;
    isForeign = false;
  }
  return [...runs.values()];
}

/** Null if the bytes are none of this encoding, or decode to characters that no text has. */
function decodeRuns(runs: Buffer[], encoding: string): string[] | null {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    const texts = runs.map((run) => decoder.decode(run));
    return texts.some((text) => /[\u0080-\u009f\ufffd\p{Co}\p{Cn}]/u.test(text)) ? null : texts;
  } catch {
    // Not valid in this encoding, which is what was asked.
    return null;
  }
}

/** Signs that stand before, behind or between words in ordinary texts. */
const usualSigns = /[\s\p{P}€£¥©®™°§²³½¼¾×µ€\u00a0]/u;

function likelihoodOf(texts: string[], encoding: string): number {
  const words = wordsOf(texts);
  let score = 0;
  if (wide.has(encoding)) {
    for (const word of words) score += wideLikelihood(word, encoding);
    return score;
  }
  for (const word of words) score += signsLikelihood(word);
  const letters = words.flatMap((word) => word.match(/[\p{L}\p{M}]+/gu) ?? []);
  for (const part of letters) score += shapeLikelihood(part);
  return score + wordsLikelihood(letters.filter((part) => /[^\0-\x7f]/.test(part)));
}

/** The different words with letters that are not ASCII: one that stands there twice is no more evidence. */
const wordsOf = (texts: string[]): string[] =>
  [...new Set(texts.flatMap((text) => text.match(/[^\s!-/:-@[-`{-~]+/gu) ?? []))].filter((word) =>
    /[^\0-\x7f]/.test(word),
  );

const signsOf = (word: string): string => word.replaceAll(/[\p{L}\p{M}\0-\x7f]/gu, '');

/** Everything in a word that is no letter. */
function signsLikelihood(word: string): number {
  let score = 0;
  for (const sign of signsOf(word)) score += usualSigns.test(sign) ? -4 : STRANGE;
  for (const place of strangePlaces) if (place.test(word)) score += STRANGE;
  return score;
}

const strangePlaces = [
  // `™erban`: such a sign stands behind a word, if anywhere.
  /(?<!\p{L})[™®©°²³¼½¾×]\p{L}/u,
  // A sign between two letters, `ó³w`; a dash or an apostrophe is none.
  /\p{L}[^\p{L}\p{M}\0-\x7f’‘–—·]\p{L}/u,
  // `£ód¼`: money is before numbers, a fraction behind them.
  /[£¥]\p{L}/u,
  /\p{L}[¼½¾]/u,
];

const hasStrangeSigns = (word: string): boolean =>
  strangePlaces.some((place) => place.test(word)) ||
  [...signsOf(word)].some((sign) => !usualSigns.test(sign));

const scripts = ['Latin', 'Cyrillic', 'Greek', 'Hebrew', 'Arabic', 'Thai'].map(
  (script) => new RegExp(`\\p{Script_Extensions=${script}}`, 'u'),
);

function shapeLikelihood(word: string): number {
  if (!/[^\0-\x7f]/.test(word)) return 0;
  const isMixed = scripts.filter((script) => script.test(word)).length > 1 ? STRANGE : 0;
  // `пРИМЕР`: capitals behind a small letter.
  return isMixed + (/\p{Ll}\p{Lu}/u.test(word) ? STRANGE : 0);
}

/** Characters of two bytes count like two letters; each is judged by whether it is a usual one. */
function wideLikelihood(word: string, encoding: string): number {
  let score = 0;
  for (const char of word) {
    if (char <= '\x7f') continue;
    if (halfWidth.test(char)) score += -8;
    else if (/\p{Script=Hiragana}|\p{Script=Katakana}|ー/u.test(char)) score += -4;
    else if (/\p{Script=Han}|\p{Script=Hangul}/u.test(char))
      score += isUsedInNames(char) ? -7 : usualChars(encoding).has(char) ? -9 : -12;
    else if (/[\p{P}\uff00-\uffef]/u.test(char)) score += -6;
    // A header may be in another script than the names below it.
    else if (/\p{Script=Cyrillic}|\p{Script=Greek}/u.test(char)) score += -7;
    else score += STRANGE * 2;
  }
  if (/[\uff61-\uff9f][A-Za-z]|[A-Za-z][\uff61-\uff9f]/.test(word)) score += STRANGE;
  // Single ideographs between Latin letters are bytes of one letter each: `M黮ler`.
  if (/[A-Za-z]\p{Script=Han}|\p{Script=Han}[a-z]/u.test(word)) score += STRANGE * 2;
  return score;
}

/**
 * The first and last bytes of what each standard puts first, as the usual characters: level 1 of
 * GB 2312, Big5 and JIS X 0208, and the Hangul of KS X 1001.
 */
const usualRanges: Record<string, [encoding: string, first: number, last: number]> = {
  gb18030: ['gb18030', 0xb0a1, 0xd7f9],
  big5: ['big5', 0xa440, 0xc67e],
  shift_jis: ['euc-jp', 0xb0a1, 0xcfd3],
  'euc-jp': ['euc-jp', 0xb0a1, 0xcfd3],
  'euc-kr': ['euc-kr', 0xb0a1, 0xc8fe],
};
const usualSets = new Map<string, ReadonlySet<string>>();

function usualChars(encoding: string): ReadonlySet<string> {
  const known = usualSets.get(encoding);
  if (known) return known;
  const [standard, first, last] = usualRanges[encoding]!;
  const decoder = new TextDecoder(standard);
  const chars = new Set<string>();
  for (let code = first; code <= last; code += 1) {
    chars.add(decoder.decode(Uint8Array.of(code >> 8, code & 0xff)));
  }
  usualSets.set(encoding, chars);
  return chars;
}

let usedChars: ReadonlySet<string> | null = null;

/** Ideographs and syllables of the names that the locale data has in Chinese, Japanese and Korean. */
function isUsedInNames(char: string): boolean {
  if (usedChars === null) {
    const chars = new Set<string>();
    for (const language of ['zh-Hans', 'zh-Hant', 'ja', 'ko']) {
      for (const type of ['region', 'language', 'currency', 'script'] as const) {
        const names = new Intl.DisplayNames(language, { type, fallback: 'none' });
        for (const code of codesOf(type)) for (const one of names.of(code) ?? '') chars.add(one);
      }
    }
    usedChars = chars;
  }
  return usedChars.has(char);
}

function codesOf(type: 'region' | 'language' | 'currency' | 'script'): string[] {
  if (type === 'currency') return Intl.supportedValuesOf('currency');
  if (type === 'script') return ['Hans', 'Hant', 'Jpan', 'Kore', 'Latn', 'Cyrl', 'Arab', 'Grek'];
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const pairs = letters.flatMap((a) => letters.map((b) => a + b));
  return type === 'region' ? pairs.map((pair) => pair.toUpperCase()) : pairs;
}
