/** What the documents say of the repository is true: the files that they name are there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const documents = globSync(['*.md', 'docs/**/*.md', 'src-*/**/*.md'], { cwd: root });

/** Files of a data folder, of Kimai's own repository, an example's, and an address. */
const elsewhere = new Set([
  'data.json',
  'runtime.json',
  'secrets.json',
  'holder.json',
  '_documentation/plugin-import.md',
  '020-what-it-does.ts',
]);

const files = [
  ...globSync('*', { cwd: root }),
  ...globSync('{src-*,test,docs,locales,scripts,bench}/**/*', { cwd: root }),
];

/** Documents leave out the folders that are plain from what they write about. */
const isThere = (path: string): boolean =>
  files.some((file) => file === path || file.endsWith(`/${path}`));

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('names files that are there', () => {
    const named = [...text.matchAll(/`([\w./-]+\.(?:ts|svelte|css|js|json|md))`/g)]
      .map(([, path]) => path!.replace(/^(?:\.\.?\/)+/, ''))
      .filter((path) => !elsewhere.has(path));
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });

  it('links to pages that are there', () => {
    const links = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)[^)]*\)/g)].map(([, path]) => path!);
    const missing = links.filter((path) => !existsSync(join(root, dirname(document), path)));
    expect(missing).toEqual([]);
  });
});

it('sources name documents that are there', () => {
  const sources = files.filter((file) => /\.(?:ts|js|svelte)$/.test(file));
  const missing = sources.flatMap((source) =>
    [...readFileSync(join(root, source), 'utf8').matchAll(/(?<=[\s('`])[\w.][\w./-]*\.md\b/g)]
      .map(([path]) => path.replace(/^(?:\.\.?\/)+/, ''))
      .filter((path) => !elsewhere.has(path) && !existsSync(join(root, path)))
      .map((path) => `${source}: ${path}`),
  );
  expect(missing).toEqual([]);
});

it('the container of docs/server.md is made of the sources only, whatever lies beside them', () => {
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').trim().split('\n');
  expect(ignored).toEqual(['.git', 'node_modules', 'out', 'dist']);
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
