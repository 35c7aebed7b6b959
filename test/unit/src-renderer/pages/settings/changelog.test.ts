import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readChangelog } from '../../../../../src-renderer/pages/settings/changelog.ts';

it('reads versions with their lines, without marks', () => {
  const text = `# Changelog

## 0.2.0

- Links _really_ open, in \`sftp\` too
  and over two lines ([how](docs/kimai-sync.md)).
- See [the list](https://kimai.example).

## 0.1.0

Nothing here.
`;
  expect(readChangelog(text)).toEqual([
    {
      version: '0.2.0',
      lines: ['Links really open, in sftp too and over two lines.', 'See the list.'],
    },
  ]);
});

it('reads every line of our own', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../../CHANGELOG.md'), 'utf8');
  const lines = readChangelog(text).flatMap((version) => version.lines);
  expect(lines).toHaveLength(text.match(/^- /gm)!.length);
  expect(lines.filter((line) => /[`\]]|\]\(|^\s|\s$|\n/.test(line))).toEqual([]);
});
