/** Cells that are texts: descriptions and tags. */

/**
 * Undoes the prefix `' ` that Kimai (since 1.14.1) puts before texts that a spreadsheet could run:
 * exactly where Kimai's rule puts it, so that a text which began so on purpose stays.
 */
export function undoPrefix(text: string): string {
  if (!text.startsWith("' ")) return text;
  const rest = text.slice(2);
  return /^[=\-@+\t\n\r]/.test(rest) || /dde/i.test(rest) ? rest : text;
}

/** Line breaks as LF: browsers sent CRLF. */
export function unifyBreaks(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

/** Tags sorted by code unit, without duplicates, joined by `, `. */
export function unifyTags(text: string): string {
  const tags = text.split(',').map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ''))].sort().join(', ');
}
