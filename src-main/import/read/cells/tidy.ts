/** Cells of values in one spelling, before they are read: plain digits, blanks and signs. */
import { asciiDigits } from '../../../../src-shared/domain/digits.ts';

/** Digits of Arabic, Persian, Devanagari, Bengali … as ASCII, blanks as one space, `−` as `-`. */
export function tidyValue(text: string): string {
  // Nothing of what follows is in plain ASCII without blanks, and nearly all values are that.
  if (/^(?!')[!-~]*$/.test(text)) return text;
  return (
    // A spreadsheet marks texts with a quote.
    asciiDigits(text.replace(/^'/, ''))
      .replaceAll(/[\s\u200e\u200f\u061c\u2066-\u2069]+/g, ' ')
      .replaceAll(/\u200b|\ufeff/g, '')
      .replaceAll(/[\u2212\u2010\u2011]|^[\u2012\u2013](?=\s?\d)/g, '-')
      .replaceAll(/[：∶]/g, ':')
      .replaceAll(/(?<=\d)٫(?=\d)/g, '.')
      .trim()
  );
}
