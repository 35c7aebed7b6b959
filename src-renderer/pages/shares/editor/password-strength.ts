export type StrengthLevel = 'weak' | 'fair' | 'good' | 'strong';

export interface PasswordStrength {
  /** Estimated bits of guessing work, rounded down. */
  bits: number;
  level: StrengthLevel;
  /** Why it is less than it looks; key under `shares.password.hint`, null if nothing is odd. */
  hint: 'common' | 'name' | 'sequence' | 'short' | null;
}

/** Lower limits in bits. A share is locked after 10 failures an hour; these are far above that. */
const levels: readonly (readonly [StrengthLevel, number])[] = [
  ['strong', 64],
  ['good', 48],
  ['fair', 32],
];

/** Words that guessers try first, in the languages of our users; compared without digits. */
const common = new Set(
  (
    'password passwort passwd kennwort geheim secret letmein welcome willkommen hallo hello admin ' +
    'administrator qwerty qwertz azerty asdf iloveyou monkey dragon master login guest test user ' +
    'kunde kunden customer client portal kimai timesheet project projekt sommer winter summer ' +
    'spring herbst schalke bayern football'
  ).split(' '),
);

const keyboardRows = ['qwertyuiop', 'qwertzuiop', 'asdfghjkl', 'yxcvbnm', 'zxcvbnm', '1234567890'];

/**
 * Estimates how hard a password is to guess, for the meter beside the field; it decides nothing.
 * A word of six letters counts 13 bits, as one of ten thousand words does; runs such as `abc`,
 * `111` or `qwertz` and the names in `known` (customer, project, label) count next to nothing.
 * `generated` is the passphrase the program made: it has 60 bits and more, whatever it looks like.
 */
export function passwordStrength(
  password: string,
  known: readonly string[] = [],
  generated: string | null = null,
): PasswordStrength {
  if (password !== '' && password === generated) return { bits: 64, level: 'strong', hint: null };
  const lower = password.toLowerCase();
  const plain = unleet(lower);
  if (common.has(plain) || common.has(plain.replace(/[^\p{L}]/gu, ''))) {
    return { bits: 8, level: 'weak', hint: 'common' };
  }
  let rest = password;
  let hint: PasswordStrength['hint'] = null;
  for (const word of wordsOf(known)) {
    const at = rest.toLowerCase().indexOf(word);
    if (at < 0) continue;
    rest = rest.slice(0, at) + rest.slice(at + word.length);
    hint = 'name';
  }
  const { bits: found, predictable } = countBits(rest);
  const bits = Math.floor(found);
  const level = levels.find(([, least]) => bits >= least)?.[0] ?? 'weak';
  if (hint === null && predictable * 2 >= rest.length && rest !== '') hint = 'sequence';
  if (hint === null && level === 'weak') hint = 'short';
  return { bits, level, hint };
}

const unleet = (text: string): string =>
  text.replace(/[013457@$]/g, (c) => 'oieastas'['013457@$'.indexOf(c)] ?? c);

/** The words of four letters and more in names, longest first. */
function wordsOf(names: readonly string[]): string[] {
  const words = names.flatMap((name) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return [...new Set(words)].filter((w) => w.length >= 4).sort((a, b) => b.length - a.length);
}

function countBits(text: string): { bits: number; predictable: number } {
  let bits = 0;
  let predictable = 0;
  let before = '';
  let lettersBefore = 0;
  for (const sign of text) {
    if (follows(before, sign)) {
      bits += 0.4;
      predictable += 1;
    } else bits += bitsOf(sign, lettersBefore);
    lettersBefore = isLetter(sign) ? lettersBefore + 1 : 0;
    before = sign;
  }
  return { bits, predictable };
}

const isLetter = (sign: string): boolean => /\p{L}/u.test(sign);

/** The first two letters of a run say much; from then on it is likely to be a word. */
function bitsOf(sign: string, lettersBefore: number): number {
  if (/\p{Nd}/u.test(sign)) return 3.3;
  if (!isLetter(sign)) return sign === ' ' || sign === '-' ? 1.5 : 4.5;
  const isUnusualCapital = /\p{Lu}/u.test(sign) && lettersBefore > 0;
  return ([4.7, 4][lettersBefore] ?? 1.2) + (isUnusualCapital ? 1 : 0);
}

/** Whether a sign repeats the one before, is next to it in the alphabet, or on the keyboard. */
function follows(before: string, sign: string): boolean {
  if (before === '') return false;
  const a = before.toLowerCase();
  const b = sign.toLowerCase();
  if (Math.abs(a.codePointAt(0)! - b.codePointAt(0)!) <= 1) return true;
  return keyboardRows.some((row) => row.includes(a + b) || row.includes(b + a));
}
