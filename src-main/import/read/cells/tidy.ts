/** Cells of values in one spelling, before they are read: plain digits, blanks and signs. */

/** Digits of Arabic, Persian, Devanagari, Bengali … as ASCII, blanks as one space, `−` as `-`. */
export function tidyValue(text: string): string {
  // Nothing of what follows is in plain ASCII without blanks, and nearly all values are that.
  if (/^(?!')[!-~]*$/.test(text)) return text;
  return (
    text
      // A spreadsheet marks texts so.
      .replace(/^'/, '')
      .replaceAll(/(?![0-9])\p{Nd}/gu, asciiDigit)
      .replaceAll(/[\s\u200e\u200f\u061c\u2066-\u2069]+/g, ' ')
      .replaceAll(/\u200b|\ufeff/g, '')
      .replaceAll(/[\u2212\u2010\u2011]|^[\u2012\u2013](?=\s?\d)/g, '-')
      .replaceAll(/[：∶]/g, ':')
      .replaceAll(/(?<=\d)٫(?=\d)/g, '.')
      .trim()
  );
}

/** Unicode keeps the ten digits of a script together, the zero at a multiple of 16 or 10. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0)!;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
