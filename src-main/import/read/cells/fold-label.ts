/** Folds a header for look-ups: NFC, lower case, final sigma as sigma, blanks trimmed. */
export function foldLabel(label: string): string {
  return label
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll(/[\s\u200e\u200f\ufeff]+/g, ' ')
    .trim();
}
