/** Equality of texts as the golden data's README defines it, and numbers out of visible texts. */

/** Isolates, embeddings and marks: they steer the direction and are no part of what is said. */
const bidiMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** NFC, no bidi marks, any run of blanks as one; line breaks stay. Digits keep their script. */
export function normaliseBlanks(text: string): string {
  return text
    .normalize('NFC')
    .replace(bidiMarks, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

/** What two texts are compared by: as `normaliseBlanks`, digits of any script as ASCII. */
export const normalise = (text: string): string =>
  normaliseBlanks(text).replace(/\p{Nd}/gu, asciiDigit);

/** The ten digits of a script are neighbours, in order; runs of ten may touch. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0)!;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((code - zero) % 10);
}

/** Only the digits of a visible text, as ASCII. */
export const digitsOf = (text: string): string => normalise(text).replace(/\D/g, '');

/** BCP 47 of a Kimai code: `pt_BR` is `pt-BR`. */
export const localeTag = (kimaiCode: string): string => kimaiCode.replaceAll('_', '-');

/** What `Intl` writes for a value of a page, half to even as ICU does in Kimai. */
export function moneyText(kimaiCode: string, currency: string, value: number): string {
  return new Intl.NumberFormat(localeTag(kimaiCode), {
    style: 'currency',
    currency,
    roundingMode: 'halfEven',
  }).format(value);
}

/** Digits of a value with the currency's number of decimals: 12.5 EUR is `1250`, 12 JPY is `12`. */
export const moneyDigits = (currency: string, value: number): string =>
  moneyText('en', currency, value).replace(/\D/g, '');

/**
 * The number beside the percent sign of a text, with one decimal and a point: `1.234,5 %` is
 * `1234.5`. In some languages the sign comes first. Null if there is none.
 */
export function percentOf(text: string): string | null {
  const number = /\d+(?:[.,٫٬’' ]\d+)*/.source;
  const match = new RegExp(`(${number}) ?[%٪]|[%٪] ?(${number})`).exec(normalise(text));
  const found = match?.[1] ?? match?.[2];
  if (found === undefined) return null;
  const digits = found.replace(/\D/g, '');
  return /[.,٫]\d$/.test(found) ? `${digits.slice(0, -1)}.${digits.slice(-1)}` : `${digits}.0`;
}
