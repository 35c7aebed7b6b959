/** Names that look equal. */

/**
 * The same text for names that look the same: a letter and its accent are one character or two
 * (Unicode NFC, NFD), blanks are non-breaking or not, and blanks stand around the name. Programs
 * that save an export again change these. Upper and lower case stay different, as in Kimai.
 */
export const foldName = (name: string): string =>
  name.normalize('NFC').replaceAll(/\s+/g, ' ').trim();

/** Whether two names look the same. */
export const areAlike = (a: string, b: string): boolean => a === b || foldName(a) === foldName(b);
