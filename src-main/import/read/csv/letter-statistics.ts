/**
 * How likely the letters of a word are in some language, by the names of countries, languages,
 * currencies and months in the system's locale data. They tell whether bytes were decoded rightly:
 * `Łódź` is Polish, `£ódŸ` is nothing.
 */
import csvTable from '../tables/kimai-csv-columns.json' with { type: 'json' };

/** Languages whose users write exports: Kimai's, and others with letters of their own. */
const moreLanguages = ['lt', 'is', 'sq', 'be', 'kk', 'th', 'ur', 'mt', 'cy', 'ga'];

/** A pair of letters that a language has, but not beside each other in these names. */
const unseenPair = -7;
/** A letter that a language does not have. */
const unseenLetter = -13;
/** What a word costs that is in another language than the others. */
const otherLanguage = 6;

interface Model {
  /** Logarithms of likelihoods. */
  pairs: ReadonlyMap<string, number>;
  letters: ReadonlySet<string>;
}
let models: Model[] | null = null;

/**
 * The logarithm of the likelihood of words, counted over the pairs of letters with a letter that is
 * not ASCII, in the language that fits most of them best.
 */
export function wordsLikelihood(words: string[]): number {
  models ??= collectModels();
  const totals = new Float64Array(models.length);
  for (const word of words) {
    const scores = likelihoods(word, models);
    const best = Math.max(...scores);
    scores.forEach((score, index) => (totals[index]! += Math.max(score, best - otherLanguage)));
  }
  return words.length === 0 ? 0 : Math.max(...totals);
}

function likelihoods(word: string, languages: Model[]): number[] {
  const pairs = pairsOf(word.normalize('NFC').toLowerCase()).filter((pair) =>
    /[^\0-\x7f]/.test(pair),
  );
  return languages.map(({ pairs: known, letters }) => {
    let score = 0;
    for (const pair of pairs) {
      const hasLetters = [...pair].every((letter) => letters.has(letter));
      score += known.get(pair) ?? (hasLetters ? unseenPair : unseenLetter);
    }
    return score;
  });
}

function pairsOf(word: string): string[] {
  const letters = ['^', ...word, '$'];
  return letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
}

/** Takes about 200 ms, when the first file without Unicode is read. */
function collectModels(): Model[] {
  const languages = [...csvTable.locales.map((name) => name.replace('_', '-')), ...moreLanguages];
  return languages.map(modelOf);
}

function modelOf(language: string): Model {
  const counts = new Map<string, number>();
  const firsts = new Map<string, number>();
  for (const name of namesIn(language)) {
    for (const word of name.toLowerCase().match(/\p{L}[\p{L}\p{M}]*/gu) ?? []) {
      for (const pair of pairsOf(word)) {
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
        const first = [...pair][0]!;
        firsts.set(first, (firsts.get(first) ?? 0) + 1);
      }
    }
  }
  const pairs = new Map(
    [...counts].map(([pair, count]) => [pair, Math.log(count / (firsts.get([...pair][0]!)! + 20))]),
  );
  // All ASCII letters: names of customers are in every language.
  const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
  return { pairs, letters: new Set([...firsts.keys(), ...ascii]) };
}

function namesIn(language: string): string[] {
  const names: string[] = [];
  for (const [type, codes] of Object.entries(codesByType())) {
    const display = new Intl.DisplayNames(language, {
      type: type as 'region',
      fallback: 'none',
    });
    for (const code of codes) names.push(display.of(code) ?? '');
  }
  for (const width of ['long', 'short'] as const) {
    const month = new Intl.DateTimeFormat(language, { month: width, timeZone: 'UTC' });
    const weekday = new Intl.DateTimeFormat(language, { weekday: width, timeZone: 'UTC' });
    for (let i = 0; i < 12; i += 1) names.push(month.format(Date.UTC(2026, i, 15)));
    for (let i = 1; i < 8; i += 1) names.push(weekday.format(Date.UTC(2026, 2, i)));
  }
  return names;
}

let codes: Record<string, string[]> | null = null;

function codesByType(): Record<string, string[]> {
  codes ??= {
    region: named(
      'region',
      twoLetters((code) => code.toUpperCase()),
    ),
    language: named(
      'language',
      twoLetters((code) => code),
    ),
    currency: Intl.supportedValuesOf('currency'),
  };
  return codes;
}

function twoLetters(shape: (code: string) => string): string[] {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  return letters.flatMap((a) => letters.map((b) => shape(a + b)));
}

/** Those of the codes that mean something. */
function named(type: 'region' | 'language', codes: string[]): string[] {
  const english = new Intl.DisplayNames('en', { type, fallback: 'none' });
  return codes.filter((code) => english.of(code) !== undefined);
}
