/** Digits of Arabic, Persian, Devanagari, Bengali … as ASCII. */
export const asciiDigits = (text: string): string =>
  text.replaceAll(/(?![0-9])\p{Nd}/gu, asciiDigit);

/** Unicode keeps the ten digits of a script together, the zero at a multiple of 16 or 10. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0)!;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
