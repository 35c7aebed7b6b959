import { randomInt } from 'node:crypto';

const consonants = 'bdfghjklmnprstvz';
const vowels = 'aeiou';
const words = 5;
const syllablesPerWord = 2;

/**
 * A passphrase that can be read out on the telephone, such as `bako-lefi-zudo-hane-ripo`: 5 words
 * of 2 syllables, each one of 16 × 5, so 63 bits. It belongs to no language and
 * needs no word list.
 */
export function createPassphrase(): string {
  return Array.from({ length: words }, createWord).join('-');
}

function createWord(): string {
  return Array.from({ length: syllablesPerWord }, () => pick(consonants) + pick(vowels)).join('');
}

const pick = (letters: string): string => letters[randomInt(letters.length)]!;
