/** Longer passwords are refused, never cut. Counted in UTF-8 bytes of the normal form. */
export const maxPasswordBytes = 128;
/** Characters of a password for signing in to the owner's app. */
export const minLockPasswordLength = 8;
/** Characters of a share's password, unless the owner confirms a shorter one. */
export const minSharePasswordLength = 6;

/** Blanks and line breaks of every kind, and signs without any width or ink. */
const edge = /[\s\u00AD\u180E\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/u;

/**
 * The form of a password that is hashed and compared, wherever one is set or checked. It is
 * Unicode's NFKC, so that the same word typed on a Mac and on Windows is the same, without blanks
 * and invisible signs at both ends: mail programs copy these along. '' is no password.
 */
export function normalPassword(typed: string): string {
  const normal = typed.normalize('NFKC');
  let start = 0;
  let end = normal.length;
  while (start < end && edge.test(normal[start]!)) start++;
  while (end > start && edge.test(normal[end - 1]!)) end--;
  return normal.slice(start, end);
}

export const passwordBytes = (password: string): number =>
  new TextEncoder().encode(normalPassword(password)).length;

/** Characters of the normal form: `ü` is one, and so is an emoji of one code point. */
export const passwordLength = (password: string): number => [...normalPassword(password)].length;
