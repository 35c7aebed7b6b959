/** What is new in one version, for users. */
export interface VersionNews {
  /** `0.2.0`; `Unreleased` for what is newer than every version. */
  version: string;
  /** Plain sentences. */
  lines: readonly string[];
}

/**
 * Reads CHANGELOG.md: a heading of the second level for each version, a list below it. Emphasis,
 * code and links become plain text, since the app links to no document of the source.
 */
export function readChangelog(markdown: string): VersionNews[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [heading = '', ...rest] = part.split('\n');
      const lines = rest
        .join('\n')
        .split(/^- /m)
        .slice(1)
        .map((line) => plain(line.replaceAll(/\s+/g, ' ').trim()));
      return { version: heading.trim(), lines };
    })
    .filter(({ lines }) => lines.length > 0);
}

const plain = (line: string): string =>
  line
    .replaceAll(/ ?\(\[how\]\([^)]*\)\)/g, '')
    .replaceAll(/\[([^[\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/(?<![\w`])_([^_]+)_(?!\w)/g, '$1')
    .replaceAll('`', '');
