/** What the documents say of the repository is true: the files that they name are there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const documents = globSync(['*.md', 'docs/**/*.md', 'src-*/**/*.md'], { cwd: root });

/** Files of a data folder, of Kimai's own repository, and an example's. */
const elsewhere = new Set([
  'runtime.json',
  'secrets.json',
  '_documentation/plugin-import.md',
  '020-what-it-does.ts',
]);

/** Where a path may begin: documents leave out what is plain from their place. */
const beginnings = ['', 'src-main', 'src-main/import', 'src-server', 'src-shared', 'src-renderer'];

const isThere = (path: string, from: string): boolean =>
  [dirname(from), ...beginnings].some((begin) => existsSync(join(root, begin, path)));

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('names files that are there', () => {
    const named = [...text.matchAll(/`([\w./-]+\.(?:ts|svelte|css|js|json|md))`/g)]
      .map(([, path]) => path!)
      .filter((path) => !elsewhere.has(path));
    expect(named.filter((path) => !isThere(path, document))).toEqual([]);
  });

  it('links to pages that are there', () => {
    const links = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)[^)]*\)/g)].map(([, path]) => path!);
    const missing = links.filter((path) => !existsSync(join(root, dirname(document), path)));
    expect(missing).toEqual([]);
  });
});

it('all folders of documents are looked at', () => {
  const looked = ['README.md', 'LICENSE', 'CONTRIBUTING.md', 'CHANGELOG.md', '.editorconfig'];
  expect(looked.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(documents).toEqual(
    expect.arrayContaining([
      'README.md',
      'docs/glossary.md',
      'docs/adr/README.md',
      'docs/how-to/migration.md',
      'src-main/import/README.md',
    ]),
  );
});
